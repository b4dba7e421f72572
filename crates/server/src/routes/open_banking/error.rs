//! Errors: OAuth's (RFC 6749, 5.2), and those of the data endpoints (FDX 5), as the vendor lists them.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use banklink_protocol::problem::ProblemCode;
use serde_json::json;

use crate::{
    problem::ApiError,
    services::data_recipients::{OAuthError, Refused},
};

/// An error of the authorization endpoints.
#[derive(Debug)]
pub(super) struct OAuthProblem {
    status: StatusCode,
    error: &'static str,
    description: String,
    /// How a client that tried to say who it is in a header may try again.
    challenge: Option<&'static str>,
    seconds_to_wait: Option<i64>,
}

impl OAuthProblem {
    pub(super) const fn new(status: StatusCode, error: &'static str, description: String) -> Self {
        Self { status, error, description, challenge: None, seconds_to_wait: None }
    }

    pub(super) fn invalid(description: &str) -> Self {
        Refused::OAuth(OAuthError::InvalidRequest, "").into_problem(description.to_owned())
    }

    /// Nobody said who they are.
    pub(super) fn unauthorized() -> Self {
        let description = "Send an access token: `Authorization: Bearer …`.".to_owned();
        Self {
            challenge: Some("Bearer"),
            ..Self::new(StatusCode::UNAUTHORIZED, OAuthError::InvalidRequest.as_str(), description)
        }
    }

    /// The same, for a client that showed itself in the header (RFC 6749, 5.2).
    pub(super) fn in_header(self) -> Self {
        if self.error == OAuthError::InvalidClient.as_str() {
            Self { status: StatusCode::UNAUTHORIZED, challenge: Some("Basic"), ..self }
        } else {
            self
        }
    }
}

impl Refused {
    fn into_problem(self, description: String) -> OAuthProblem {
        match self {
            Self::OAuth(error, _) => OAuthProblem::new(StatusCode::BAD_REQUEST, error.as_str(), description),
            Self::Api(error) => error.into(),
        }
    }
}

impl From<Refused> for OAuthProblem {
    fn from(refused: Refused) -> Self {
        let description = refused.to_string();
        refused.into_problem(description)
    }
}

impl From<ApiError> for OAuthProblem {
    fn from(error: ApiError) -> Self {
        let (status, name) = match error.code() {
            ProblemCode::Unauthorized | ProblemCode::Forbidden => (StatusCode::BAD_REQUEST, "access_denied"),
            ProblemCode::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable"),
            ProblemCode::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
            ProblemCode::Internal | ProblemCode::DataUnreadable => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
            ProblemCode::NotFound => (StatusCode::NOT_FOUND, OAuthError::InvalidRequest.as_str()),
            _ => (StatusCode::BAD_REQUEST, OAuthError::InvalidRequest.as_str()),
        };
        Self { seconds_to_wait: error.seconds_to_wait(), ..Self::new(status, name, error.to_string()) }
    }
}

impl IntoResponse for OAuthProblem {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let mut response = (self.status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response();
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(seconds) = self.seconds_to_wait {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// An error of the data endpoints.
#[derive(Debug)]
pub(super) enum FdxError {
    /// The access token is none that works; the one error without a code.
    Token(String),
    /// A parameter can't be read.
    Input(&'static str),
    /// A date without the other.
    Dates(&'static str),
    /// The range ends before it begins.
    Range,
    /// The person did not agree to this, or does not any more.
    NotAuthorized(String),
    /// There is no such account.
    Account,
    /// There is nothing at this address, or of this id.
    Nothing,
    /// There is no such operation.
    Method,
    /// The document is there in other forms only.
    ContentType,
    /// Too many requests; the seconds to wait.
    TooMany(Option<i64>),
    /// The institution, or we, can't answer just now.
    Unavailable(String),
    /// Our fault.
    Internal,
}

impl FdxError {
    /// Status, code and message, as the vendor lists them.
    const fn listed(&self) -> (StatusCode, Option<u16>, &'static str) {
        match self {
            Self::Token(_) => (StatusCode::UNAUTHORIZED, None, "Unauthorized"),
            Self::Input(_) => (StatusCode::BAD_REQUEST, Some(401), "Invalid Input"),
            Self::Dates(_) => (StatusCode::BAD_REQUEST, Some(702), "Invalid start or end date"),
            Self::Range => (StatusCode::BAD_REQUEST, Some(703), "Invalid date range"),
            Self::NotAuthorized(_) => (StatusCode::UNAUTHORIZED, Some(602), "Customer not authorized"),
            Self::Account => (StatusCode::NOT_FOUND, Some(701), "Account not found"),
            Self::Nothing => (StatusCode::NOT_FOUND, Some(1107), "Data not found for request parameters"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, Some(501), "Subsystem unavailable"),
            Self::ContentType => (StatusCode::NOT_ACCEPTABLE, Some(1203), "Content type not supported"),
            Self::TooMany(_) => {
                (StatusCode::TOO_MANY_REQUESTS, Some(1207), "Too many requests were sent within a short period of time")
            }
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, Some(503), "Scheduled maintenance"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, Some(500), "Internal server error"),
        }
    }

    /// What to do, for who develops.
    fn detail(&self) -> Option<&str> {
        match self {
            Self::Input(detail) | Self::Dates(detail) => Some(detail),
            Self::NotAuthorized(detail) | Self::Unavailable(detail) => Some(detail),
            Self::Range => Some("Send a startTime that is not after the endTime."),
            Self::ContentType => Some("Accept application/pdf."),
            _ => None,
        }
    }
}

impl From<ApiError> for FdxError {
    fn from(error: ApiError) -> Self {
        match error.code() {
            ProblemCode::Unauthorized => Self::Token(error.to_string()),
            ProblemCode::Conflict | ProblemCode::Forbidden => Self::NotAuthorized(error.to_string()),
            ProblemCode::NotFound => Self::Account,
            ProblemCode::MethodNotAllowed => Self::Method,
            ProblemCode::TooManyRequests => Self::TooMany(error.seconds_to_wait()),
            ProblemCode::Unavailable | ProblemCode::DataUnreadable => Self::Unavailable(error.to_string()),
            ProblemCode::Internal => Self::Internal,
            _ => Self::Input("Send the parameters as they are documented."),
        }
    }
}

impl IntoResponse for FdxError {
    fn into_response(self) -> Response {
        let (status, code, message) = self.listed();
        let body = match (&self, code) {
            (Self::Token(detail), _) => json!({ "message": detail }),
            (_, code) => json!({ "code": code, "message": message, "debugMessage": self.detail() }),
        };
        let mut response = (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response();
        let headers = response.headers_mut();
        match self {
            Self::Token(_) => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
            }
            Self::TooMany(Some(seconds)) => {
                headers.insert(header::RETRY_AFTER, seconds.into());
            }
            _ => {}
        }
        response
    }
}
