//! What is asked of connections: status, accounts, transactions; and that they are deleted.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Integration, refused};
use crate::support::World;

#[tokio::test]
async fn the_status_is_as_documented() {
    let world = World::new().await;
    let session = Integration::of(&world).await;
    let mut expected = Vec::new();
    for (username, more) in [("anna", json!({ "externalId": "customer-1" })), ("ben", json!({}))] {
        let token = session.linked(username, "anything", more.clone()).await;
        let status = json!({ "credentialsToken": token, "status": "READY", "errorDetails": null, "entity": "testbank",
            "createdAt": world.clock.now(), "updatedAt": world.clock.now(), "lastSync": world.clock.now(),
            "updateToken": null, "restoreToken": null, "twoFactorEnabled": false, "hasCredentials": true,
            "externalId": more["externalId"] });
        assert_eq!(session.asks(&format!("connections/{token}")).await.ok(), status);
        expected.push(status);
        world.pass(1);
    }
    assert_eq!(session.asks("connections").await.ok(), json!(expected));
    assert_eq!(session.asks("connections?externalId=customer-1").await.ok(), json!([expected[0]]));
    assert_eq!(session.asks("connections?externalId=nobody").await.ok(), json!([]));
    refused(&session.asks("connections/nothing").await, 404, None);
    let other = Integration::toolbox(&world).await;
    let path = format!("connections/{}", expected[0]["credentialsToken"].as_str().unwrap());
    for path in [path.clone(), format!("{path}/accounts"), format!("{path}/accounts/transactions")] {
        refused(&other.asks(&path).await, 404, None);
    }
    assert_eq!(other.asks("connections").await.ok(), json!([]));
}

#[tokio::test]
async fn whom_the_bank_wants_to_see_comes_back_with_the_update_token() {
    let world = World::new().await;
    let session = Integration::of(&world).await;
    let token = session.linked("anna", "SCA_SMS", json!({})).await;
    let connections = world.platform(Method::GET, "/platform/v1/connections", None).await.ok();
    let path = format!("/platform/v1/connections/{}/refresh", connections["items"][0]["id"].as_str().unwrap());
    world.platform(Method::POST, &path, Some(json!({}))).await.ok();
    let path = format!("connections/{token}");
    let status = session.asks(&path).await.ok();
    assert_eq!((&status["status"], &status["twoFactorEnabled"]), (&json!("UPDATE_ERROR"), &json!(true)));
    let expected = json!({ "reason": "USER_INTERACTION_NEEDED", "type": "ENTITY_ERROR", "retryable": false });
    assert_eq!((&status["errorDetails"], &status["restoreToken"]), (&expected, &Value::Null));

    let link = world.link().await;
    let query = format!(
        "id={}&update_token={}&entity=testbank&consentEnable=false",
        link["token"].as_str().unwrap(),
        status["updateToken"].as_str().unwrap()
    );
    let mut person = world.enters("/link", &query).await;
    person.does(json!("Reauthorise")).await;
    person.types_code("482913").await;
    let url = person.sees().1["url"].as_str().unwrap();
    assert!(url.contains("operation=UPDATE") && url.contains("entity=testbank"), "{url}");
    let status = session.asks(&path).await.ok();
    assert_eq!((&status["status"], &status["updateToken"]), (&json!("READY"), &Value::Null));
}

#[tokio::test]
async fn accounts_and_transactions_are_those_that_flanks_integrations_see() {
    let world = World::new().await;
    let session = Integration::of(&world).await;
    let body = json!({ "client_id": world.app.client_id.to_string(), "client_secret": world.secret,
        "grant_type": "client_credentials" });
    let flanks = world.call(Method::POST, "/v0/token", "", Some(body)).await.ok();
    let flanks = flanks["access_token"].as_str().unwrap();
    for username in ["anna", "ben"] {
        let token = session.linked(username, "anything", json!({})).await;
        let known = async |what: &str| {
            let path = format!("/v0/bank/credentials/{what}");
            world.call(Method::POST, &path, flanks, Some(json!({ "credentials_token": token }))).await.ok()
        };
        let accounts = session.asks(&format!("connections/{token}/accounts")).await.ok();
        let now = world.clock.now();
        let expected: Vec<Value> = known("account")
            .await
            .as_array()
            .unwrap()
            .iter()
            .map(|account| {
                json!({ "id": account["_id"], "portfolio": null, "iban": account["iban"], "type": "CASH_ACCOUNT",
                "alias": account["alias"], "balance": account["balance"], "currency": account["currency"],
                "updatedAt": now, "createdAt": now, "owners": account["owners"] })
            })
            .collect();
        assert_eq!(accounts, json!(expected));
        let transactions = session.asks(&format!("connections/{token}/accounts/transactions")).await.ok();
        let expected: Vec<Value> = known("data")
            .await
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let kind = if one["amount"].as_f64().unwrap() < 0.0 { "WITHDRAWAL" } else { "DEPOSIT" };
                json!({ "id": one["_id"], "account": one["account_id"], "type": kind, "description": one["description"],
                "amount": one["amount"], "balance": one["balance"], "currency": one["currency"],
                "operationDate": one["operationDate"], "valueDate": one["valueDate"] })
            })
            .collect();
        assert!(expected.len() > 10);
        assert_eq!(transactions, json!(expected));
    }
}

#[tokio::test]
async fn a_deleted_connection_is_gone() {
    let world = World::new().await;
    let session = Integration::of(&world).await;
    let (gone, stays) =
        (session.linked("anna", "anything", json!({})).await, session.linked("ben", "anything", json!({})).await);
    let delete = async || session.call(Method::DELETE, &format!("commands/connections/{gone}"), None).await;
    assert_eq!(delete().await.ok(), json!({ "message": "success" }));
    refused(&delete().await, 404, None);
    refused(&session.asks(&format!("connections/{gone}")).await, 404, None);
    let left = session.asks("connections").await.ok();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["credentialsToken"]), (1, &json!(stays)));
}
