//! What was changed in an app, and by whom.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::activity;
use banklink_platform::activities::Activity;
use banklink_store::Page;
use utoipa::IntoParams;

use super::{Caller, Items, PageParameters, answer, cursor, limit, shapes};
use crate::{
    problem::ApiError,
    services::organisation::{self, ActorNames},
    state::AppState,
    wire::Query,
};

pub(super) fn page(page: Page<activity::Activity, i64>, names: &ActorNames) -> Items<Activity> {
    let items = page.items.into_iter().map(|activity| shapes::activity(activity, names));
    Items::page(items, page.next)
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct ActionParameter {
    /// Only what was done like that: an `action` of this list, such as `link.created`.
    action: Option<String>,
}

/// The action that the query asks for.
pub(super) fn action(query: &Query) -> Result<Option<activity::Action>, ApiError> {
    let wrong = || Query::wrong("action", "an action of this list, such as `link.created`");
    query.text("action").map(|name| activity::Action::parse(name).ok_or_else(wrong)).transpose()
}

/// List what was changed
///
/// Newest first.
#[utoipa::path(get, path = "/platform/v1/app/activities", tag = "The app", params(ActionParameter, PageParameters),
    responses((status = OK, body = Items<Activity>)))]
pub(super) async fn list_activities(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let (before, limit) = (cursor::<i64>(&query)?, limit(&query)?);
    let (found, names) = organisation::activities(&state, Some(app.id), action(&query)?, before, limit.into()).await?;
    Ok(answer(StatusCode::OK, page(found, &names)))
}
