//! The files of the site.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use rstest::rstest;
use tower::ServiceExt;
use url::Url;

use super::{
    super::front_door,
    fake_platform::{Outcome, site_with_api},
};

#[rstest]
#[case("/", "http://localhost:8081/")]
#[case("/favicon.ico", "http://localhost:8081/icon.svg")]
#[tokio::test]
async fn the_widgets_own_front_door_leads_to_the_page(#[case] path: &str, #[case] expected: &str) -> Outcome {
    let door = front_door(&Url::parse("http://localhost:8081")?);
    let response = door.oneshot(Request::get(path).body(Body::empty())?).await?;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(response.headers()[header::LOCATION], expected);
    Ok(())
}

#[rstest]
#[case("/", "text/html; charset=utf-8")]
#[case("/callback", "text/html; charset=utf-8")]
#[case("/host.js", "text/javascript; charset=utf-8")]
#[case("/host.css", "text/css; charset=utf-8")]
#[case("/icon.svg", "image/svg+xml")]
#[tokio::test]
async fn files_come_with_their_type_and_a_policy_that_lets_the_widget_in_only(
    #[case] path: &str,
    #[case] content_type: &str,
) -> Outcome {
    let site = site_with_api(Url::parse("http://127.0.0.1:9")?)?;
    let response = site.oneshot(Request::get(path).body(Body::empty())?).await?;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], content_type);
    assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str()?.to_owned();
    for part in ["script-src 'self' http://127.0.0.1:8080/embed.js;", "frame-src http://127.0.0.1:8080;"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!to_bytes(response.into_body(), 1 << 20).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_page_holds_no_inline_script_or_style() -> Outcome {
    let site = site_with_api(Url::parse("http://127.0.0.1:9")?)?;
    let response = site.oneshot(Request::get("/").body(Body::empty())?).await?;
    let html = String::from_utf8(to_bytes(response.into_body(), 1 << 20).await?.to_vec())?;
    assert!(html.contains("<script src=\"http://127.0.0.1:8080/embed.js\" defer></script>"), "{html}");
    assert!(html.contains("<script type=\"module\" src=\"/host.js\"></script>"));
    for inline in ["<style", "style=", "onclick=", "javascript:", "<script>"] {
        assert!(!html.contains(inline), "{inline}");
    }
    Ok(())
}
