//! `/v0/bank/credentials/status`, `/list` and `DELETE /v0/bank/credentials`.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Integration, refused};
use crate::support::World;

const STATUS: &str = "bank/credentials/status";

#[tokio::test]
async fn the_status_is_as_documented() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let credentials = integration.linked("anna", "anything", "").await;
    let status = integration.status(&credentials).await;
    let newest = status["last_transaction_date"].as_str().unwrap();
    let parts = |there: bool| {
        let transactions = json!({ "account": there, "card": false, "investment": false, "liability": false });
        json!({ "product": { "auth": there, "account": there, "card": false, "portfolio": false, "investment": false,
            "liability": false, "holders": there }, "transactions": transactions, "transaction": transactions })
    };
    let expected = json!({
        "pending": false, "blocked": false, "reset_token": null, "sca_token": null, "transaction_token": null,
        "last_transaction_date": newest, "name": "testbank", "last_update": "2026-03-02", "time": "10:00",
        "last_update_timestamp": 1_772_445_600, "created_at_timestamp": 1_772_445_600,
        "errored": parts(false), "created": parts(true),
    });
    assert_eq!(status, expected);
    let transactions =
        integration.post("bank/credentials/data", json!({ "credentials_token": credentials })).await.ok();
    let dates = transactions.as_array().unwrap().iter().map(|one| one["operationDate"].as_str().unwrap());
    assert_eq!(dates.max(), Some(newest));
}

#[tokio::test]
async fn a_person_is_wanted_back_by_force_and_comes_by_the_address_of_the_seed() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let (credentials, other) =
        (integration.linked("anna", "SCA_SMS", "").await, integration.linked("ben", "anything", "").await);
    for (force, name) in [("sca", "sca_token"), ("reset", "reset_token"), ("transaction", "transaction_token")] {
        let body = json!({ "credentials_token": credentials, "force": force });
        let forced = integration.call(Method::PUT, STATUS, Some(body.clone())).await.ok();
        let token = forced[name].as_str().unwrap().to_owned();
        assert_eq!(forced, json!({ name: token }));
        let again = integration.call(Method::PUT, STATUS, Some(body)).await.ok();
        assert_eq!(again, forced, "one that is not used yet is told again");
        assert_eq!(integration.status(&credentials).await[name], token);
        assert_eq!(integration.status(&other).await[name], Value::Null);

        let link = integration.link().await;
        let query = format!("token={link}&{name}={token}&bank=testbank&myuser=7&consentEnable=false");
        let mut person = world.enters("/link", &query).await;
        if person.sees_step() == "Reauthorise" {
            person.does(json!("Reauthorise")).await;
        } else {
            person.signs_in("anna", "SCA_SMS").await;
        }
        assert_eq!(person.sees_step(), "Challenge", "{force}");
        person.types_code("482913").await;
        let exchanged = integration.post("platform/link", json!({ "code": person.code() })).await.ok();
        assert_eq!(exchanged["credentials_token"], credentials, "the credentials_token will not change");
        assert_eq!(exchanged["extra"], json!({ "myuser": "7" }));
        assert_eq!(integration.status(&credentials).await[name], Value::Null, "it is used");
    }
    let wrong = json!({ "credentials_token": credentials, "force": "everything" });
    refused(&integration.call(Method::PUT, STATUS, Some(wrong)).await, "force");
}

#[tokio::test]
async fn whom_the_bank_wants_to_see_has_a_token_however_often_it_is_asked_for() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let credentials = integration.linked("anna", "SCA_SMS", "").await;
    let connections = world.platform(Method::GET, "/platform/v1/connections", None).await.ok();
    let path = format!("/platform/v1/connections/{}/refresh", connections["items"][0]["id"].as_str().unwrap());
    let refreshed = world.platform(Method::POST, &path, Some(json!({}))).await.ok();
    assert_eq!(refreshed["status"], "needs_reauthorisation");
    let status = integration.status(&credentials).await;
    let token = status["sca_token"].as_str().unwrap().to_owned();
    assert_eq!((&status["blocked"], &status["reset_token"]), (&json!(false), &Value::Null));
    assert_eq!(integration.status(&credentials).await["sca_token"], token);

    // Nobody came for a week.
    world.pass(7 * 24 * 60);
    let integration = Integration::of(&world).await;
    let new = integration.status(&credentials).await["sca_token"].as_str().unwrap().to_owned();
    assert_ne!(new, token);
    let link = integration.link().await;
    let address = |token: &str| format!("token={link}&sca_token={token}&bank=testbank&consentEnable=false");
    assert!(!world.open("/link", &address(&token), None).await.status.is_success());
    let mut person = world.enters("/link", &address(&new)).await;
    person.does(json!("Reauthorise")).await;
    person.types_code("482913").await;
    assert_eq!(person.sees_step(), "Linked");
    assert_eq!(integration.status(&credentials).await["sca_token"], Value::Null);
}

#[tokio::test]
async fn credentials_are_listed_in_pages() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let mut expected = Vec::new();
    for (username, id) in [("anna", Some("7")), ("ben", None)] {
        let query = id.map_or_else(String::new, |id| format!("external_id={id}"));
        let token = integration.linked(username, "anything", &query).await;
        world.pass(1);
        expected.push(json!({ "credentials_token": token, "external_id": id, "bank": "testbank", "status": "active" }));
    }
    let list = async |body: Value| integration.post("bank/credentials/list", body).await.ok();
    assert_eq!(list(json!({})).await, json!({ "items": expected, "page": 1, "pages": 1 }));
    assert_eq!(list(json!({ "page": 1 })).await["items"], json!(expected));
    assert_eq!(list(json!({ "page": 2 })).await, json!({ "items": [], "page": 2, "pages": 1 }));
    assert_eq!(list(json!({ "page": u64::MAX })).await["items"], json!([]));
    refused(&integration.post("bank/credentials/list", json!({ "page": "first" })).await, "page");
}

#[tokio::test]
async fn deleted_credentials_are_gone() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let (gone, stays) =
        (integration.linked("anna", "anything", "").await, integration.linked("ben", "anything", "").await);
    let delete = async |token: &str| {
        let body = json!({ "credentials_token": token });
        integration.call(Method::DELETE, "bank/credentials", Some(body)).await
    };
    assert!(delete(&gone).await.ok()["message"].is_string());
    for path in [STATUS, "bank/credentials/account", "bank/credentials/data"] {
        let body = |token: &str| json!({ "credentials_token": token });
        let answer = integration.post(path, body(&gone)).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (404, &json!("Not found")), "{path}");
        integration.post(path, body(&stays)).await.ok();
    }
    assert_eq!(delete(&gone).await.status.as_u16(), 404);
    refused(&integration.call(Method::DELETE, "bank/credentials", None).await, "credentials_token");
}
