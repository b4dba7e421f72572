//! Every error at the edge, in the one documented shape (RFC 9457).
//!
//! Handlers answer an [`ApiError`]; [`render`] turns it, and every bare error of the framework, into the body that the
//! caller reads: problem JSON, or postcard for the widget.

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use banklink_protocol::problem::{PROBLEM_JSON, Problem, ProblemCode};
use banklink_store::StoreError;
use jiff::SignedDuration;
use thiserror::Error;
use tracing::{Instrument, debug, error, error_span, warn};

use crate::{logging::WithCauses, routes::docs::anchor, wire::Encoding};

/// An error for the caller. Its detail says what to do and holds nothing that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{detail}")]
pub struct ApiError {
    code: ProblemCode,
    detail: String,
    parameter: Option<String>,
    retry_after: Option<SignedDuration>,
}

impl ApiError {
    /// An error with what to do about it.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), parameter: None, retry_after: None }
    }

    /// A parameter or field has a wrong value.
    pub fn invalid(parameter: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::InvalidParameter, detail).parameter(parameter)
    }

    /// The same, naming the parameter or field.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>) -> Self {
        self.parameter = Some(name.into());
        self
    }

    /// The same, saying when it makes sense to try again.
    #[must_use]
    pub const fn retry_after(mut self, time: SignedDuration) -> Self {
        self.retry_after = Some(time);
        self
    }

    /// Our own fault: the cause goes to the log, the caller hears nothing of it.
    pub fn internal(cause: impl std::error::Error) -> Self {
        error!(error = %WithCauses(&cause), "request failed");
        Self::new(ProblemCode::Internal, "Try again; if it goes on, tell support the request id.")
    }

    /// What a program looks at.
    pub const fn code(&self) -> ProblemCode {
        self.code
    }

    /// After how many seconds it makes sense to try again, if that is known.
    pub fn seconds_to_wait(&self) -> Option<i64> {
        self.retry_after.map(|time| time.as_secs())
    }

    /// The parameter or field that it is about, if one.
    pub fn about(&self) -> Option<&str> {
        self.parameter.as_deref()
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => {
                warn!("the database is busy");
                Self::new(ProblemCode::Unavailable, TRY_AGAIN)
            }
            other => Self::internal(other),
        }
    }
}

const TRY_AGAIN: &str = "Try again shortly.";

/// After how many seconds a caller may try again where the server could not answer just then.
const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(5);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = status(self.code).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn status(code: ProblemCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The id that finds a request in the log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Middleware: gives every request an id, under which all stands in the log that is said meanwhile, and every error its
/// body.
pub async fn render(request: Request, next: Next) -> Response {
    let id = RequestId(crate::random::uuid().simple().to_string());
    // Of the highest level, so that errors have it however little is logged.
    let span = error_span!("request", request_id = %id.0);
    answer(request, next, id).instrument(span).await
}

async fn answer(mut request: Request, next: Next, id: RequestId) -> Response {
    let encoding = Encoding::accepted(request.headers());
    request.extensions_mut().insert(id.clone());
    let asked = Asked::of(&request);
    let mut response = next.run(request).await;
    debug!(method = %asked.method, route = asked.route, status = response.status().as_u16(), "answered");
    let error = take_error(&mut response);
    if let Some(error) = error {
        if response.status().is_server_error() {
            warn!(route = asked.route, status = response.status().as_u16(), "answered an error");
        }
        let headers = std::mem::take(response.headers_mut());
        response = body(error, &id, encoding);
        for (name, value) in &headers {
            if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
                response.headers_mut().append(name, value.clone());
            }
        }
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// What the log says of a request: the route and never the address itself, which can hold a token.
struct Asked {
    method: Method,
    route: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Self { method: request.method().clone(), route: route.to_owned() }
    }
}

/// An error that the framework answered by itself: no such route, a method that isn't there, a body over the limit.
/// The error that an answer carries, or is without saying so; none where it has a body already.
pub(crate) fn take_error(response: &mut Response) -> Option<ApiError> {
    response.extensions_mut().remove::<ApiError>().or_else(|| of_bare_status(response))
}

fn of_bare_status(response: &Response) -> Option<ApiError> {
    let ours =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if ours {
        return None;
    }
    let (code, detail) = match response.status() {
        StatusCode::NOT_FOUND => (ProblemCode::NotFound, "There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => (ProblemCode::MethodNotAllowed, "Use one of the methods in `Allow`."),
        StatusCode::PAYLOAD_TOO_LARGE => (ProblemCode::PayloadTooLarge, "Send a smaller body."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (ProblemCode::UnsupportedMediaType, "Send `application/json`."),
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            (ProblemCode::Unavailable, TRY_AGAIN)
        }
        status if status.is_client_error() => (ProblemCode::InvalidRequest, "The request can't be read."),
        status if status.is_server_error() => {
            (ProblemCode::Internal, "Try again; if it goes on, tell support the request id.")
        }
        _ => return None,
    };
    Some(ApiError::new(code, detail))
}

fn body(error: ApiError, id: &RequestId, encoding: Encoding) -> Response {
    let problem = Problem {
        kind: format!("/platform/docs/problems#{}", anchor(error.code)),
        title: error.code.title().to_owned(),
        status: error.code.status(),
        code: error.code,
        detail: error.detail,
        parameter: error.parameter,
        request_id: id.0.clone(),
    };
    let mut response = encoding.reply(status(error.code), &problem);
    let headers = response.headers_mut();
    if encoding == Encoding::Json {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    }
    match status(error.code) {
        StatusCode::UNAUTHORIZED => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
            let seconds = error.retry_after.unwrap_or(RETRY_AFTER).as_secs();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        _ => {}
    }
    response
}
