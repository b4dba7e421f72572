//! Consents: read, revoked, and gone with their connection.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::World;

/// Somebody who agreed and linked: their connection's address, the text's hash, and their session's id.
async fn agreed(world: &World, bound: &[(&str, &str)]) -> (String, Value, String) {
    let token = world.token(bound).await;
    let query = format!("authorizeToken={token}&bank=testbank&language=en-CA");
    let mut person = world.enters("/v2/", &query).await;
    let hash = person.sees().1["text_hash"].clone();
    person.does(json!({ "AcceptConsent": { "text_hash": hash } })).await;
    person.signs_in("anna", "anything").await;
    let connection = format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap());
    (connection, hash, world.session_of(&person).await["id"].as_str().unwrap().to_owned())
}

async fn get(world: &World, path: &str) -> Value {
    world.platform(Method::GET, path, None).await.ok()
}

#[tokio::test]
async fn what_a_person_agreed_to_can_be_read() {
    let world = World::new().await;
    let (connection, hash, session) = agreed(&world, &[]).await;
    let consent = get(&world, &format!("{connection}/consent")).await;
    let id = consent["id"].as_str().unwrap();
    let expected = json!({
        "id": id,
        "connection_id": connection.rsplit('/').next().unwrap(),
        "link_session_id": session,
        "state": "given",
        "text_hash": hash,
        "language": "en",
        "scopes": ["accounts", "transactions", "holder"],
        "given_at": "2026-03-02T10:00:00Z",
        "expires_at": "2026-05-31T10:00:00Z",
        "revoked_at": null,
    });
    assert_eq!(consent, expected);
    let path = format!("/platform/v1/consents/{id}");
    assert_eq!(get(&world, &path).await, expected);
    world.pass(91 * 24 * 60);
    assert_eq!(get(&world, &path).await["state"], "expired");

    let toolbox = banklink_server::sandbox::toolbox::SECRET_KEY;
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::POST, format!("{path}/revoke")),
        (Method::GET, format!("{connection}/consent")),
        (Method::DELETE, connection.clone()),
        (Method::GET, format!("/platform/v1/link_sessions/{session}")),
    ] {
        assert_eq!(world.call(method.clone(), &path, toolbox, None).await.problem(), "NOT_FOUND", "{path}");
        assert_eq!(world.call(method, &path, "", None).await.problem(), "UNAUTHORIZED", "{path}");
    }
}

#[tokio::test]
async fn revoking_a_consent_erases_what_it_covered() {
    let world = World::new().await;
    let (connection, ..) = agreed(&world, &[]).await;
    let consent = get(&world, &format!("{connection}/consent")).await;
    let path = format!("/platform/v1/consents/{}", consent["id"].as_str().unwrap());
    let revoked = world.platform(Method::POST, &format!("{path}/revoke"), None).await.ok();
    assert_eq!((&revoked["state"], &revoked["revoked_at"]), (&json!("revoked"), &json!("2026-03-02T10:00:00Z")));
    world.pass(1);
    assert_eq!(world.platform(Method::POST, &format!("{path}/revoke"), None).await.ok(), revoked);
    for gone in [connection.clone(), format!("{connection}/accounts")] {
        assert_eq!(world.platform(Method::GET, &gone, None).await.problem(), "NOT_FOUND");
    }
    assert_eq!(get(&world, "/platform/v1/link_codes").await["items"], json!([]));
    assert_eq!(get(&world, &format!("{connection}/consent")).await, revoked);
}

#[tokio::test]
async fn deleting_a_connection_erases_it_and_revokes_its_consent() {
    let world = World::new().await;
    let (connection, ..) = agreed(&world, &[]).await;
    let consent = get(&world, &format!("{connection}/consent")).await;
    for _ in 0..2 {
        let deleted = world.platform(Method::DELETE, &connection, None).await;
        assert_eq!((deleted.status, deleted.text.as_str()), (StatusCode::NO_CONTENT, ""));
    }
    assert_eq!(world.platform(Method::GET, &connection, None).await.problem(), "NOT_FOUND");
    let path = format!("/platform/v1/consents/{}", consent["id"].as_str().unwrap());
    assert_eq!(get(&world, &path).await["state"], "revoked");
    let (anew, ..) = agreed(&world, &[]).await;
    assert_ne!(anew, connection);
    let unknown = "/platform/v1/connections/unknown";
    assert_eq!(world.platform(Method::DELETE, unknown, None).await.problem(), "NOT_FOUND");
}

#[tokio::test]
async fn a_connection_that_nobody_was_asked_about_has_no_consent() {
    let world = World::new().await;
    let connection = world.connection("anna", "").await;
    let path = format!("{connection}/consent");
    assert_eq!(world.platform(Method::GET, &path, None).await.problem(), "NOT_FOUND");
}

#[tokio::test]
async fn only_what_the_consent_names_can_be_read() {
    let world = World::new().await;
    let (connection, hash, _) = agreed(&world, &[("features", "AccountNumber")]).await;
    let consent = get(&world, &format!("{connection}/consent")).await;
    assert_eq!(consent["scopes"], json!(["accounts"]));
    let accounts = get(&world, &format!("{connection}/accounts")).await;
    let transactions = format!("{connection}/accounts/{}/transactions", accounts["items"][0]["id"].as_str().unwrap());
    assert_eq!(world.platform(Method::GET, &transactions, None).await.problem(), "CONFLICT");

    let (same, full, _) = agreed(&world, &[]).await;
    assert_eq!(same, connection);
    assert_ne!(full, hash, "another text");
    get(&world, &transactions).await;
}

#[tokio::test]
async fn what_became_of_a_session_can_be_read() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    let open = world.session_of(&person).await;
    assert_eq!((&open["outcome"], &open["ended_at"]), (&Value::Null, &Value::Null));
    person.signs_in("anna", "anything").await;
    let ended = world.session_of(&person).await;
    assert_eq!((&ended["outcome"], &ended["ended_at"]), (&json!("linked"), &json!("2026-03-02T10:00:00Z")));
    let unknown = world.platform(Method::GET, "/platform/v1/link_sessions/unknown", None).await;
    assert_eq!(unknown.problem(), "NOT_FOUND");
}
