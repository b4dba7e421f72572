//! The widget's pages and their files: `/link`, `/v2/…`, `/assets/…`, `/themes/…`, and `/embed.js` for those of hosts.

use axum::{
    Router,
    extract::{OriginalUri, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use banklink_domain::{hash::ContentHash, text::without_overrides};
use banklink_protocol::{WIRE_VERSION, boot::Boot, parameters::ParameterName, problem::ProblemCode, session::Step};
use banklink_theme::{Scheme, scheme_of};
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    assets::IMMUTABLE,
    page::{LinkPage, failure_page, link_page, token_invalid_page},
    parameters::Parameters,
    problem::{ApiError, RequestId},
    router::panicked,
    routes::headers::accepted_languages,
    services::{
        opening::{self, Page, Permission},
        sessions,
    },
    state::AppState,
};

/// A page has some 8 KB: at this level of brotli and gzip it is 150 bytes smaller than at the usual one, in the same time.
const PAGE_COMPRESSION: CompressionLevel = CompressionLevel::Precise(5);

/// The routes.
pub fn router(state: &AppState) -> Router<AppState> {
    let pages = Router::new()
        .route("/link", get(page))
        .route("/link/", get(page))
        .route("/v2", get(with_slash))
        .route("/v2/", get(page))
        .route("/v2/{credential}", get(credential))
        .route("/v2/{credential}/", get(credential))
        .route("/v2/{credential}/{institution}", get(credential))
        .route("/v2/{credential}/{institution}/", get(credential))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), readable))
        .layer(CompressionLayer::new().quality(PAGE_COMPRESSION));
    let for_hosts = ["/embed.js", "/embed.mjs", "/embed.d.ts"];
    let pages = for_hosts.into_iter().fold(pages, |pages, path| pages.route(path, get(asset)));
    pages.route("/assets/{name}", get(asset)).route("/themes/{name}", get(theme))
}

async fn with_slash(OriginalUri(uri): OriginalUri) -> Redirect {
    Redirect::permanent(&uri.query().map_or_else(|| "/v2/".to_owned(), |query| format!("/v2/?{query}")))
}

/// Whoever asks for a page is a person: what goes wrong on our side is told them on a page, in their language.
async fn readable(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let languages = wanted_languages(request.uri(), request.headers());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let response = next.run(request).await;
    if !response.status().is_server_error() {
        return response;
    }
    let locale = state.locales.best(languages.iter().map(String::as_str));
    failure_page(&state.assets, locale, response.status(), &id)
}

/// The language that the address asks for, and then the browser's: for a page of which nothing more is known.
fn wanted_languages(uri: &Uri, headers: &HeaderMap) -> Vec<String> {
    let asked = Parameters::from_url(uri.path(), uri.query().unwrap_or_default());
    let asked = asked.get(ParameterName::Language).map(str::to_owned);
    asked.into_iter().chain(accepted_languages(headers)).collect()
}

/// `/v2/Credential/…`, in any case: links are typed by hand.
async fn credential(state: State<AppState>, uri: OriginalUri, headers: HeaderMap) -> Result<Response, ApiError> {
    if uri.path().split('/').nth(2).is_some_and(|segment| segment.eq_ignore_ascii_case("Credential")) {
        return page(state, uri, headers).await;
    }
    Ok(StatusCode::NOT_FOUND.into_response())
}

async fn page(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Some(page) = opening::resolve(&state, uri.path(), uri.query().unwrap_or_default()).await? else {
        let languages = wanted_languages(&uri, &headers);
        let locale = state.locales.best(languages.iter().map(String::as_str));
        return Ok(token_invalid_page(&state.assets, locale));
    };
    let languages = accepted_languages(&headers);
    let locale = page.locale(&state, &languages);
    let mut invalid_parameters = page.parameters.invalid.clone();
    let scheme = page.webview_scheme(&state.store.apps().redirect_uris(page.app.id).await?).unwrap_or_else(|refused| {
        invalid_parameters.push(refused.parameter().spellings[0].to_owned());
        None
    });
    let boot = Boot {
        wire_version: WIRE_VERSION,
        language: locale.tag.clone(),
        app_name: without_overrides(page.app.name.as_str()),
        page: opening::page_name(&state, &page).await?,
        reopens: page.reopens(),
        ending: page.ending_mode(),
        bank_page: page.bank_page_mode(),
        parts: page.parts(),
        first: first_step(&state, &page, locale).await?,
        invalid_parameters,
    };
    let stylesheet = state.store.apps().theme(page.app.id).await?;
    let theme = match &stylesheet {
        // Made for light pages only: in the dark it would leave light text on its own light colours.
        Some(stylesheet) if scheme_of(&stylesheet.css) == Scheme::Light => "light",
        _ => page.parameters.get(ParameterName::Theme).unwrap_or("auto"),
    };
    let stylesheet = stylesheet.map(|theme| format!("/themes/{}.css", theme.hash));
    let page = LinkPage {
        boot: &boot,
        origins: &state.store.apps().origins(page.app.id).await?,
        manner: &page.manner(scheme),
        colors: &page.colors(),
        theme,
        stylesheet: stylesheet.as_deref(),
    };
    Ok(link_page(&state.assets, locale, &page))
}

/// What the page shows while the session opens. `None` where only the session itself knows: a used token's page may be
/// a reload in mid-flow.
async fn first_step(state: &AppState, page: &Page, locale: &crate::locale::Locale) -> Result<Option<Step>, ApiError> {
    if matches!(page.permission, Permission::Refused(_)) || page.continued().is_some() {
        return Ok(None);
    }
    match opening::begin(state, page, locale).await {
        // The ticket to the bank's own page is the session's own.
        Ok(data) if data.stage.ticket().is_some() => Ok(None),
        Ok(data) => sessions::first_step(state, &data).await.map(Some),
        // Opening will answer the same, with what to do about it; the page shows it then.
        Err(error) => match error.code() {
            ProblemCode::InvalidParameter | ProblemCode::InvalidRequest | ProblemCode::TokenInvalid => Ok(None),
            _ => Err(error),
        },
    }
}

async fn asset(State(state): State<AppState>, OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    state.assets.serve(uri.path(), &headers)
}

/// An app's stylesheet, as the compiler wrote it, under its content's hash.
async fn theme(State(state): State<AppState>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let hash = name.strip_suffix(".css").and_then(|hash| ContentHash::from_hex(hash).ok());
    let Some(hash) = hash else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let found = state.store.apps().theme_css(&hash).await?;
    let Some(css) = found else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, IMMUTABLE)], css).into_response())
}
