//! Signing in to the dashboard, and out.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse as _, Response},
};
use banklink_domain::operator::Operator;
use banklink_platform::operators::{OperatorSession, PasswordChange, SignIn};

use super::{
    answer,
    caller::{Cookie, OperatorCaller, require_own_page},
    shapes,
};
use crate::{
    client_address::ClientAddress,
    problem::ApiError,
    services::{
        operators::{self, Entered},
        organisation,
    },
    state::AppState,
    wire::Wire,
};

async fn reply(state: &AppState, operator: Operator) -> Result<OperatorSession, ApiError> {
    let organisation = organisation::name(state).await?.map(Into::into);
    Ok(OperatorSession { operator: shapes::operator(operator), organisation })
}

/// The answer to somebody who just signed in.
pub(super) async fn entered(state: &AppState, entered: Entered) -> Result<Response, ApiError> {
    let browser = entered.browser.holds(&state.sealer, &entered.operator)?;
    let cookies = AppendHeaders([
        (header::SET_COOKIE, Cookie::Session.set(&state.public_url, &entered.session)),
        (header::SET_COOKIE, Cookie::Browser.set(&state.public_url, &browser)),
    ]);
    Ok((cookies, answer(StatusCode::OK, reply(state, entered.operator).await?)).into_response())
}

/// Sign in
///
/// The answer sets cookies: one for the session, and one that outlives it, by which the browser is known. Whoever is wrong
/// five times waits a quarter of an hour.
#[utoipa::path(post, path = "/platform/v1/session", tag = "Signing in", request_body = SignIn, security(()),
    responses((status = OK, body = OperatorSession), (status = UNAUTHORIZED, description = "`UNAUTHORIZED`"),
        (status = TOO_MANY_REQUESTS, description = "`TOO_MANY_REQUESTS`")))]
pub(super) async fn sign_in(
    State(state): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    Wire(request): Wire<SignIn>,
) -> Result<Response, ApiError> {
    require_own_page(&headers, &state)?;
    let held = Cookie::Browser.held(&headers, &state.public_url);
    entered(&state, operators::sign_in(&state, from, held.as_ref(), &request.email, &request.password).await?).await
}

/// Read who is signed in
#[utoipa::path(get, path = "/platform/v1/session", tag = "Signing in", security(("operator" = [])),
    responses((status = OK, body = OperatorSession)))]
pub(super) async fn read_session(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, reply(&state, signed_in.operator).await?))
}

/// Sign out
#[utoipa::path(delete, path = "/platform/v1/session", tag = "Signing in", security(("operator" = [])),
    responses((status = NO_CONTENT)))]
pub(super) async fn sign_out(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
) -> Result<Response, ApiError> {
    state.store.operators().sign_out(&signed_in.session).await?;
    Ok(signed_out(&state))
}

/// Sign out everywhere
#[utoipa::path(delete, path = "/platform/v1/sessions", tag = "Signing in", security(("operator" = [])),
    responses((status = NO_CONTENT)))]
pub(super) async fn sign_out_everywhere(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
) -> Result<Response, ApiError> {
    state.store.operators().sign_out_everywhere(signed_in.operator.id).await?;
    Ok(signed_out(&state))
}

fn signed_out(state: &AppState) -> Response {
    let headers = [
        (header::SET_COOKIE, Cookie::Session.clear(&state.public_url)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Change the password
///
/// Every other browser that the operator was signed in with is signed out.
#[utoipa::path(put, path = "/platform/v1/session/password", tag = "Signing in", request_body = PasswordChange,
    security(("operator" = [])),
    responses((status = NO_CONTENT), (status = TOO_MANY_REQUESTS, description = "`TOO_MANY_REQUESTS`"),
        (status = NOT_FOUND, description = "`NOT_FOUND`")))]
pub(super) async fn change_password(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Wire(request): Wire<PasswordChange>,
) -> Result<StatusCode, ApiError> {
    operators::change_password(&state, &signed_in, &request.password, &request.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}
