//! `GenerateAuthorizeToken` as seeds 001 and 002 describe it.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use banklink_server::sandbox::toolbox;
use rstest::rstest;
use serde_json::json;

use crate::support::{Answer, World};

async fn generate(world: &World, path: &str, key: Option<&str>, body: &str) -> Answer {
    let mut request = Request::post(path);
    if let Some(key) = key {
        request = request.header("flinks-auth-key", key);
    }
    world.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

fn path() -> String {
    format!("/v3/{}/BankingServices/GenerateAuthorizeToken", toolbox::CUSTOMER_ID)
}

#[rstest]
#[case("")]
#[case("{}")]
#[tokio::test]
async fn the_public_toolbox_credentials_get_a_token_that_opens_the_widget_once(#[case] body: &str) {
    let world = World::new().await;
    let reply = generate(&world, &path(), Some(toolbox::SECRET_KEY), body).await.ok();
    assert_eq!(reply["HttpStatusCode"], 200);
    assert_eq!(reply.as_object().unwrap().len(), 2);
    let token = reply["Token"].as_str().unwrap();
    assert!(uuid::Uuid::parse_str(token).is_ok());

    let query = format!("demo=true&authorizeToken={token}");
    let person = world.enters("/v2/", &query).await;
    assert_eq!(person.sees_step(), "Consent");
    assert_eq!(world.open("/v2/", &query, None).await.problem(), "TOKEN_INVALID");
}

#[tokio::test]
async fn no_two_tokens_are_alike() {
    let world = World::new().await;
    let one = generate(&world, &path(), Some(toolbox::SECRET_KEY), "").await.ok();
    let two = generate(&world, &path(), Some(toolbox::SECRET_KEY), "").await.ok();
    assert_ne!(one["Token"], two["Token"]);
}

#[rstest]
#[case::missing_key(&path(), None, "", "INVALID_REQUEST")]
#[case::wrong_key(&path(), Some("c4569c54-e167-4d34-8de6-f4113bc82415"), "", "ACCESS_DENIED")]
#[case::data_key(&path(), Some(toolbox::API_KEY), "", "ACCESS_DENIED")]
#[case::body(&path(), Some(toolbox::SECRET_KEY), "{", "INVALID_REQUEST")]
#[case::other_customer(
    "/v3/43387ca6-0391-4c82-857d-70d95f087ecc/BankingServices/GenerateAuthorizeToken",
    Some(toolbox::SECRET_KEY),
    "",
    "ACCESS_DENIED"
)]
#[case::no_customer(
    "/v3/toolbox/BankingServices/GenerateAuthorizeToken",
    Some(toolbox::SECRET_KEY),
    "",
    "INVALID_REQUEST"
)]
#[case::double_slash(&format!("/{}", path()), Some(toolbox::SECRET_KEY), "", "INVALID_REQUEST")]
#[tokio::test]
async fn an_error_is_written_as_flinks_writes_it(
    #[case] path: &str,
    #[case] key: Option<&str>,
    #[case] body: &str,
    #[case] code: &str,
) {
    let world = World::new().await;
    let answer = generate(&world, path, key, body).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let error = answer.json();
    assert_eq!((&error["HttpStatusCode"], &error["FlinksCode"]), (&json!(401), &json!(code)));
    assert!(error["Message"].as_str().is_some_and(|message| !message.is_empty()));
}

#[rstest]
#[case(Method::GET, &path(), "")]
#[case(Method::PUT, &path(), "{}")]
#[case(Method::POST, "/v3", "")]
#[case(Method::POST, "/v3/", "")]
#[case(Method::POST, "//v3", "")]
#[case(Method::POST, "/v3//BankingServices/GenerateAuthorizeToken", "")]
#[case(Method::POST, &path().replace("/v3/", "/v3//"), "")]
#[case(Method::POST, &path().replace("/Generate", "//Generate"), "")]
#[case(Method::POST, &path().replace("GenerateAuthorizeToken", "AuthorizeEverybody"), "")]
#[case(Method::POST, &path().replace(&toolbox::CUSTOMER_ID.to_string(), "%ff"), "")]
#[case(Method::POST, &path(), &"x".repeat(70_000))]
#[tokio::test]
async fn whatever_is_wrong_below_v3_is_told_as_flinks_tells_it(
    #[case] method: Method,
    #[case] path: &str,
    #[case] body: &str,
) {
    let world = World::new().await;
    let request = Request::builder().method(method).uri(path).header("flinks-auth-key", toolbox::SECRET_KEY);
    let request = request.header("content-length", body.len()).body(Body::from(body.to_owned())).unwrap();
    let answer = world.send(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
    let error = answer.json();
    assert_eq!((&error["HttpStatusCode"], &error["FlinksCode"]), (&json!(401), &json!("INVALID_REQUEST")));
}

#[tokio::test]
async fn the_case_of_the_address_does_not_matter() {
    let world = World::new().await;
    let path = path().replace("BankingServices/GenerateAuthorizeToken", "bankingservices/generateauthorizetoken");
    generate(&world, &path, Some(toolbox::SECRET_KEY), "").await.ok();
}

#[tokio::test]
async fn an_authorize_token_is_no_secret_key() {
    let world = World::new().await;
    let reply = generate(&world, &path(), Some(toolbox::SECRET_KEY), "").await.ok();
    let refused = generate(&world, &path(), reply["Token"].as_str(), "").await;
    assert_eq!(refused.json()["FlinksCode"], "ACCESS_DENIED");
}
