//! Searches of people who did not find their institution.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_protocol::{ids::SessionId, secret::Secret};
use banklink_store::Cursor;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Caller, Items, PageParameters, answer, cursor, limit};
use crate::{
    problem::ApiError,
    services::searches::{self, Search},
    state::AppState,
    wire::Query,
};

#[derive(Serialize, ToSchema)]
#[schema(as = InstitutionSearch)]
struct SearchReply {
    /// As the person typed it.
    #[schema(value_type = String)]
    searched: Secret,
    #[schema(value_type = String)]
    link_session_id: SessionId,
    searched_at: Timestamp,
}

impl From<Search> for SearchReply {
    fn from(Search { text, session, at }: Search) -> Self {
        Self { searched: text, link_session_id: session, searched_at: at }
    }
}

/// List searches for institutions that are missing
///
/// What people had searched for who left because their institution is not there, newest first.
#[utoipa::path(get, path = "/platform/v1/institution_searches", tag = "After linking", params(PageParameters),
    responses((status = OK, body = Items<SearchReply>)))]
pub(super) async fn list_searches(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let (after, limit) = (cursor::<Cursor>(&query)?, limit(&query)?);
    let page = searches::of_app(&state, &app, after.as_ref(), limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<SearchReply>::page(page.items, page.next)))
}
