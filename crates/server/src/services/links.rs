//! Links: static addresses for an app's people (seed 000).

use banklink_domain::{
    app::{App, RedirectUri},
    ids::LinkId,
    link::{Link, LinkState, LinkToken},
    redirect_uri::RedirectUriError,
    text::{LinkName, TextError},
};
use banklink_protocol::problem::ProblemCode;
use banklink_store::CreateLink;

use crate::{problem::ApiError, random, services::tokens::REGISTER_FIRST, state::AppState};

/// Makes a link that ends at one of the app's redirect URIs.
pub async fn create(state: &AppState, app: &App, name: &str, redirect_uri: &str) -> Result<Link, ApiError> {
    let invalid =
        |parameter: &str, detail: String| ApiError::new(ProblemCode::InvalidParameter, detail).parameter(parameter);
    let name = LinkName::parse(name).map_err(|error| invalid("name", about_name(error)))?;
    let redirect_uri =
        RedirectUri::parse(redirect_uri).map_err(|error| invalid("redirect_uri", about_address(error)))?;
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
    match state.store.links().create(&link).await? {
        CreateLink::Created => Ok(link),
        CreateLink::RedirectUriNotRegistered => Err(invalid("redirect_uri", REGISTER_FIRST.to_owned())),
    }
}

/// The app's links, oldest first.
pub async fn of_app(state: &AppState, app: &App) -> Result<Vec<Link>, ApiError> {
    Ok(state.store.links().list(app.id).await?)
}

fn about_name(error: TextError) -> String {
    match error {
        TextError::Empty => "The name is empty.".to_owned(),
        TextError::TooLong { max } => format!("The name is longer than {max} bytes."),
        TextError::ControlCharacter => "The name holds a control character.".to_owned(),
    }
}

fn about_address(error: RedirectUriError) -> String {
    match error {
        RedirectUriError::Malformed => "The address is not a well-formed absolute URI.".to_owned(),
        RedirectUriError::TooLong => format!("The address is longer than {} bytes.", RedirectUri::MAX),
        RedirectUriError::Scheme => "The address has a scheme that is not allowed.".to_owned(),
        RedirectUriError::Insecure => {
            "The address must begin with https: http is for localhost, 127.0.0.1 and [::1] only.".to_owned()
        }
        RedirectUriError::Host => "The address has no host.".to_owned(),
        RedirectUriError::UserInfo => "The address must have no user name or password.".to_owned(),
        RedirectUriError::Fragment => "The address must have no fragment: no `#`.".to_owned(),
    }
}
