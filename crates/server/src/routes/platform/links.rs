//! Links.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    ids::LinkId,
    link::{self, LinkState},
};
use banklink_platform::links::{self as shape, Link, NewLink};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    Caller, Editor, Items, PageParameters, answer, cursor, limit,
    precondition::{IfMatch, Precondition, tagged},
    shapes,
};
use crate::{
    problem::ApiError,
    services::links::{self, AgreementEdit, LinkEdit, LinkPlan},
    state::AppState,
    wire::{Field, PathOf, Query, Wire},
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct LinkInPath {
    /// The link's id.
    #[param(value_type = String)]
    link: LinkId,
}

/// Create a link
#[utoipa::path(post, path = "/platform/v1/links", tag = "Opening the widget",
    request_body = NewLink, responses((status = CREATED, body = Link)))]
pub(super) async fn create_link(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<NewLink>,
) -> Result<Response, ApiError> {
    let link = links::create(&state, &app, &change, plan(request)).await?;
    Ok(answer(StatusCode::CREATED, shapes::link(&state, &link)))
}

/// List links
///
/// Oldest first.
#[utoipa::path(get, path = "/platform/v1/links", tag = "Opening the widget", params(PageParameters),
    responses((status = OK, body = Items<Link>)))]
pub(super) async fn list_links(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let page = links::of_app(&state, &app, cursor(&query)?, limit(&query)?.into()).await?;
    let links = page.items.iter().map(|link| shapes::link(&state, link));
    Ok(answer(StatusCode::OK, Items::<Link>::page(links, page.next)))
}

fn plan(request: NewLink) -> LinkPlan {
    let field = |value: Option<String>| value.map_or(Field::Missing, Field::Value);
    let agreement = AgreementEdit {
        company_name: field(request.company_name),
        terms_url: field(request.terms_url),
        privacy_url: field(request.privacy_url),
    };
    LinkPlan { name: Some(request.name), redirect_uri: request.redirect_uri, agreement }
}

/// What is missing stays as it is; `null` takes away what may be missing.
#[derive(Deserialize, ToSchema)]
#[schema(as = LinkChange)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkRequest {
    /// For the app's own people; at most 128 bytes.
    name: Option<String>,
    /// Where people go at the end: one of the app's redirect URIs, exactly.
    redirect_uri: Option<String>,
    /// `active`, or `paused`: then it opens nothing.
    state: Option<shape::LinkState>,
    /// Who asks on the consent screen; else the app's. At most 128 bytes.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    company_name: Field<String>,
    /// Their terms, `https` only; else the app's.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    terms_url: Field<String>,
    /// What they do with data, `https` only.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    privacy_url: Field<String>,
}

impl LinkRequest {
    fn edit(self) -> LinkEdit {
        let state = self.state.map(|state| match state {
            shape::LinkState::Active => LinkState::Active,
            shape::LinkState::Paused => LinkState::Paused,
        });
        let Self { name, redirect_uri, company_name, terms_url, privacy_url, .. } = self;
        LinkEdit { name, redirect_uri, state, agreement: AgreementEdit { company_name, terms_url, privacy_url } }
    }
}

/// Read a link
#[utoipa::path(get, path = "/platform/v1/links/{link}", tag = "Opening the widget", params(LinkInPath),
    responses((status = OK, body = Link)))]
pub(super) async fn read_link(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<LinkInPath>,
) -> Result<Response, ApiError> {
    tagged(shapes::link(&state, &links::one(&state, &app, path.link).await?))
}

/// Change a link
///
/// Its address stays the same. Sessions that are open go on as they began.
#[utoipa::path(patch, path = "/platform/v1/links/{link}", tag = "Opening the widget", params(LinkInPath, IfMatch),
    request_body = LinkRequest, responses((status = OK, body = Link)))]
pub(super) async fn change_link(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<LinkInPath>,
    precondition: Precondition,
    Wire(request): Wire<LinkRequest>,
) -> Result<Response, ApiError> {
    let allows = |there: &link::Link| precondition.allows(Some(&shapes::link(&state, there)));
    tagged(shapes::link(&state, &links::change(&state, &app, &change, path.link, &request.edit(), allows).await?))
}

/// Delete a link
///
/// It opens nothing any more. What came through it stays, codes that are unused too.
#[utoipa::path(delete, path = "/platform/v1/links/{link}", tag = "Opening the widget", params(LinkInPath),
    responses((status = NO_CONTENT)))]
pub(super) async fn delete_link(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<LinkInPath>,
) -> Result<StatusCode, ApiError> {
    links::delete(&state, &app, &change, path.link).await?;
    Ok(StatusCode::NO_CONTENT)
}
