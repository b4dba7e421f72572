//! Which pages may embed an app's widget and hear it.

use banklink_domain::{
    activity::Change,
    app::App,
    origin::{self, LOCALHOST_PATTERN, OriginError},
};
use banklink_protocol::{boot::AllowedOrigin, problem::ProblemCode};
use banklink_store::{AddEntry, MAX_ENTRIES};

use crate::{problem::ApiError, state::AppState};

/// The app's origins, in the order in which they were added.
pub async fn of_app(state: &AppState, app: &App) -> Result<Vec<AllowedOrigin>, ApiError> {
    Ok(state.store.apps().origins(app.id).await?)
}

/// Allows an origin. One that is there stays where it is.
pub async fn add(state: &AppState, app: &App, change: &Change, origin: &AllowedOrigin) -> Result<(), ApiError> {
    match state.store.apps().add_origin(app.id, origin, change).await? {
        AddEntry::Added | AddEntry::Present => Ok(()),
        AddEntry::TooMany => {
            let detail = format!("The app has {MAX_ENTRIES} origins, the most it may have: remove one first.");
            Err(ApiError::new(ProblemCode::Conflict, detail))
        }
    }
}

/// Allows an origin no more. Pages that are open go on until they are loaded again.
pub async fn remove(state: &AppState, app: &App, change: &Change, origin: &AllowedOrigin) -> Result<(), ApiError> {
    if state.store.apps().remove_origin(app.id, origin, change).await? {
        Ok(())
    } else {
        Err(ApiError::new(ProblemCode::NotFound, "The app has no such origin."))
    }
}

/// Reads an origin that somebody sent for an app.
pub fn parse(app: &App, text: &str) -> Result<AllowedOrigin, ApiError> {
    origin::parse(text, app.mode).map_err(|error| ApiError::invalid("origin", about(error)))
}

/// What is wrong with an origin.
pub fn about(error: OriginError) -> String {
    match error {
        OriginError::Malformed => "The text is not an origin such as https://example.com.".to_owned(),
        OriginError::TooLong => format!("The origin is longer than {} bytes.", origin::MAX),
        OriginError::Wildcard => format!("Wildcards are not allowed, but for {LOCALHOST_PATTERN} in sandbox apps."),
        OriginError::Scheme => "The origin has a scheme that is not allowed.".to_owned(),
        OriginError::Insecure => {
            "The origin must begin with https: http is for localhost and 127.0.0.1 only.".to_owned()
        }
        OriginError::SandboxOnly => "The origin must begin with https: http is for sandbox apps only.".to_owned(),
        OriginError::Ipv6 => "An IPv6 address can't be named as a frame's ancestor: use a host name.".to_owned(),
        OriginError::NotOnlyOrigin => "Send the origin alone: no path, query, fragment or user name.".to_owned(),
    }
}
