//! `POST /api/v1/auth/login`: one session for each secret.

use axum::{
    body::Body,
    http::{Method, Request},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Integration, refused};
use crate::support::{PASSWORD, World};

const LOGIN: &str = "/api/v1/auth/login";

/// What a JSON Web Token says of itself.
fn claims(token: &str) -> (Value, Value) {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("not three parts") };
    assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap().len(), 32);
    let read = |part| serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    (read(header), read(claims))
}

#[tokio::test]
async fn a_session_lasts_an_hour_and_ends_where_its_secret_begins_another() {
    let world = World::new().await;
    let first = Integration::of(&world).await;
    let (header, claims) = claims(&first.token);
    assert_eq!(header, json!({ "alg": "HS256", "typ": "JWT" }));
    let now = world.clock.now().as_second();
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(now), &json!(now + 3600)));
    assert_eq!(claims["sub"], world.app.client_id.to_string());
    let is_there = async |session: &Integration<'_>| session.asks("connections").await.status.as_u16();
    assert_eq!(is_there(&first).await, 200);

    let (second, elsewhere) = (Integration::of(&world).await, Integration::toolbox(&world).await);
    assert_eq!([is_there(&first).await, is_there(&second).await, is_there(&elsewhere).await], [401, 200, 200]);
    world.pass(60);
    assert_eq!(is_there(&second).await, 401);
}

#[tokio::test]
async fn a_session_of_another_secret_goes_on_and_ends_with_its_own() {
    let world = World::new().await;
    let ana = world.operator().await.of(&world.app.id.to_string());
    let made = ana.ask(Method::POST, "/platform/v1/app/client_secrets", Some(json!({}))).await.ok();
    let first = Integration::of(&world).await;
    let body = json!({ "clientId": world.app.client_id.to_string(), "clientSecret": made["secret"] });
    let second = world.call(Method::POST, LOGIN, "", Some(body)).await.ok();
    let second = Integration { world: &world, token: second["token"].as_str().unwrap().to_owned() };
    first.asks("connections").await.ok();
    second.asks("connections").await.ok();
    let revoke = format!("/platform/v1/app/client_secrets/{}/revoke", made["client_secret"]["id"].as_str().unwrap());
    ana.ask(Method::POST, &revoke, Some(json!({ "password": PASSWORD }))).await;
    first.asks("connections").await.ok();
    refused(&second.asks("connections").await, 401, None);
}

#[tokio::test]
async fn nobody_else_logs_in() {
    let world = World::new().await;
    let body = json!({ "clientId": world.app.client_id.to_string(), "clientSecret": world.secret });
    let toolbox = banklink_server::sandbox::toolbox::CUSTOMER_ID.to_string();
    for (field, value) in [("clientId", toolbox.as_str()), ("clientId", "nobody"), ("clientSecret", "bl_sk_0")] {
        let mut body = body.clone();
        body[field] = json!(value);
        refused(&world.call(Method::POST, LOGIN, "", Some(body)).await, 401, None);
    }
    for field in ["clientId", "clientSecret"] {
        let mut body = body.clone();
        body.as_object_mut().unwrap().remove(field);
        refused(&world.call(Method::POST, LOGIN, "", Some(body)).await, 400, Some(field));
    }
    let mut body = body.clone();
    body["scopes"] = json!(["read", "everything"]);
    refused(&world.call(Method::POST, LOGIN, "", Some(body)).await, 400, Some("scopes"));
    for bearer in ["", world.secret.as_str(), "a.b.c"] {
        refused(&world.call(Method::GET, "/api/v1/queries/connections", bearer, None).await, 401, None);
    }
}

#[tokio::test]
async fn a_session_does_what_its_scopes_name() {
    let world = World::new().await;
    let connection = Integration::of(&world).await.linked("anna", "anything", json!({})).await;
    let path = format!("commands/connections/{connection}");
    for (scopes, read, write, delete) in
        [(["read"], 200, 403, 403), (["write"], 403, 400, 403), (["delete"], 403, 403, 200)]
    {
        let session = Integration::limited(&world, &scopes).await;
        assert_eq!(session.asks("connections").await.status.as_u16(), read, "{scopes:?}");
        assert_eq!(session.starts(json!({})).await.status.as_u16(), write, "{scopes:?}");
        assert_eq!(session.call(Method::DELETE, &path, None).await.status.as_u16(), delete, "{scopes:?}");
    }
}

#[tokio::test]
async fn a_callers_own_name_for_a_request_comes_back() {
    let world = World::new().await;
    let request = Request::get("/api/v1/queries/connections").header("x-client-trace-id", "mine-1");
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    refused(&answer, 401, None);
    assert_eq!(answer.header("x-client-trace-id"), "mine-1");
    assert!(!answer.header("x-request-id").is_empty());
    refused(&world.get("/api/v1/nothing").await, 404, None);
    refused(&world.call(Method::PUT, "/api/v1/auth/login", "", None).await, 405, None);
}
