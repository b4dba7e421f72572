//! `/api/v1/providers` and `/api/v2/providers`.

use axum::http::Method;
use serde_json::{Value, json};

use super::{ALL, Recipient, refused};
use crate::support::World;

async fn asks(world: &World, path: &str, token: &str) -> crate::support::Answer {
    world.call(Method::GET, path, token, None).await
}

#[tokio::test]
async fn a_recipients_providers_are_the_institutions_of_its_people() {
    let world = World::new().await;
    let token = Recipient::of(&world).own_token().await;
    let list = asks(&world, "/api/v1/providers", &token).await.ok();
    let capital = json!({ "provider_id": 1000, "name": "Flinks Capital", "country": "CA" });
    assert!(list.as_array().unwrap().contains(&capital), "{list}");
    let detailed = asks(&world, "/api/v2/providers", &token).await.ok();
    let expected: Vec<Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            json!({ "provider_id": one["provider_id"], "provider_name": one["name"], "country": one["country"],
                "registration_status": "ACTIVE" })
        })
        .collect();
    assert_eq!(detailed, json!(expected));
    let canadian = asks(&world, "/api/v2/providers?country=CA", &token).await.ok();
    let all = canadian.as_array().unwrap();
    assert!(!all.is_empty() && all.len() < expected.len() && all.iter().all(|one| one["country"] == "CA"));
    refused(&asks(&world, "/api/v2/providers?country=Canada", &token).await, 400, "invalid_request");
}

#[tokio::test]
async fn each_is_found_by_its_number_and_by_its_id() {
    let world = World::new().await;
    let token = Recipient::of(&world).own_token().await;
    let list = asks(&world, "/api/v1/providers", &token).await.ok();
    for provider in list.as_array().unwrap() {
        let found = asks(&world, &format!("/api/v1/providers/{}", provider["provider_id"]), &token).await.ok();
        assert_eq!((&found["name"], &found["provider_id"]), (&provider["name"], &provider["provider_id"]));
    }
    let capital = asks(&world, "/api/v1/providers/FlinksCapital", &token).await.ok();
    assert_eq!((&capital["provider_id"], &capital["country"]), (&json!(1000), &json!("CA")));
    assert_eq!(capital["scopes"].as_array().unwrap().len(), 8);
    let inventory = capital["data_inventory"].as_object().unwrap();
    let parts = ["account", "customers", "detailed_accounts", "lightweight_accounts", "payments", "transactions"];
    assert_eq!(inventory.keys().map(String::as_str).collect::<Vec<_>>(), parts);
    assert!(inventory.values().all(|fields| !fields.as_array().unwrap().is_empty()));
    refused(&asks(&world, "/api/v1/providers/4013", &token).await, 404, "invalid_request");
}

#[tokio::test]
async fn what_the_app_hides_is_no_provider() {
    let world = World::new().await;
    let hides = json!({ "settings": { "institutions": { "hidden": ["FlinksCapital"] } } });
    world.platform(Method::PATCH, "/platform/v1/app", Some(hides)).await.ok();
    let recipient = Recipient::of(&world);
    let token = recipient.own_token().await;
    refused(&asks(&world, "/api/v1/providers/1000", &token).await, 404, "invalid_request");
    let sent = world.get(&recipient.address(&[("provider_id", "1000")])).await;
    assert!(sent.header("location").contains("error=invalid_request"));
}

#[tokio::test]
async fn only_a_recipients_own_token_lists_them() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let of_person = recipient.has_tokens("anna", ALL).await["access_token"].as_str().unwrap().to_owned();
    let own = recipient.own_token().await;
    for token in [of_person.as_str(), "nothing", recipient.secret.as_str()] {
        refused(&asks(&world, "/api/v1/providers", token).await, 400, "access_denied");
    }
    refused(&world.get("/api/v1/providers").await, 401, "invalid_request");
    assert_eq!(recipient.reads("accounts", &json!(own)).await.status.as_u16(), 401);
    world.pass(5);
    refused(&asks(&world, "/api/v1/providers", &own).await, 400, "access_denied");
}
