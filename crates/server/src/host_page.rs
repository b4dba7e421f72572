//! The demo's host page: an app of its own origin and site that embeds the widget.
//!
//! It is the example that an integrator copies, so it uses nothing but what an integrator has: the app's secret and
//! the platform API over HTTP. The browser's side is `host_page/host.js`, the server's side is here: a token before the
//! widget opens, the exchange of the code when it ends, then accounts and transactions.
//!
//! **Whose bank is it?** The code comes back through a browser, and anybody can make a browser send anything: somebody who
//! linked a bank of their own could have a visitor's browser deliver their code, and the visitor's next salary would be
//! counted in front of a stranger. So each token is bound to the person who asked for it (`external_id`, which the
//! widget's address can't change), and what a code turns into is taken only if it says the same person. A code from a link
//! that was opened by itself says nobody, and is not taken either.

mod error;
mod platform;
mod same_origin;
mod shown;
#[cfg(test)]
mod tests;
mod visitor;

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use banklink_protocol::{ids::ConnectionId, secret::Secret};
use rust_embed::Embed;
use serde::{Deserialize, Serialize};
use url::Url;

use self::{
    error::HostPageError,
    platform::{Connection, Platform},
    shown::{ShownConnection, ShownData, ShownTransaction},
    visitor::Visitor,
};

/// What the host page needs to know.
#[derive(Clone, Debug)]
pub struct HostPageConfig {
    /// Where browsers find the widget, as `http://127.0.0.1:8080`.
    pub widget_base: Url,
    /// Where this server finds the platform API; often the same.
    pub api_base: Url,
    /// A client secret of the app. It stays here.
    pub client_secret: Secret,
    /// Token of the app's link, which leads back to this page's `/callback`.
    pub link_token: String,
}

/// Largest body that a browser may send: a code is all there is in one.
const MAX_BODY: usize = 4 * 1024;

/// How many transactions the page shows, and asks for per account.
const TRANSACTIONS_SHOWN: usize = 10;

#[derive(Embed)]
#[folder = "host_page"]
struct Assets;

struct HostPage {
    platform: Platform,
    widget_base: Url,
    link_token: String,
}

/// The host page's site.
pub fn router(config: HostPageConfig) -> Router {
    let policy = content_security_policy(&config.widget_base);
    let host = Arc::new(HostPage {
        platform: Platform::new(config.api_base, config.client_secret),
        widget_base: config.widget_base,
        link_token: config.link_token,
    });
    let calls = Router::new()
        .route("/api/token", post(token))
        .route("/api/exchange", post(exchange))
        .route("/api/arrived", post(arrived))
        .layer(middleware::from_fn(same_origin::require))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        // Followed from anywhere, as links are: it begins something for whoever follows it, and ends nothing.
        .route("/start-link", get(start_link))
        .layer(middleware::map_response(|response| with_header(response, header::CACHE_CONTROL, "no-store")));
    let page = Router::new()
        .route("/", get(|| asset("index.html", "text/html; charset=utf-8")))
        .route("/callback", get(|| asset("index.html", "text/html; charset=utf-8")))
        .route("/host.js", get(|| asset("host.js", "text/javascript; charset=utf-8")))
        .route("/host.css", get(|| asset("host.css", "text/css; charset=utf-8")))
        .route("/icon.svg", get(|| asset("icon.svg", "image/svg+xml")))
        .layer(middleware::map_response(|response| with_header(response, header::CACHE_CONTROL, "no-cache")));
    page.merge(calls)
        .layer(middleware::from_fn(visitor::recognise))
        .layer(middleware::map_response(move |response| with_page_headers(response, policy.clone())))
        .with_state(host)
}

/// Leads people who open the widget's own origin to the host page at `host`: there is nothing else to see.
pub fn front_door(host: &Url) -> Router {
    let to = |path: &str| {
        let address = platform::below(host, &[path]);
        get(move || async move { Redirect::temporary(address.as_str()) })
    };
    Router::new().route("/", to("")).route("/favicon.ico", to("icon.svg"))
}

#[derive(Serialize)]
struct TokenAnswer {
    /// Not a secret from the person's browser, which opens the widget with it; good for one session.
    token: Secret,
    widget_url: String,
}

/// `POST /api/token`: a token for one session, and where the widget opens with it.
async fn token(
    State(host): State<Arc<HostPage>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<TokenAnswer>, HostPageError> {
    let token = host.platform.authorize_token(&visitor.id()).await?;
    let widget_url = widget_url(&host.widget_base, &token).into();
    Ok(Json(TokenAnswer { token, widget_url }))
}

/// `GET /start-link`: the app's link as a page of its own, with a token that says for whom.
async fn start_link(State(host): State<Arc<HostPage>>, Extension(visitor): Extension<Visitor>) -> Redirect {
    match host.platform.authorize_token(&visitor.id()).await {
        Ok(token) => Redirect::to(link_url(&host.widget_base, &host.link_token, &token).as_str()),
        Err(error) => {
            error.log();
            Redirect::to("/callback?error=RETRY_LATER")
        }
    }
}

#[derive(Deserialize)]
struct ExchangeRequest {
    code: Secret,
}

/// `POST /api/exchange`: trades the code for the connection, and reads what the page shows of it.
async fn exchange(
    State(host): State<Arc<HostPage>>,
    Extension(visitor): Extension<Visitor>,
    body: Result<Json<ExchangeRequest>, JsonRejection>,
) -> Result<Json<ShownConnection>, HostPageError> {
    let Json(request) = body?;
    host.take(&request.code, &visitor).await.map(Json)
}

#[derive(Deserialize)]
struct ArrivedRequest {
    login_id: ConnectionId,
}

/// `POST /api/arrived`: the same where the browser came back without a code, from `/v2/` as a page of its own. The id in
/// its address proves nothing; the connection has to be this person's, and its code unused. `null`: there is none.
///
/// Apps on phones that can't see the redirect look for codes in this way.
async fn arrived(
    State(host): State<Arc<HostPage>>,
    Extension(visitor): Extension<Visitor>,
    body: Result<Json<ArrivedRequest>, JsonRejection>,
) -> Result<Json<Option<ShownConnection>>, HostPageError> {
    let Json(request) = body?;
    let found = host.platform.connection(&request.login_id).await?;
    let Some(connection) = found.filter(|connection| belongs_to(connection, &visitor)) else { return Ok(Json(None)) };
    let Some(code) = host.platform.unused_code(&connection.id).await? else { return Ok(Json(None)) };
    host.take(&code, &visitor).await.map(|shown| Json(Some(shown)))
}

fn belongs_to(connection: &Connection, visitor: &Visitor) -> bool {
    connection.external_id.as_deref() == Some(visitor.id().as_str())
}

impl HostPage {
    /// Exchanges a code. An app of yours stores the connection's id and token with the person's account at this point, and
    /// reads the data when it needs it; the answer's `connection_token` and `extra` are left unread here.
    async fn take(&self, code: &Secret, visitor: &Visitor) -> Result<ShownConnection, HostPageError> {
        let connection = self.platform.exchange(code).await?;
        if !belongs_to(&connection, visitor) {
            return Err(HostPageError::NotBegunHere);
        }
        // The bank is connected, whether its data can be read at once or not.
        let data = self.read(&connection.id).await.inspect_err(HostPageError::log).ok();
        Ok(ShownConnection { institution: connection.institution, status: connection.status, data })
    }

    async fn read(&self, connection: &ConnectionId) -> Result<ShownData, HostPageError> {
        let accounts = self.platform.accounts(connection).await?;
        let mut transactions = Vec::new();
        for account in &accounts {
            let items = self.platform.transactions(connection, &account.id, TRANSACTIONS_SHOWN).await?;
            transactions.extend(items.into_iter().map(|item| ShownTransaction::new(item, account)));
        }
        transactions.sort_by(|one, other| other.date.cmp(&one.date));
        transactions.truncate(TRANSACTIONS_SHOWN);
        Ok(ShownData { accounts: accounts.into_iter().map(Into::into).collect(), transactions })
    }
}

/// The app's link as seed 000 prints it, with a token that says for whom.
fn link_url(base: &Url, link: &str, token: &Secret) -> Url {
    let mut url = platform::below(base, &["link"]);
    url.query_pairs_mut().append_pair("token", link).append_pair("authorizeToken", token.expose());
    url
}

/// The widget's address as seed 002 prints it; `jsRedirect` leaves the end of the flow to `host.js`.
fn widget_url(base: &Url, token: &Secret) -> Url {
    let mut url = platform::below(base, &["v2", ""]);
    url.query_pairs_mut()
        .append_pair("demo", "true")
        .append_pair("authorizeToken", token.expose())
        .append_pair("jsRedirect", "true");
    url
}

/// This page runs its own script and frames the widget; nothing else.
fn content_security_policy(widget_base: &Url) -> String {
    let widget = widget_base.origin().ascii_serialization();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         frame-src {widget}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )
}

#[expect(clippy::unused_async, reason = "handlers are futures")]
async fn asset(name: &str, content_type: &'static str) -> Response {
    match Assets::get(name) {
        Some(file) => ([(header::CONTENT_TYPE, content_type)], file.data).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[expect(clippy::unused_async, reason = "middleware is a future")]
async fn with_header(mut response: Response, name: header::HeaderName, value: &'static str) -> Response {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

#[expect(clippy::unused_async, reason = "middleware is a future")]
async fn with_page_headers(mut response: Response, policy: String) -> Response {
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    response
}
