//! What people searched for who left because their institution was missing: the app learns from it which to ask for.

use banklink_domain::{app::App, sealed::Sealed, session::Searched};
use banklink_protocol::{
    ids::SessionId,
    secret::Secret,
    session::{LeaveReason, Leaving},
};
use banklink_store::{Cursor, Page, SessionRow};
use jiff::Timestamp;
use tracing::error;

use crate::{problem::ApiError, seal::Purpose, state::AppState};

/// A search that led nowhere.
#[derive(Clone, Debug)]
pub struct Search {
    /// What was typed last.
    pub text: Secret,
    /// Whose session it was.
    pub session: SessionId,
    /// When they gave up.
    pub at: Timestamp,
}

/// What is kept of a search: that of a person who left because their institution was missing.
pub fn sealed(state: &AppState, leaving: &Leaving) -> Result<Option<Sealed>, ApiError> {
    let missed = leaving.reason == LeaveReason::InstitutionNotFound;
    let searched = leaving.searched.as_deref().filter(|_| missed).and_then(Searched::of);
    let seal = |searched: Searched| state.sealer.seal(Purpose::Search, searched.text().expose().as_bytes());
    searched.map(seal).transpose().map(|sealed| sealed.map(Sealed::new)).map_err(ApiError::internal)
}

/// What the person of a session searched for, if that is kept and can be read.
pub fn of_session(state: &AppState, row: &SessionRow) -> Option<Secret> {
    let sealed = row.searched.as_ref()?;
    let opened = state.sealer.open(Purpose::Search, sealed.as_bytes());
    let text = opened.inspect_err(|error| error!(%error, session = row.id.as_str(), "a search is left out")).ok()?;
    Searched::of(&String::from_utf8_lossy(&text)).map(Searched::into_text)
}

/// The searches of the app's people, in the order in which they gave up, at most `limit`, after `after`. One that can't
/// be opened is left out: it must not keep the others from being seen.
pub async fn of_app(state: &AppState, app: &App, after: Option<&Cursor>, limit: u64) -> Result<Page<Search>, ApiError> {
    let Page { items, next } = state.store.sessions().with_search(app.id, after, limit).await?;
    let search = |row: SessionRow| {
        let at = row.end.as_ref()?.at;
        Some(Search { text: of_session(state, &row)?, session: row.id, at })
    };
    Ok(Page { items: items.into_iter().filter_map(search).collect(), next })
}
