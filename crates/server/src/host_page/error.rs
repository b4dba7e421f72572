//! What can go wrong between the page, its server and the platform API. Customers read words of ours, and the log has what
//! the API said: that is meant for those who run the app.

use std::fmt;

use axum::{
    Json,
    extract::rejection::JsonRejection,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

/// An error of the host page.
#[derive(Debug, thiserror::Error)]
pub(super) enum HostPageError {
    /// Another site's page sent the request.
    #[error("the request did not come from this page")]
    ForeignOrigin,
    /// The body is not what the address takes. Why is not logged: it could repeat what was sent.
    #[error("the body is not what this address takes")]
    Body(#[from] JsonRejection),
    /// The platform API can't be reached, or took too long.
    #[error("the link server can't be reached: {0}")]
    Unreachable(#[source] reqwest::Error),
    /// The platform API said no.
    #[error("the link server answered {status}: {}", problem.as_ref().map_or_else(String::new, ToString::to_string))]
    Refused {
        /// Its status.
        status: StatusCode,
        /// Its explanation, where there is one.
        problem: Option<Problem>,
    },
    /// The platform API answered something else than documented.
    #[error("the link server's answer can't be read: {0}")]
    Unreadable(#[source] reqwest::Error),
    /// The connection was made for somebody else, or for nobody that is known.
    #[error("the connection was not begun by this visitor")]
    NotBegunHere,
}

/// The part of a problem (RFC 9457) that tells what happened.
#[derive(Debug, Deserialize)]
pub(super) struct Problem {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) detail: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}. {}", self.code, self.title, self.detail.as_deref().unwrap_or_default())
    }
}

#[derive(Serialize)]
struct Answer {
    message: &'static str,
}

impl HostPageError {
    /// Whether the platform API said no with this code.
    fn is_refusal(&self, code: &str) -> bool {
        matches!(self, Self::Refused { problem: Some(problem), .. } if problem.code == code)
    }

    pub(super) fn log(&self) {
        tracing::warn!(error = %self, "host page request failed");
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::ForeignOrigin | Self::NotBegunHere => StatusCode::FORBIDDEN,
            Self::Body(rejection) => rejection.status(),
            Self::Unreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Refused { .. } if self.is_refusal("CODE_INVALID") => StatusCode::CONFLICT,
            Self::Refused { .. } | Self::Unreadable(_) => StatusCode::BAD_GATEWAY,
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::ForeignOrigin | Self::Body(_) => "Something is wrong with this page. Please reload it and try again.",
            Self::NotBegunHere => {
                "This bank was not added: we can’t tell whether it was you who connected it, since you didn’t start from \
                 this page in this browser. To add it, connect it from here."
            }
            Self::Refused { .. } if self.is_refusal("CODE_INVALID") => {
                "This connection was fetched already, or waited too long. Please connect again."
            }
            Self::Unreachable(_) | Self::Unreadable(_) | Self::Refused { .. } => {
                "Connecting a bank does not work just now. Please try again later."
            }
        }
    }
}

impl IntoResponse for HostPageError {
    fn into_response(self) -> Response {
        self.log();
        (self.status(), Json(Answer { message: self.message() })).into_response()
    }
}
