//! Only this page may call its server: a page elsewhere must not make a visitor's browser do it.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::error::HostPageError;
use crate::same_origin::is_same_origin;

/// Refuses requests that do not come from a page of this origin.
pub(super) async fn require(request: Request, next: Next) -> Response {
    if is_same_origin(request.headers(), None) {
        next.run(request).await
    } else {
        HostPageError::ForeignOrigin.into_response()
    }
}
