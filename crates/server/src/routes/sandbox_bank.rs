//! `/sandbox/bank/authorize`: the login page of the sandbox's OAuth bank, as a bank has one (RFC 6749, section 4.1), in
//! the language that it is asked for (`ui_locales`: `OpenID` Connect Core, section 3.1.2.1), else the browser's.

use axum::{
    Form, Router,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use banklink_connectors::sandbox::{BankPageLogin, authorization_code};
use banklink_protocol::problem::ProblemCode;
use serde::Deserialize;
use url::Url;

use crate::{
    page::sandbox_bank_page, problem::ApiError, routes::headers::accepted_languages, state::AppState, wire::Query,
};

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new().route("/sandbox/bank/authorize", get(ask).post(answer))
}

/// Asks the person.
async fn ask(State(state): State<AppState>, headers: HeaderMap, query: Query) -> Result<Response, ApiError> {
    let redirect_uri = known(&state, query.text("redirect_uri").unwrap_or_default())?;
    let (asked, accepted) = (query.text("ui_locales").unwrap_or_default(), accepted_languages(&headers));
    let locale = state.locales.best(asked.split(' ').chain(accepted.iter().map(String::as_str)));
    Ok(sandbox_bank_page(&state.assets, locale, redirect_uri.as_str(), query.text("state").unwrap_or_default()))
}

#[derive(Deserialize)]
struct Answered {
    redirect_uri: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    username: String,
    answer: String,
}

/// Sends the person back with what they answered.
async fn answer(State(state): State<AppState>, Form(answered): Form<Answered>) -> Result<Response, ApiError> {
    let mut back = known(&state, &answered.redirect_uri)?;
    let username = answered.username.trim();
    let fits = !username.is_empty() && username.len() <= 128 && !username.chars().any(char::is_control);
    if answered.answer == "allow" && !fits {
        let detail = "Type a user name of at most 128 letters.";
        return Err(ApiError::new(ProblemCode::InvalidParameter, detail).parameter("username"));
    }
    match answered.answer.as_str() {
        "allow" => back.query_pairs_mut().append_pair("code", &authorization_code(username, BankPageLogin::Linked)),
        "deny" => back.query_pairs_mut().append_pair("error", "access_denied"),
        _ => back.query_pairs_mut().append_pair("error", "temporarily_unavailable"),
    };
    back.query_pairs_mut().append_pair("state", &answered.state);
    Ok(Redirect::to(back.as_str()).into_response())
}

/// The one address that this bank sends people back to.
fn known(state: &AppState, redirect_uri: &str) -> Result<Url, ApiError> {
    let mut own = state.public_url.clone();
    own.set_path("/link/bank/return");
    if redirect_uri == own.as_str() {
        return Ok(own);
    }
    let detail = "The bank knows no such redirect URI.";
    Err(ApiError::new(ProblemCode::InvalidParameter, detail).parameter("redirect_uri"))
}
