//! Links: static addresses for an app's people (seed 000).

use banklink_domain::{
    activity::Change,
    app::App,
    ids::LinkId,
    link::{Link, LinkState, LinkToken},
    text::LinkName,
};
use banklink_protocol::problem::ProblemCode;
use banklink_store::{ChangeLink, CreateLink, Page};

use crate::{
    problem::ApiError,
    random,
    services::{redirect_uris, texts, tokens::REGISTER_FIRST},
    state::AppState,
};

/// What to change of a link; nothing stays as it is.
#[derive(Clone, Debug, Default)]
pub struct LinkEdit {
    /// What operators call it.
    pub name: Option<String>,
    /// Where people go at the end; one of the app's.
    pub redirect_uri: Option<String>,
    /// Whether it opens anything.
    pub state: Option<LinkState>,
}

/// Makes a link that ends at one of the app's redirect URIs.
pub async fn create(
    state: &AppState,
    app: &App,
    change: &Change,
    name: &str,
    redirect_uri: &str,
) -> Result<Link, ApiError> {
    let link = Link {
        id: LinkId::new(change.at, random::bytes()),
        app_id: app.id,
        token: LinkToken::mint(random::bytes()),
        name: parse_name(name)?,
        redirect_uri: redirect_uris::parse("redirect_uri", redirect_uri)?,
        state: LinkState::Active,
        created_at: change.at,
    };
    match state.store.links().create(&link, change).await? {
        CreateLink::Created => Ok(link),
        CreateLink::RedirectUriNotRegistered => Err(not_registered()),
    }
}

/// The app's links, oldest first, at most `limit`, after the one of id `after`.
pub async fn of_app(
    state: &AppState,
    app: &App,
    after: Option<LinkId>,
    limit: u64,
) -> Result<Page<Link, LinkId>, ApiError> {
    Ok(state.store.links().list(app.id, after, limit).await?)
}

/// One of the app's links.
pub async fn one(state: &AppState, app: &App, id: LinkId) -> Result<Link, ApiError> {
    state.store.links().get(app.id, id).await?.ok_or_else(not_found)
}

/// Changes a link, if `allows` lets it as it is now. Sessions that are open go on as they began.
pub async fn change(
    state: &AppState,
    app: &App,
    change: &Change,
    id: LinkId,
    edit: &LinkEdit,
    allows: impl FnOnce(&Link) -> Result<(), ApiError>,
) -> Result<Link, ApiError> {
    let edit = |link: Link| {
        allows(&link)?;
        edited(link, edit)
    };
    match state.store.links().change(app.id, id, change, edit).await? {
        ChangeLink::Changed(link) | ChangeLink::Unchanged(link) => Ok(link),
        ChangeLink::RedirectUriNotRegistered => Err(not_registered()),
        ChangeLink::Refused(error) => Err(error),
        ChangeLink::Unknown => Err(not_found()),
    }
}

/// Deletes a link: it opens nothing any more. What came through it stays.
pub async fn delete(state: &AppState, app: &App, change: &Change, id: LinkId) -> Result<(), ApiError> {
    if state.store.links().delete(app.id, id, change).await? { Ok(()) } else { Err(not_found()) }
}

fn edited(link: Link, edit: &LinkEdit) -> Result<Link, ApiError> {
    Ok(Link {
        name: edit.name.as_deref().map_or(Ok(link.name), parse_name)?,
        redirect_uri: match &edit.redirect_uri {
            Some(uri) => redirect_uris::parse("redirect_uri", uri)?,
            None => link.redirect_uri,
        },
        state: edit.state.unwrap_or(link.state),
        ..link
    })
}

fn parse_name(name: &str) -> Result<LinkName, ApiError> {
    LinkName::parse(name).map_err(|error| texts::refused("name", error))
}

fn not_registered() -> ApiError {
    ApiError::invalid("redirect_uri", REGISTER_FIRST)
}

fn not_found() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "There is no such link of this app's.")
}
