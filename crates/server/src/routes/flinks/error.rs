//! Errors as Flinks writes them (`vendor-apis.md`, 1.6): the status in the body equals the status of the answer.

use std::borrow::Cow;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use banklink_protocol::{failures::FailureCode, problem::ProblemCode};
use serde::Serialize;
use thiserror::Error;

use super::no_store;
use crate::problem::ApiError;

macro_rules! codes {
    ($($variant:ident = $name:literal, $status:literal;)*) => {
        /// What a program looks at.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Code {
            $($variant,)*
        }

        impl Code {
            pub(super) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            const fn status(self) -> u16 {
                match self {
                    $(Self::$variant => $status,)*
                }
            }
        }
    };
}

// Where no document says a status, it is that of the others.
codes! {
    OperationPending = "OPERATION_PENDING", 202;
    OperationDispatched = "OPERATION_DISPATCHED", 202;
    SessionNonexistent = "SESSION_NONEXISTENT", 400;
    AccessDenied = "ACCESS_DENIED", 401;
    ConcurrentSession = "CONCURRENT_SESSION", 401;
    DisabledInstitution = "DISABLED_INSTITUTION", 401;
    DisabledLogin = "DISABLED_LOGIN", 401;
    InvalidLogin = "INVALID_LOGIN", 401;
    InvalidPassword = "INVALID_PASSWORD", 401;
    InvalidRequest = "INVALID_REQUEST", 401;
    InvalidSecurityResponse = "INVALID_SECURITY_RESPONSE", 401;
    InvalidUsername = "INVALID_USERNAME", 401;
    MethodNotAvailable = "METHOD_NOT_AVAILABLE", 401;
    NewAccount = "NEW_ACCOUNT", 401;
    RetryLater = "RETRY_LATER", 401;
    SecurityResponsesIncomplete = "SECURITYRESPONSES_INCOMPLETE", 401;
    SessionExpired = "SESSION_EXPIRED", 401;
    TooManyRequests = "TOO_MANY_REQUESTS", 401;
    Unauthorized = "UNAUTHORIZED", 401;
    UnknownChallengeKey = "UNKNOWN_CHALLENGE_KEY", 401;
    AggregationError = "AGGREGATION_ERROR", 500;
}

/// An error for an existing Flinks integration. Its message holds nothing that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {message}", code.as_str())]
pub(super) struct FlinksError {
    code: Code,
    message: Cow<'static, str>,
}

impl FlinksError {
    pub(super) const UNKNOWN: Self = Self::invalid("There is nothing at this address.");

    /// What a data endpoint says to an id that nobody knows, or no more.
    pub(super) const NONEXISTENT: Self =
        Self::new(Code::SessionNonexistent, "There is no session of this RequestId, or no more: authorize again.");

    /// What `LoginId`s are refused with (`vendor-apis.md`, 1.6).
    pub(super) const LOGIN: Self =
        Self::new(Code::InvalidLogin, "The LoginId provided is either invalid or does not belong to the CustomerId");

    pub(super) const fn new(code: Code, message: &'static str) -> Self {
        Self { code, message: Cow::Borrowed(message) }
    }

    /// The request is not what it must be.
    pub(super) const fn invalid(message: &'static str) -> Self {
        Self::new(Code::InvalidRequest, message)
    }

    /// The same, saying which field.
    pub(super) fn field(name: &str, expected: &str) -> Self {
        Self { code: Code::InvalidRequest, message: Cow::Owned(format!("{name}: send {expected}.")) }
    }

    /// What failed at the institution.
    pub(super) const fn of_failure(code: FailureCode) -> Self {
        match code {
            FailureCode::InvalidCredentials => {
                Self::new(Code::InvalidLogin, "The card number (username) or password provided is invalid")
            }
            FailureCode::InvalidSca
            | FailureCode::AttemptsExhausted
            | FailureCode::Denied
            | FailureCode::NotApproved => {
                Self::new(Code::InvalidSecurityResponse, "The answer was wrong, or was not given in time.")
            }
            FailureCode::DisabledLogin => {
                Self::new(Code::DisabledLogin, "The institution locked this access: the person has to ask it.")
            }
            FailureCode::RetryLater => Self::new(Code::RetryLater, "The institution is unavailable: try again later."),
            FailureCode::ScaTypeNotAllowed => {
                Self::new(Code::MethodNotAvailable, "The institution wants a confirmation that can't be done here.")
            }
            FailureCode::UserInteractionNeeded => {
                Self::new(Code::NewAccount, "The person has to do something on the institution's own site first.")
            }
            FailureCode::CredentialsAlreadyExist => {
                Self::new(Code::ConcurrentSession, "The person is linked there already.")
            }
            FailureCode::DataError | FailureCode::InternalError => {
                Self::new(Code::AggregationError, "The institution's data could not be read.")
            }
        }
    }
}

impl From<ApiError> for FlinksError {
    fn from(error: ApiError) -> Self {
        use ProblemCode::{
            Conflict, InvalidParameter, InvalidRequest, NotFound, PayloadTooLarge, SessionExpired, StepInProgress,
            TokenInvalid, TooManyRequests, Unauthorized, Unavailable,
        };
        let code = match error.code() {
            Unauthorized | ProblemCode::Forbidden | TokenInvalid => Code::AccessDenied,
            NotFound => return Self::LOGIN,
            SessionExpired => Code::SessionExpired,
            StepInProgress => Code::ConcurrentSession,
            Conflict => Code::Unauthorized,
            TooManyRequests => Code::TooManyRequests,
            Unavailable => Code::RetryLater,
            InvalidParameter | InvalidRequest | PayloadTooLarge => Code::InvalidRequest,
            _ => Code::AggregationError,
        };
        Self { code, message: Cow::Owned(error.to_string()) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorReply {
    http_status_code: u16,
    message: Cow<'static, str>,
    flinks_code: &'static str,
}

impl IntoResponse for FlinksError {
    fn into_response(self) -> Response {
        let Self { code, message } = self;
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let reply = ErrorReply { http_status_code: code.status(), message, flinks_code: code.as_str() };
        (status, no_store(), Json(reply)).into_response()
    }
}
