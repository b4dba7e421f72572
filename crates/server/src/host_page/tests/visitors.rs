//! Who asks, and from where.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use rstest::rstest;
use tower::ServiceExt;
use url::Url;

use super::fake_platform::{COOKIE, Outcome, call, own_site, site_with_api};

#[tokio::test]
async fn a_new_browser_gets_a_cookie_of_its_own_that_scripts_cannot_read() -> Outcome {
    let site = site_with_api(Url::parse("http://127.0.0.1:9")?)?;
    let mut cookies = Vec::new();
    for _ in 0..2 {
        let response = site.clone().oneshot(Request::get("/").body(Body::empty())?).await?;
        let cookie = response.headers()[header::SET_COOKIE].to_str()?.to_owned();
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
        cookies.push(cookie);
    }
    assert_ne!(cookies[0], cookies[1]);
    let known = Request::get("/").header(header::COOKIE, COOKIE).body(Body::empty())?;
    assert!(!site.oneshot(known).await?.headers().contains_key(header::SET_COOKIE));
    Ok(())
}

#[rstest]
#[case::fetch_metadata_of_another_site(&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8081")])]
#[case::fetch_metadata_of_a_sibling(&[("sec-fetch-site", "same-site")])]
#[case::typed_into_the_address_bar(&[("sec-fetch-site", "none")])]
#[case::foreign_origin(&[("origin", "http://evil.example")])]
#[case::other_port(&[("origin", "http://localhost:8082")])]
#[case::opaque_origin(&[("origin", "null")])]
#[case::no_origin_at_all(&[])]
#[tokio::test]
async fn a_request_from_elsewhere_is_refused(#[case] headers: &[(&str, &str)]) -> Outcome {
    let (site, fake) = own_site().await?;
    for path in ["/api/token", "/api/exchange", "/api/arrived"] {
        let mut request = call(path, r#"{"code":"good"}"#)?;
        request.headers_mut().remove("sec-fetch-site");
        for (name, value) in headers {
            request.headers_mut().insert(header::HeaderName::from_bytes(name.as_bytes())?, value.parse()?);
        }
        assert_eq!(site.clone().oneshot(request).await?.status(), StatusCode::FORBIDDEN, "{path}");
    }
    assert!(fake.paths().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_browser_without_fetch_metadata_is_known_by_its_origin() -> Outcome {
    let (site, _) = own_site().await?;
    let mut request = call("/api/token", "{}")?;
    request.headers_mut().remove("sec-fetch-site");
    request.headers_mut().insert(header::ORIGIN, "http://localhost:8081".parse()?);
    assert_eq!(site.oneshot(request).await?.status(), StatusCode::OK);
    Ok(())
}

#[rstest]
#[case::no_cookie("")]
#[case::of_another_browser("tuppence_visitor=ffffffffffffffffffffffffffffffff")]
#[case::made_up("tuppence_visitor=6d5e2a3cd8dc1da3")]
#[tokio::test]
async fn another_browser_is_another_visitor(#[case] cookie: &str) -> Outcome {
    let (site, _) = own_site().await?;
    let mut request = call("/api/exchange", r#"{"code":"good"}"#)?;
    request.headers_mut().insert(header::COOKIE, cookie.parse()?);
    assert_eq!(site.oneshot(request).await?.status(), StatusCode::FORBIDDEN);
    Ok(())
}
