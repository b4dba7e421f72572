//! Link codes: one use, turned into a connection's token by the app's server (seed 000).

use std::collections::BTreeMap;

use banklink_domain::{
    app::App,
    connection::Connection,
    ids::LinkId,
    link_code::{LinkCode, LinkCodeState},
    token::TokenHash,
};
use banklink_protocol::{ids::ConnectionId, problem::ProblemCode, secret::Secret};
use banklink_store::Exchange;
use jiff::Timestamp;

use crate::{problem::ApiError, seal::Purpose, services::connections, state::AppState};

/// What a code was worth.
#[derive(Clone, Debug)]
pub struct Exchanged {
    /// The connection.
    pub connection: Connection,
    /// Its token.
    pub connection_token: Secret,
    /// The page's own parameters.
    pub extra: BTreeMap<String, String>,
}

/// Exchanges a code, once; the database decides who wins.
pub async fn exchange(state: &AppState, app: &App, code: &Secret) -> Result<Exchanged, ApiError> {
    let invalid = || {
        let detail = "The code is unknown, used or expired: each is for one use, by the app that it was made for.";
        ApiError::new(ProblemCode::CodeInvalid, detail).parameter("code")
    };
    let now = state.clock.now();
    let exchange = state.store.link_codes().exchange(&TokenHash::of(code), app.id, now).await;
    let Exchange::Exchanged(code) = exchange.map_err(ApiError::internal)? else { return Err(invalid()) };
    let connection = connections::of_app(state, app, &code.connection_id).await.map_err(|_| invalid())?;
    let access = connection.access().ok_or_else(invalid)?;
    let token =
        state.sealer.open(Purpose::ConnectionToken, access.sealed_token.as_bytes()).map_err(ApiError::internal)?;
    let connection_token = Secret::new(String::from_utf8_lossy(&token).into_owned());
    Ok(Exchanged { connection, connection_token, extra: code.extra })
}

/// A code that nobody exchanged yet.
#[derive(Clone, Debug)]
pub struct UnusedCode {
    /// The code.
    pub code: Secret,
    /// The link that it came through, if one.
    pub link_id: Option<LinkId>,
    /// What it stands for.
    pub connection_id: ConnectionId,
    /// The page's own parameters.
    pub extra: BTreeMap<String, String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it can't be exchanged any more.
    pub expires_at: Timestamp,
}

/// Most unused codes in one answer.
const MOST_UNUSED: u64 = 500;

/// The codes that nobody exchanged yet, oldest first: mobile hosts can't see the redirect and look here instead (seed 000).
pub async fn unused(state: &AppState, app: &App, link: Option<LinkId>) -> Result<Vec<UnusedCode>, ApiError> {
    let now = state.clock.now();
    let codes = state.store.link_codes().unused(app.id, link, MOST_UNUSED, now).await.map_err(ApiError::internal)?;
    codes.into_iter().filter_map(|code| open(state, code).transpose()).collect()
}

fn open(state: &AppState, code: LinkCode) -> Result<Option<UnusedCode>, ApiError> {
    let LinkCodeState::Unused { sealed } = &code.state else { return Ok(None) };
    let text = state.sealer.open(Purpose::LinkCode, sealed.as_bytes()).map_err(ApiError::internal)?;
    Ok(Some(UnusedCode {
        code: Secret::new(String::from_utf8_lossy(&text).into_owned()),
        link_id: code.link_id,
        connection_id: code.connection_id,
        extra: code.extra,
        created_at: code.created_at,
        expires_at: code.expires_at,
    }))
}
