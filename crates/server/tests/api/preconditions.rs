//! Who changes what somebody else changed since they read it hears of that, if they ask for it.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Answer, World};

const THEME: &str = "/platform/v1/app/theme";

/// A change that is asked for only if a header allows it.
async fn ask(world: &World, method: Method, path: &str, condition: (&str, &str), body: &Value) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {}", world.secret))
        .header(header::CONTENT_TYPE, "application/json")
        .header(condition.0, condition.1);
    world.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// Makes what is changed, and says where it is.
async fn path(world: &World, what: &str) -> String {
    match what {
        "app" => "/platform/v1/app".to_owned(),
        "link" => format!("/platform/v1/links/{}", world.link().await["id"].as_str().unwrap()),
        "webhook" => {
            let body = json!({ "url": "https://app.example/told", "events": [] });
            let added = world.platform(Method::POST, "/platform/v1/app/webhooks", Some(body)).await.ok();
            format!("/platform/v1/app/webhooks/{}", added["webhook"]["id"].as_str().unwrap())
        }
        _ => {
            let body = json!({ "source": "#title-sca { color: #333 }" });
            world.platform(Method::PUT, THEME, Some(body)).await.ok();
            THEME.to_owned()
        }
    }
}

#[rstest]
#[case("app", Method::PATCH, json!({ "name": "One" }), json!({ "name": "Two" }))]
#[case("link", Method::PATCH, json!({ "name": "One" }), json!({ "name": "Two" }))]
#[case("webhook", Method::PATCH, json!({ "events": ["session.linked"] }), json!({ "url": "https://app.example/else" }))]
#[case("theme", Method::PUT, json!({ "source": "#title-sca { color: red }" }), json!({ "source": "" }))]
#[tokio::test]
async fn who_was_second_hears_of_it_and_changes_nothing(
    #[case] what: &str,
    #[case] method: Method,
    #[case] first: Value,
    #[case] second: Value,
) {
    let world = World::new().await;
    let path = path(&world, what).await;
    let read = world.platform(Method::GET, &path, None).await;
    let tag = read.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag:?} is a strong tag");
    assert_eq!(world.platform(Method::GET, &path, None).await.header("etag"), tag);

    let changed = ask(&world, method.clone(), &path, ("if-match", &tag), &first).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let newer = changed.header("etag").to_owned();
    assert_ne!(newer, tag);
    let late = ask(&world, method.clone(), &path, ("if-match", &tag), &second).await;
    assert_eq!((late.status.as_u16(), late.problem().as_str()), (412, "PRECONDITION_FAILED"));
    let there = world.platform(Method::GET, &path, None).await;
    assert_eq!((there.ok(), there.header("etag")), (changed.json(), newer.as_str()));

    // One of several, or whatever is there.
    let either = format!("{tag}, {newer}");
    assert_eq!(ask(&world, method.clone(), &path, ("if-match", &either), &second).await.status, StatusCode::OK);
    assert_eq!(ask(&world, method.clone(), &path, ("if-match", "*"), &first).await.status, StatusCode::OK);
    // As proxies make it that compress what they pass on.
    let weak = format!("W/{}", world.platform(Method::GET, &path, None).await.header("etag"));
    assert_eq!(ask(&world, method, &path, ("if-match", &weak), &second).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_theme_is_set_where_there_is_none_and_restored_as_it_was_read() {
    let world = World::new().await;
    let (red, blue) =
        (json!({ "source": "#title-sca { color: red }" }), json!({ "source": "#title-sca { color: blue }" }));
    let nothing_there = ask(&world, Method::PUT, THEME, ("if-match", "*"), &red).await;
    assert_eq!(nothing_there.problem(), "PRECONDITION_FAILED");
    let set = ask(&world, Method::PUT, THEME, ("if-none-match", "*"), &red).await;
    assert_eq!(set.status, StatusCode::OK);
    let again = ask(&world, Method::PUT, THEME, ("if-none-match", "*"), &blue).await;
    assert_eq!(again.problem(), "PRECONDITION_FAILED");
    assert_eq!(world.platform(Method::GET, THEME, None).await.ok(), set.json());

    world.platform(Method::PUT, THEME, Some(blue)).await.ok();
    let restored = ask(&world, Method::DELETE, THEME, ("if-match", set.header("etag")), &json!({})).await;
    assert_eq!(restored.problem(), "PRECONDITION_FAILED");
    let there = world.platform(Method::GET, THEME, None).await;
    let restored = ask(&world, Method::DELETE, THEME, ("if-match", there.header("etag")), &json!({})).await;
    assert_eq!(restored.status, StatusCode::NO_CONTENT);
}
