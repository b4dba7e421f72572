//! The organisation, and its apps.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::app::AppMode;
use banklink_protocol::secret::Secret;
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, schema::Type},
};

use super::{
    Items, PageParameters, activities::ActivityReply, answer, app::AppReply, caller::OperatorCaller, cursor, limit,
};
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

/// Of an app.
fn modes() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some([AppMode::Sandbox, AppMode::Live].map(AppMode::as_str)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewApp)]
#[serde(deny_unknown_fields)]
pub(super) struct AppRequest {
    /// What people read; at most 128 bytes.
    name: String,
    /// For ever.
    #[schema(schema_with = modes)]
    mode: AppMode,
    /// Where people go at the end: one at least. They go to the first unless it is said where.
    redirect_uris: Vec<String>,
    /// Which pages may embed the widget.
    #[serde(default)]
    origins: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CreatedApp)]
struct CreatedAppReply {
    app: AppReply,
    /// For the app's own server. Shown here only.
    #[schema(value_type = String)]
    client_secret: Secret,
    /// For the Flinks data endpoints (`x-api-key`). Shown here only.
    #[schema(value_type = String)]
    data_key: Secret,
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
#[utoipa::path(get, path = "/platform/v1/apps", tag = "The organisation", security(("operator" = [])),
    responses((status = OK, body = Items<AppReply>)))]
pub(super) async fn list_apps(
    State(state): State<AppState>,
    OperatorCaller(_): OperatorCaller,
) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, Items::<AppReply>::all(organisation::apps(&state).await?)))
}

/// Create an app
#[utoipa::path(post, path = "/platform/v1/apps", tag = "The organisation", request_body = AppRequest,
    security(("operator" = [])), responses((status = CREATED, body = CreatedAppReply)))]
pub(super) async fn create_app(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Wire(request): Wire<AppRequest>,
) -> Result<Response, ApiError> {
    let AppRequest { name, mode, redirect_uris, origins } = request;
    let created = organisation::create_app(&state, &signed_in, &name, mode, &redirect_uris, &origins).await?;
    let reply =
        CreatedAppReply { app: created.app.into(), client_secret: created.client_secret, data_key: created.data_key };
    Ok(answer(StatusCode::CREATED, reply))
}

/// List what was changed anywhere
///
/// Newest first: in all apps, and in the organisation.
#[utoipa::path(get, path = "/platform/v1/activities", tag = "The organisation", params(PageParameters),
    security(("operator" = [])), responses((status = OK, body = Items<ActivityReply>)))]
pub(super) async fn list_all_activities(
    State(state): State<AppState>,
    OperatorCaller(_): OperatorCaller,
    query: Query,
) -> Result<Response, ApiError> {
    let (before, limit) = (cursor::<i64>(&query)?, limit(&query)?);
    let (page, operators) = organisation::activities(&state, None, before, limit.into()).await?;
    Ok(answer(StatusCode::OK, ActivityReply::page(page, &operators)))
}
