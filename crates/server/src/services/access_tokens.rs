//! Access tokens: an app's own server shows them instead of its client secret, where a vendor's API works so.

use banklink_domain::{
    access_token::{AccessToken, Audience},
    app::App,
    ids::{ClientId, ClientSecretId},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};

use crate::{
    problem::ApiError,
    random,
    services::{apps, tokens::Issued},
    state::AppState,
};

/// Issues a token to the app of this client id, if the secret is one of its own.
pub async fn issue(
    state: &AppState,
    client: ClientId,
    secret: &Secret,
    audience: Audience,
) -> Result<Issued, ApiError> {
    let (app, secret) = apps::by_client_secret(state, secret).await?;
    state.limits.app(app.id)?;
    if app.client_id != client {
        let detail = "The client secret is not one of this client's: send its own.";
        return Err(ApiError::new(ProblemCode::Unauthorized, detail));
    }
    let token = TokenKind::AccessToken.mint(random::bytes());
    let record = AccessToken::new(TokenHash::of(&token), app.id, secret, audience, state.clock.now());
    state.store.access_tokens().create(&record).await?;
    Ok(Issued { token, expires_at: record.expires_at })
}

/// The app that shows a token, and the client secret that it got it for.
pub async fn bearer(state: &AppState, token: &Secret, audience: Audience) -> Result<(App, ClientSecretId), ApiError> {
    let invalid = || ApiError::new(ProblemCode::Unauthorized, "The access token is unknown or expired: get a new one.");
    let found = state.store.access_tokens().find(&TokenHash::of(token), audience, state.clock.now()).await?;
    let found = found.ok_or_else(invalid)?;
    let app = state.store.apps().get(found.app_id).await?.ok_or_else(invalid)?;
    state.limits.app(app.id)?;
    Ok((app, found.client_secret))
}
