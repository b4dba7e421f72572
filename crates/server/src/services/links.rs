//! Links: static addresses for an app's people (seed 000).

use std::collections::HashMap;

use banklink_domain::{
    activity::Change,
    app::App,
    ids::LinkId,
    link::{Agreement, Link, LinkState, LinkToken},
    settings::DocumentUrl,
    text::{CustomerName, LinkName},
};
use banklink_protocol::problem::ProblemCode;
use banklink_store::{ChangeLink, CreateLink, DeleteLink, Page};

use crate::{
    problem::ApiError,
    random,
    services::{
        every_page::{PAGE, every_page},
        redirect_uris, texts,
        tokens::REGISTER_FIRST,
    },
    state::AppState,
    wire::Field,
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
    /// With whom people agree.
    pub agreement: AgreementEdit,
}

/// With whom the people of a link are to agree, and to what; what is taken away is the app's again.
#[derive(Clone, Debug, Default)]
pub struct AgreementEdit {
    /// Who asks on the consent screen.
    pub company_name: Field<String>,
    /// Their terms.
    pub terms_url: Field<String>,
    /// What they do with data.
    pub privacy_url: Field<String>,
}

/// What a link is made of.
#[derive(Clone, Debug)]
pub struct LinkPlan {
    /// What operators call it; else its token.
    pub name: Option<String>,
    /// Where people go at the end; one of the app's.
    pub redirect_uri: String,
    /// With whom people agree.
    pub agreement: AgreementEdit,
}

/// Makes a link that ends at one of the app's redirect URIs.
pub async fn create(state: &AppState, app: &App, change: &Change, plan: LinkPlan) -> Result<Link, ApiError> {
    let token = LinkToken::mint(random::bytes());
    let link = Link {
        id: LinkId::new(change.at, random::bytes()),
        app_id: app.id,
        name: parse_name(plan.name.as_deref().unwrap_or(token.as_str()))?,
        token,
        redirect_uri: redirect_uris::parse("redirect_uri", &plan.redirect_uri)?,
        state: LinkState::Active,
        agreement: agreed(Agreement::default(), &plan.agreement)?,
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

/// All of the app's links, oldest first, for those who know no pages.
pub async fn all_of_app(state: &AppState, app: &App) -> Result<Vec<Link>, ApiError> {
    every_page(|after| of_app(state, app, after, PAGE)).await
}

/// How many codes wait to be exchanged, by the link that led to them.
pub async fn unused_codes(state: &AppState, app: &App) -> Result<HashMap<LinkId, u64>, ApiError> {
    Ok(state.store.link_codes().unused_by_link(app.id, state.clock.now()).await?)
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

/// The app's link of this token.
pub async fn by_token(state: &AppState, app: &App, token: &str) -> Result<Link, ApiError> {
    let found = state.store.links().by_token(&LinkToken::new(token)).await?;
    found.filter(|link| link.app_id == app.id).ok_or_else(not_found)
}

/// Deletes a link whose codes are all collected or over.
pub async fn delete_without_codes(state: &AppState, app: &App, change: &Change, id: LinkId) -> Result<(), ApiError> {
    match state.store.links().delete_without_codes(app.id, id, change).await? {
        DeleteLink::Deleted => Ok(()),
        DeleteLink::HasUnusedCodes => {
            let detail = "The link led to codes that nobody exchanged: exchange them first, or wait until they expire.";
            Err(ApiError::new(ProblemCode::Conflict, detail).parameter("token"))
        }
        DeleteLink::Unknown => Err(not_found()),
    }
}

fn edited(link: Link, edit: &LinkEdit) -> Result<Link, ApiError> {
    Ok(Link {
        name: edit.name.as_deref().map_or(Ok(link.name), parse_name)?,
        redirect_uri: match &edit.redirect_uri {
            Some(uri) => redirect_uris::parse("redirect_uri", uri)?,
            None => link.redirect_uri,
        },
        state: edit.state.unwrap_or(link.state),
        agreement: agreed(link.agreement, &edit.agreement)?,
        ..link
    })
}

fn agreed(mut agreement: Agreement, edit: &AgreementEdit) -> Result<Agreement, ApiError> {
    let name = |text: String| CustomerName::parse(&text).map_err(|error| texts::refused("company_name", error));
    edit.company_name.clone().set(&mut agreement.company_name, name)?;
    let url = |field| move |text: String| DocumentUrl::parse(&text).map_err(|_| ApiError::invalid(field, HTTPS));
    edit.terms_url.clone().set(&mut agreement.terms_url, url("terms_url"))?;
    edit.privacy_url.clone().set(&mut agreement.privacy_url, url("privacy_url"))?;
    Ok(agreement)
}

const HTTPS: &str = "Send an https address of at most 2000 bytes.";

fn parse_name(name: &str) -> Result<LinkName, ApiError> {
    LinkName::parse(name).map_err(|error| texts::refused("name", error))
}

fn not_registered() -> ApiError {
    ApiError::invalid("redirect_uri", REGISTER_FIRST)
}

fn not_found() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "There is no such link of this app's.")
}
