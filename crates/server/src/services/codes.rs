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
use banklink_store::{Cursor, Exchange, Page};
use jiff::Timestamp;
use tracing::error;

use crate::{problem::ApiError, seal::Purpose, services::connections, state::AppState};

/// What a code was worth.
#[derive(Clone, Debug)]
pub struct Exchanged {
    /// The connection.
    pub connection: Connection,
    /// Its token.
    pub connection_token: Secret,
    /// The link that the person came through, if one that is still there.
    pub link_id: Option<LinkId>,
    /// The page's own parameters.
    pub extra: BTreeMap<String, String>,
}

/// Exchanges a code, once; the database decides who wins. What it is worth is opened first: a code that can't be paid
/// out is not used up.
pub async fn exchange(state: &AppState, app: &App, code: &Secret) -> Result<Exchanged, ApiError> {
    let invalid = || {
        let detail = "The code is unknown, used or expired: each is for one use, by the app that it was made for.";
        ApiError::new(ProblemCode::CodeInvalid, detail).parameter("code")
    };
    let (codes, hash) = (state.store.link_codes(), TokenHash::of(code));
    let is_unused = |code: &LinkCode| matches!(code.state, LinkCodeState::Unused { .. });
    let usable = |code: &LinkCode| code.app_id == app.id && code.authorization.is_none() && is_unused(code);
    let known = codes.find(&hash).await?.filter(usable).ok_or_else(invalid)?;
    let connection = connections::of_app(state, app, &known.connection_id)
        .await
        .map_err(|error| if error.code() == ProblemCode::NotFound { invalid() } else { error })?;
    let access = connection.access().ok_or_else(invalid)?;
    let connection_token = connections::open_token(state, access)?;
    match codes.exchange(&hash, app.id, state.clock.now()).await? {
        Exchange::Exchanged(code) => {
            Ok(Exchanged { connection, connection_token, link_id: code.link_id, extra: code.extra })
        }
        Exchange::Invalid => Err(invalid()),
    }
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

/// The codes that nobody exchanged yet, oldest first, at most `limit`, after `after`: mobile hosts can't see the redirect
/// and look here instead (seed 000). One that can't be opened is left out: it must not keep the others from being seen.
pub async fn unused(
    state: &AppState,
    app: &App,
    link: Option<LinkId>,
    after: Option<&Cursor>,
    limit: u64,
) -> Result<Page<UnusedCode>, ApiError> {
    let now = state.clock.now();
    let Page { items, next } = state.store.link_codes().unused(app.id, link, after, limit, now).await?;
    Ok(Page { items: items.into_iter().filter_map(|code| open(state, code)).collect(), next })
}

fn open(state: &AppState, code: LinkCode) -> Option<UnusedCode> {
    let LinkCodeState::Unused { sealed } = &code.state else { return None };
    let opened = state.sealer.open(Purpose::LinkCode, sealed.as_bytes());
    let text = opened
        .inspect_err(|error| error!(%error, connection = code.connection_id.as_str(), "a link code is left out"))
        .ok()?;
    Some(UnusedCode {
        code: Secret::new(String::from_utf8_lossy(&text).into_owned()),
        link_id: code.link_id,
        connection_id: code.connection_id,
        extra: code.extra,
        created_at: code.created_at,
        expires_at: code.expires_at,
    })
}
