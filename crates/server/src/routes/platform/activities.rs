//! What was changed in an app, and by whom.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    activity::{Activity, Actor},
    operator::Operator,
};
use banklink_store::Page;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Caller, Items, PageParameters, answer, cursor, limit};
use crate::{problem::ApiError, services::organisation, state::AppState, wire::Query};

#[derive(Serialize, ToSchema)]
#[schema(as = Activity)]
pub(super) struct ActivityReply {
    at: Timestamp,
    /// In which app; none for what concerns the organisation as a whole.
    app: Option<String>,
    /// `operator`, `client_secret`, or `command_line` for whoever runs the server.
    actor: &'static str,
    /// The operator's or the client secret's id, where it was one.
    actor_id: Option<String>,
    /// What the operator is called, where it was one.
    actor_name: Option<String>,
    /// As `redirect_uri.added`.
    action: &'static str,
    /// What it was done to, as the redirect URI or the link's id; empty where the action says it all.
    subject: String,
    /// What of it, as `name, consent_days`, or what it is called; empty where the subject says it all.
    detail: String,
}

impl ActivityReply {
    fn new(activity: Activity, operators: &[Operator]) -> Self {
        let Activity { app, change, action, subject, detail, .. } = activity;
        let (actor_id, actor_name) = match change.by {
            Actor::CommandLine => (None, None),
            Actor::ClientSecret(id) => (Some(id.to_string()), None),
            Actor::Operator(id) => {
                let known = operators.iter().find(|operator| operator.id == id);
                (Some(id.to_string()), known.map(|operator| operator.name.to_string()))
            }
        };
        Self {
            at: change.at,
            app: app.map(|id| id.to_string()),
            actor: change.by.kind(),
            actor_id,
            actor_name,
            action: action.as_str(),
            subject,
            detail,
        }
    }

    pub(super) fn page(page: Page<Activity, i64>, operators: &[Operator]) -> Items<Self> {
        let items = page.items.into_iter().map(|activity| Self::new(activity, operators));
        Items::page(items, page.next)
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
    let (page, operators) = organisation::activities(&state, Some(app.id), before, limit.into()).await?;
    Ok(answer(StatusCode::OK, ActivityReply::page(page, &operators)))
}
