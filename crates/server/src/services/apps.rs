//! Apps: who calls, and what operators set.

use banklink_domain::{activity::Change, app::App, ids::ClientSecretId, token::TokenHash};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use banklink_store::ChangeApp;

use crate::{problem::ApiError, state::AppState};

/// The app whose live client secret this is, and the secret's id.
pub async fn by_client_secret(state: &AppState, secret: &Secret) -> Result<(App, ClientSecretId), ApiError> {
    let found = state.store.apps().by_client_secret(&TokenHash::of(secret)).await?;
    found.ok_or_else(|| {
        ApiError::new(ProblemCode::Unauthorized, "The client secret is wrong or revoked: send a live one of the app's.")
    })
}

/// Changes an app's name and settings.
pub async fn change(
    state: &AppState,
    app: &App,
    change: &Change,
    edit: impl FnOnce(&mut App) -> Result<(), ApiError>,
) -> Result<App, ApiError> {
    match state.store.apps().change(app.id, change, edit).await? {
        ChangeApp::Changed(app) | ChangeApp::Unchanged(app) => Ok(app),
        ChangeApp::Refused(error) => Err(error),
        ChangeApp::Unknown => Err(ApiError::new(ProblemCode::NotFound, "The app is not there any more.")),
    }
}

/// The app of this data key.
pub async fn by_data_key(state: &AppState, hash: &TokenHash) -> Result<Option<App>, ApiError> {
    Ok(state.store.apps().by_data_key(hash).await?)
}
