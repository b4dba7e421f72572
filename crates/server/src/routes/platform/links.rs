//! Links.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{ids::LinkId, link::Link};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Caller, Items, answer};
use crate::{problem::ApiError, services::links, state::AppState, wire::Wire};

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
    Caller(app): Caller,
    Wire(request): Wire<LinkRequest>,
) -> Result<Response, ApiError> {
    let link = links::create(&state, &app, &request.name, &request.redirect_uri).await?;
    Ok(answer(StatusCode::CREATED, LinkReply::new(&state, &link)))
}

/// List links
#[utoipa::path(get, path = "/platform/v1/links", tag = "Opening the widget",
    responses((status = OK, body = Items<LinkReply>)))]
pub(super) async fn list_links(State(state): State<AppState>, Caller(app): Caller) -> Result<Response, ApiError> {
    let links = links::of_app(&state, &app).await?;
    let links = links.iter().map(|link| LinkReply::new(&state, link));
    Ok(answer(StatusCode::OK, Items::<LinkReply>::all(links)))
}
