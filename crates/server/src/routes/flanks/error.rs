//! Errors as Flanks writes them (`vendor-apis.md`, 2.1).

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use banklink_protocol::problem::ProblemCode;
use serde_json::{Value, json};

use crate::{
    problem::{ApiError, RequestId, take_error},
    wire::private_json,
};

/// Middleware: gives every error its body. What is documented is all there; `message` says what to do besides.
pub(super) async fn render(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(error) = take_error(&mut response) else { return response };
    let (status, body) = translated(&error, &id);
    let mut rendered = (status, private_json(body)).into_response();
    if let Some(seconds) = error.seconds_to_wait() {
        rendered.headers_mut().insert(axum::http::header::RETRY_AFTER, seconds.into());
    }
    rendered
}

fn translated(error: &ApiError, id: &str) -> (StatusCode, Value) {
    let message = error.to_string();
    let plain = |what: &str| json!({ "error": what, "message": message });
    match error.code() {
        ProblemCode::Unauthorized => (StatusCode::UNAUTHORIZED, plain("Invalid credentials")),
        // Of a client that is not known by its secret.
        ProblemCode::Forbidden => (StatusCode::FORBIDDEN, plain("Invalid client credentials")),
        ProblemCode::NotFound => (StatusCode::NOT_FOUND, plain("Not found")),
        ProblemCode::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, plain("Method not allowed")),
        ProblemCode::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, plain("Too many requests")),
        ProblemCode::Unavailable | ProblemCode::DataUnreadable => {
            (StatusCode::SERVICE_UNAVAILABLE, plain("Service unavailable"))
        }
        ProblemCode::Internal => (StatusCode::INTERNAL_SERVER_ERROR, plain("Internal Error")),
        code => {
            let detail = json!({ "error_type": code.as_str(), "field": error.about(), "message": message });
            let error = json!({ "code": "ValidationError", "details": [detail] });
            (StatusCode::BAD_REQUEST, json!({ "success": false, "error": error, "trace_id": id }))
        }
    }
}
