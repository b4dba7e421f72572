//! Authorize tokens: one use, 30 minutes (seed 001).

use std::collections::BTreeMap;

use banklink_domain::{
    activity::Change,
    app::App,
    authorize_token::AuthorizeToken,
    link::LinkToken,
    token::{TokenHash, TokenKind, mint_uuid},
};
use banklink_protocol::{ids::SessionId, parameters::ParameterName, secret::Secret};
use jiff::Timestamp;

use crate::{
    jwt,
    parameters::{self, Parameters, is_spelling_of},
    problem::ApiError,
    random,
    services::reauthorisation,
    state::AppState,
};

/// What a token looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenShape {
    /// Ours, with its prefix.
    Prefixed,
    /// A UUID, as Flinks integrations expect.
    Uuid,
    /// A JSON Web Token, as Finlink integrations expect.
    Signed,
}

/// A token as its app gets it, this once.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The token.
    pub token: Secret,
    /// When it can't be used any more.
    pub expires_at: Timestamp,
}

/// Issues a token, with parameters bound to it.
pub async fn issue_authorize_token(
    state: &AppState,
    app: &App,
    change: &Change,
    shape: TokenShape,
    bound: BTreeMap<String, String>,
) -> Result<Issued, ApiError> {
    let parameters = parameters::check_bound(&bound).map_err(|name| {
        let detail = parameters::why_not_bound(&name);
        ApiError::invalid(name, detail)
    })?;
    let spelt = |name| bound.keys().find(|spelling| is_spelling_of(spelling, name)).cloned().unwrap_or_default();
    if let Some((name, detail)) = not_of_app(state, app, &parameters).await? {
        return Err(ApiError::invalid(spelt(name), detail));
    }
    let reauthorisation = reauthorisation::take_bound(state, app, &parameters).await;
    let reauthorisation = reauthorisation.map_err(|(name, detail)| ApiError::invalid(spelt(name), detail))?;
    let token = match shape {
        TokenShape::Prefixed => TokenKind::AuthorizeToken.mint(random::bytes()),
        TokenShape::Uuid => mint_uuid(random::bytes()),
        TokenShape::Signed => {
            jwt::mint(&state.sealer, &jwt::Claims::new("link", app.client_id, change.at, AuthorizeToken::LIFETIME))?
        }
    };
    let record = AuthorizeToken::new(TokenHash::of(&token), app.id, Parameters::without_secrets(bound), change.at)
        .with_reauthorisation(reauthorisation)
        .issued_to(change.by.client_secret());
    state.store.authorize_tokens().create(&record, change.of_operator()).await?;
    Ok(Issued { token, expires_at: record.expires_at })
}

/// What is bound and belongs to no such app, which would fail only before the person: which parameter, and what to do.
async fn not_of_app(
    state: &AppState,
    app: &App,
    parameters: &Parameters,
) -> Result<Option<(ParameterName, &'static str)>, ApiError> {
    if let Some(asked) = parameters.get(ParameterName::RedirectUrl) {
        let own = state.store.apps().redirect_uris(app.id).await?;
        if own.iter().all(|uri| uri.as_str() != asked) {
            return Ok(Some((ParameterName::RedirectUrl, REGISTER_FIRST)));
        }
    }
    if let Some(token) = parameters.get(ParameterName::LinkToken) {
        let link = state.store.links().by_token(&LinkToken::new(token)).await?;
        if link.is_none_or(|link| link.app_id != app.id) {
            return Ok(Some((ParameterName::LinkToken, "There is no such link of this app's.")));
        }
    }
    if let Some(id) = parameters.get(ParameterName::RequestId) {
        let session = state.store.sessions().get(&SessionId::from(id)).await?;
        if session.is_none_or(|session| session.app_id != app.id || session.ended(state.clock.now()).is_some()) {
            return Ok(Some((ParameterName::RequestId, "There is no such session of this app's on its way.")));
        }
    }
    Ok(None)
}

/// What to do about an address that is not the app's.
pub const REGISTER_FIRST: &str = "The address is not one of the app's redirect URIs: register it first, to the letter.";
