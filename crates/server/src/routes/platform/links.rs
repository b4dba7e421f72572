//! Links.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    ids::LinkId,
    link::{self, LinkState},
};
use banklink_platform::links::{self as shape, Link, LinkChange, NewLink};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Caller, Editor, Items, PageParameters, answer, cursor, limit,
    precondition::{IfMatch, Precondition, tagged},
    shapes,
};
use crate::{
    problem::ApiError,
    services::links::{self, LinkEdit},
    state::AppState,
    wire::{PathOf, Query, Wire},
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
    let link = links::create(&state, &app, &change, &request.name, &request.redirect_uri).await?;
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

fn edit(change: LinkChange) -> LinkEdit {
    let state = change.state.map(|state| match state {
        shape::LinkState::Active => LinkState::Active,
        shape::LinkState::Paused => LinkState::Paused,
    });
    LinkEdit { name: change.name, redirect_uri: change.redirect_uri, state }
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
    request_body = LinkChange, responses((status = OK, body = Link)))]
pub(super) async fn change_link(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<LinkInPath>,
    precondition: Precondition,
    Wire(request): Wire<LinkChange>,
) -> Result<Response, ApiError> {
    let allows = |there: &link::Link| precondition.allows(Some(&shapes::link(&state, there)));
    tagged(shapes::link(&state, &links::change(&state, &app, &change, path.link, &edit(request), allows).await?))
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
