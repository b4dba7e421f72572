//! Whether a request comes from a page of our own: browsers send a person's cookie along whoever makes them ask.

use axum::http::{HeaderMap, HeaderName, header};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Browsers say where a request comes from in `Sec-Fetch-Site`; older ones, and any over plain HTTP, in `Origin` only.
/// Whoever says neither is no page of ours. `own` is our origin, where a proxy may ask for another host.
pub fn is_same_origin(headers: &HeaderMap, own: Option<&str>) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&SEC_FETCH_SITE) {
        return site == "same-origin";
    }
    let Some(origin) = text(&header::ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    own == Some(origin) || host.is_some_and(|host| text(&header::HOST) == Some(host))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use rstest::rstest;

    use super::*;

    const OWN: &str = "https://link.example";

    #[rstest]
    #[case(&[("sec-fetch-site", "same-origin")], true)]
    #[case(&[("sec-fetch-site", "same-site"), ("origin", OWN)], false)]
    #[case(&[("sec-fetch-site", "none"), ("origin", OWN)], false)]
    #[case(&[("origin", OWN), ("host", "10.0.0.7:8080")], true)]
    #[case(&[("origin", "http://10.0.0.7:8080"), ("host", "10.0.0.7:8080")], true)]
    #[case(&[("origin", "https://evil.example"), ("host", "link.example")], false)]
    #[case(&[("origin", "null"), ("host", "null")], false)]
    #[case(&[("host", "link.example")], false)]
    fn only_our_own_pages_ask(#[case] headers: &[(&'static str, &'static str)], #[case] expected: bool) {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        assert_eq!(is_same_origin(&headers.collect(), Some(OWN)), expected);
    }
}
