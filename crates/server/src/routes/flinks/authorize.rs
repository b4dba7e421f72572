//! `GenerateAuthorizeToken`, `Authorize` and its relatives (`vendor-apis.md`, 1.3).

use std::collections::BTreeMap;

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use banklink_domain::{
    activity::{Actor, Change},
    app::App,
    connection::Connection,
    ids::ClientId,
    text::Tag,
};
use banklink_protocol::{
    ids::{ConnectionId, FieldId, SessionId},
    parameters::ParameterName,
    secret::Secret,
    session::{FailureStep, Intent, Opened, Rejection, Step},
};
use serde::Serialize;
use tracing::{Instrument as _, warn};

use super::{
    body::Body,
    challenges::{self, Responses, SecurityChallenge},
    error::{Code, FlinksError},
    header, no_store,
    shapes::{AUTHORIZED_LINKS, Institution, Link, Login, STILL_PROCESSING},
};
use crate::{
    services::{
        apps, connections, data_requests,
        data_requests::Authorised,
        direct::{self, Credentials, Permit, spelling},
        tokens::{self, TokenShape},
    },
    state::AppState,
};

const KEY: &str = "flinks-auth-key";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AuthorizeTokenReply {
    http_status_code: u16,
    token: String,
}

/// The secret key in `flinks-auth-key`, an empty body or `{}`; a token for one use and 30 minutes (seed 001).
pub(super) async fn generate_token(
    state: &AppState,
    customer: ClientId,
    headers: &HeaderMap,
) -> Result<Response, FlinksError> {
    let key = header(headers, KEY).ok_or(FlinksError::invalid("The flinks-auth-key header is missing."))?;
    let wrong = || FlinksError::new(Code::AccessDenied, "The secret key is wrong or not this customer's.");
    let (app, secret) = apps::by_client_secret(state, &key).await.map_err(|_| wrong())?;
    state.limits.app(app.id)?;
    if app.client_id != customer {
        return Err(wrong());
    }
    let change = Change { by: Actor::ClientSecret(secret), at: state.clock.now() };
    let issued = tokens::issue_authorize_token(state, &app, &change, TokenShape::Uuid, BTreeMap::new()).await?;
    let reply = AuthorizeTokenReply { http_status_code: 200, token: issued.token.expose().to_owned() };
    Ok((StatusCode::OK, no_store(), Json(reply)).into_response())
}

/// The authorize token in `flinks-auth-key`: not the secret key, which generates it.
async fn permit(state: &AppState, customer: ClientId, headers: &HeaderMap) -> Result<Permit, FlinksError> {
    let denied = |message| FlinksError::new(Code::AccessDenied, message);
    let missing = "The flinks-auth-key header is missing: it carries an authorize token.";
    let key = header(headers, KEY).ok_or(denied(missing))?;
    if let Some(permit) = direct::permit(state, &key).await? {
        state.limits.app(permit.app.id)?;
        let wrong = denied("The authorize token is not this customer's.");
        return if permit.app.client_id == customer { Ok(permit) } else { Err(wrong) };
    }
    Err(match apps::by_client_secret(state, &key).await {
        Ok(_) => denied("This is the secret key: generate an authorize token with it, and send that."),
        Err(_) => denied("The authorize token is unknown: generate another."),
    })
}

/// What an `Authorize` is for.
enum Wanted<'a> {
    /// The next round of the token's session.
    Answers { request: SessionId, responses: Option<Responses<'a>> },
    /// A login, with what its person typed.
    Login { institution: &'a str, credentials: Credentials },
    /// The data of a login as it is.
    Cached(ConnectionId),
    /// The data of a login, asked for anew.
    Live(ConnectionId),
}

impl<'a> Wanted<'a> {
    fn of(body: &'a Body) -> Result<Self, FlinksError> {
        if let Some(request) = body.text("RequestId")? {
            let responses = body.responses("SecurityResponses")?.map(Responses);
            return Ok(Self::Answers { request: SessionId::new(request), responses });
        }
        if let Some(login) = body.text("LoginId")? {
            let login = ConnectionId::new(login);
            let cached = body.flag("MostRecentCached")?.unwrap_or(false);
            return Ok(if cached { Self::Cached(login) } else { Self::Live(login) });
        }
        let institution = body.required("Institution")?;
        let typed = |name| body.required(name).map(Secret::new);
        let credentials = Credentials { username: typed("Username")?, password: typed("Password")? };
        Ok(Self::Login { institution, credentials })
    }
}

/// What of the body the widget's parameters say too.
fn parameters(body: &Body) -> Result<BTreeMap<String, String>, FlinksError> {
    let texts = [
        ("Language", ParameterName::Language),
        ("Tag", ParameterName::Tag),
        ("DaysOfTransactions", ParameterName::DaysOfTransactions),
    ];
    let flags =
        [("ScheduleRefresh", ParameterName::ScheduleRefresh), ("WithTransactions", ParameterName::WithTransactions)];
    let mut parameters = BTreeMap::new();
    for (name, parameter) in texts {
        if let Some(text) = body.text(name)? {
            parameters.insert(spelling(parameter), text.to_owned());
        }
    }
    for (name, parameter) in flags {
        if let Some(flag) = body.flag(name)? {
            parameters.insert(spelling(parameter), flag.to_string());
        }
    }
    Ok(parameters)
}

/// Whether a caller waits until the institution has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// `Authorize`
    Waits,
    /// `AuthorizeAsync`: it asks again with the `RequestId`.
    Polls,
}

/// `Authorize` and `AuthorizeAsync`.
pub(super) async fn authorize(
    state: &AppState,
    customer: ClientId,
    headers: &HeaderMap,
    body: &Body,
    patience: Patience,
) -> Result<Response, FlinksError> {
    let permit = permit(state, customer, headers).await?;
    let begun = match Wanted::of(body)? {
        Wanted::Answers { request, responses } => return answer(state, &permit, request, responses, patience).await,
        Wanted::Cached(login) => {
            let tag = body.text("Tag")?.map(Tag::parse).transpose();
            let tag = tag.map_err(|_| FlinksError::field("Tag", "text of at most 256 bytes"))?;
            let authorised = data_requests::open(state, &permit.app, &permit.token, &login, tag).await?;
            return authorized(state, &authorised).await;
        }
        Wanted::Login { institution, credentials } => {
            direct::begin_login(state, &permit, institution, &credentials, parameters(body)?).await?
        }
        Wanted::Live(login) => {
            let connection = connections::of_app(state, &permit.app, &login).await?;
            direct::begin_renewal(state, &permit, &connection, parameters(body)?).await?
        }
    };
    match patience {
        Patience::Waits => {
            let opened = direct::carry_on(state, &permit, begun).await?;
            reply(state, &permit, opened).await
        }
        Patience::Polls => {
            let session = begun.opened.session.clone();
            let own = state.clone();
            let carry_on = async move {
                // What comes of it stands in the session, where it is asked for.
                if let Err(error) = direct::carry_on(&own, &permit, begun).await {
                    warn!(%error, "a session that is polled for did not go on");
                }
            };
            tokio::spawn(carry_on.in_current_span());
            Ok(pending(&session))
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PendingReply<'a> {
    flinks_code: &'static str,
    links: [Link; 1],
    http_status_code: u16,
    message: &'static str,
    request_id: &'a SessionId,
}

fn pending(session: &SessionId) -> Response {
    let reply = PendingReply {
        flinks_code: Code::OperationPending.as_str(),
        links: [Link::new("AuthorizeAsync", "/AuthorizeAsync")],
        http_status_code: 202,
        message: STILL_PROCESSING,
        request_id: session,
    };
    (StatusCode::ACCEPTED, no_store(), Json(reply)).into_response()
}

/// The answers to a challenge of the token's own session. Without any, where the session stands.
async fn answer(
    state: &AppState,
    permit: &Permit,
    request: SessionId,
    responses: Option<Responses<'_>>,
    patience: Patience,
) -> Result<Response, FlinksError> {
    if !direct::is_of(state, permit, &request).await? {
        return Err(FlinksError::new(
            Code::SessionNonexistent,
            "There is no session of this RequestId that this authorize token opened.",
        ));
    }
    let opened = direct::read(state, permit).await?;
    if patience == Patience::Polls && direct::is_beginning(&opened) {
        return Ok(pending(&opened.session));
    }
    let (Step::Challenge(asked), Some(responses)) = (&opened.state.step, responses) else {
        return reply(state, permit, opened).await;
    };
    let language = direct::language(state, permit).await?;
    let Some(answer) = challenges::answered(&asked.challenge, &responses, &*state.locales.language(&language))? else {
        return reply(state, permit, opened).await;
    };
    let moved = direct::go_on(state, permit, opened, Intent::SubmitAnswer(answer)).await?;
    if let Step::Challenge(challenge) = &moved.state.step
        && challenge.rejected.is_some()
    {
        let message = "The answer to a security challenge is wrong: send another with the same RequestId.";
        return Err(FlinksError::new(Code::InvalidSecurityResponse, message));
    }
    reply(state, permit, moved).await
}

/// Where a session stands, as `Authorize` answers it.
async fn reply(state: &AppState, permit: &Permit, opened: Opened) -> Result<Response, FlinksError> {
    let unauthorized = |message| Err(FlinksError::new(Code::Unauthorized, message));
    match &opened.state.step {
        Step::Linked(_) => {
            let standing = data_requests::find(state, &permit.app, &opened.session).await?;
            let data_requests::Standing::Authorised(authorised) = standing else {
                return Err(FlinksError::NONEXISTENT);
            };
            authorized(state, &authorised).await
        }
        Step::Challenge(step) => {
            let language = direct::language(state, permit).await?;
            let asked = challenges::asked(&step.challenge, &*state.locales.language(&language));
            let Some(security_challenges) = asked else {
                let message = "The institution asks for what only the person's own browser can do: use the widget.";
                return Err(FlinksError::new(Code::MethodNotAvailable, message));
            };
            let institution = Institution::of(&step.institution);
            Ok(challenge(&opened.session, institution, security_challenges))
        }
        Step::Credentials(form) => match &form.rejected {
            Some(rejection) => Err(rejected(rejection)),
            None => unauthorized("The person's credentials are wanted: authorize with Username and Password."),
        },
        Step::Failed(FailureStep { code, .. }) => Err(FlinksError::of_failure(*code)),
        Step::Institutions(_) => {
            let message = "There is no such Institution for this customer, or it is not open yet.";
            Err(FlinksError::new(Code::DisabledInstitution, message))
        }
        Step::Ended(_) => Err(FlinksError::NONEXISTENT),
        Step::Consent(_) | Step::Accounts(_) | Step::Reauthorise(_) => {
            unauthorized("What is bound to the token asks the person for more: use the widget.")
        }
    }
}

fn rejected(Rejection { code, field }: &Rejection) -> FlinksError {
    match field.as_ref().map(FieldId::as_str) {
        Some("username") => FlinksError::new(Code::InvalidUsername, "The card number (username) provided is invalid"),
        Some("password") => FlinksError::new(Code::InvalidPassword, "The password provided is invalid"),
        _ => FlinksError::of_failure(*code),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ChallengeReply<'a> {
    links: [Link; 1],
    http_status_code: u16,
    security_challenges: Vec<SecurityChallenge>,
    institution: String,
    request_id: &'a SessionId,
}

fn challenge(session: &SessionId, institution: Institution, asked: Vec<SecurityChallenge>) -> Response {
    let reply = ChallengeReply {
        links: [Link::new("Authorization", "/Authorize")],
        http_status_code: 203,
        security_challenges: asked,
        institution: institution.id,
        request_id: session,
    };
    (StatusCode::NON_AUTHORITATIVE_INFORMATION, no_store(), Json(reply)).into_response()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AuthorizedReply<'a> {
    http_status_code: u16,
    links: [Link; 3],
    institution_name: &'a str,
    login: &'a Login,
    institution_id: u32,
    institution: &'a str,
    request_id: &'a SessionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
}

async fn authorized(state: &AppState, authorised: &Authorised) -> Result<Response, FlinksError> {
    let institution = Institution::of_connection(state, &authorised.connection).await?;
    let reply = AuthorizedReply {
        http_status_code: 200,
        links: AUTHORIZED_LINKS,
        institution_name: &institution.name,
        login: &Login::of(state, &authorised.connection)?,
        institution_id: institution.number,
        institution: &institution.id,
        request_id: &authorised.id,
        tag: authorised.tag.as_ref().map(Tag::as_str),
    };
    Ok((StatusCode::OK, no_store(), Json(reply)).into_response())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ValidLogin<'a> {
    login_id: &'a ConnectionId,
    request_id: &'a SessionId,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MultipleReply<'a> {
    http_status_code: u16,
    valid_login_ids: Vec<ValidLogin<'a>>,
    invalid_login_ids: Vec<&'a str>,
}

/// Most logins that are authorized at once.
const MOST_LOGINS: usize = 500;

/// `AuthorizeMultiple`: a `RequestId` for each login whose data is there.
pub(super) async fn authorize_multiple(state: &AppState, app: &App, body: &Body) -> Result<Response, FlinksError> {
    let ids = body.texts("LoginIds")?;
    if ids.is_empty() || ids.len() > MOST_LOGINS {
        return Err(FlinksError::field("LoginIds", &format!("1 to {MOST_LOGINS} ids")));
    }
    let (mut found, mut invalid): (Vec<Connection>, Vec<&str>) = (Vec::new(), Vec::new());
    for id in ids {
        match connections::live(state, app.id, &ConnectionId::new(id)).await? {
            Some(connection) => found.push(connection),
            None => invalid.push(id),
        }
    }
    let requests = data_requests::open_all(state, &found).await?;
    let valid = requests.iter().map(|request| ValidLogin { login_id: &request.connection_id, request_id: &request.id });
    let reply = MultipleReply { http_status_code: 200, valid_login_ids: valid.collect(), invalid_login_ids: invalid };
    Ok((StatusCode::OK, no_store(), Json(reply)).into_response())
}
