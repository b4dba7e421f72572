//! Authorize tokens: one use, 30 minutes (seed 001).

use std::collections::BTreeMap;

use banklink_domain::{
    app::App,
    authorize_token::AuthorizeToken,
    token::{TokenHash, TokenKind, mint_uuid},
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use jiff::Timestamp;

use crate::{parameters, problem::ApiError, random, state::AppState};

/// What a token looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenShape {
    /// Ours, with its prefix.
    Prefixed,
    /// A UUID, as Flinks integrations expect.
    Uuid,
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
    shape: TokenShape,
    bound: BTreeMap<String, String>,
) -> Result<Issued, ApiError> {
    parameters::check_bound(&bound).map_err(|name| {
        ApiError::new(ProblemCode::InvalidParameter, "The parameter's value is wrong, or it can't be bound to a token.")
            .parameter(name)
    })?;
    let token = match shape {
        TokenShape::Prefixed => TokenKind::AuthorizeToken.mint(random::bytes()),
        TokenShape::Uuid => mint_uuid(random::bytes()),
    };
    let record = AuthorizeToken::new(TokenHash::of(&token), app.id, bound, state.clock.now());
    state.store.authorize_tokens().create(&record).await.map_err(ApiError::internal)?;
    Ok(Issued { token, expires_at: record.expires_at })
}
