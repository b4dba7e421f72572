//! Only this page may call its server: a page elsewhere must not make a visitor's browser do it.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::error::HostPageError;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses requests that do not come from a page of this origin: browsers send the visitor's cookie along whoever makes
/// them ask.
pub(super) async fn require(request: Request, next: Next) -> Response {
    if is_same_origin(request.headers()) {
        next.run(request).await
    } else {
        HostPageError::ForeignOrigin.into_response()
    }
}

/// Browsers say where a request comes from in `Sec-Fetch-Site`; older ones in `Origin` only. Whoever says neither is
/// no page of ours.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&SEC_FETCH_SITE) {
        return site == "same-origin";
    }
    let Some((_, origin)) = text(&header::ORIGIN).and_then(|origin| origin.split_once("://")) else {
        return false;
    };
    text(&header::HOST) == Some(origin)
}
