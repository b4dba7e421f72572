//! From `start-flow` to a connection: what is bound counts, what the address says besides does not (seed 003, *Force Link to
//! use an auth token*).

use axum::http::Method;
use banklink_domain::app::{AppMode, AppSettings};
use serde_json::json;

use super::{Integration, refused};
use crate::support::{REDIRECT, World};

#[tokio::test]
async fn a_person_is_sent_with_a_signed_token_and_comes_back_with_a_public_one() {
    // An app that forces authorize tokens.
    let world = World::with(AppMode::Sandbox, AppSettings::default()).await;
    let session = Integration::of(&world).await;
    let link = world.link().await;
    for id in [&link["id"], &link["token"]] {
        let body = json!({ "id": id, "product": "TRANSACTIONS", "entity": "testbank", "externalId": "customer-123",
            "subproduct": null, "desiredOwners": null });
        let started = session.starts(body).await.ok();
        assert_eq!(started["token"], started["authToken"]);
        assert_eq!(started["token"].as_str().unwrap().split('.').count(), 3);
        let query = format!("authToken={}&external_id=forged&entity=FlinksCapital", started["token"].as_str().unwrap());
        let mut person = world.enters("/link", &query).await;
        person.does(json!({ "AcceptConsent": { "text_hash": person.sees().1["text_hash"] } })).await;
        assert_eq!((person.sees_step(), &person.sees().1["institution"]["id"]), ("Credentials", &json!("testbank")));
        person.signs_in("anna", "anything").await;
        let public_token = person.code();
        let expected = format!("{REDIRECT}?token={public_token}&operation=CONNECT&entity=testbank");
        assert_eq!(person.sees().1["url"], expected);

        let exchanged = session.exchanges(&public_token).await.ok();
        let token = exchanged["connectionToken"].as_str().unwrap();
        assert_eq!(exchanged, json!({ "connectionToken": token }));
        assert_eq!(session.asks(&format!("connections/{token}")).await.ok()["externalId"], "customer-123");
        refused(&session.exchanges(&public_token).await, 404, Some("code"));
        assert!(!world.open("/link", &query, None).await.status.is_success(), "once");
    }
}

#[tokio::test]
async fn without_a_token_a_forced_page_opens_nothing() {
    let world = World::with(AppMode::Sandbox, AppSettings::default()).await;
    let link = world.link().await;
    for name in ["id", "token"] {
        let query = format!("{name}={}&entity=testbank", link["token"].as_str().unwrap());
        assert_eq!(world.open("/link", &query, None).await.problem(), "TOKEN_INVALID");
    }
}

#[tokio::test]
async fn what_can_be_wrong_is_told_by_its_field() {
    let world = World::new().await;
    let session = Integration::of(&world).await;
    let good = json!({ "id": world.link().await["id"], "product": "TRANSACTIONS" });
    for (field, value) in [
        ("id", json!("123e4567-e89b-12d3-a456-426614174000")),
        ("id", json!("nothing")),
        ("product", json!("ASSETS_TRANSFER")),
        ("product", json!("")),
        ("subproduct", json!("FUND")),
        ("desiredOwners", json!(["John Doe"])),
        ("externalId", json!("x".repeat(5_000))),
        ("entity", json!(4)),
    ] {
        let mut body = good.clone();
        body[field] = value;
        refused(&session.starts(body).await, 400, Some(field));
    }
    for field in ["id", "product"] {
        let mut body = good.clone();
        body.as_object_mut().unwrap().remove(field);
        refused(&session.starts(body).await, 400, Some(field));
    }
    session.starts(good).await.ok();
    let other = Integration::toolbox(&world).await;
    refused(&other.starts(json!({ "id": world.link().await["id"], "product": "TRANSACTIONS" })).await, 400, Some("id"));
}

#[tokio::test]
async fn entities_are_those_that_people_see() {
    let world = World::new().await;
    let session = Integration::of(&world).await;
    let list = json!({ "settings": { "institutions": { "hidden": ["testbank"] } } });
    let before = session.asks("entities").await.ok();
    world.platform(Method::PATCH, "/platform/v1/app", Some(list)).await.ok();
    let after = session.asks("entities").await.ok();
    let ids = |list: &serde_json::Value| {
        list.as_array().unwrap().iter().map(|entity| entity["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(ids(&before).contains(&"testbank".to_owned()));
    let expected: Vec<String> = ids(&before).into_iter().filter(|id| id != "testbank").collect();
    assert_eq!(ids(&after), expected);
    assert!(before[0]["name"].is_string() && before[0]["country"].is_string());
}
