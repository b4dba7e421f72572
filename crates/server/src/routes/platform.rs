//! `/platform/v1/…`: the complete API of an app, `Authorization: Bearer <client secret>`, and what the dashboard asks with
//! an operator's cookie: the same, and what concerns the organisation as a whole.
//!
//! What stands at each handler is what is routed and what is documented: [`description`] gathers it as OpenAPI.

use std::{str::FromStr, sync::Arc};

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    http::{StatusCode, header},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
};
use banklink_platform::items::Items;
use serde::Serialize;
use utoipa::{IntoParams, openapi::OpenApi};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use self::{
    caller::{Caller, Editor},
    known_parameters::{KnownParameters, refuse_unknown},
};
use crate::{problem::ApiError, state::AppState, wire::Query};

mod accounts;
mod activities;
mod app;
mod authorize_tokens;
mod caller;
mod client_secrets;
mod connections;
mod consents;
mod described;
mod institution_searches;
mod institutions;
mod known_parameters;
mod link_codes;
mod link_sessions;
mod links;
mod once;
mod operators;
mod organisation;
mod origins;
mod precondition;
mod reauthorising;
mod redirect_uris;
mod session;
mod shapes;
mod theme;
mod webhooks;

/// The routes.
pub fn router(state: &AppState) -> Router<AppState> {
    let operations = operations().split_for_parts().0.layer(from_fn_with_state(state.clone(), once::once));
    let known = Arc::new(KnownParameters::of(&description()));
    operations.merge(public().split_for_parts().0).route_layer(from_fn_with_state(known, refuse_unknown))
}

/// What they are, as OpenAPI 3.1.
pub fn description() -> OpenApi {
    described::completed(public().merge(operations()).into_openapi())
}

/// What asks for nothing but what is sent: signing in.
fn public() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(session::sign_in))
        .routes(routes!(operators::read_invitation))
        .routes(routes!(operators::accept_invitation))
}

fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(session::read_session, session::sign_out))
        .routes(routes!(session::sign_out_everywhere))
        .routes(routes!(session::change_password))
        .routes(routes!(operators::list_operators))
        .routes(routes!(operators::remove_operator))
        .routes(routes!(operators::list_invitations, operators::invite))
        .routes(routes!(operators::withdraw_invitation))
        .routes(routes!(organisation::name_organisation))
        .routes(routes!(organisation::list_apps, organisation::create_app))
        .routes(routes!(organisation::list_all_activities))
        .routes(routes!(client_secrets::list_client_secrets, client_secrets::create_client_secret))
        .routes(routes!(client_secrets::revoke_client_secret))
        .routes(routes!(client_secrets::replace_data_key))
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
        .routes(routes!(theme::check_theme).layer(DefaultBodyLimit::max(theme::MAX_BODY)))
        .routes(routes!(activities::list_activities))
        .routes(routes!(webhooks::list_webhooks, webhooks::add_webhook))
        .routes(routes!(webhooks::read_webhook, webhooks::change_webhook, webhooks::remove_webhook))
        .routes(routes!(webhooks::rotate_key))
        .routes(routes!(webhooks::test_webhook))
        .routes(routes!(webhooks::list_deliveries))
        .routes(routes!(webhooks::read_delivery))
        .routes(routes!(webhooks::redeliver))
        .routes(routes!(links::list_links, links::create_link))
        .routes(routes!(links::read_link, links::change_link, links::delete_link))
        .routes(routes!(link_codes::unused_codes))
        .routes(routes!(link_codes::exchange))
        .routes(routes!(link_sessions::list_sessions))
        .routes(routes!(link_sessions::read_session))
        .routes(routes!(institution_searches::list_searches))
        .routes(routes!(connections::list_connections))
        .routes(routes!(connections::connection, connections::change_connection, connections::delete_connection))
        .routes(routes!(connections::refresh_connection))
        .routes(routes!(reauthorising::create_token))
        .routes(routes!(consents::consent_of_connection))
        .routes(routes!(consents::read_consent))
        .routes(routes!(consents::revoke_consent))
        .routes(routes!(accounts::accounts))
        .routes(routes!(accounts::transactions))
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
