//! An app's own stylesheet.

use banklink_domain::{
    activity::Change,
    app::{App, AppTheme},
};
use banklink_protocol::problem::ProblemCode;
use banklink_theme::{Finding, Reason, compile};

use crate::{problem::ApiError, state::AppState};

/// A stylesheet with all that the compiler has to say of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What was written, and what is served.
    pub theme: AppTheme,
    /// In the order of their places.
    pub findings: Vec<Finding>,
}

/// The app's stylesheet.
pub async fn of_app(state: &AppState, app: &App) -> Result<Judged, ApiError> {
    let theme = state.store.apps().theme(app.id).await?;
    let theme = theme.ok_or_else(|| ApiError::new(ProblemCode::NotFound, "The app has the default theme."))?;
    Ok(judged(theme))
}

/// A stylesheet that is kept, with all that the compiler has to say of it.
pub fn judged(theme: AppTheme) -> Judged {
    let findings = compile(&theme.source).findings;
    Judged { theme, findings }
}

/// Gives the app a stylesheet in place of the one it has, if `allows` lets that as it is now. What is refused is left
/// out; one that is too large changes nothing.
pub async fn set(
    state: &AppState,
    app: &App,
    change: &Change,
    source: String,
    allows: impl FnOnce(Option<&AppTheme>) -> Result<(), ApiError>,
) -> Result<Judged, ApiError> {
    let judged = judge(source)?;
    let set = |before: Option<AppTheme>| allows(before.as_ref()).map(|()| Some(judged.theme.clone()));
    state.store.apps().change_theme(app.id, change, set).await??;
    Ok(judged)
}

/// What becomes of a stylesheet. One that is too large is refused.
pub fn judge(source: String) -> Result<Judged, ApiError> {
    let compiled = compile(&source);
    let too_large =
        |finding: &&Finding| matches!(finding.reason, Reason::SourceTooLarge { .. } | Reason::ResultTooLarge { .. });
    if let Some(finding) = compiled.findings.iter().find(too_large) {
        return Err(ApiError::invalid("source", format!("The stylesheet is too large: {}.", finding.reason)));
    }
    Ok(Judged { theme: AppTheme::new(source, compiled.css), findings: compiled.findings })
}

/// Restores the default theme, if `allows` lets that as it is now. Again changes nothing.
pub async fn restore(
    state: &AppState,
    app: &App,
    change: &Change,
    allows: impl FnOnce(Option<&AppTheme>) -> Result<(), ApiError>,
) -> Result<(), ApiError> {
    let clear = |before: Option<AppTheme>| allows(before.as_ref()).map(|()| None);
    state.store.apps().change_theme(app.id, change, clear).await?
}
