//! Searches of people who did not find their institution.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_protocol::{ids::SessionId, secret::Secret};
use banklink_store::Cursor;
use jiff::Timestamp;
use serde::Serialize;

use super::{Caller, Items, answer, cursor, limit};
use crate::{
    problem::ApiError,
    services::searches::{self, Search},
    state::AppState,
    wire::Query,
};

#[derive(Serialize)]
struct SearchReply {
    searched: Secret,
    link_session_id: SessionId,
    searched_at: Timestamp,
}

impl From<Search> for SearchReply {
    fn from(Search { text, session, at }: Search) -> Self {
        Self { searched: text, link_session_id: session, searched_at: at }
    }
}

pub(super) async fn list(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let (after, limit) = (cursor::<Cursor>(&query)?, limit(&query)?);
    let page = searches::of_app(&state, &app, after.as_ref(), limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<SearchReply>::page(page.items, page.next)))
}
