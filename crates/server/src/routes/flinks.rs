//! `/v3/{customerId}/BankingServices/…`: for existing Flinks integrations (seeds 001 and 002). Translation, no logic.

use axum::{
    Router,
    body::Bytes,
    extract::{OriginalUri, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, Method, header as headers},
    response::Response,
    routing::any,
};
use banklink_domain::{
    app::App,
    ids::ClientId,
    token::TokenHash,
    webhook::{EventKind, Message, Webhook},
};
use banklink_protocol::{ids::ConnectionId, secret::Secret};
use serde_json::Value;

use self::{
    accounts::Depth,
    authorize::Patience,
    body::Body,
    error::{Code, FlinksError},
};
use crate::{
    problem::ApiError,
    services::{apps, connections, data_requests},
    state::AppState,
    wire::Query,
};

mod accounts;
mod authorize;
mod body;
mod challenges;
mod error;
mod logins;
mod oauth;
mod reading;
mod shapes;
mod statements;

/// The routes. Whatever else is asked for below `/v3` is answered as Flinks answers it, since callers read no other shape.
pub fn router() -> Router<AppState> {
    let doubled = || any(async || FlinksError::invalid("The address has a double slash."));
    let unknown = || any(async || FlinksError::UNKNOWN);
    Router::new()
        .route("/v3/{*rest}", any(call))
        .route("/v3/", unknown())
        .route("/v3", unknown())
        .route("//v3/{*rest}", doubled())
        .route("//v3/", doubled())
        .route("//v3", doubled())
}

/// What can be called, with what stands behind it in the address.
enum Endpoint<'a> {
    GenerateAuthorizeToken,
    Authorize(Patience),
    AuthorizeMultiple,
    Accounts(Depth),
    PollAccounts(Depth, &'a str),
    Statements,
    PollStatements(&'a str),
    DeleteCard(&'a str),
    SetScheduledRefresh,
    GetMfaQuestions(&'a str),
    AnswerMfaQuestions,
}

impl<'a> Endpoint<'a> {
    /// Services and endpoints may be in any case, as they may be with Flinks.
    fn of(rest: &[&'a str]) -> Option<Self> {
        let [service, endpoint, argument @ ..] = rest else { return None };
        if !service.eq_ignore_ascii_case("BankingServices") {
            return None;
        }
        Some(match (endpoint.to_ascii_lowercase().as_str(), argument) {
            ("generateauthorizetoken", []) => Self::GenerateAuthorizeToken,
            ("authorize", []) => Self::Authorize(Patience::Waits),
            ("authorizeasync", []) => Self::Authorize(Patience::Polls),
            ("authorizemultiple", []) => Self::AuthorizeMultiple,
            ("getaccountssummary", []) => Self::Accounts(Depth::Summary),
            ("getaccountsdetail", []) => Self::Accounts(Depth::Detail),
            ("getaccountssummaryasync", [id]) => Self::PollAccounts(Depth::Summary, id),
            ("getaccountsdetailasync", [id]) => Self::PollAccounts(Depth::Detail, id),
            ("getstatements", []) => Self::Statements,
            ("getstatementsasync", [id]) => Self::PollStatements(id),
            ("deletecard", [id]) => Self::DeleteCard(id),
            ("setscheduledrefresh", []) => Self::SetScheduledRefresh,
            ("getmfaquestions", [id]) => Self::GetMfaQuestions(id),
            ("answermfaquestions", []) => Self::AnswerMfaQuestions,
            _ => return None,
        })
    }

    /// The methods that it takes.
    const fn methods(&self) -> &'static [Method] {
        match self {
            Self::GenerateAuthorizeToken
            | Self::Authorize(_)
            | Self::AuthorizeMultiple
            | Self::Accounts(_)
            | Self::Statements => &[Method::POST],
            Self::PollAccounts(..) | Self::PollStatements(_) => &[Method::GET, Method::POST],
            Self::DeleteCard(_) => &[Method::DELETE],
            Self::GetMfaQuestions(_) => &[Method::GET],
            Self::SetScheduledRefresh | Self::AnswerMfaQuestions => &[Method::PATCH],
        }
    }

    const fn takes_body(&self) -> bool {
        !matches!(
            self,
            Self::PollAccounts(..) | Self::PollStatements(_) | Self::DeleteCard(_) | Self::GetMfaQuestions(_)
        )
    }
}

async fn call(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    query: Query,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, FlinksError> {
    let segments: Vec<&str> = uri.path().split('/').skip(2).collect();
    if let [service, endpoint] = segments[..]
        && service.eq_ignore_ascii_case("oauth")
        && endpoint.eq_ignore_ascii_case("authorize")
        && method == Method::GET
    {
        return oauth::authorize(&state, &query).await;
    }
    if segments.contains(&"") {
        return Err(FlinksError::invalid("The address has a double slash, or one at its end."));
    }
    let [customer, rest @ ..] = &segments[..] else { return Err(FlinksError::UNKNOWN) };
    let endpoint = Endpoint::of(rest).ok_or(FlinksError::UNKNOWN)?;
    if !endpoint.methods().contains(&method) {
        return Err(FlinksError::invalid("This address takes another method."));
    }
    let customer = customer
        .parse::<ClientId>()
        .map_err(|_| FlinksError::invalid("The customerId in the address is not a UUID."))?;
    let body = if endpoint.takes_body() {
        let bytes = body.map_err(|_| FlinksError::invalid("The body is too large, or broke off."))?;
        Body::read(&bytes)?
    } else {
        Body::read(&[])?
    };
    answer(&state, endpoint, customer, &headers, &body).await
}

async fn answer(
    state: &AppState,
    endpoint: Endpoint<'_>,
    customer: ClientId,
    headers: &HeaderMap,
    body: &Body,
) -> Result<Response, FlinksError> {
    let app = || app(state, customer, headers);
    match endpoint {
        Endpoint::GenerateAuthorizeToken => authorize::generate_token(state, customer, headers).await,
        Endpoint::Authorize(patience) => authorize::authorize(state, customer, headers, body, patience).await,
        Endpoint::AuthorizeMultiple => authorize::authorize_multiple(state, &app().await?, body).await,
        Endpoint::Accounts(depth) => accounts::get(state, &app().await?, depth, body).await,
        Endpoint::PollAccounts(depth, id) => accounts::poll(state, &app().await?, depth, id).await,
        Endpoint::Statements => statements::get(state, &app().await?, body).await,
        Endpoint::PollStatements(id) => statements::poll(state, &app().await?, id).await,
        Endpoint::DeleteCard(login) => logins::delete_card(state, &app().await?, login).await,
        Endpoint::SetScheduledRefresh => logins::set_scheduled_refresh(state, &app().await?, body).await,
        Endpoint::GetMfaQuestions(login) => logins::mfa_questions(state, &app().await?, login).await,
        Endpoint::AnswerMfaQuestions => logins::answer_mfa_questions(state, &app().await?, body).await,
    }
}

/// What an integration's webhook is told once there is data to read, with a `RequestId` to read it by. None where the
/// message is about something else, or its connection is gone.
pub async fn notification(state: &AppState, webhook: &Webhook, message: &Message) -> Result<Option<Value>, ApiError> {
    if message.kind != EventKind::ConnectionDataReady {
        return Ok(None);
    }
    let data: Value = serde_json::from_str(&message.data).map_err(ApiError::internal)?;
    let id = ConnectionId::new(data["id"].as_str().unwrap_or_default());
    let Some(connection) = connections::live(state, webhook.app_id, &id).await? else { return Ok(None) };
    let authorised = data_requests::open_for(state, &connection).await?;
    accounts::notification(state, &authorised).await.map(Some).map_err(ApiError::internal)
}

/// The app whose data key is in `x-api-key` (seed 002, *Headers by endpoint*). Endpoints for which no header is
/// documented want it too: a `LoginId` alone opens nothing here.
async fn app(state: &AppState, customer: ClientId, headers: &HeaderMap) -> Result<App, FlinksError> {
    let key = header(headers, "x-api-key").ok_or(FlinksError::invalid("The x-api-key header is missing."))?;
    let found = apps::by_data_key(state, &TokenHash::of(&key)).await?;
    let wrong = FlinksError::new(Code::AccessDenied, "The x-api-key is wrong or not this customer's.");
    let app = found.filter(|app| app.client_id == customer).ok_or(wrong)?;
    state.limits.app(app.id)?;
    Ok(app)
}

/// The value of a header that is a secret.
fn header(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let value = headers.get(name)?.to_str().ok()?;
    (!value.is_empty()).then(|| Secret::new(value))
}

const fn no_store() -> [(HeaderName, &'static str); 1] {
    [(headers::CACHE_CONTROL, "no-store")]
}
