//! Who asks the data endpoints, and what is said with every answer of theirs.

use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use banklink_domain::authorization::DataScope;

use super::error::FdxError;
use crate::{
    problem::{RequestId, take_error},
    routes::headers::bearer,
    services::data_recipients::{self, Reader},
    state::AppState,
};

/// The recipient's own name for what a person agreed to.
pub(super) const CORRELATION: HeaderName = HeaderName::from_static("ob-correlation-id");

/// Ours for the request.
const TRACE: HeaderName = HeaderName::from_static("ob-trace-id");

/// Middleware: lets readers in, gives every error its body, and names the authorization and the request in every answer.
pub(super) async fn admit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let trace = request.extensions().get::<RequestId>().cloned();
    let reader = match bearer(request.headers()) {
        Some(token) => data_recipients::reader(&state, &token).await.map_err(FdxError::from),
        None => Err(FdxError::Token("Send an access token: `Authorization: Bearer …`.".to_owned())),
    };
    let (mut response, correlation) = match reader {
        Ok(reader) => {
            let correlation = reader.correlation_id.clone();
            request.extensions_mut().insert(reader);
            (next.run(request).await, correlation)
        }
        Err(error) => (error.into_response(), None),
    };
    if let Some(error) = take_error(&mut response) {
        response = FdxError::from(error).into_response();
    }
    for (name, value) in [(CORRELATION, correlation), (TRACE, trace.map(|id| id.0))] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The reader, as handlers take it.
pub(super) type Admitted = Extension<Reader>;

/// Refuses what the person did not agree to.
pub(super) fn needs(reader: &Reader, scope: DataScope) -> Result<(), FdxError> {
    if reader.scopes.contains(scope) {
        Ok(())
    } else {
        Err(FdxError::NotAuthorized(format!("The person was not asked for {}.", scope.as_str())))
    }
}
