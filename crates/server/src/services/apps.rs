//! Apps: who calls.

use banklink_domain::{app::App, token::TokenHash};
use banklink_protocol::{problem::ProblemCode, secret::Secret};

use crate::{problem::ApiError, state::AppState};

/// The app whose live client secret this is.
pub async fn by_client_secret(state: &AppState, secret: &Secret) -> Result<App, ApiError> {
    let found = state.store.apps().by_client_secret(&TokenHash::of(secret)).await?;
    found.ok_or_else(|| {
        ApiError::new(ProblemCode::Unauthorized, "The client secret is wrong or revoked: send a live one of the app's.")
    })
}
