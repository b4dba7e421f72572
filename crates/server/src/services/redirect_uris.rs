//! Where an app's people may go at the end.

use banklink_domain::{
    activity::Change,
    app::{App, RedirectUri},
    redirect_uri::RedirectUriError,
};
use banklink_protocol::problem::ProblemCode;
use banklink_store::{AddEntry, MAX_ENTRIES, RemoveRedirectUri};

use crate::{problem::ApiError, state::AppState};

/// The app's redirect URIs, in the order in which they were added: the first is where people go unless it is said.
pub async fn of_app(state: &AppState, app: &App) -> Result<Vec<RedirectUri>, ApiError> {
    Ok(state.store.apps().redirect_uris(app.id).await?)
}

/// Registers a redirect URI. One that is there stays where it is.
pub async fn add(state: &AppState, app: &App, change: &Change, uri: &RedirectUri) -> Result<(), ApiError> {
    match state.store.apps().add_redirect_uri(app.id, uri, change).await? {
        AddEntry::Added | AddEntry::Present => Ok(()),
        AddEntry::TooMany => {
            let detail = format!("The app has {MAX_ENTRIES} redirect URIs, the most it may have: remove one first.");
            Err(ApiError::new(ProblemCode::Conflict, detail))
        }
    }
}

/// Takes a redirect URI away, unless a link leads there or it is the only one.
pub async fn remove(state: &AppState, app: &App, change: &Change, uri: &RedirectUri) -> Result<(), ApiError> {
    match state.store.apps().remove_redirect_uri(app.id, uri, change).await? {
        RemoveRedirectUri::Removed => Ok(()),
        RemoveRedirectUri::Unknown => {
            Err(ApiError::new(ProblemCode::NotFound, "The app has no such redirect URI: they are compared exactly."))
        }
        RemoveRedirectUri::Last => {
            Err(ApiError::new(ProblemCode::Conflict, "People have to go somewhere at the end: add another one first."))
        }
        RemoveRedirectUri::InUse => {
            Err(ApiError::new(ProblemCode::Conflict, "A link leads there: change or delete the link first."))
        }
    }
}

/// Reads a redirect URI that somebody sent as `parameter`.
pub fn parse(parameter: &str, text: &str) -> Result<RedirectUri, ApiError> {
    RedirectUri::parse(text).map_err(|error| ApiError::invalid(parameter, about(error)))
}

fn about(error: RedirectUriError) -> String {
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
