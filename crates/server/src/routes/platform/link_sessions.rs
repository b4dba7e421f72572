//! Link sessions: what became of them.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    ids::LinkId,
    session::{End, Outcome},
};
use banklink_platform::connections::InstitutionOf;
use banklink_protocol::{
    ids::{ConnectionId, SessionId},
    problem::ProblemCode,
    secret::Secret,
};
use banklink_store::{Cursor, OpenedBy, SessionRow};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Caller, Items, PageParameters, answer, cursor, limit, shapes};
use crate::{
    directory::Directory,
    problem::ApiError,
    services::searches,
    state::AppState,
    wire::{PathOf, Query},
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct SessionInPath {
    /// The session's id: `banklink.session` of the page's messages.
    #[param(value_type = String)]
    session: SessionId,
}

#[derive(Serialize, ToSchema)]
#[schema(as = LinkSession)]
struct SessionReply {
    #[schema(value_type = String)]
    id: SessionId,
    /// Of the link that opened the page, if one did.
    #[schema(value_type = Option<String>)]
    link_id: Option<LinkId>,
    /// `linked`, `exited`, `failed` or `expired`; none while it is on the way.
    #[schema(value_type = Option<String>)]
    outcome: Option<Outcome>,
    /// Where it is linked.
    #[schema(value_type = Option<String>)]
    connection_id: Option<ConnectionId>,
    /// Why the person left, as in the `EXIT` message, where they exited.
    reason: Option<&'static str>,
    /// What failed, as in the `ERROR` message, where it failed.
    code: Option<&'static str>,
    /// Where the person is, or was when it ended, as `at` of the `EXIT` message.
    screen: &'static str,
    /// Where they had chosen one.
    institution: Option<InstitutionOf>,
    /// What the person had searched for, where they left because their institution was missing.
    #[schema(value_type = Option<String>)]
    searched: Option<Secret>,
    created_at: Timestamp,
    ended_at: Option<Timestamp>,
}

impl SessionReply {
    fn new(state: &AppState, directory: &Directory, row: SessionRow) -> Self {
        let searched = searches::of_session(state, &row);
        let (end, ended_at) =
            row.ended(state.clock.now()).map_or((None, None), |ended| (Some(ended.end), Some(ended.at)));
        let outcome = end.as_ref().map(End::outcome);
        let (connection_id, reason, code) = match end {
            Some(End::Linked(connection)) => (Some(connection), None, None),
            Some(End::Exited(reason)) => (None, Some(reason.exit_reason().as_str()), None),
            Some(End::Failed(code)) => (None, None, Some(code.as_str())),
            Some(End::Expired) | None => (None, None, None),
        };
        Self {
            id: row.id,
            link_id: match row.opened_by {
                OpenedBy::Link(id) => Some(id),
                OpenedBy::AuthorizeToken(_) => None,
            },
            outcome,
            connection_id,
            reason,
            code,
            screen: row.place.screen.as_str(),
            institution: row.place.institution.map(|id| shapes::institution(directory, &id)),
            searched,
            created_at: row.created_at,
            ended_at,
        }
    }
}

/// Read a link session
#[utoipa::path(get, path = "/platform/v1/link_sessions/{session}", tag = "After linking", params(SessionInPath),
    responses((status = OK, body = SessionReply)))]
pub(super) async fn read_session(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<SessionInPath>,
) -> Result<Response, ApiError> {
    let found = state.store.sessions().get(&path.session).await?.filter(|row| row.app_id == app.id);
    let row = found.ok_or_else(|| ApiError::new(ProblemCode::NotFound, "There is no such session of this app's."))?;
    let directory = state.directory().await?;
    Ok(answer(StatusCode::OK, SessionReply::new(&state, &directory, row)))
}

/// List link sessions
///
/// Newest first.
#[utoipa::path(get, path = "/platform/v1/link_sessions", tag = "After linking", params(PageParameters),
    responses((status = OK, body = Items<SessionReply>)))]
pub(super) async fn list_sessions(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let (after, limit) = (cursor::<Cursor>(&query)?, limit(&query)?);
    let page = state.store.sessions().list(app.id, after.as_ref(), limit.into()).await?;
    let directory = state.directory().await?;
    let sessions = page.items.into_iter().map(|row| SessionReply::new(&state, &directory, row));
    Ok(answer(StatusCode::OK, Items::<SessionReply>::page(sessions, page.next)))
}
