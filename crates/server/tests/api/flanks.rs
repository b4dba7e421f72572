//! `/v0/…` as existing Flanks integrations call it (seed 000, `vendor-apis.md`, 2).

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use banklink_server::sandbox::toolbox;
use serde_json::{Value, json};

use crate::support::{Answer, Person, REDIRECT, World};

mod credentials;
mod data;
mod links;
mod mobile;
mod token;

/// An app's own server, with what it was given.
pub(super) struct Integration<'a> {
    pub(super) world: &'a World,
    token: String,
}

impl<'a> Integration<'a> {
    /// The app's, with an access token.
    pub(super) async fn of(world: &'a World) -> Self {
        Self::with(world, &world.app.client_id.to_string(), &world.secret).await
    }

    /// Another app's: the sandbox's own.
    pub(super) async fn toolbox(world: &'a World) -> Self {
        Self::with(world, &toolbox::CUSTOMER_ID.to_string(), toolbox::SECRET_KEY).await
    }

    async fn with(world: &'a World, client: &str, secret: &str) -> Self {
        let body = json!({ "client_id": client, "client_secret": secret, "grant_type": "client_credentials" });
        let token = world.call(Method::POST, "/v0/token", "", Some(body)).await.ok()["access_token"].clone();
        Self { world, token: token.as_str().unwrap().to_owned() }
    }

    pub(super) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.world.call(method, &format!("/v0/{path}"), &self.token, body).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    /// A link to where the app's people go at the end.
    pub(super) async fn link(&self) -> String {
        self.link_to(REDIRECT).await
    }

    /// A link of the sandbox's own app.
    pub(super) async fn link_to_its_own(&self) -> String {
        self.link_to("http://localhost:8081/callback").await
    }

    async fn link_to(&self, redirect_uri: &str) -> String {
        let created = self.post("links/create-link", json!({ "redirect_uri": redirect_uri })).await.ok();
        created["data"]["token"].as_str().unwrap().to_owned()
    }

    /// Somebody who follows a link, with what its address carries besides, and is past the consent.
    pub(super) async fn follows(&self, link: &str, query: &str) -> Person<'a> {
        let mut person = self.world.enters("/link", &format!("token={link}&{query}")).await;
        person.does(json!({ "AcceptConsent": { "text_hash": person.sees().1["text_hash"] } })).await;
        person
    }

    /// Somebody who linked the test bank with this name and password; the token of their credentials.
    pub(super) async fn linked(&self, username: &str, password: &str, query: &str) -> String {
        let mut person = self.follows(&self.link().await, &format!("bank=testbank&{query}")).await;
        person.signs_in(username, password).await;
        while person.sees_step() == "Challenge" {
            person.types_code("482913").await;
        }
        let exchanged = self.post("platform/link", json!({ "code": person.code() })).await.ok();
        exchanged["credentials_token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn status(&self, credentials: &str) -> Value {
        self.post("bank/credentials/status", json!({ "credentials_token": credentials })).await.ok()
    }
}

/// Asserts that a field of the request is refused, as Flanks writes that.
#[track_caller]
pub(super) fn refused(answer: &Answer, field: &str) {
    let body = answer.json();
    assert_eq!(answer.status.as_u16(), 400, "{body}");
    assert_eq!((&body["success"], &body["error"]["code"]), (&json!(false), &json!("ValidationError")), "{body}");
    assert_eq!(body["error"]["details"][0]["field"], field, "{body}");
    assert!(body["error"]["details"][0]["error_type"].is_string(), "{body}");
    assert_eq!(body["trace_id"], answer.header("x-request-id"), "{body}");
}

#[tokio::test]
async fn every_endpoint_wants_an_access_token() {
    let world = World::new().await;
    let endpoints = [
        (Method::GET, "bank/available"),
        (Method::POST, "bank/credentials/status"),
        (Method::PUT, "bank/credentials/status"),
        (Method::DELETE, "bank/credentials"),
        (Method::POST, "bank/credentials/list"),
        (Method::POST, "bank/credentials/account"),
        (Method::POST, "bank/credentials/data"),
        (Method::POST, "bank/credentials/holder"),
        (Method::POST, "bank/credentials/auth/"),
        (Method::GET, "platform/link"),
        (Method::POST, "platform/link"),
        (Method::POST, "links/list-links"),
        (Method::POST, "links/create-link"),
        (Method::POST, "links/edit-link"),
        (Method::POST, "links/pause-link"),
        (Method::POST, "links/resume-link"),
        (Method::POST, "links/delete-link"),
    ];
    for (method, path) in endpoints {
        for bearer in ["", "bl_bearer_nobody", world.secret.as_str()] {
            let answer = world.call(method.clone(), &format!("/v0/{path}"), bearer, Some(json!({}))).await;
            assert_eq!(answer.status.as_u16(), 401, "{method} {path}: {}", answer.text);
            assert_eq!(answer.json()["error"], "Invalid credentials");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_as_everything_else_is() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let nothing = integration.post("bank/credentials/savings", json!({})).await;
    assert_eq!((nothing.status.as_u16(), &nothing.json()["error"]), (404, &json!("Not found")));
    let wrong_method = integration.call(Method::GET, "bank/credentials/account", None).await;
    assert_eq!((wrong_method.status.as_u16(), &wrong_method.json()["error"]), (405, &json!("Method not allowed")));
}

#[tokio::test]
async fn a_body_is_json_whatever_its_type_is_said_to_be() {
    let world = World::new().await;
    let body = json!({ "client_id": world.app.client_id.to_string(), "client_secret": world.secret,
        "grant_type": "client_credentials" });
    let request = Request::post("/v0/token").header(header::CONTENT_TYPE, "text/plain");
    assert!(world.send(request.body(Body::from(body.to_string())).unwrap()).await.ok()["access_token"].is_string());
    let broken = world.send(Request::post("/v0/token").body(Body::from("{")).unwrap()).await;
    assert_eq!((broken.status.as_u16(), &broken.json()["error"]["code"]), (400, &json!("ValidationError")));
    let large = "x".repeat(100_000);
    let large = world.send(Request::post("/v0/token").body(Body::from(large)).unwrap()).await;
    assert_eq!(large.json()["success"], false, "{}", large.text);
}
