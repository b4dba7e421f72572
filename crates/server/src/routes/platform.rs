//! `/platform/v1/…`: the complete API of an app, `Authorization: Bearer <client secret>`.
//!
//! What stands at each handler is what is routed and what is documented: [`description`] gathers it as OpenAPI.

use std::str::FromStr;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, FromRequestParts},
    http::{StatusCode, header, request::Parts},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
};
use banklink_domain::{
    activity::{Actor, Change},
    app::App,
};
use banklink_protocol::problem::ProblemCode;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema, openapi::OpenApi};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use crate::{problem::ApiError, routes::link_api::bearer, services::apps, state::AppState, wire::Query};

mod accounts;
mod activities;
mod app;
mod authorize_tokens;
mod connections;
mod consents;
mod described;
mod institution_searches;
mod institutions;
mod link_codes;
mod link_sessions;
mod links;
mod once;
mod origins;
mod reauthorising;
mod redirect_uris;
mod theme;

/// The routes.
pub fn router(state: &AppState) -> Router<AppState> {
    operations().split_for_parts().0.layer(from_fn_with_state(state.clone(), once::once))
}

/// What they are, as OpenAPI 3.1.
pub fn description() -> OpenApi {
    described::completed(operations().into_openapi())
}

fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(institutions::list_institutions))
        .routes(routes!(institutions::read_institution))
        .routes(routes!(authorize_tokens::create_authorize_token))
        .routes(routes!(app::read_app, app::change_app))
        .routes(routes!(
            redirect_uris::list_redirect_uris,
            redirect_uris::add_redirect_uri,
            redirect_uris::remove_redirect_uri
        ))
        .routes(routes!(origins::list_origins, origins::add_origin, origins::remove_origin))
        .routes(
            routes!(theme::read_theme, theme::set_theme, theme::restore_theme)
                .layer(DefaultBodyLimit::max(theme::MAX_BODY)),
        )
        .routes(routes!(activities::list_activities))
        .routes(routes!(links::list_links, links::create_link))
        .routes(routes!(links::read_link, links::change_link, links::delete_link))
        .routes(routes!(link_codes::unused_codes))
        .routes(routes!(link_codes::exchange))
        .routes(routes!(link_sessions::list_sessions))
        .routes(routes!(link_sessions::read_session))
        .routes(routes!(institution_searches::list_searches))
        .routes(routes!(connections::list_connections))
        .routes(routes!(connections::connection, connections::delete_connection))
        .routes(routes!(reauthorising::create_token))
        .routes(routes!(consents::consent_of_connection))
        .routes(routes!(consents::read_consent))
        .routes(routes!(consents::revoke_consent))
        .routes(routes!(accounts::accounts))
        .routes(routes!(accounts::transactions))
}

/// The app that calls, known by its client secret.
struct Caller(App);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        authenticated(parts, state).await.map(|(app, _)| Self(app))
    }
}

/// The app that calls, and who changes it.
struct Editor {
    app: App,
    change: Change,
}

impl FromRequestParts<AppState> for Editor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let (app, by) = authenticated(parts, state).await?;
        Ok(Self { app, change: Change { by, at: state.clock.now() } })
    }
}

/// The app whose client secret a request has, and who that is.
async fn authenticated(parts: &Parts, state: &AppState) -> Result<(App, Actor), ApiError> {
    let secret = bearer(&parts.headers).ok_or_else(|| {
        ApiError::new(ProblemCode::Unauthorized, "Send the client secret as `Authorization: Bearer <secret>`.")
    })?;
    let (app, secret) = apps::by_client_secret(state, &secret).await?;
    Ok((app, Actor::ClientSecret(secret)))
}

/// A list, or as much of it as fits.
#[derive(Serialize, ToSchema)]
struct Items<T> {
    items: Vec<T>,
    /// For `cursor` in the request of the next page; none on the last.
    next: Option<String>,
}

impl<T> Items<T> {
    /// A list that is never long.
    fn all(items: impl IntoIterator<Item: Into<T>>) -> Self {
        Self { items: items.into_iter().map(Into::into).collect(), next: None }
    }

    fn page(items: impl IntoIterator<Item: Into<T>>, next: Option<impl ToString>) -> Self {
        Self { next: next.map(|next| next.to_string()), ..Self::all(items) }
    }
}

/// What pages of lists take.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
struct PageParameters {
    /// What was `next` on the page before.
    cursor: Option<String>,
    /// Most items of one page.
    #[param(minimum = 1, maximum = 500, default = 500)]
    limit: Option<u16>,
}

/// Most items in one answer, and how many there are unless the caller says otherwise.
const MAX_ITEMS: u16 = 500;

/// How many items the caller wants: `limit`, from 1 to [`MAX_ITEMS`].
fn limit(query: &Query) -> Result<u16, ApiError> {
    const EXPECTED: &str = "a number from 1 to 500";
    let limit = query.get("limit", EXPECTED)?.unwrap_or(MAX_ITEMS);
    if (1..=MAX_ITEMS).contains(&limit) { Ok(limit) } else { Err(Query::wrong("limit", EXPECTED)) }
}

/// Where a page of a list begins: what was `next` on the page before.
fn cursor<C: FromStr>(query: &Query) -> Result<Option<C>, ApiError> {
    query.get("cursor", "what was `next` on the page before")
}

fn answer<T: Serialize>(status: StatusCode, value: T) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(value)).into_response()
}
