//! `/link/bank/…`: to the bank's own page and back.
//!
//! The widget opens `/link/bank/{ticket}`, which begins the login and leads to the bank. The bank sends the person back
//! to `/link/bank/return` with the same ticket as `state` (RFC 6749, section 4.1). The widget hears of it from the server
//! and nowhere else: a window that was opened can't be looked into.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use banklink_connectors::BankReturn;
use banklink_domain::{
    redirect_uri::RedirectUri,
    session::Stage,
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{boot::BankPageMode, challenge::Challenge, problem::ProblemCode, secret::Secret};

use crate::{
    page::{BankReturnPage, bank_return_page},
    problem::ApiError,
    random,
    routes::link_api::accepted_languages,
    services::sessions::{self, Session},
    state::AppState,
    wire::{PathOf, Query},
};

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new().route("/link/bank/return", get(come_back)).route("/link/bank/{ticket}", get(go))
}

/// Begins the login and leads to the bank. Going there again begins another.
async fn go(
    State(state): State<AppState>,
    headers: HeaderMap,
    PathOf(ticket): PathOf<String>,
) -> Result<Response, ApiError> {
    let gone = match sessions::go_to_bank(&state, &Secret::new(ticket)).await {
        Ok(Some(gone)) => gone,
        Ok(None) => return Ok(over(&state, &headers)),
        Err(error) => return elsewhere(&state, &headers, error),
    };
    match gone.bank_page {
        Some(Challenge::BankPage(page)) => Ok(Redirect::to(&page.url).into_response()),
        // It failed at once: the widget says what.
        _ => Ok(closing(&state, &headers)),
    }
}

/// Takes the person back. What a bank sends beside `code`, `error` and `state` says nothing to us.
async fn come_back(State(state): State<AppState>, headers: HeaderMap, query: Query) -> Result<Response, ApiError> {
    let Some(ticket) = query.text("state") else { return Ok(over(&state, &headers)) };
    let Some(session) = waiting(&state, &Secret::new(ticket)).await? else {
        return Ok(over(&state, &headers));
    };
    let returned = match (query.text("code"), query.text("error")) {
        (Some(code), None) => BankReturn::Code(Secret::new(code)),
        (_, error) => BankReturn::Error(error.unwrap_or("invalid_request").to_owned()),
    };
    if !has_gone(&session) {
        return Ok(over(&state, &headers));
    }
    let session = match sessions::come_back(&state, &session, returned).await {
        Ok(session) => session,
        Err(error) => return elsewhere(&state, &headers, error),
    };
    match session.data.opening.bank_page {
        BankPageMode::FullPage => on(&state, &session).await,
        BankPageMode::Popup => Ok(closing(&state, &headers)),
        BankPageMode::HandOver => Ok(page(&state, &headers, &back_to_app(&state, &session).await?, StatusCode::OK)),
    }
}

/// The system's browser stands before the app that the widget waits in; an address of the app's own leads back there. It
/// says nothing: every page can open it.
async fn back_to_app(state: &AppState, session: &Session) -> Result<BankReturnPage, ApiError> {
    let uri = RedirectUri::parse(&session.data.opening.redirect_uri).ok().filter(|uri| uri.app_scheme().is_some());
    let app = state.store.apps().get(session.row.app_id).await?;
    Ok(match (app, uri) {
        (Some(app), Some(uri)) => BankReturnPage::BackTo { app: app.name.as_str().to_owned(), uri: uri.into() },
        _ => BankReturnPage::Done,
    })
}

/// Whether the person went to the bank's page before they came back from it.
fn has_gone(session: &Session) -> bool {
    matches!(&session.data.stage, Stage::Challenge(stage) if !stage.connector_state.is_empty())
}

/// The session is moved by another request, or was: whoever came twice reads that there is nothing left to do here.
fn elsewhere(state: &AppState, headers: &HeaderMap, error: ApiError) -> Result<Response, ApiError> {
    match error.code() {
        ProblemCode::StepInProgress => Ok(closing(state, headers)),
        ProblemCode::Conflict | ProblemCode::SessionExpired => Ok(over(state, headers)),
        _ => Err(error),
    }
}

async fn waiting(state: &AppState, ticket: &Secret) -> Result<Option<Session>, ApiError> {
    match sessions::by_ticket(state, ticket).await {
        Err(error) if error.code() == ProblemCode::SessionExpired => Ok(None),
        found => found,
    }
}

/// Where the whole page goes on: to the app, or back to the widget. In a frame that was there are other stores than in
/// the page that is now, so the session goes with a new key, which leaves the address at once.
async fn on(state: &AppState, session: &Session) -> Result<Response, ApiError> {
    let url = match &session.data.stage {
        Stage::Linked(ending) => Some(&ending.url),
        Stage::Ended(ended) => ended.url.as_ref(),
        _ => None,
    };
    if let Some(url) = url {
        return Ok(Redirect::to(url).into_response());
    }
    let key = TokenKind::SessionKey.mint(random::bytes());
    state.store.sessions().hand_over(&session.row.id, &TokenHash::of(&key)).await?;
    let page = format!("{}#{}", session.data.opening.page.expose(), key.expose());
    Ok(Redirect::to(&page).into_response())
}

fn closing(state: &AppState, headers: &HeaderMap) -> Response {
    page(state, headers, &BankReturnPage::Done, StatusCode::OK)
}

fn over(state: &AppState, headers: &HeaderMap) -> Response {
    page(state, headers, &BankReturnPage::Over, StatusCode::GONE)
}

fn page(state: &AppState, headers: &HeaderMap, page: &BankReturnPage, status: StatusCode) -> Response {
    let languages = accepted_languages(headers);
    let locale = state.locales.best(languages.iter().map(String::as_str));
    bank_return_page(&state.assets, locale, page, status)
}
