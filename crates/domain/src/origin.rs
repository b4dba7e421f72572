//! Which pages may embed an app's widget and talk to it.
//!
//! What an operator writes becomes what a browser says, so that the two compare as text: in `frame-ancestors`, in
//! `postMessage`, and against `event.origin`.

use banklink_protocol::{boot::AllowedOrigin, ids::Origin};
use thiserror::Error;
use url::{Host, Url};

use crate::{
    app::AppMode,
    uri::{authority, has_only_uri_characters, is_app_scheme},
};

/// How [`AllowedOrigin::Localhost`] is written.
pub const LOCALHOST_PATTERN: &str = "http://localhost:*";

/// Longest origin, in bytes: a scheme, the longest host name there is, and a port.
pub const MAX: usize = 300;

/// Why an origin is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OriginError {
    /// No origin at all, `null` included, or not in the characters of one.
    #[error("not an origin such as https://example.com")]
    Malformed,
    /// More than [`MAX`] bytes.
    #[error("longer than {MAX} bytes")]
    TooLong,
    /// A `*` anywhere but in [`LOCALHOST_PATTERN`].
    #[error("wildcards are not allowed")]
    Wildcard,
    /// A scheme that no app can own.
    #[error("the scheme is not allowed")]
    Scheme,
    /// `http` to another machine.
    #[error("http is allowed for localhost and 127.0.0.1 only")]
    Insecure,
    /// `http` in an app that is live.
    #[error("http is allowed in sandbox apps only")]
    SandboxOnly,
    /// An IPv6 address, which `frame-ancestors` can't name.
    #[error("an IPv6 address can't be allowed as a frame's ancestor")]
    Ipv6,
    /// More than scheme, host and port.
    #[error("an origin has no path, query, fragment or user name")]
    NotOnlyOrigin,
}

/// Reads an origin as an operator writes it, for an app of this mode. One slash at the end is forgiven.
pub fn parse(text: &str, mode: AppMode) -> Result<AllowedOrigin, OriginError> {
    if text.len() > MAX {
        return Err(OriginError::TooLong);
    }
    if !has_only_uri_characters(text) {
        return Err(OriginError::Malformed);
    }
    if text.eq_ignore_ascii_case(LOCALHOST_PATTERN) {
        return if mode == AppMode::Sandbox { Ok(AllowedOrigin::Localhost) } else { Err(OriginError::SandboxOnly) };
    }
    if text.contains('*') {
        return Err(OriginError::Wildcard);
    }
    let url = Url::parse(text).map_err(|_| OriginError::Malformed)?;
    let host_and_port = only_authority(text, &url)?;
    let origin = match url.scheme() {
        "https" => web_origin(&url),
        "http" => http_origin(&url, mode),
        scheme if is_app_scheme(scheme) => Ok(format!("{scheme}://{}", host_and_port.to_ascii_lowercase())),
        _ => Err(OriginError::Scheme),
    }?;
    Ok(AllowedOrigin::Exact(Origin::new(origin)))
}

/// The origin as it is stored and shown; [`parse`] reads it.
pub fn as_text(origin: &AllowedOrigin) -> &str {
    match origin {
        AllowedOrigin::Exact(origin) => origin.as_str(),
        AllowedOrigin::Localhost => LOCALHOST_PATTERN,
    }
}

/// The host and port as written, if nothing else is.
fn only_authority<'text>(text: &'text str, url: &Url) -> Result<&'text str, OriginError> {
    let authority = match authority(text) {
        Some(authority) if !authority.is_empty() && !authority.starts_with(':') => authority,
        // A reserved scheme without a host, as `data:`, is told the more useful reason.
        _ if !matches!(url.scheme(), "http" | "https") && !is_app_scheme(url.scheme()) => {
            return Err(OriginError::Scheme);
        }
        _ => return Err(OriginError::Malformed),
    };
    let is_origin = text.strip_suffix('/').unwrap_or(text).ends_with(authority)
        && text.len() <= url.scheme().len() + "://".len() + authority.len() + "/".len();
    if !is_origin || authority.contains('@') {
        Err(OriginError::NotOnlyOrigin)
    } else if authority.starts_with('[') {
        Err(OriginError::Ipv6)
    } else if authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte)) {
        Ok(authority)
    } else {
        // URLs take more, but in a policy a `;` or `,` ends the source and begins what an attacker likes.
        Err(OriginError::Malformed)
    }
}

fn web_origin(url: &Url) -> Result<String, OriginError> {
    if url.has_host() { Ok(url.origin().ascii_serialization()) } else { Err(OriginError::Malformed) }
}

fn http_origin(url: &Url, mode: AppMode) -> Result<String, OriginError> {
    let origin = web_origin(url)?;
    let is_this_machine = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        _ => false,
    };
    match mode {
        _ if !is_this_machine => Err(OriginError::Insecure),
        AppMode::Live => Err(OriginError::SandboxOnly),
        AppMode::Sandbox => Ok(origin),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://example.com", "https://example.com")]
    #[case("https://example.com/", "https://example.com")]
    #[case("HTTPS://App.EXAMPLE.com:443", "https://app.example.com")]
    #[case("https://example.com:8443", "https://example.com:8443")]
    #[case("https://xn--exmple-cua.com", "https://xn--exmple-cua.com")]
    #[case("https://192.0.2.7", "https://192.0.2.7")]
    #[case("capacitor://localhost", "capacitor://localhost")]
    #[case("IONIC://LocalHost", "ionic://localhost")]
    fn an_origin_becomes_what_a_browser_says(#[case] text: &str, #[case] browser: &str) {
        for mode in [AppMode::Sandbox, AppMode::Live] {
            let origin = parse(text, mode).unwrap();
            assert_eq!(origin, AllowedOrigin::Exact(Origin::new(browser)));
            assert_eq!(parse(as_text(&origin), mode), Ok(origin));
        }
    }

    #[rstest]
    #[case("http://localhost", "http://localhost")]
    #[case("http://localhost:80", "http://localhost")]
    #[case("http://localhost:8081/", "http://localhost:8081")]
    #[case("http://127.0.0.1:3000", "http://127.0.0.1:3000")]
    fn plain_http_to_this_machine_is_for_sandbox_apps(#[case] text: &str, #[case] browser: &str) {
        assert_eq!(parse(text, AppMode::Sandbox), Ok(AllowedOrigin::Exact(Origin::new(browser))));
        assert_eq!(parse(text, AppMode::Live), Err(OriginError::SandboxOnly));
    }

    #[test]
    fn any_port_of_localhost_is_for_sandbox_apps() {
        let origin = parse("http://localhost:*", AppMode::Sandbox).unwrap();
        assert_eq!(origin, AllowedOrigin::Localhost);
        assert_eq!(as_text(&origin), "http://localhost:*");
        assert!(origin.allows("http://localhost:8081"));
        assert_eq!(parse("http://localhost:*", AppMode::Live), Err(OriginError::SandboxOnly));
    }

    #[rstest]
    #[case("", OriginError::Malformed)]
    #[case("null", OriginError::Malformed)]
    #[case("*", OriginError::Wildcard)]
    #[case("https://*", OriginError::Wildcard)]
    #[case("https://*.example.com", OriginError::Wildcard)]
    #[case("https://localhost:*", OriginError::Wildcard)]
    #[case("example.com", OriginError::Malformed)]
    #[case("https:example.com", OriginError::Malformed)]
    #[case("https:///example.com", OriginError::Malformed)]
    #[case("https://", OriginError::Malformed)]
    #[case("https://example.com;script-src", OriginError::Malformed)]
    #[case("https://example.com,https://evil.example", OriginError::NotOnlyOrigin)]
    #[case("https://example.com,evil.example", OriginError::Malformed)]
    #[case("app://'none'", OriginError::Malformed)]
    #[case("https://ex%61mple.com", OriginError::Malformed)]
    #[case("https://exa mple.com", OriginError::Malformed)]
    #[case("https://example.com/app", OriginError::NotOnlyOrigin)]
    #[case("https://example.com//", OriginError::NotOnlyOrigin)]
    #[case("https://example.com?a=b", OriginError::NotOnlyOrigin)]
    #[case("https://example.com#a", OriginError::NotOnlyOrigin)]
    #[case("https://user@example.com", OriginError::NotOnlyOrigin)]
    #[case("http://example.com", OriginError::Insecure)]
    #[case("http://127.0.0.2", OriginError::Insecure)]
    #[case("https://[2001:db8::1]", OriginError::Ipv6)]
    #[case("http://[::1]:8080", OriginError::Ipv6)]
    #[case("app://[::1]", OriginError::Ipv6)]
    #[case("file:///", OriginError::Scheme)]
    #[case("data:text/html,x", OriginError::Scheme)]
    #[case("javascript://localhost", OriginError::Scheme)]
    #[case("wss://example.com", OriginError::Scheme)]
    fn anything_else_is_refused_with_its_reason(#[case] text: &str, #[case] reason: OriginError) {
        assert_eq!(parse(text, AppMode::Sandbox), Err(reason));
    }

    proptest! {
        #[test]
        fn an_accepted_origin_is_safe_in_a_policy_and_reads_as_itself(text in "\\PC{0,30}|[a-zA-Z]{2,9}://[a-zA-Z0-9.:;,'*/@-]{0,25}") {
            if let Ok(origin) = parse(&text, AppMode::Sandbox) {
                let written = as_text(&origin);
                prop_assert!(!written.contains([' ', ';', ',', '\'', '"']), "{}", written);
                prop_assert_eq!(parse(written, AppMode::Sandbox), Ok(origin.clone()));
            }
        }
    }
}
