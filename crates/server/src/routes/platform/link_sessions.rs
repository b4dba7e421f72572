//! Link sessions: what became of them.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{ids::LinkId, session::Outcome};
use banklink_protocol::{ids::SessionId, problem::ProblemCode};
use banklink_store::{OpenedBy, SessionRow};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Caller, answer};
use crate::{problem::ApiError, state::AppState, wire::PathOf};

#[derive(Deserialize)]
pub(super) struct SessionInPath {
    session: SessionId,
}

#[derive(Serialize)]
struct SessionReply {
    id: SessionId,
    link_id: Option<LinkId>,
    /// `linked`, `exited`, `failed` or `expired`; none while it is open.
    outcome: Option<Outcome>,
    created_at: Timestamp,
    ended_at: Option<Timestamp>,
}

impl From<SessionRow> for SessionReply {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            link_id: match row.opened_by {
                OpenedBy::Link(id) => Some(id),
                OpenedBy::AuthorizeToken(_) => None,
            },
            outcome: row.end.map(|end| end.outcome),
            created_at: row.created_at,
            ended_at: row.end.map(|end| end.at),
        }
    }
}

pub(super) async fn read(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<SessionInPath>,
) -> Result<Response, ApiError> {
    let found = state.store.sessions().get(&path.session).await?.filter(|row| row.app_id == app.id);
    let row = found.ok_or_else(|| ApiError::new(ProblemCode::NotFound, "There is no such session of this app's."))?;
    Ok(answer(StatusCode::OK, SessionReply::from(row)))
}
