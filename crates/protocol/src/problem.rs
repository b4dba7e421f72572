//! The one shape of every error that an address answers (RFC 9457).

use serde::{Deserialize, Serialize};

/// Content type of a problem as JSON.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error for the caller: what is wrong and what to do, never a secret, never a value that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A relative reference to its documentation, as `/platform/docs/problems#token_invalid`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What a program looks at.
    pub code: ProblemCode,
    /// What is wrong here, and what to do about it.
    pub detail: String,
    /// Which parameter or field, if one.
    pub parameter: Option<String>,
    /// Finds this request in the server's log.
    pub request_id: String,
}

/// Problems, as programs know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProblemCode {
    /// The request's body or its form is wrong.
    InvalidRequest,
    /// A parameter's value is wrong.
    InvalidParameter,
    /// The credentials of the caller are missing or wrong.
    Unauthorized,
    /// The caller is known, but may not do this.
    Forbidden,
    /// There is no such thing, or not for this caller.
    NotFound,
    /// The address does not take this method.
    MethodNotAllowed,
    /// The state does not allow it (any more).
    Conflict,
    /// The body is too large.
    PayloadTooLarge,
    /// The body is of a type that is not read here.
    UnsupportedMediaType,
    /// The link or authorize token is unknown, used or expired.
    TokenInvalid,
    /// The session is over.
    SessionExpired,
    /// The step is being carried out by another request; read the session again shortly.
    StepInProgress,
    /// A link code is unknown, used or expired.
    CodeInvalid,
    /// Too many requests.
    TooManyRequests,
    /// The widget speaks another version; reload.
    VersionMismatch,
    /// Overloaded or shutting down; try again shortly.
    Unavailable,
    /// Our own fault.
    Internal,
    /// What is kept of a connection, or what its institution sends, can't be read.
    DataUnreadable,
    /// What is to be changed was changed meanwhile.
    PreconditionFailed,
}

impl ProblemCode {
    /// All of them, for tables and tests.
    pub const ALL: [Self; 19] = [
        Self::InvalidRequest,
        Self::InvalidParameter,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::TokenInvalid,
        Self::SessionExpired,
        Self::StepInProgress,
        Self::CodeInvalid,
        Self::TooManyRequests,
        Self::VersionMismatch,
        Self::Unavailable,
        Self::Internal,
        Self::DataUnreadable,
        Self::PreconditionFailed,
    ];

    /// As it stands in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::InvalidParameter => "INVALID_PARAMETER",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::Conflict => "CONFLICT",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::TokenInvalid => "TOKEN_INVALID",
            Self::SessionExpired => "SESSION_EXPIRED",
            Self::StepInProgress => "STEP_IN_PROGRESS",
            Self::CodeInvalid => "CODE_INVALID",
            Self::TooManyRequests => "TOO_MANY_REQUESTS",
            Self::VersionMismatch => "VERSION_MISMATCH",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
            Self::DataUnreadable => "DATA_UNREADABLE",
            Self::PreconditionFailed => "PRECONDITION_FAILED",
        }
    }

    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest | Self::InvalidParameter | Self::CodeInvalid => 400,
            Self::Unauthorized | Self::TokenInvalid | Self::SessionExpired => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict | Self::StepInProgress => 409,
            Self::PreconditionFailed => 412,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::VersionMismatch => 426,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::DataUnreadable => 503,
        }
    }

    /// A short name in English.
    pub const fn title(self) -> &'static str {
        match self {
            Self::InvalidRequest => "The request can't be read",
            Self::InvalidParameter => "A parameter has a wrong value",
            Self::Unauthorized => "Credentials are missing or wrong",
            Self::Forbidden => "Not allowed",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed here",
            Self::Conflict => "The state does not allow this",
            Self::PayloadTooLarge => "The body is too large",
            Self::UnsupportedMediaType => "The body has an unsupported type",
            Self::TokenInvalid => "The token is unknown, used or expired",
            Self::SessionExpired => "The session is over",
            Self::StepInProgress => "The step is being carried out",
            Self::CodeInvalid => "The link code is unknown, used or expired",
            Self::TooManyRequests => "Too many requests",
            Self::VersionMismatch => "The page is out of date",
            Self::Unavailable => "Unavailable just now",
            Self::Internal => "Something went wrong on our side",
            Self::DataUnreadable => "The connection's data can't be read",
            Self::PreconditionFailed => "It was changed meanwhile",
        }
    }
}
