//! `GET /api/v1/authorize`.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use banklink_domain::{
    app::App,
    authorization::{Authorization, CodeChallenge, DataScopes},
    ids::ClientId,
};
use banklink_protocol::{ids::InstitutionId, problem::ProblemCode};

use super::{
    error::OAuthProblem,
    providers::{self, ProviderId},
    token::invalid_scopes,
};
use crate::{
    page::{failure_page, token_invalid_page},
    problem::{ApiError, RequestId},
    routes::headers::accepted_languages,
    services::{
        data_recipients::{self, OAuthError, Refused},
        endings,
    },
    state::AppState,
    wire::Query,
};

/// Longest `state` and `correlation_id`, in bytes: they are kept with the session and stand in an address.
const MAX_STATE: usize = 1024;
const MAX_CORRELATION: usize = 256;

const NAMES: [&str; 9] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "provider_id",
    "correlation_id",
    "code_challenge",
    "code_challenge_method",
];

/// To the widget, or back to the data recipient with what is wrong. Where it is not known who that is, nobody is sent
/// anywhere (RFC 6749, 4.1.2.1).
pub(super) async fn authorize(
    State(state): State<AppState>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    query: Query,
) -> Response {
    match destination(&state, &query).await {
        Ok(location) => {
            let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, "no-store".to_owned())];
            (StatusCode::FOUND, headers).into_response()
        }
        Err(problem) => stranded(&state, &headers, problem, &id),
    }
}

/// People read a page, programs what is wrong.
fn stranded(state: &AppState, headers: &HeaderMap, problem: OAuthProblem, id: &RequestId) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let response = problem.into_response();
    if !accepts.contains("text/html") {
        return response;
    }
    let (status, languages) = (response.status(), accepted_languages(headers));
    let locale = state.locales.best(languages.iter().map(String::as_str));
    if status != StatusCode::BAD_REQUEST {
        return failure_page(&state.assets, locale, status, &id.0);
    }
    let mut page = token_invalid_page(&state.assets, locale);
    *page.status_mut() = status;
    page
}

async fn destination(state: &AppState, query: &Query) -> Result<String, OAuthProblem> {
    let (app, redirect_uri) = recipient(state, query).await?;
    state.limits.app(app.id)?;
    // What every answer to the recipient carries, even one that refuses the rest.
    let mut authorization = Authorization {
        redirect_uri,
        state: query.text("state").unwrap_or_default().to_owned(),
        scopes: DataScopes::basic(),
        correlation_id: query.text("correlation_id").filter(|id| !id.is_empty()).map(ToOwned::to_owned),
        code_challenge: None,
    };
    let begun = match asked(state, &app, query, &mut authorization).await {
        Ok(institution) => data_recipients::begin(state, &app, authorization.clone(), institution.as_ref()).await,
        Err(refused) => Err(refused),
    };
    match begun {
        Err(Refused::OAuth(error, description)) => Ok(endings::refused(&authorization, error.as_str(), description)),
        begun => Ok(begun?),
    }
}

/// Who asks, and where people come back to: one of its own addresses, to the letter.
async fn recipient(state: &AppState, query: &Query) -> Result<(App, String), OAuthProblem> {
    for name in ["client_id", "redirect_uri"] {
        if query.names().filter(|sent| *sent == name).count() != 1 {
            return Err(OAuthProblem::invalid(&format!("Send {name} once.")));
        }
    }
    let unknown = || OAuthProblem::from(Refused::OAuth(OAuthError::InvalidClient, "There is no such client."));
    let client: ClientId = query.text("client_id").and_then(|id| id.parse().ok()).ok_or_else(unknown)?;
    let found = state.store.apps().by_client_id(client).await.map_err(ApiError::from)?;
    let app = found.ok_or_else(unknown)?;
    let asked = query.text("redirect_uri").unwrap_or_default();
    let own = state.store.apps().redirect_uris(app.id).await.map_err(ApiError::from)?;
    if own.iter().any(|uri| uri.as_str() == asked) {
        Ok((app, asked.to_owned()))
    } else {
        let description = "The redirect_uri is not one of the client's: register it first, to the letter.";
        Err(OAuthProblem::invalid(description))
    }
}

/// What it asks for, and at which institution, if it says.
async fn asked(
    state: &AppState,
    app: &App,
    query: &Query,
    authorization: &mut Authorization,
) -> Result<Option<InstitutionId>, Refused> {
    let invalid = |description| Refused::OAuth(OAuthError::InvalidRequest, description);
    if NAMES.iter().any(|name| query.names().filter(|sent| sent == name).count() > 1) {
        return Err(invalid("A parameter is there twice"));
    }
    let given = |name| query.text(name).filter(|text| !text.is_empty());
    if given("correlation_id").is_some_and(|id| id.len() > MAX_CORRELATION) {
        return Err(invalid("The correlation_id has more than 256 bytes"));
    }
    match given("state") {
        None => return Err(invalid("The state is missing")),
        Some(state) if state.len() > MAX_STATE => return Err(invalid("The state has more than 1024 bytes")),
        Some(_) => {}
    }
    match given("response_type") {
        None => return Err(invalid("The response_type is missing")),
        Some("code") => {}
        Some(_) => return Err(Refused::OAuth(OAuthError::UnsupportedResponseType, "The response_type has to be code")),
    }
    let scope = given("scope").ok_or(Refused::OAuth(OAuthError::InvalidScope, "The scope is missing"))?;
    authorization.scopes = DataScopes::parse(scope).map_err(invalid_scopes)?;
    authorization.code_challenge = challenge(given("code_challenge"), given("code_challenge_method"))?;
    let Some(provider) = given("provider_id") else { return Ok(None) };
    match providers::find(state, app, &ProviderId::new(provider)).await {
        Ok(found) => Ok(Some(found.id)),
        Err(error) if error.code() == ProblemCode::NotFound => {
            Err(invalid("There is no such provider for this client"))
        }
        Err(error) => Err(error.into()),
    }
}

/// `plain`, which is what a missing method means, protects nobody (RFC 9700, 2.1.1).
fn challenge(challenge: Option<&str>, method: Option<&str>) -> Result<Option<CodeChallenge>, Refused> {
    let invalid = |description| Refused::OAuth(OAuthError::InvalidRequest, description);
    match (challenge, method) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(invalid("The code_challenge is missing")),
        (Some(challenge), Some("S256")) => match CodeChallenge::parse(challenge) {
            Ok(challenge) => Ok(Some(challenge)),
            Err(_) => Err(invalid("The code_challenge is no SHA-256 in base64url")),
        },
        (Some(_), _) => Err(invalid("The code_challenge_method has to be S256")),
    }
}
