//! The widget's pages as HTML: templates filled with escaped values, and the headers that go with them.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use banklink_domain::origin;
use banklink_flow::Event;
use banklink_platform::texts::Text;
use banklink_protocol::{
    boot::{AllowedOrigin, Boot},
    session::Step,
};
use banklink_widget::{first_screen, screen_after};
use html_escape::encode_double_quoted_attribute;
use url::Url;

use crate::{
    assets::Assets,
    locale::{Direction, Locale},
};

/// The page of a known app.
#[derive(Debug)]
pub struct LinkPage<'a> {
    /// Its first data.
    pub boot: &'a Boot,
    /// The app's origins, which may frame it and hear it.
    pub origins: &'a [AllowedOrigin],
    /// How it talks to the app around it: `webview`, `stringify`.
    pub manner: &'a str,
    /// The colours that it is asked to have.
    pub colors: &'a str,
    /// `auto`, `light` or `dark`.
    pub theme: &'a str,
    /// Address of the app's stylesheet, if it has one.
    pub stylesheet: Option<&'a str>,
}

/// Answers the widget's page. Framing is allowed to the app's origins only.
pub fn link_page(assets: &Assets, locale: &Locale, page: &LinkPage<'_>) -> Response {
    let boot = postcard::to_allocvec(page.boot).unwrap_or_default();
    let theme_link = page
        .stylesheet
        .map_or_else(String::new, |path| format!(r#"<link rel="stylesheet" href="{}" id="bl-theme">"#, escape(path)));
    let starts_early = matches!(page.boot.first, Some(Step::Consent(_) | Step::Institutions(_) | Step::Credentials(_)));
    let lines = if starts_early { locale.first_lines() } else { &locale.widget_lines };
    let screen = first_screen(page.boot, locale.direction == Direction::Rtl, lines);
    let html = fill(assets.template("link.html"), |name| {
        Some(match name {
            "theme_link" => theme_link.clone(),
            "language" => escape(&locale.tag),
            "direction" => locale.direction.as_str().to_owned(),
            "theme" => escape(page.theme),
            "title" => escape(&locale.fill("page.title", &[("app", &page.boot.app_name)])),
            "screen" => screen.clone(),
            "noscript" => escape(locale.text("page.noscript")),
            "unsupported_title" => escape(locale.text("page.unsupported_title")),
            "unsupported_text" => escape(locale.text("page.unsupported_text")),
            "base_css" => escape(assets.path("base.css")),
            "script" => escape(assets.path("widget.js")),
            "wasm" => escape(assets.path("widget.wasm")),
            "rest" => if starts_early { " data-rest" } else { "" }.to_owned(),
            "texts" => escape(lines),
            "boot" => escape(&legible(&boot)),
            "origins" => escape(&source_list(page.origins)),
            "manner" => escape(page.manner),
            "colors" => escape(page.colors),
            _ => return None,
        })
    });
    respond(StatusCode::OK, html, Some(&frame_ancestors(page.origins)))
}

/// Answers the dashboard's page. Nobody frames it. `support`: where operators turn for help.
pub fn dashboard_page(assets: &Assets, locale: &Locale, support: Option<&Url>) -> Response {
    let html = fill(assets.template("dashboard.html"), |name| {
        Some(match name {
            "language" => escape(&locale.tag),
            "direction" => locale.direction.as_str().to_owned(),
            "noscript" => escape(locale.text("page.noscript")),
            "broken_title" => escape(locale.dashboard(Text::BrokenTitle)),
            "broken_text" => escape(locale.dashboard(Text::BrokenText)),
            "base_css" => escape(assets.path("base.css")),
            "css" => escape(assets.path("dashboard.css")),
            "script" => escape(assets.path("dashboard.js")),
            "wasm" => escape(assets.path("dashboard.wasm")),
            "support" => escape(support.map_or("", Url::as_str)),
            "texts" => escape(&locale.dashboard_lines),
            _ => return None,
        })
    });
    let mut response = respond(StatusCode::OK, html, Some("'none'"));
    add_policy(&mut response, "frame-src 'self'");
    response
}

/// Answers the screen of the widget that somebody sees after all of this, for who tries a theme. It is there to be looked
/// at.
pub fn preview_page(assets: &Assets, locale: &Locale, boot: &Boot, events: Vec<Event>) -> Response {
    let screen = screen_after(boot, events, locale.direction == Direction::Rtl, &locale.widget_lines);
    let html = fill(assets.template("preview.html"), |name| {
        Some(match name {
            "language" => escape(&locale.tag),
            "direction" => locale.direction.as_str().to_owned(),
            "theme" => "auto".to_owned(),
            "title" => escape(&locale.fill("page.title", &[("app", &boot.app_name)])),
            "base_css" => escape(assets.path("base.css")),
            "screen" => screen.clone(),
            _ => return None,
        })
    });
    respond(StatusCode::OK, html, Some("'self'"))
}

/// Adds a directive to a page's policy.
fn add_policy(response: &mut Response, directive: &str) {
    let policy = response.headers().get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    if let Ok(policy) = HeaderValue::from_str(&format!("{}; {directive}", policy.unwrap_or_default())) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Answers the page of a token that belongs to no app we know: nothing to type, framed by anyone. That is said by saying
/// nothing: `frame-ancestors *` would leave out schemes of apps' own, as `capacitor://`.
pub fn token_invalid_page(assets: &Assets, locale: &Locale) -> Response {
    let html = fill(assets.template("token-invalid.html"), |name| {
        Some(match name {
            "language" => escape(&locale.tag),
            "direction" => locale.direction.as_str().to_owned(),
            "title" => escape(locale.text("token_invalid.title")),
            "text" => escape(locale.text("token_invalid.text")),
            "base_css" => escape(assets.path("base.css")),
            "script" => escape(assets.path("token-invalid.js")),
            _ => return None,
        })
    });
    respond(StatusCode::UNAUTHORIZED, html, None)
}

/// Answers the page of a request that failed on our side, under the id that finds it in the log. Whose page it is may not
/// be known, so it is framed by anyone, and says nothing to whoever frames it.
pub fn failure_page(assets: &Assets, locale: &Locale, status: StatusCode, request_id: &str) -> Response {
    let html = fill(assets.template("failure.html"), |name| {
        Some(match name {
            "language" => escape(&locale.tag),
            "direction" => locale.direction.as_str().to_owned(),
            "title" => escape(locale.text("failure.title")),
            "text" => escape(locale.text("failure.text")),
            "retry" => escape(locale.text("failure.retry")),
            "reference" => escape(&locale.fill("failure.reference", &[("id", request_id)])),
            "base_css" => escape(assets.path("base.css")),
            _ => return None,
        })
    });
    respond(status, html, None)
}

/// What the window says that the bank's own page was in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankReturnPage {
    /// The person may close it.
    Done,
    /// The person may close it, or go back to the app whose webview the widget is in.
    BackTo {
        /// What the app is called.
        app: String,
        /// An address that brings it to the front.
        uri: String,
    },
    /// Nothing waits for them any more.
    Over,
}

/// Answers the page that a person comes back to from the bank's own.
pub fn bank_return_page(assets: &Assets, locale: &Locale, page: &BankReturnPage, status: StatusCode) -> Response {
    let (title, text) = match page {
        BankReturnPage::Done | BankReturnPage::BackTo { .. } => ("bank_return.title", "bank_return.text"),
        BankReturnPage::Over => ("bank_return.over_title", "bank_return.over_text"),
    };
    let back = if let BankReturnPage::BackTo { app, uri } = page {
        let words = locale.fill("bank_return.back", &[("app", app)]);
        format!(r#"<a class="bl-button" href="{}">{}</a>"#, escape(uri), escape(&words))
    } else {
        String::new()
    };
    let html = fill(assets.template("bank-return.html"), |name| {
        Some(match name {
            "back" => back.clone(),
            "language" => escape(&locale.tag),
            "direction" => locale.direction.as_str().to_owned(),
            "title" => escape(locale.text(title)),
            "text" => escape(locale.text(text)),
            "base_css" => escape(assets.path("base.css")),
            "script" => escape(assets.path("bank-return.js")),
            _ => return None,
        })
    });
    respond(status, html, Some("'none'"))
}

/// Answers the login page of the sandbox's OAuth bank.
pub fn sandbox_bank_page(assets: &Assets, locale: &Locale, redirect_uri: &str, state: &str) -> Response {
    let html = fill(assets.template("sandbox-bank.html"), |name| {
        Some(match name {
            "language" => escape(&locale.tag),
            "direction" => locale.direction.as_str().to_owned(),
            "title" => escape(locale.text("sandbox_bank.title")),
            "text" => escape(locale.text("sandbox_bank.text")),
            "username" => escape(locale.text("sandbox.username")),
            "allow" => escape(locale.text("sandbox_bank.allow")),
            "deny" => escape(locale.text("sandbox_bank.deny")),
            "break" => escape(locale.text("sandbox_bank.break")),
            "redirect_uri" => escape(redirect_uri),
            "state" => escape(state),
            "base_css" => escape(assets.path("base.css")),
            _ => return None,
        })
    });
    let mut response = respond(StatusCode::OK, html, Some("'none'"));
    // The one page of ours with a form that the browser sends.
    let policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; \
                  frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// `ancestors`: who may frame the page, if not everyone.
fn respond(status: StatusCode, html: String, ancestors: Option<&str>) -> Response {
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'{}",
        ancestors.map_or_else(String::new, |ancestors| format!("; frame-ancestors {ancestors}"))
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    );
    response
}

/// The `frame-ancestors` of an app's origins.
fn frame_ancestors(origins: &[AllowedOrigin]) -> String {
    if origins.is_empty() { "'none'".to_owned() } else { source_list(origins) }
}

/// Origins as a policy writes them, with spaces between.
fn source_list(origins: &[AllowedOrigin]) -> String {
    origins.iter().map(origin::as_text).collect::<Vec<_>>().join(" ")
}

/// Fills `{name}` in a template, once: what is filled in is not looked at again. Braces around anything else stay.
fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from_open) = rest.split_at(open);
        filled.push_str(before);
        let name = from_open[1..].split('}').next().unwrap_or_default();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if let Some(value) = is_name.then(|| value(name)).flatten() {
            filled.push_str(&value);
            rest = &from_open[name.len() + 2..];
        } else {
            filled.push('{');
            rest = &from_open[1..];
        }
    }
    filled.push_str(rest);
    filled
}

/// Text as HTML text or as the value of a quoted attribute.
fn escape(text: &str) -> String {
    encode_double_quoted_attribute(text).into_owned()
}

/// Bytes as text of a page: what is text in them is legible, so that it is compressed with the page's own; any other byte
/// is 256 characters further on, where no character means anything to HTML.
fn legible(bytes: &[u8]) -> String {
    let shown = |byte: &u8| match byte {
        b' '..=b'~' => char::from(*byte),
        other => char::from_u32(0x100 + u32::from(*other)).unwrap_or_default(),
    };
    bytes.iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_escaped_and_not_filled_again() {
        let filled = fill("<p title=\"{a}\">{a} {unknown} { }{b}</p>", |name| match name {
            "a" => Some(escape("<{b}> & 'x'")),
            "b" => Some("2".to_owned()),
            _ => None,
        });
        assert_eq!(filled, "<p title=\"&lt;{b}&gt; &amp; 'x'\">&lt;{b}&gt; &amp; 'x' {unknown} { }2</p>");
    }

    #[test]
    fn an_app_without_origins_is_framed_by_nobody() {
        assert_eq!(frame_ancestors(&[]), "'none'");
        let both = [AllowedOrigin::Exact("https://app.example".into()), AllowedOrigin::Localhost];
        assert_eq!(frame_ancestors(&both), "https://app.example http://localhost:*");
    }
}
