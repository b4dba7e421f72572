//! `/platform/v1`: who may call, and what is refused.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{REDIRECT, World, pages};

#[rstest]
#[case(Method::POST, "/platform/v1/authorize_tokens", Some(json!({})))]
#[case(Method::POST, "/platform/v1/links", Some(json!({ "name": "n", "redirect_uri": "https://app.example/back" })))]
#[case(Method::GET, "/platform/v1/links", None)]
#[case(Method::GET, "/platform/v1/link_codes", None)]
#[case(Method::GET, "/platform/v1/institution_searches", None)]
#[case(Method::GET, "/platform/v1/link_sessions", None)]
#[case(Method::GET, "/platform/v1/link_sessions/x", None)]
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

const HTTPS: &str = "Send an address that begins with https, without a user name.";
const REGISTER: &str = "The address is not one of the app's redirect URIs: register it first, to the letter.";
const OURS: &str = "Choose another name: this one means something here.";

#[rstest]
#[case(json!({ "demo": "perhaps" }), "demo", "Send `true` or `false`.")]
#[case(json!({ "authorizeToken": "x" }), "authorizeToken", "Leave this out: a token can't be bound to a token.")]
#[case(json!({ "termsUrl": "nonsense" }), "termsUrl", HTTPS)]
#[case(json!({ "termsUrl": "javascript:alert(1)" }), "termsUrl", HTTPS)]
#[case(json!({ "redirectUrl": "https://elsewhere.example/" }), "redirectUrl", REGISTER)]
#[case(json!({ "id": "unknown" }), "id", "There is no such link of this app's.")]
#[case(json!({ "loginId": "forged" }), "loginId", OURS)]
#[case(json!({ "Bank": "testbank" }), "Bank", OURS)]
#[tokio::test]
async fn a_parameter_that_can_not_be_bound_is_named(#[case] parameters: Value, #[case] name: &str, #[case] told: &str) {
    let world = World::new().await;
    let body = json!({ "parameters": parameters });
    let refused = world.platform(Method::POST, "/platform/v1/authorize_tokens", Some(body)).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!(name)));
    assert_eq!(refused.json()["detail"], told);
}

#[tokio::test]
async fn what_is_the_apps_own_can_be_bound() {
    let world = World::new().await;
    let link = world.link().await;
    let terms = "https://app.example/terms";
    world.token(&[("redirectUrl", REDIRECT), ("id", link["token"].as_str().unwrap()), ("termsUrl", terms)]).await;
}

#[rstest]
#[case("n", "https://app.example/back/", "redirect_uri", "The address is not one of the app's redirect URIs")]
#[case("n", "javascript:alert(1)", "redirect_uri", "The address has a scheme that is not allowed.")]
#[case("n", "nonsense", "redirect_uri", "The address is not a well-formed absolute URI.")]
#[case("n", "http://app.example/back", "redirect_uri", "The address must begin with https")]
#[case(" ", REDIRECT, "name", "The text is empty.")]
#[case("a\u{7}b", REDIRECT, "name", "The text holds a control character.")]
#[tokio::test]
async fn a_link_has_a_name_and_ends_at_a_registered_address(
    #[case] name: &str,
    #[case] uri: &str,
    #[case] parameter: &str,
    #[case] told: &str,
) {
    let world = World::new().await;
    let body = json!({ "name": name, "redirect_uri": uri });
    let refused = world.platform(Method::POST, "/platform/v1/links", Some(body)).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!(parameter)));
    assert!(refused.json()["detail"].as_str().unwrap().starts_with(told), "{}", refused.text);
}

#[tokio::test]
async fn years_of_transactions_are_read_a_page_at_a_time_each_of_them_once() {
    let world = World::new().await;
    let connection = world.connection("anna", "").await;
    let accounts = world.platform(Method::GET, &format!("{connection}/accounts"), None).await.ok();
    let account = accounts["items"][0]["id"].as_str().unwrap();
    let path = format!("{connection}/accounts/{account}/transactions?");
    let all = pages(&world, &path, 500).await;
    assert!(all.len() > 500, "{}", all.len());
    let ids: std::collections::BTreeSet<_> = all.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), all.len());
    assert!(all.is_sorted_by_key(|item| std::cmp::Reverse(item["date"].as_str().unwrap().to_owned())));

    let month = format!("{path}from=2026-01-01&to=2026-01-31&");
    let expected: Vec<_> =
        all.iter().filter(|item| item["date"].as_str().unwrap().starts_with("2026-01")).cloned().collect();
    assert!(expected.len() > 3);
    assert_eq!(pages(&world, &month, 1).await, expected);
    assert_eq!(pages(&world, &month, 500).await, expected);
}

#[tokio::test]
async fn unused_codes_are_read_a_page_at_a_time() {
    let world = World::new().await;
    for person in ["anna", "bob", "cleo"] {
        world.connection(person, "").await;
    }
    let all = pages(&world, "/platform/v1/link_codes?", 500).await;
    assert_eq!(all.len(), 3);
    assert_eq!(pages(&world, "/platform/v1/link_codes?", 2).await, all);
    assert_eq!(pages(&world, "/platform/v1/link_codes?", 1).await, all);
}

#[tokio::test]
async fn data_is_closed_when_the_consent_is_over_and_open_again_once_it_is_renewed() {
    let world = World::new().await;
    let link = async || {
        let token = world.token(&[]).await;
        let mut person = world.enters("/v2/", &format!("authorizeToken={token}&bank=testbank")).await;
        let hash = person.sees().1["text_hash"].clone();
        person.does(json!({ "AcceptConsent": { "text_hash": hash } })).await;
        person.signs_in("anna", "anything").await;
        format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap())
    };
    let connection = link().await;
    let read = async |path: &str| world.platform(Method::GET, &format!("{connection}/{path}"), None).await;
    let accounts = read("accounts").await.ok();
    let transactions = format!("accounts/{}/transactions", accounts["items"][0]["id"].as_str().unwrap());
    read(&transactions).await.ok();

    world.pass(91 * 24 * 60);
    assert_eq!(read("accounts").await.problem(), "CONFLICT");
    assert_eq!(read(&transactions).await.problem(), "CONFLICT");
    assert_eq!(link().await, connection);
    read("accounts").await.ok();
    read(&transactions).await.ok();

    // An app that does not ask any more can still be linked anew.
    world.pass(91 * 24 * 60);
    assert_eq!(read("accounts").await.problem(), "CONFLICT");
    assert_eq!(world.connection("anna", "").await, connection);
    read("accounts").await.ok();
}

#[tokio::test]
async fn what_a_bank_sends_and_nobody_can_read_is_its_connections_trouble_alone() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", "DATA_ERROR_PRODUCT_ACCOUNT").await;
    let broken = format!("/platform/v1/connections/{}/accounts", person.sees().1["login_id"].as_str().unwrap());
    let refused = world.platform(Method::GET, &broken, None).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (503, "DATA_UNREADABLE"));
    let sound = world.connection("bob", "").await;
    world.platform(Method::GET, &format!("{sound}/accounts"), None).await.ok();
}
