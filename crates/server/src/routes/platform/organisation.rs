//! The organisation, and its apps.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_platform::{
    activities::Activity,
    apps::{App, CreatedApp, NewApp},
    items::Items,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PageParameters, activities, answer, caller::OperatorCaller, cursor, limit, shapes};
use crate::{
    problem::ApiError,
    services::organisation,
    state::AppState,
    wire::{Query, Wire},
};

#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = Organisation)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationBody {
    /// What people know it as; at most 128 bytes.
    name: String,
}

/// Name the organisation
#[utoipa::path(put, path = "/platform/v1/organisation", tag = "The organisation", request_body = OrganisationBody,
    security(("operator" = [])), responses((status = OK, body = OrganisationBody)))]
pub(super) async fn name_organisation(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Wire(request): Wire<OrganisationBody>,
) -> Result<Response, ApiError> {
    let name = organisation::set_name(&state, &signed_in, &request.name).await?;
    Ok(answer(StatusCode::OK, OrganisationBody { name: name.into() }))
}

/// List apps
///
/// Oldest first.
#[utoipa::path(get, path = "/platform/v1/apps", tag = "The organisation", params(PageParameters),
    security(("operator" = [])), responses((status = OK, body = Items<App>)))]
pub(super) async fn list_apps(
    State(state): State<AppState>,
    OperatorCaller(_): OperatorCaller,
    query: Query,
) -> Result<Response, ApiError> {
    let (after, limit) = (cursor(&query)?, limit(&query)?);
    let page = organisation::apps(&state, after, limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<App>::page(page.items.into_iter().map(shapes::app), page.next)))
}

/// Create an app
#[utoipa::path(post, path = "/platform/v1/apps", tag = "The organisation", request_body = NewApp,
    security(("operator" = [])), responses((status = CREATED, body = CreatedApp)))]
pub(super) async fn create_app(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Wire(request): Wire<NewApp>,
) -> Result<Response, ApiError> {
    let NewApp { name, mode, redirect_uris, origins } = request;
    let created =
        organisation::create_app(&state, &signed_in, &name, shapes::mode(mode), &redirect_uris, &origins).await?;
    let reply =
        CreatedApp { app: shapes::app(created.app), client_secret: created.client_secret, data_key: created.data_key };
    Ok(answer(StatusCode::CREATED, reply))
}

/// List what was changed anywhere
///
/// Newest first: in all apps, and in the organisation.
#[utoipa::path(get, path = "/platform/v1/activities", tag = "The organisation",
    params(activities::ActionParameter, PageParameters), security(("operator" = [])),
    responses((status = OK, body = Items<Activity>)))]
pub(super) async fn list_all_activities(
    State(state): State<AppState>,
    OperatorCaller(_): OperatorCaller,
    query: Query,
) -> Result<Response, ApiError> {
    let (before, limit) = (cursor::<i64>(&query)?, limit(&query)?);
    let (page, names) =
        organisation::activities(&state, None, activities::action(&query)?, before, limit.into()).await?;
    Ok(answer(StatusCode::OK, activities::page(page, &names)))
}
