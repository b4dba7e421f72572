//! `/dashboard`: one page for all of its addresses, which the dashboard itself tells apart.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::Response,
    routing::get,
};

use crate::{locale::Locale, page::dashboard_page, routes::headers::accepted_languages, state::AppState};

/// The cookie in which the dashboard keeps the language that the operator chose.
const LANGUAGE: &str = "banklink-language";

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/dashboard", get(page))
        .route("/dashboard/", get(page))
        .route("/dashboard/{*address}", get(page))
}

async fn page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    dashboard_page(&state.assets, locale(&state, &headers), state.support.as_ref())
}

/// The language that the operator chose, or what their browser prefers.
pub(super) fn locale<'a>(state: &'a AppState, headers: &HeaderMap) -> &'a Locale {
    let languages: Vec<String> = chosen(headers).into_iter().chain(accepted_languages(headers)).collect();
    state.locales.best(languages.iter().map(String::as_str))
}

fn chosen(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == LANGUAGE).map(|(_, language)| language.to_owned())
}
