//! Who calls: an app's own server with its client secret, or an operator's browser with its cookie, which says in a header
//! which app it means.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
};
use banklink_domain::{
    activity::{Actor, Change},
    app::App,
    idempotency::Asker,
    ids::AppId,
    operator::OperatorSession,
};
use banklink_platform::APP_HEADER;
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use jiff::SignedDuration;
use url::Url;

use crate::{
    problem::ApiError,
    routes::headers::bearer,
    same_origin::is_same_origin,
    services::{
        apps,
        operators::{self, SignedIn},
        organisation,
    },
    state::AppState,
};

/// The app that is read or changed.
pub(super) struct Caller(pub(super) App);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        authenticated(parts, state).await.map(|known| Self(known.app))
    }
}

/// The app that is changed, and who changes it.
pub(super) struct Editor {
    pub(super) app: App,
    pub(super) change: Change,
}

impl FromRequestParts<AppState> for Editor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Authenticated { app, by } = authenticated(parts, state).await?;
        Ok(Self { app, change: Change { by, at: state.clock.now() } })
    }
}

/// An operator, for what no client secret opens.
pub(super) struct OperatorCaller(pub(super) SignedIn);

impl FromRequestParts<AppState> for OperatorCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        signed_in(parts, state).await.map(Self)
    }
}

/// Known once for each request, however often it is asked.
#[derive(Clone)]
pub(super) struct Authenticated {
    pub(super) app: App,
    pub(super) by: Actor,
}

/// Which app a request is about, and who makes it.
pub(super) async fn authenticated(parts: &mut Parts, state: &AppState) -> Result<Authenticated, ApiError> {
    if let Some(known) = parts.extensions.get::<Authenticated>() {
        return Ok(known.clone());
    }
    let known = if let Some(secret) = bearer(&parts.headers) {
        let (app, secret) = apps::by_client_secret(state, &secret).await?;
        state.limits.app(app.id)?;
        Authenticated { app, by: Actor::ClientSecret(secret) }
    } else {
        let operator = signed_in(parts, state).await?.operator;
        Authenticated {
            app: organisation::app(state, app_meant(&parts.headers)?).await?,
            by: Actor::Operator(operator.id),
        }
    };
    parts.extensions.insert(known.clone());
    Ok(known)
}

fn app_meant(headers: &HeaderMap) -> Result<AppId, ApiError> {
    let id = headers.get(APP_HEADER).and_then(|value| value.to_str().ok()?.parse().ok());
    id.ok_or_else(|| ApiError::invalid(APP_HEADER, "Send the id of the app that you mean."))
}

/// Whose request it is, for those that are carried out once. Fails where it is nobody's.
pub(super) async fn asker(parts: &mut Parts, state: &AppState) -> Result<Asker, ApiError> {
    if bearer(&parts.headers).is_some() {
        return authenticated(parts, state).await.map(|known| Asker::App(known.app.id));
    }
    signed_in(parts, state).await.map(|known| Asker::Operator(known.operator.id))
}

/// The operator whose browser asks. What changes something must be asked for by a page of ours.
async fn signed_in(parts: &mut Parts, state: &AppState) -> Result<SignedIn, ApiError> {
    if let Some(known) = parts.extensions.get::<SignedIn>() {
        return Ok(known.clone());
    }
    if let Some(secret) = bearer(&parts.headers) {
        apps::by_client_secret(state, &secret).await?;
        let detail = "A client secret does not open this: an operator does, who is signed in to the dashboard.";
        return Err(ApiError::new(ProblemCode::Forbidden, detail));
    }
    let session = Cookie::Session.held(&parts.headers, &state.public_url).ok_or_else(|| {
        let detail = "Send the client secret as `Authorization: Bearer <secret>`; people sign in to the dashboard.";
        ApiError::new(ProblemCode::Unauthorized, detail)
    })?;
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        require_own_page(&parts.headers, state)?;
    }
    let known = operators::by_session(state, &session).await?;
    parts.extensions.insert(known.clone());
    Ok(known)
}

/// Refuses what a page elsewhere makes a browser ask.
pub(super) fn require_own_page(headers: &HeaderMap, state: &AppState) -> Result<(), ApiError> {
    let own = state.public_url.origin().ascii_serialization();
    if is_same_origin(headers, Some(&own)) {
        Ok(())
    } else {
        Err(ApiError::new(ProblemCode::Forbidden, "Only the dashboard may ask this of an operator's browser."))
    }
}

/// What an operator's browser holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookie {
    /// Who is signed in.
    Session,
    /// That its operator signed in here before.
    Browser,
}

/// How long a browser is known.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(24 * 180);

impl Cookie {
    /// What it is called. Over HTTPS the browser sees to it that nobody but this host set it (RFC 6265bis).
    const fn name(self, is_secure: bool) -> &'static str {
        match (self, is_secure) {
            (Self::Session, true) => "__Host-banklink-operator",
            (Self::Session, false) => "banklink-operator",
            (Self::Browser, true) => "__Host-banklink-browser",
            (Self::Browser, false) => "banklink-browser",
        }
    }

    const fn lifetime(self) -> SignedDuration {
        match self {
            Self::Session => OperatorSession::LIFETIME,
            Self::Browser => KNOWN_FOR,
        }
    }

    /// What the browser holds, if it holds something. Over HTTPS the other name counts for nothing: anybody of the same
    /// domain could have set it.
    pub(super) fn held(self, headers: &HeaderMap, public_url: &Url) -> Option<Secret> {
        let own = self.name(is_secure(public_url));
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(name, _)| *name == own).map(|(_, held)| Secret::new(held)).next()
    }

    /// Not for scripts, nor for any other site; over HTTP only where there is nothing else.
    pub(super) fn set(self, public_url: &Url, value: &Secret) -> HeaderValue {
        self.written(public_url, value.expose(), self.lifetime().as_secs())
    }

    /// Takes it back.
    pub(super) fn clear(self, public_url: &Url) -> HeaderValue {
        self.written(public_url, "", 0)
    }

    fn written(self, public_url: &Url, value: &str, seconds: i64) -> HeaderValue {
        let is_secure = is_secure(public_url);
        let (name, secure) = (self.name(is_secure), if is_secure { "; Secure" } else { "" });
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
        // What we mint is hexadecimal.
        let mut header = HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }
}

fn is_secure(public_url: &Url) -> bool {
    public_url.scheme() == "https"
}
