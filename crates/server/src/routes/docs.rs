//! `/platform/docs`: the platform API, as a page and as OpenAPI; and what each problem means and what to do about it, which
//! `docs/problems.md` tells too.

use std::sync::LazyLock;

use axum::{
    Json, Router,
    http::header,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use banklink_protocol::problem::ProblemCode;
use serde_json::{Value, json};

use crate::{routes::platform, serve::MAX_HEADER, state::AppState};

mod reference;

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/platform/docs", get(reference))
        .route("/platform/docs/problems", get(problems))
        .route("/platform/docs/docs.css", get(style))
        .route("/platform/openapi.json", get(description))
}

/// The platform API as OpenAPI 3.1.
static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| json!(platform::description()));

async fn description() -> Json<&'static Value> {
    Json(&DESCRIPTION)
}

/// The same for people.
static REFERENCE: LazyLock<String> = LazyLock::new(|| reference::html(&DESCRIPTION));

async fn reference() -> Response {
    page("Platform API", &REFERENCE)
}

async fn problems() -> Response {
    page(TITLE, &problems_html())
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("docs/docs.css"))
}

/// A page of text.
fn page(title: &str, content: &str) -> Response {
    let html = include_str!("docs/page.html").replace("{title}", title).replace("{content}", content);
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response()
}

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the caller can do, beyond what the problem's own detail says.
const fn advice(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::InvalidRequest => "Correct the request: its body, or its form, is not what is documented.",
        ProblemCode::InvalidParameter => "Correct the value of the parameter or field that the problem names.",
        ProblemCode::Unauthorized => "Send the app's client secret, or the session's key, as a bearer token.",
        ProblemCode::Forbidden => "Use credentials that may do this.",
        ProblemCode::NotFound => "Check the address and the ids in it; what is another app's is not found either.",
        ProblemCode::MethodNotAllowed => "Use one of the methods that the Allow header lists.",
        ProblemCode::Conflict => "Read the thing again, and decide by its state.",
        ProblemCode::PayloadTooLarge => "Send a smaller body.",
        ProblemCode::UnsupportedMediaType => "Send the body as application/json.",
        ProblemCode::TokenInvalid => "Get a new authorize token, and load the page again with it.",
        ProblemCode::SessionExpired => "Begin a new session with a new token: this one is over.",
        ProblemCode::StepInProgress => "Read the session again in a moment: another request is carrying its step out.",
        ProblemCode::CodeInvalid => "Take the code from a new redirect: each is for one use, for a while, by one app.",
        ProblemCode::TooManyRequests => "Send fewer requests, and this one again later.",
        ProblemCode::VersionMismatch => "Reload the page: the server was updated.",
        ProblemCode::Unavailable => "Send the request again after the seconds that the Retry-After header tells.",
        ProblemCode::Internal => "Try again; if it goes on, tell support the request id.",
        ProblemCode::PreconditionFailed => "Read the thing again, and send the change with the ETag that it has now.",
        ProblemCode::DataUnreadable => {
            "Try again later. If it goes on, send the person through the widget with a re-authorisation token for \
             their credentials: what is kept of the connection is replaced then. Others can still be read."
        }
    }
}

const TITLE: &str = "Problems";

fn introduction() -> [String; 2] {
    [
        "Every error is answered as application/problem+json (RFC 9457). Programs look at the code; the detail says \
         what is wrong this time, the parameter where, and the request id finds the request in the server's log."
            .to_owned(),
        format!(
            "An address of more than 65,534 bytes, or a header of more than {} KiB, can't be read as a request \
             at all: it is answered 414 or 431 with an empty body, and the connection is closed.",
            MAX_HEADER / 1024
        ),
    ]
}

/// The anchor in a problem's `type`.
pub fn anchor(code: ProblemCode) -> String {
    code.as_str().to_ascii_lowercase()
}

fn problems_html() -> String {
    let mut html = format!("<h1>{TITLE}</h1>\n");
    html.extend(introduction().map(|paragraph| format!("<p>{paragraph}</p>\n")));
    html.extend(ProblemCode::ALL.map(|code| {
        let (id, name, status, title) = (anchor(code), code.as_str(), code.status(), code.title());
        format!("<h2 id=\"{id}\"><code>{name}</code></h2>\n<p>{status}. {title}. {}</p>\n", advice(code))
    }));
    html
}

/// The same as Markdown.
pub fn problems_markdown() -> String {
    let mut markdown = format!("# {TITLE}\n\n");
    markdown.extend(introduction().map(|paragraph| format!("{paragraph}\n\n")));
    markdown += "| code | status | what it means | what to do |\n| --- | --- | --- | --- |\n";
    markdown.extend(ProblemCode::ALL.map(|code| {
        let (name, status, title) = (code.as_str(), code.status(), code.title());
        format!("| `{name}` | {status} | {title} | {} |\n", advice(code))
    }));
    markdown
}
