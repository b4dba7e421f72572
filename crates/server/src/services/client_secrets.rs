//! Client secrets and the data key of an app: how its own server shows who it is.

use banklink_domain::{
    app::App,
    client_secret::ClientSecret,
    ids::ClientSecretId,
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use banklink_store::{AddSecret, Page, RevokeSecret};

use crate::{
    problem::ApiError,
    random,
    services::operators::{self, SignedIn},
    state::AppState,
};

/// The app's secrets, revoked ones too, oldest first.
pub async fn of_app(
    state: &AppState,
    app: &App,
    after: Option<ClientSecretId>,
    limit: u64,
) -> Result<Page<ClientSecret, ClientSecretId>, ApiError> {
    Ok(state.store.apps().secrets(app.id, after, limit).await?)
}

/// Makes a secret, which is shown this once.
pub async fn add(state: &AppState, app: &App, signed_in: &SignedIn) -> Result<(ClientSecret, Secret), ApiError> {
    let (change, secret) = (signed_in.change(state), TokenKind::ClientSecret.mint(random::bytes()));
    let id = ClientSecretId::new(change.at, random::bytes());
    let record = ClientSecret::new(id, app.id, TokenHash::of(&secret), change.at);
    match state.store.apps().add_secret(&record, &change).await? {
        AddSecret::Added => Ok((record, secret)),
        AddSecret::TooMany => {
            let most = ClientSecret::MAX_LIVE;
            let detail = format!("The app has {most} secrets that work, the most it may have: revoke one first.");
            Err(ApiError::new(ProblemCode::Conflict, detail))
        }
        AddSecret::UnknownApp => Err(ApiError::new(ProblemCode::NotFound, "The app is not there any more.")),
    }
}

/// Ends a secret for good, with what it opened: tokens that nobody used yet, and sessions on their way.
pub async fn revoke(
    state: &AppState,
    app: &App,
    signed_in: &SignedIn,
    id: ClientSecretId,
    password: &Secret,
) -> Result<(), ApiError> {
    operators::confirm(state, &signed_in.operator, password).await?;
    match state.store.apps().revoke_secret(app.id, id, &signed_in.change(state)).await? {
        RevokeSecret::Revoked(_) => Ok(()),
        RevokeSecret::NotLive => Err(ApiError::new(ProblemCode::NotFound, "The app has no such secret that works.")),
    }
}

/// Makes another data key, which is shown this once; the old one works no more.
pub async fn replace_data_key(
    state: &AppState,
    app: &App,
    signed_in: &SignedIn,
    password: &Secret,
) -> Result<Secret, ApiError> {
    operators::confirm(state, &signed_in.operator, password).await?;
    let key = TokenKind::DataKey.mint(random::bytes());
    let change = signed_in.change(state);
    if state.store.apps().replace_data_key(app.id, &TokenHash::of(&key), &change).await? {
        Ok(key)
    } else {
        Err(ApiError::new(ProblemCode::NotFound, "The app is not there any more."))
    }
}
