//! The files that browsers get, and the headers that go with them.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use banklink_protocol::secret::Secret;
use rust_embed::Embed;
use url::{Url, form_urlencoded};

use super::{HostPage, platform};

#[derive(Embed)]
#[folder = "host_page"]
struct Files;

/// `GET /`, and where the widget leads back to.
pub(super) async fn index(State(host): State<Arc<HostPage>>) -> Response {
    page("index.html", &[("{widget}", base(&host.widget_base))])
}

/// The page with the frame, opened with a token.
pub(super) fn plain(widget_base: &Url, token: &Secret) -> Response {
    let token: String = form_urlencoded::byte_serialize(token.expose().as_bytes()).collect();
    page("plain.html", &[("{widget}", base(widget_base)), ("{token}", &token)])
}

/// A page, with its placeholders filled in.
fn page(name: &str, values: &[(&str, &str)]) -> Response {
    let Some(file) = Files::get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let text = String::from_utf8_lossy(&file.data).into_owned();
    Html(values.iter().fold(text, |text, (placeholder, value)| text.replace(placeholder, value))).into_response()
}

/// An address that others are written after.
fn base(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}

/// A file as it is.
#[expect(clippy::unused_async, reason = "handlers are futures")]
pub(super) async fn file(name: &str, content_type: &'static str) -> Response {
    match Files::get(name) {
        Some(file) => ([(header::CONTENT_TYPE, content_type)], file.data).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Our pages run their own scripts and `embed.js`, and frame the widget; nothing else.
pub(super) fn content_security_policy(widget_base: &Url) -> String {
    let widget = widget_base.origin().ascii_serialization();
    let embed = platform::below(widget_base, &["embed.js"]);
    format!(
        "default-src 'none'; script-src 'self' {embed}; style-src 'self'; img-src 'self'; connect-src 'self'; \
         frame-src {widget}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )
}

/// Puts the headers of every answer on one.
#[expect(clippy::unused_async, reason = "middleware is a future")]
pub(super) async fn with_headers(mut response: Response, policy: String) -> Response {
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    response
}
