//! Links: static addresses for an app's people (seed 000).

use banklink_domain::{
    app::{App, RedirectUri},
    ids::LinkId,
    link::{Link, LinkState, LinkToken},
    text::LinkName,
};
use banklink_protocol::problem::ProblemCode;
use banklink_store::CreateLink;

use crate::{problem::ApiError, random, state::AppState};

/// Makes a link that ends at one of the app's redirect URIs.
pub async fn create(state: &AppState, app: &App, name: &str, redirect_uri: &str) -> Result<Link, ApiError> {
    let invalid =
        |parameter: &str, detail: String| ApiError::new(ProblemCode::InvalidParameter, detail).parameter(parameter);
    let name = LinkName::parse(name).map_err(|error| invalid("name", format!("The name is {error}.")))?;
    let redirect_uri = RedirectUri::parse(redirect_uri)
        .map_err(|error| invalid("redirect_uri", format!("The address is {error}.")))?;
    let now = state.clock.now();
    let link = Link {
        id: LinkId::new(now, random::bytes()),
        app_id: app.id,
        token: LinkToken::mint(random::bytes()),
        redirect_uri,
        name,
        state: LinkState::Active,
        created_at: now,
    };
    match state.store.links().create(&link).await.map_err(ApiError::internal)? {
        CreateLink::Created => Ok(link),
        CreateLink::RedirectUriNotRegistered => {
            let detail = "The address is not one of the app's redirect URIs: register it first, to the letter.";
            Err(invalid("redirect_uri", detail.to_owned()))
        }
    }
}

/// The app's links, oldest first.
pub async fn of_app(state: &AppState, app: &App) -> Result<Vec<Link>, ApiError> {
    state.store.links().list(app.id).await.map_err(ApiError::internal)
}
