//! Links.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    ids::LinkId,
    link::{Link, LinkState},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Caller, Editor, Items, PageParameters, answer, cursor, limit};
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

#[derive(Deserialize, ToSchema)]
#[schema(as = NewLink)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkRequest {
    /// For the app's own people.
    name: String,
    /// Where people go at the end: one of the app's redirect URIs, exactly.
    redirect_uri: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Link)]
struct LinkReply {
    #[schema(value_type = String)]
    id: LinkId,
    token: String,
    /// The page to send people to, as often as you like.
    url: String,
    name: String,
    redirect_uri: String,
    /// `active` or `paused`.
    state: &'static str,
    created_at: Timestamp,
}

impl LinkReply {
    fn new(state: &AppState, link: &Link) -> Self {
        let mut url = state.public_url.clone();
        url.set_path("/link");
        url.query_pairs_mut().append_pair("token", link.token.as_str());
        Self {
            id: link.id,
            token: link.token.to_string(),
            url: url.into(),
            name: link.name.as_str().to_owned(),
            redirect_uri: link.redirect_uri.to_string(),
            state: link.state.as_str(),
            created_at: link.created_at,
        }
    }
}

/// Create a link
#[utoipa::path(post, path = "/platform/v1/links", tag = "Opening the widget",
    request_body = LinkRequest, responses((status = CREATED, body = LinkReply)))]
pub(super) async fn create_link(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<LinkRequest>,
) -> Result<Response, ApiError> {
    let link = links::create(&state, &app, &change, &request.name, &request.redirect_uri).await?;
    Ok(answer(StatusCode::CREATED, LinkReply::new(&state, &link)))
}

/// List links
///
/// Oldest first.
#[utoipa::path(get, path = "/platform/v1/links", tag = "Opening the widget", params(PageParameters),
    responses((status = OK, body = Items<LinkReply>)))]
pub(super) async fn list_links(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let page = links::of_app(&state, &app, cursor(&query)?, limit(&query)?.into()).await?;
    let links = page.items.iter().map(|link| LinkReply::new(&state, link));
    Ok(answer(StatusCode::OK, Items::<LinkReply>::page(links, page.next)))
}

/// What is missing stays as it is.
#[derive(Deserialize, ToSchema)]
#[schema(as = LinkChange)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeRequest {
    /// For the app's own people.
    name: Option<String>,
    /// Where people go at the end: one of the app's redirect URIs, exactly.
    redirect_uri: Option<String>,
    /// `active`, or `paused`: then it opens nothing.
    state: Option<String>,
}

impl ChangeRequest {
    fn edit(self) -> Result<LinkEdit, ApiError> {
        let refused = || ApiError::invalid("state", "Send `active` or `paused`.");
        let state = self.state.map(|state| LinkState::parse(&state).ok_or_else(refused)).transpose()?;
        Ok(LinkEdit { name: self.name, redirect_uri: self.redirect_uri, state })
    }
}

/// Read a link
#[utoipa::path(get, path = "/platform/v1/links/{link}", tag = "Opening the widget", params(LinkInPath),
    responses((status = OK, body = LinkReply)))]
pub(super) async fn read_link(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<LinkInPath>,
) -> Result<Response, ApiError> {
    let link = links::one(&state, &app, path.link).await?;
    Ok(answer(StatusCode::OK, LinkReply::new(&state, &link)))
}

/// Change a link
///
/// Its address stays the same. Sessions that are open go on as they began.
#[utoipa::path(patch, path = "/platform/v1/links/{link}", tag = "Opening the widget", params(LinkInPath),
    request_body = ChangeRequest, responses((status = OK, body = LinkReply)))]
pub(super) async fn change_link(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<LinkInPath>,
    Wire(request): Wire<ChangeRequest>,
) -> Result<Response, ApiError> {
    let link = links::change(&state, &app, &change, path.link, &request.edit()?).await?;
    Ok(answer(StatusCode::OK, LinkReply::new(&state, &link)))
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
