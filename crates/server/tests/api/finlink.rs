//! `/api/v1/…` as existing Finlink integrations call it (seed 003, `vendor-apis.md`, 3).

use axum::http::Method;
use banklink_server::sandbox::toolbox;
use serde_json::{Value, json};

use crate::support::{Answer, Person, World};

mod connections;
mod flow;
mod login;

/// An app's own server, in a session.
pub(super) struct Integration<'a> {
    pub(super) world: &'a World,
    pub(super) token: String,
}

impl<'a> Integration<'a> {
    /// The app's, with every scope.
    pub(super) async fn of(world: &'a World) -> Self {
        Self::with(world, &world.app.client_id.to_string(), &world.secret, Value::Null).await
    }

    /// The same, with these scopes.
    pub(super) async fn limited(world: &'a World, scopes: &[&str]) -> Self {
        Self::with(world, &world.app.client_id.to_string(), &world.secret, json!(scopes)).await
    }

    /// Another app's: the sandbox's own.
    pub(super) async fn toolbox(world: &'a World) -> Self {
        Self::with(world, &toolbox::CUSTOMER_ID.to_string(), toolbox::SECRET_KEY, Value::Null).await
    }

    async fn with(world: &'a World, client: &str, secret: &str, scopes: Value) -> Self {
        let body = json!({ "clientId": client, "clientSecret": secret, "scopes": scopes });
        let reply = world.call(Method::POST, "/api/v1/auth/login", "", Some(body)).await.ok();
        Self { world, token: reply["token"].as_str().unwrap().to_owned() }
    }

    pub(super) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.world.call(method, &format!("/api/v1/{path}"), &self.token, body).await
    }

    pub(super) async fn asks(&self, path: &str) -> Answer {
        self.call(Method::GET, &format!("queries/{path}"), None).await
    }

    pub(super) async fn starts(&self, body: Value) -> Answer {
        self.call(Method::POST, "commands/connections/start-flow", Some(body)).await
    }

    pub(super) async fn exchanges(&self, public_token: &str) -> Answer {
        self.call(Method::POST, &format!("commands/connections/exchange/{public_token}"), None).await
    }

    /// Somebody who opens the page with an auth token that this was bound to.
    pub(super) async fn sends(&self, more: Value) -> Person<'a> {
        let mut body = json!({ "id": self.world.link().await["id"], "product": "TRANSACTIONS" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let started = self.starts(body).await.ok();
        let query = format!("authToken={}", started["token"].as_str().unwrap());
        let mut person = self.world.enters("/link", &query).await;
        person.does(json!({ "AcceptConsent": { "text_hash": person.sees().1["text_hash"] } })).await;
        person
    }

    /// Somebody who linked the test bank; the token of their connection.
    pub(super) async fn linked(&self, username: &str, password: &str, more: Value) -> String {
        let mut person = self.sends(more).await;
        if person.sees_step() == "Institutions" {
            person.chooses("testbank").await;
        }
        person.signs_in(username, password).await;
        while person.sees_step() == "Challenge" {
            person.types_code("482913").await;
        }
        let exchanged = self.exchanges(&person.code()).await.ok();
        exchanged["connectionToken"].as_str().unwrap().to_owned()
    }
}

/// Asserts an error.
#[track_caller]
pub(super) fn refused(answer: &Answer, status: u16, field: Option<&str>) {
    let body = answer.json();
    let told = (answer.status.as_u16(), &body["statusCode"], body["field"].as_str());
    assert_eq!(told, (status, &json!(status), field), "{body}");
    assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()) && body["error"].is_string());
}
