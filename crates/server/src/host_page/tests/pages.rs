//! The files of the site.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use rstest::rstest;
use serde_json::json;
use tower::ServiceExt;
use url::Url;

use super::{
    super::front_door,
    fake_platform::{COOKIE, Outcome, VISITOR, own_site, site_with_api},
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
#[case("/plain.js", "text/javascript; charset=utf-8")]
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
async fn the_plain_page_frames_the_widget_with_a_token_for_the_visitor_under_the_same_policy() -> Outcome {
    let (site, fake) = own_site().await?;
    let policy_of = async |path: &str| -> Result<_, Box<dyn std::error::Error>> {
        let request = Request::get(path).header(header::COOKIE, COOKIE).body(Body::empty())?;
        let response = site.clone().oneshot(request).await?;
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].clone();
        let kept = response.headers()[header::CACHE_CONTROL].clone();
        let html = String::from_utf8(to_bytes(response.into_body(), 1 << 20).await?.to_vec())?;
        Ok((policy, kept, html))
    };
    let (policy, kept, html) = policy_of("/plain").await?;
    assert_eq!(kept, "no-store");
    assert_eq!(policy, policy_of("/").await?.0);
    let frame = "src=\"http://127.0.0.1:8080/v2/?demo=true&authorizeToken=at_1%262\"";
    assert!(html.contains("id=\"flinks-connect\"") && html.contains(frame), "{html}");
    let asked = fake.asked.lock().map_err(|error| error.to_string())?.clone();
    assert_eq!(asked[0].2, json!({ "parameters": { "external_id": VISITOR } }));
    Ok(())
}

#[rstest]
#[case("/")]
#[case("/plain")]
#[tokio::test]
async fn no_page_holds_inline_scripts_or_styles(#[case] path: &str) -> Outcome {
    let (site, _) = own_site().await?;
    let response = site.oneshot(Request::get(path).body(Body::empty())?).await?;
    let html = String::from_utf8(to_bytes(response.into_body(), 1 << 20).await?.to_vec())?;
    assert!(html.contains("<script ") && !html.contains(['{', '}']), "{html}");
    for inline in ["<style", "style=", "onclick=", "javascript:", "<script>"] {
        assert!(!html.contains(inline), "{inline}");
    }
    Ok(())
}

#[tokio::test]
async fn the_page_loads_the_script_of_the_widget_before_its_own() -> Outcome {
    let site = site_with_api(Url::parse("http://127.0.0.1:9")?)?;
    let response = site.oneshot(Request::get("/").body(Body::empty())?).await?;
    let html = String::from_utf8(to_bytes(response.into_body(), 1 << 20).await?.to_vec())?;
    let position = |script| html.find(script).ok_or_else(|| format!("{script} is not in {html}"));
    let embed = position("<script src=\"http://127.0.0.1:8080/embed.js\" defer></script>")?;
    // A module is deferred too.
    assert!(embed < position("<script type=\"module\" src=\"/host.js\"></script>")?);
    Ok(())
}
