//! What headers say.

use axum::http::{HeaderMap, header};
use banklink_protocol::secret::Secret;

/// The bearer credential of a request.
pub fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, credential) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(credential.trim()))
}

/// The languages that the browser asks for, most wanted first.
pub fn accepted_languages(headers: &HeaderMap) -> Vec<String> {
    let Some(value) = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
        return Vec::new();
    };
    let mut tags: Vec<(&str, f32)> = value
        .split(',')
        .take(20)
        .map(|part| {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            (tag.trim(), weight.trim().parse().unwrap_or(0.0))
        })
        .collect();
    tags.sort_by(|left, right| right.1.total_cmp(&left.1));
    tags.into_iter().map(|(tag, _)| tag.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn languages_come_most_wanted_first() {
        let value = HeaderValue::from_static("en;q=0.5, fr-CA, ca;q=0.8");
        let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]);
        assert_eq!(accepted_languages(&headers), ["fr-CA", "ca", "en"]);
    }
}
