//! Every error has the one documented shape.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use banklink_protocol::{
    POSTCARD,
    problem::{Problem, ProblemCode},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::World;

#[rstest]
#[case(Method::GET, "/nowhere", "", "", "NOT_FOUND")]
#[case(Method::DELETE, "/link/api/1/open", "", "", "METHOD_NOT_ALLOWED")]
#[case(Method::POST, "/link/api/1/open", "text/plain", "hello", "UNSUPPORTED_MEDIA_TYPE")]
#[case(Method::POST, "/link/api/1/open", "", "{}", "UNSUPPORTED_MEDIA_TYPE")]
#[case(Method::POST, "/link/api/1/open", "application/json", "{", "INVALID_REQUEST")]
#[case(Method::POST, "/link/api/1/open", "application/json", "{\"path\": 1}", "INVALID_PARAMETER")]
#[case(Method::POST, "/link/api/1/open", "application/json", "{\"surprise\": 1}", "INVALID_PARAMETER")]
#[case(Method::POST, "/link/api/1/open", POSTCARD, "\u{1}", "INVALID_REQUEST")]
#[case(Method::GET, "/link/api/1/session", "", "", "UNAUTHORIZED")]
#[case(Method::GET, "/platform/v1/connections/x/accounts/y/transactions?limit=many", "", "", "UNAUTHORIZED")]
#[tokio::test]
async fn whatever_is_wrong_is_told_in_one_shape(
    #[case] method: Method,
    #[case] path: &str,
    #[case] kind: &str,
    #[case] body: &'static str,
    #[case] code: &str,
) {
    let world = World::new().await;
    let mut request = Request::builder().method(method).uri(path);
    if !kind.is_empty() {
        request = request.header("content-type", kind);
    }
    assert_eq!(world.send(request.body(Body::from(body)).unwrap()).await.problem(), code);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let world = World::new().await;
    let body = json!({ "path": "/v2/", "query": "x".repeat(200_000), "session_key": null });
    let refused = world.call(Method::POST, "/link/api/1/open", "", Some(body)).await;
    assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"));
}

#[tokio::test]
async fn an_overlong_value_is_refused_and_the_step_stays() {
    let world = World::new().await;
    let person = world.person("bank=testbank").await;
    let long = json!([{ "field": "username", "value": "x".repeat(1025) }]);
    assert_eq!(person.try_to(json!({ "SubmitCredentials": long })).await.problem(), "INVALID_REQUEST");
    assert_eq!(person.reads().await.ok(), person.state);
}

#[tokio::test]
async fn a_value_that_no_screen_sends_is_refused_before_it_is_kept() {
    let world = World::new().await;
    let person = world.person("").await;
    let long = "x".repeat(60_000);
    for intent in [json!({ "ChooseInstitution": long }), json!({ "AcceptConsent": { "text_hash": long } })] {
        assert_eq!(person.try_to(intent).await.problem(), "INVALID_REQUEST");
    }
    assert_eq!(person.reads().await.ok(), person.state);
}

#[rstest]
#[case(Method::POST, "/link/api/0/open")]
#[case(Method::GET, "/link/api/2/session")]
#[case(Method::GET, "/link/api/1/nothing")]
#[case(Method::GET, "/link/api")]
#[tokio::test]
async fn a_widget_of_another_version_hears_that_it_is_one(#[case] method: Method, #[case] path: &str) {
    let world = World::new().await;
    assert_eq!(world.call(method, path, "", None).await.problem(), "VERSION_MISMATCH");
}

#[rstest]
#[case("transactions?limit=-1", "limit")]
#[case("transactions?limit=abc", "limit")]
#[case("transactions?limit=0", "limit")]
#[case("transactions?limit=501", "limit")]
#[case("transactions?from=2025-13-01", "from")]
#[case("transactions?to=today", "to")]
#[case("transactions?cursor=nonsense", "cursor")]
#[tokio::test]
async fn a_parameter_of_the_address_that_is_wrong_is_named(#[case] rest: &str, #[case] name: &str) {
    let world = World::new().await;
    let path = format!("{}/accounts/any/{rest}", world.connection("anna", "").await);
    let refused = world.platform(Method::GET, &path, None).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!(name)));
}

#[rstest]
#[case("/platform/v1/link_codes?link_id=bogus", "link_id")]
#[case("/platform/v1/link_codes?cursor=nonsense", "cursor")]
#[case("/platform/v1/link_codes?limit=501", "limit")]
#[case("/platform/v1/connections/%ff", "connection")]
#[case("/platform/v1/connections/%ff/accounts", "connection")]
#[tokio::test]
async fn a_part_of_the_address_that_is_wrong_is_named(#[case] path: &str, #[case] name: &str) {
    let world = World::new().await;
    let refused = world.platform(Method::GET, path, None).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!(name)));
}

#[rstest]
#[case("connections?externalId=42", "externalId", "There is no such parameter: this takes `external_id`, ")]
#[case("connections?external_id=42&external_id=43", "external_id", "Send this parameter once.")]
#[case("app?limit=5", "limit", "There is no such parameter: this takes none in its address.")]
#[tokio::test]
async fn a_filter_with_a_typo_lists_nobody(#[case] rest: &str, #[case] name: &str, #[case] told: &str) {
    let world = World::new().await;
    let refused = world.platform(Method::GET, &format!("/platform/v1/{rest}"), None).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!(name)));
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with(told), "{detail}");
}

const SECRET: &str = "hunter2, expected `nothing`";

#[rstest]
#[case("links", json!({ "name": "n" }), "redirect_uri", "Send this field: it is required.")]
#[case("links", json!({ "name": SECRET, "uri": "x" }), "uri",
    "There is no such field here: one of `name`, `redirect_uri`, `company_name`, `terms_url`, `privacy_url` is known.")]
#[case("links", json!({ "name": [SECRET] }), "name", "Send a string.")]
#[case("links", json!([]), "", "Send an object.")]
#[case("links", json!(SECRET), "", "Send an object.")]
#[case("link_codes/exchange", json!({ "code": { SECRET: 1 } }), "code", "Send a string.")]
#[case("authorize_tokens", json!({ "parameters": { "tag": 5 } }), "parameters.tag", "Send a string.")]
#[case("authorize_tokens", json!({ "parameters": [SECRET] }), "parameters", "Send an object.")]
#[case("app/webhooks", json!({ "url": "https://app.example/", "style": SECRET }), "style",
    "Send one of `standard`, `flinks_hmac`, `finlink_jwt`.")]
#[tokio::test]
async fn a_body_of_another_shape_is_told_what_to_send_and_never_what_was_sent(
    #[case] path: &str,
    #[case] body: Value,
    #[case] name: &str,
    #[case] told: &str,
) {
    let world = World::new().await;
    let refused = world.platform(Method::POST, &format!("/platform/v1/{path}"), Some(body)).await;
    let problem = refused.json();
    let parameter = problem["parameter"].as_str().unwrap_or_default();
    assert_eq!((refused.status, parameter, problem["detail"].as_str()), (StatusCode::BAD_REQUEST, name, Some(told)));
    assert!(!problem.to_string().contains("hunter2"), "{problem}");
}

#[tokio::test]
async fn an_unknown_session_key_tells_nothing() {
    let world = World::new().await;
    for key in ["bl_ses_unknown", "x"] {
        let refused = world.call(Method::GET, "/link/api/1/session", key, None).await;
        assert_eq!(refused.problem(), "SESSION_EXPIRED");
    }
}

#[tokio::test]
async fn the_widget_reads_problems_as_postcard() {
    let world = World::new().await;
    let request = Request::get("/link/api/1/session").header("accept", POSTCARD).body(Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(banklink_server::router::router(world.state.clone()), request).await;
    let (parts, body) = response.unwrap().into_parts();
    assert_eq!(parts.headers["content-type"], POSTCARD);
    let bytes = axum::body::to_bytes(body, 1 << 16).await.unwrap();
    let problem: Problem = postcard::from_bytes(&bytes).unwrap();
    assert_eq!((problem.code, problem.status), (ProblemCode::Unauthorized, 401));
}
