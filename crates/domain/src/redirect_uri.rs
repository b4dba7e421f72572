//! Where a person may be sent at the end.

use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

use crate::uri::{authority, has_only_uri_characters, is_app_scheme};

/// A redirect URI that an app registered: `https`, `http` to this very machine, or a scheme of the app's own, as
/// `myapp://linked`.
///
/// It is kept and compared as the text that was registered, never normalised (RFC 6749, section 3.1.2.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

/// Why a redirect URI is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RedirectUriError {
    /// No absolute URI, or not in the characters of one.
    #[error("not a well-formed absolute URI")]
    Malformed,
    /// More than [`RedirectUri::MAX`] bytes.
    #[error("longer than {} bytes", RedirectUri::MAX)]
    TooLong,
    /// A scheme that no app can own, as `javascript`.
    #[error("the scheme is not allowed")]
    Scheme,
    /// `http` to another machine.
    #[error("http is allowed for localhost, 127.0.0.1 and [::1] only")]
    Insecure,
    /// `https` or `http` without a host.
    #[error("the host is missing")]
    Host,
    /// A user name or password before the host.
    #[error("user names and passwords are not allowed")]
    UserInfo,
    /// A `#`, where parameters added to the query would be lost.
    #[error("fragments are not allowed")]
    Fragment,
}

impl RedirectUri {
    /// Longest URI, in bytes.
    pub const MAX: usize = 2000;

    /// Checks `text` and keeps it as it is.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        if text.len() > Self::MAX {
            return Err(RedirectUriError::TooLong);
        }
        if !has_only_uri_characters(text) {
            return Err(RedirectUriError::Malformed);
        }
        if text.contains('#') {
            return Err(RedirectUriError::Fragment);
        }
        let url = Url::parse(text).map_err(|error| match error {
            url::ParseError::EmptyHost => RedirectUriError::Host,
            _ => RedirectUriError::Malformed,
        })?;
        if authority(text).is_some_and(|authority| authority.contains('@')) {
            return Err(RedirectUriError::UserInfo);
        }
        check_target(text, &url)?;
        Ok(Self(text.to_owned()))
    }

    /// Its scheme in lower case, if that is an app's own.
    pub fn app_scheme(&self) -> Option<String> {
        let (scheme, _) = self.0.split_once(':')?;
        let scheme = scheme.to_ascii_lowercase();
        is_app_scheme(&scheme).then_some(scheme)
    }

    /// The text that was registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_target(text: &str, url: &Url) -> Result<(), RedirectUriError> {
    match url.scheme() {
        "https" => check_host(text),
        "http" => {
            check_host(text)?;
            if is_this_machine(url) { Ok(()) } else { Err(RedirectUriError::Insecure) }
        }
        scheme if is_app_scheme(scheme) => Ok(()),
        _ => Err(RedirectUriError::Scheme),
    }
}

/// Browsers read `https:host` and `https:///host` as `https://host`; here only the last is one.
fn check_host(text: &str) -> Result<(), RedirectUriError> {
    match authority(text) {
        Some(authority) if !authority.is_empty() && !authority.starts_with(':') => Ok(()),
        _ => Err(RedirectUriError::Host),
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
        None => false,
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = RedirectUriError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://example.com/callback")]
    #[case("https://example.com")]
    #[case("https://EXAMPLE.com:8443/a?b=c&d=%20")]
    #[case("http://localhost:3000/cb")]
    #[case("http://127.0.0.1/cb")]
    #[case("http://[::1]:8080/cb")]
    #[case("myapp://cb")]
    #[case("com.example.app:/cb")]
    fn a_well_formed_uri_is_kept_as_it_was_written(#[case] text: &str) {
        assert_eq!(RedirectUri::parse(text).as_ref().map(RedirectUri::as_str), Ok(text));
    }

    #[rstest]
    #[case("", RedirectUriError::Malformed)]
    #[case("/callback", RedirectUriError::Malformed)]
    #[case("example.com/callback", RedirectUriError::Malformed)]
    #[case(" https://example.com", RedirectUriError::Malformed)]
    #[case("https://example.com/\n", RedirectUriError::Malformed)]
    #[case("java\tscript:alert(1)", RedirectUriError::Malformed)]
    #[case("https:\\\\example.com", RedirectUriError::Malformed)]
    #[case("https://exämple.com", RedirectUriError::Malformed)]
    #[case("https://example.com:99999/", RedirectUriError::Malformed)]
    #[case("https://", RedirectUriError::Host)]
    #[case("https:example.com", RedirectUriError::Host)]
    #[case("https:///example.com", RedirectUriError::Host)]
    #[case("http://example.com/cb", RedirectUriError::Insecure)]
    #[case("http://localhost.example.com/cb", RedirectUriError::Insecure)]
    #[case("http://127.0.0.2/cb", RedirectUriError::Insecure)]
    #[case("http://0.0.0.0/cb", RedirectUriError::Insecure)]
    #[case("https://user@example.com/", RedirectUriError::UserInfo)]
    #[case("https://user:password@example.com/", RedirectUriError::UserInfo)]
    #[case("https://@example.com/", RedirectUriError::UserInfo)]
    #[case("myapp://user@cb", RedirectUriError::UserInfo)]
    #[case("https://example.com/#", RedirectUriError::Fragment)]
    #[case("https://example.com/cb#here", RedirectUriError::Fragment)]
    #[case("javascript:alert(1)", RedirectUriError::Scheme)]
    #[case("JavaScript:alert(1)", RedirectUriError::Scheme)]
    #[case("data:text/html,hello", RedirectUriError::Scheme)]
    #[case("blob:https://example.com/1", RedirectUriError::Scheme)]
    #[case("file:///etc/passwd", RedirectUriError::Scheme)]
    #[case("about:blank", RedirectUriError::Scheme)]
    #[case("vbscript:msgbox", RedirectUriError::Scheme)]
    #[case("view-source:https://example.com", RedirectUriError::Scheme)]
    #[case("wss://example.com/", RedirectUriError::Scheme)]
    fn anything_else_is_refused_with_its_reason(#[case] text: &str, #[case] reason: RedirectUriError) {
        assert_eq!(RedirectUri::parse(text), Err(reason));
    }

    #[test]
    fn two_thousand_bytes_are_the_most() {
        let start = "https://example.com/";
        let longest = format!("{start}{}", "a".repeat(RedirectUri::MAX - start.len()));
        assert!(RedirectUri::parse(&longest).is_ok());
        assert_eq!(RedirectUri::parse(&format!("{longest}a")), Err(RedirectUriError::TooLong));
    }

    #[test]
    fn uris_compare_as_text() {
        assert_ne!(RedirectUri::parse("https://example.com"), RedirectUri::parse("https://example.com/"));
        assert_ne!(RedirectUri::parse("https://example.com/"), RedirectUri::parse("https://EXAMPLE.com/"));
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_opens_over_https_on_this_machine_or_in_an_app(text in "\\PC{0,40}|(https?|javascript|data|file|app):(//)?[a-z@:\\[\\]./?#%\\\\]{0,30}") {
            if let Ok(uri) = RedirectUri::parse(&text) {
                prop_assert_eq!(uri.as_str(), &text);
                let url = Url::parse(uri.as_str()).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert!(url.fragment().is_none() && url.username().is_empty() && url.password().is_none());
                match url.scheme() {
                    "https" => prop_assert!(url.has_host()),
                    "http" => prop_assert!(is_this_machine(&url)),
                    scheme => prop_assert!(is_app_scheme(scheme)),
                }
            }
        }
    }
}
