//! Errors: 400, 401, 403, 404 and 500 are documented (`vendor-apis.md`, 3); their body is not, and is the plainest.

use axum::{
    extract::Request,
    http::{HeaderName, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use banklink_protocol::problem::ProblemCode;
use serde_json::json;

use crate::{
    problem::{ApiError, take_error},
    wire::private_json,
};

/// A caller's own name for a request, which comes back as it is.
const TRACE: HeaderName = HeaderName::from_static("x-client-trace-id");

/// Middleware: gives every error its body, and every answer its caller's name for it.
pub(super) async fn render(request: Request, next: Next) -> Response {
    let trace = request.headers().get(&TRACE).cloned();
    let mut response = next.run(request).await;
    if let Some(error) = take_error(&mut response) {
        response = rendered(&error);
    }
    if let Some(trace) = trace {
        response.headers_mut().insert(TRACE, trace);
    }
    response
}

fn rendered(error: &ApiError) -> Response {
    let status = status(error.code());
    let reason = status.canonical_reason().unwrap_or_default();
    let body = json!({ "statusCode": status.as_u16(), "error": reason, "message": error.to_string(),
        "field": error.about() });
    let mut response = (status, private_json(body)).into_response();
    if let Some(seconds) = error.seconds_to_wait() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// What has no documented status of its own is a bad request, or our fault.
fn status(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::Unauthorized => StatusCode::UNAUTHORIZED,
        ProblemCode::Forbidden => StatusCode::FORBIDDEN,
        ProblemCode::NotFound | ProblemCode::CodeInvalid => StatusCode::NOT_FOUND,
        ProblemCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ProblemCode::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::Unavailable | ProblemCode::DataUnreadable => StatusCode::SERVICE_UNAVAILABLE,
        ProblemCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}
