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
    text::without_overrides,
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{boot::BankPageMode, challenge::Challenge, problem::ProblemCode, secret::Secret};

use crate::{
    locale::Locale,
    page::{BankReturnPage, bank_return_page},
    problem::ApiError,
    random,
    routes::headers::accepted_languages,
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
    let ticket = Secret::new(ticket);
    let Some(session) = waiting(&state, &ticket).await? else {
        return Ok(over(&state, locale(&state, &headers, None)));
    };
    let locale = locale(&state, &headers, Some(&session));
    let gone = match sessions::go_to_bank(&state, &ticket).await {
        Ok(Some(gone)) => gone,
        Ok(None) => return Ok(over(&state, locale)),
        Err(error) => return elsewhere(&state, locale, error),
    };
    match gone.bank_page {
        Some(Challenge::BankPage(page)) => Ok(Redirect::to(&page.url).into_response()),
        // It failed at once: the widget says what.
        _ => Ok(closing(&state, locale)),
    }
}

/// Takes the person back. What a bank sends beside `code`, `error` and `state` says nothing to us.
async fn come_back(State(state): State<AppState>, headers: HeaderMap, query: Query) -> Result<Response, ApiError> {
    let Some(session) = waiting(&state, &Secret::new(query.text("state").unwrap_or_default())).await? else {
        return Ok(over(&state, locale(&state, &headers, None)));
    };
    let locale = locale(&state, &headers, Some(&session));
    let returned = match (query.text("code"), query.text("error")) {
        (Some(code), None) => BankReturn::Code(Secret::new(code)),
        (_, error) => BankReturn::Error(error.unwrap_or("invalid_request").to_owned()),
    };
    if !has_gone(&session) {
        return Ok(over(&state, locale));
    }
    let session = match sessions::come_back(&state, &session, returned).await {
        Ok(session) => session,
        Err(error) => return elsewhere(&state, locale, error),
    };
    match session.data.opening.bank_page {
        BankPageMode::FullPage => on(&state, &session).await,
        BankPageMode::Popup => Ok(closing(&state, locale)),
        BankPageMode::HandOver => {
            let back = back_to_app(&state, &session).await?;
            Ok(bank_return_page(&state.assets, locale, &back, StatusCode::OK))
        }
    }
}

/// The system's browser stands before the app that the widget waits in; an address of the app's own leads back there. It
/// says nothing: every page can open it.
async fn back_to_app(state: &AppState, session: &Session) -> Result<BankReturnPage, ApiError> {
    let uri = RedirectUri::parse(&session.data.opening.redirect_uri).ok().filter(|uri| uri.app_scheme().is_some());
    let app = state.store.apps().get(session.row.app_id).await?;
    Ok(match (app, uri) {
        (Some(app), Some(uri)) => BankReturnPage::BackTo { app: without_overrides(app.name.as_str()), uri: uri.into() },
        _ => BankReturnPage::Done,
    })
}

/// Whether the person went to the bank's page before they came back from it.
fn has_gone(session: &Session) -> bool {
    matches!(&session.data.stage, Stage::Challenge(stage) if !stage.connector_state.is_empty())
}

/// The session is moved by another request, or was: whoever came twice reads that there is nothing left to do here.
fn elsewhere(state: &AppState, locale: &Locale, error: ApiError) -> Result<Response, ApiError> {
    match error.code() {
        ProblemCode::StepInProgress => Ok(closing(state, locale)),
        ProblemCode::Conflict | ProblemCode::SessionExpired => Ok(over(state, locale)),
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

fn closing(state: &AppState, locale: &Locale) -> Response {
    bank_return_page(&state.assets, locale, &BankReturnPage::Done, StatusCode::OK)
}

fn over(state: &AppState, locale: &Locale) -> Response {
    bank_return_page(&state.assets, locale, &BankReturnPage::Over, StatusCode::GONE)
}

/// The language of the page that the person came from, where that is known; else the browser's.
fn locale<'a>(state: &'a AppState, headers: &HeaderMap, session: Option<&Session>) -> &'a Locale {
    let accepted = accepted_languages(headers);
    let own = session.map(|session| session.data.opening.language.as_str());
    state.locales.best(own.into_iter().chain(accepted.iter().map(String::as_str)))
}
