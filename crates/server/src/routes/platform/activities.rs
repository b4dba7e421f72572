//! What was changed in an app, and by whom.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::activity::{Activity, Actor};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Caller, Items, PageParameters, answer, cursor, limit};
use crate::{problem::ApiError, services::apps, state::AppState, wire::Query};

#[derive(Serialize, ToSchema)]
#[schema(as = Activity)]
struct ActivityReply {
    at: Timestamp,
    /// `client_secret`, or `command_line` for whoever runs the server.
    actor: &'static str,
    /// The client secret's id, where it was one.
    actor_id: Option<String>,
    /// As `redirect_uri.added`.
    action: &'static str,
    /// What it was done to, as the redirect URI or the link's id; empty where the action says it all.
    subject: String,
    /// What of it, as `name, consent_days`, or what it is called; empty where the subject says it all.
    detail: String,
}

impl From<Activity> for ActivityReply {
    fn from(activity: Activity) -> Self {
        let Activity { change, action, subject, detail, .. } = activity;
        let actor_id = match change.by {
            Actor::CommandLine => None,
            Actor::ClientSecret(id) => Some(id.to_string()),
        };
        Self { at: change.at, actor: change.by.kind(), actor_id, action: action.as_str(), subject, detail }
    }
}

/// List what was changed
///
/// Newest first.
#[utoipa::path(get, path = "/platform/v1/app/activities", tag = "The app", params(PageParameters),
    responses((status = OK, body = Items<ActivityReply>)))]
pub(super) async fn list_activities(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let (before, limit) = (cursor::<i64>(&query)?, limit(&query)?);
    let page = apps::activities(&state, &app, before, limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<ActivityReply>::page(page.items, page.next)))
}
