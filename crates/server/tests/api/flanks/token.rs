//! `POST /v0/token`.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Integration, refused};
use crate::support::{PASSWORD, World};

const TOKEN: &str = "/v0/token";

fn credentials(world: &World) -> Value {
    json!({ "client_id": world.app.client_id.to_string(), "client_secret": world.secret,
        "grant_type": "client_credentials" })
}

#[tokio::test]
async fn a_secret_is_worth_a_token_for_an_hour() {
    let world = World::new().await;
    let reply = world.call(Method::POST, TOKEN, "", Some(credentials(&world))).await;
    assert_eq!(reply.header("cache-control"), "no-store");
    let reply = reply.ok();
    let token = reply["access_token"].as_str().unwrap().to_owned();
    assert_eq!(reply, json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": "" }));
    let asks = async || world.call(Method::GET, "/v0/bank/available", &token, None).await.status.as_u16();
    world.pass(59);
    assert_eq!(asks().await, 200);
    world.pass(1);
    assert_eq!(asks().await, 401);
}

#[tokio::test]
async fn older_integrations_send_a_users_password_besides() {
    let world = World::new().await;
    let mut body = credentials(&world);
    body["grant_type"] = json!("password");
    body["username"] = json!("somebody");
    body["password"] = json!("something");
    world.call(Method::POST, TOKEN, "", Some(body.clone())).await.ok();
    body["client_secret"] = json!("bl_sk_wrong");
    assert_eq!(world.call(Method::POST, TOKEN, "", Some(body)).await.status.as_u16(), 403);
}

#[tokio::test]
async fn nobody_else_gets_one() {
    let world = World::new().await;
    let toolbox = banklink_server::sandbox::toolbox::CUSTOMER_ID.to_string();
    for (field, value) in [("client_id", toolbox.as_str()), ("client_id", "nobody"), ("client_secret", "bl_sk_0")] {
        let mut body = credentials(&world);
        body[field] = json!(value);
        let refused = world.call(Method::POST, TOKEN, "", Some(body)).await;
        let error = refused.json();
        assert_eq!((refused.status.as_u16(), &error["error"]), (403, &json!("Invalid client credentials")), "{error}");
        assert!(!refused.text.contains(&world.secret));
    }
    for field in ["client_id", "client_secret", "grant_type"] {
        let mut body = credentials(&world);
        body.as_object_mut().unwrap().remove(field);
        refused(&world.call(Method::POST, TOKEN, "", Some(body)).await, field);
    }
    let mut body = credentials(&world);
    body["grant_type"] = json!("refresh_token");
    refused(&world.call(Method::POST, TOKEN, "", Some(body)).await, "grant_type");
}

#[tokio::test]
async fn a_token_ends_with_the_secret_that_it_was_got_for() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let ana = world.operator().await.of(&world.app.id.to_string());
    let secrets = ana.ask(Method::GET, "/platform/v1/app/client_secrets", None).await.ok();
    let id = secrets["items"][0]["id"].as_str().unwrap();
    integration.call(Method::GET, "bank/available", None).await.ok();
    let revoke = format!("/platform/v1/app/client_secrets/{id}/revoke");
    ana.ask(Method::POST, &revoke, Some(json!({ "password": PASSWORD }))).await;
    assert_eq!(integration.call(Method::GET, "bank/available", None).await.status.as_u16(), 401);
}
