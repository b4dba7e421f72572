//! Which schemes a redirect URI or an origin of a native app may have.

/// Schemes that a browser or system gives a meaning of its own, so that no app can own them: they run code, read
/// local files, or lead nowhere.
const RESERVED: [&str; 21] = [
    "about",
    "blob",
    "chrome",
    "content",
    "data",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "jar",
    "javascript",
    "mailto",
    "resource",
    "sms",
    "ssh",
    "tel",
    "urn",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// Whether `scheme`, in lower case, may be an app's own.
pub(crate) fn is_app_scheme(scheme: &str) -> bool {
    !matches!(scheme, "http" | "https") && !RESERVED.contains(&scheme)
}

/// Whether `text` is made of the characters of RFC 3986 only. Browsers read others too, each in its own way
/// (a backslash as a slash, a tab as nothing), so that what was registered would not be what they open.
pub(crate) fn has_only_uri_characters(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte))
}

/// What stands between `://` and the next `/`, `?` or `#`, if there is a `://`.
pub(crate) fn authority(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    Some(rest.split(['/', '?', '#']).next().unwrap_or(rest))
}
