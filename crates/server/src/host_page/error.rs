//! What can go wrong between the page, its server and the platform API, in words that a person can read.

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
    #[error("the link server answered {status}: {problem:?}")]
    Refused {
        /// Its status.
        status: StatusCode,
        /// Its explanation, where there is one.
        problem: Option<Problem>,
    },
    /// The platform API answered something else than documented.
    #[error("the link server's answer can't be read: {0}")]
    Unreadable(#[source] reqwest::Error),
    /// The connection was made for somebody else.
    #[error("the connection belongs to another person")]
    AnotherPerson,
}

/// The part of a problem (RFC 9457) that is shown.
#[derive(Debug, Deserialize)]
pub(super) struct Problem {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) detail: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    message: String,
}

impl HostPageError {
    fn status(&self) -> StatusCode {
        match self {
            Self::ForeignOrigin | Self::AnotherPerson => StatusCode::FORBIDDEN,
            Self::Body(rejection) => rejection.status(),
            Self::Unreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Refused { problem: Some(problem), .. } if problem.code == "CODE_INVALID" => StatusCode::CONFLICT,
            Self::Refused { .. } | Self::Unreadable(_) => StatusCode::BAD_GATEWAY,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::ForeignOrigin | Self::Body(_) => "This page sent a request that its server does not take.".to_owned(),
            Self::Unreachable(_) => "We can’t reach the link server. Please try again.".to_owned(),
            Self::Unreadable(_) => "We don’t understand the link server’s answer.".to_owned(),
            Self::AnotherPerson => "This bank was connected by somebody else.".to_owned(),
            Self::Refused { status, problem } => refusal(*status, problem.as_ref()),
        }
    }
}

fn refusal(status: StatusCode, problem: Option<&Problem>) -> String {
    match problem {
        Some(problem) if problem.code == "CODE_INVALID" => {
            "This connection was fetched already, or waited too long. Please connect again.".to_owned()
        }
        Some(Problem { title, detail: Some(detail), .. }) => format!("The link server says: {title}. {detail}"),
        Some(Problem { title, .. }) => format!("The link server says: {title}."),
        None => format!("The link server answered {}.", status.as_u16()),
    }
}

impl IntoResponse for HostPageError {
    fn into_response(self) -> Response {
        tracing::warn!(error = %self, "host page request failed");
        (self.status(), Json(Answer { message: self.message() })).into_response()
    }
}
