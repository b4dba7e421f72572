//! Access tokens: an app's own server shows them instead of its client secret, where a vendor's API works so.

use banklink_domain::{
    access_token::{AccessToken, Audience, FinlinkScope, Grant},
    activity::{Actor, Change},
    app::App,
    ids::{ClientId, ClientSecretId},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};

use crate::{
    jwt,
    problem::ApiError,
    random,
    services::{apps, tokens::Issued},
    state::AppState,
};

/// Issues a token for Flanks' API to the app of this client id, if the secret is one of its own.
pub async fn issue(state: &AppState, client: ClientId, secret: &Secret) -> Result<Issued, ApiError> {
    let (app, secret) = app_of(state, client, secret).await?;
    let token = TokenKind::AccessToken.mint(random::bytes());
    let record = AccessToken::new(TokenHash::of(&token), app.id, secret, Grant::Flanks, state.clock.now());
    state.store.access_tokens().create(&record).await?;
    Ok(Issued { token, expires_at: record.expires_at })
}

/// Begins the one session with Finlink's API that a client secret can have: the one before ends (seed 003, *Limitations*).
pub async fn begin_session(
    state: &AppState,
    client: ClientId,
    secret: &Secret,
    scopes: Vec<FinlinkScope>,
) -> Result<Issued, ApiError> {
    let (app, secret) = app_of(state, client, secret).await?;
    let now = state.clock.now();
    let lifetime = Audience::Finlink.lifetime();
    let token = jwt::mint(&state.sealer, &jwt::Claims::new("api", app.client_id, now, lifetime))?;
    let record = AccessToken::new(TokenHash::of(&token), app.id, secret, Grant::Finlink(scopes), now);
    state.store.access_tokens().create_in_place(&record).await?;
    Ok(Issued { token, expires_at: record.expires_at })
}

/// The app of this client id, and which of its client secrets this is.
pub async fn app_of(state: &AppState, client: ClientId, secret: &Secret) -> Result<(App, ClientSecretId), ApiError> {
    let (app, secret) = apps::by_client_secret(state, secret).await?;
    state.limits.app(app.id)?;
    if app.client_id == client {
        Ok((app, secret))
    } else {
        let detail = "The client secret is not one of this client's: send its own.";
        Err(ApiError::new(ProblemCode::Unauthorized, detail))
    }
}

/// An app's own server that shows an access token.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Whose server.
    pub app: App,
    /// What it got the token for.
    pub grant: Grant,
    /// It, now, as the log names who changes something.
    pub change: Change,
}

/// Who shows this token, if anyone shows one.
pub async fn caller(state: &AppState, shown: Option<Secret>, audience: Audience) -> Result<Caller, ApiError> {
    let missing = || ApiError::new(ProblemCode::Unauthorized, "Send an access token: `Authorization: Bearer …`.");
    let (app, token) = bearer(state, &shown.ok_or_else(missing)?, audience).await?;
    let change = Change { by: Actor::ClientSecret(token.client_secret), at: state.clock.now() };
    Ok(Caller { app, grant: token.grant, change })
}

/// The app that shows a token, and what it got it for.
pub async fn bearer(state: &AppState, token: &Secret, audience: Audience) -> Result<(App, AccessToken), ApiError> {
    let invalid = || ApiError::new(ProblemCode::Unauthorized, "The access token is unknown or expired: get a new one.");
    let found = state.store.access_tokens().find(&TokenHash::of(token), audience, state.clock.now()).await?;
    let found = found.ok_or_else(invalid)?;
    let app = state.store.apps().get(found.app_id).await?.ok_or_else(invalid)?;
    state.limits.app(app.id)?;
    Ok((app, found))
}
