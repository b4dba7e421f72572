//! An app's own stylesheet.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::app::AppTheme;
use banklink_theme::{Finding, MAX_SOURCE};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Caller, Editor, answer};
use crate::{
    problem::ApiError,
    services::themes::{self, Judged},
    state::AppState,
    wire::Wire,
};

/// Largest body, in bytes: a stylesheet whose every character is escaped, as `\u000a`.
pub(super) const MAX_BODY: usize = 6 * MAX_SOURCE + 1024;

#[derive(Serialize, ToSchema)]
#[schema(as = Theme)]
struct ThemeReply {
    /// As it was sent.
    source: String,
    /// As it is served: what was refused left out, and minified.
    css: String,
    /// Changes with `css`, and with nothing else.
    hash: String,
    /// What was refused, and what people may have trouble with.
    findings: Vec<FindingReply>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ThemeFinding)]
struct FindingReply {
    /// From 1.
    line: u32,
    /// From 1, in UTF-16 units, as editors count.
    column: u32,
    /// `error`: something was left out. `warning`: all was kept, but people may have trouble with it.
    severity: String,
    /// What it is, in words.
    message: String,
}

impl From<Judged> for ThemeReply {
    fn from(judged: Judged) -> Self {
        let AppTheme { source, css, hash } = judged.theme;
        let findings = judged.findings.into_iter().map(FindingReply::from).collect();
        Self { source, css, hash: hash.to_string(), findings }
    }
}

impl From<Finding> for FindingReply {
    fn from(finding: Finding) -> Self {
        let Finding { line, column, severity, reason } = finding;
        Self { line, column, severity: severity.to_string(), message: reason.to_string() }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewTheme)]
#[serde(deny_unknown_fields)]
pub(super) struct ThemeRequest {
    /// CSS, at most 256 KiB.
    source: String,
}

/// Read the theme
#[utoipa::path(get, path = "/platform/v1/app/theme", tag = "The app",
    responses((status = OK, body = ThemeReply), (status = NOT_FOUND, description = "`NOT_FOUND`")))]
pub(super) async fn read_theme(State(state): State<AppState>, Caller(app): Caller) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, ThemeReply::from(themes::of_app(&state, &app).await?)))
}

/// Set the theme
///
/// In place of the one that is there. What is refused is left out, and told.
#[utoipa::path(put, path = "/platform/v1/app/theme", tag = "The app", request_body = ThemeRequest,
    responses((status = OK, body = ThemeReply)))]
pub(super) async fn set_theme(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<ThemeRequest>,
) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, ThemeReply::from(themes::set(&state, &app, &change, request.source).await?)))
}

/// Restore the default theme
#[utoipa::path(delete, path = "/platform/v1/app/theme", tag = "The app", responses((status = NO_CONTENT)))]
pub(super) async fn restore_theme(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
) -> Result<StatusCode, ApiError> {
    themes::restore(&state, &app, &change).await?;
    Ok(StatusCode::NO_CONTENT)
}
