//! What the redirect carries, by how the session was opened.

use axum::http::Method;
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn a_link_by_id_says_what_was_done_where_and_its_token_is_exchanged_once() {
    let world = World::new().await;
    let link = world.link().await["token"].as_str().unwrap().to_owned();
    let query = format!("id={link}&entity=testbank&consentEnable=false&user=42");
    let mut person = world.enters("/link", &query).await;
    person.signs_in("anna", "anything").await;
    let code = person.code();
    let url = format!("https://app.example/back?token={code}&operation=CONNECT&entity=testbank");
    assert_eq!(person.sees().1["url"], url);

    let exchange = async |code: &str| {
        let body = json!({ "code": code });
        world.platform(Method::POST, "/platform/v1/link_codes/exchange", Some(body)).await.ok()
    };
    let connected = exchange(&code).await;
    assert_eq!(connected["extra"], json!({ "user": "42" }));
    let id = connected["connection"]["id"].as_str().unwrap();
    let path = format!("/platform/v1/connections/{id}/reauthorisation_tokens");
    for (purpose, parameter) in [("access", "update_token"), ("credentials", "restore_token")] {
        let issued = world.platform(Method::POST, &path, Some(json!({ "purpose": purpose }))).await.ok();
        let token = issued["token"].as_str().unwrap();
        let mut person = world.enters("/link", &format!("{query}&{parameter}={token}")).await;
        match purpose {
            "access" => person.does(json!("Reauthorise")).await,
            _ => person.signs_in("anna", "anything").await,
        }
        let code = person.code();
        let url = format!("https://app.example/back?token={code}&operation=UPDATE&entity=testbank");
        assert_eq!(person.sees().1["url"], url);
        assert_eq!(exchange(&code).await["connection_token"], connected["connection_token"]);
    }
}

#[tokio::test]
async fn a_link_by_token_comes_back_with_code_and_extras() {
    let world = World::new().await;
    let link = world.link().await["token"].as_str().unwrap().to_owned();
    let mut person = world.enters("/link", &format!("token={link}&bank=testbank&consentEnable=false&user=42")).await;
    person.signs_in("anna", "anything").await;
    assert_eq!(person.sees().1["url"], format!("https://app.example/back?code={}&user=42", person.code()));
}

#[tokio::test]
async fn a_link_that_a_token_binds_by_id_ends_as_one() {
    let world = World::new().await;
    let link = world.link().await["token"].as_str().unwrap().to_owned();
    let token = world.token(&[("id", &link)]).await;
    let query = format!("authToken={token}&bank=testbank&consentEnable=false");
    let mut person = world.enters("/link", &query).await;
    person.signs_in("anna", "anything").await;
    assert!(person.sees().1["url"].as_str().unwrap().contains("&operation=CONNECT&entity=testbank"));
}
