//! `/platform/v1`: who may call, and what is refused.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::World;

#[rstest]
#[case(Method::POST, "/platform/v1/authorize_tokens", Some(json!({})))]
#[case(Method::POST, "/platform/v1/links", Some(json!({ "name": "n", "redirect_uri": "https://app.example/back" })))]
#[case(Method::GET, "/platform/v1/links", None)]
#[case(Method::GET, "/platform/v1/link_codes", None)]
#[case(Method::POST, "/platform/v1/link_codes/exchange", Some(json!({ "code": "x" })))]
#[case(Method::GET, "/platform/v1/connections/x", None)]
#[case(Method::GET, "/platform/v1/connections/x/accounts", None)]
#[case(Method::GET, "/platform/v1/connections/x/accounts/y/transactions", None)]
#[tokio::test]
async fn nothing_is_done_without_a_live_client_secret(
    #[case] method: Method,
    #[case] path: &str,
    #[case] body: Option<Value>,
) {
    let world = World::new().await;
    assert_eq!(world.call(method.clone(), path, "", body.clone()).await.problem(), "UNAUTHORIZED");
    assert_eq!(world.call(method, path, "bl_sk_wrong", body).await.problem(), "UNAUTHORIZED");
}

#[tokio::test]
async fn a_connection_is_its_own_apps_and_nobody_elses() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", "anything").await;
    let path = format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap());
    world.platform(Method::GET, &path, None).await.ok();
    let toolbox = banklink_server::sandbox::toolbox::SECRET_KEY;
    assert_eq!(world.call(Method::GET, &path, toolbox, None).await.problem(), "NOT_FOUND");
}

#[rstest]
#[case(json!({ "demo": "perhaps" }), "demo")]
#[case(json!({ "authorizeToken": "x" }), "authorizeToken")]
#[case(json!({ "termsUrl": "nonsense" }), "termsUrl")]
#[tokio::test]
async fn a_parameter_that_can_not_be_bound_is_named(#[case] parameters: Value, #[case] name: &str) {
    let world = World::new().await;
    let body = json!({ "parameters": parameters });
    let refused = world.platform(Method::POST, "/platform/v1/authorize_tokens", Some(body)).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!(name)));
}

#[tokio::test]
async fn a_link_ends_at_a_registered_address_only() {
    let world = World::new().await;
    for uri in ["https://app.example/back/", "javascript:alert(1)", "nonsense", "http://app.example/back"] {
        let body = json!({ "name": "n", "redirect_uri": uri });
        let refused = world.platform(Method::POST, "/platform/v1/links", Some(body)).await;
        assert_eq!(refused.problem(), "INVALID_PARAMETER", "{uri}");
    }
}
