//! `/v3/…` as existing Flinks integrations call it (seeds 001 and 002, `vendor-apis.md`, 1).

use axum::{
    body::Body,
    http::{Method, Request},
};
use banklink_server::sandbox::toolbox;
use serde_json::{Value, json};

use crate::support::{Answer, World};

mod accounts;
mod authorize;
mod logins;
mod oauth;
mod statements;
mod tokens;

/// An app's own server, with what it was given.
pub(super) struct Integration<'a> {
    world: &'a World,
    customer: String,
    secret_key: String,
    api_key: String,
}

impl<'a> Integration<'a> {
    /// The one of seed 002.
    pub(super) fn toolbox(world: &'a World) -> Self {
        Self {
            world,
            customer: toolbox::CUSTOMER_ID.to_string(),
            secret_key: toolbox::SECRET_KEY.to_owned(),
            api_key: toolbox::API_KEY.to_owned(),
        }
    }

    /// Another customer.
    pub(super) fn other(world: &'a World) -> Self {
        Self {
            world,
            customer: world.app.client_id.to_string(),
            secret_key: world.secret.clone(),
            api_key: "data key".to_owned(),
        }
    }

    pub(super) async fn call(
        &self,
        method: Method,
        endpoint: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let path = format!("/v3/{}/BankingServices/{endpoint}", self.customer);
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map_or_else(String::new, |body| body.to_string());
        self.world.send(request.body(Body::from(body)).unwrap()).await
    }

    /// `GenerateAuthorizeToken`
    pub(super) async fn token(&self) -> String {
        let key = [("flinks-auth-key", self.secret_key.as_str())];
        let answer = self.call(Method::POST, "GenerateAuthorizeToken", &key, None).await.ok();
        answer["Token"].as_str().unwrap().to_owned()
    }

    /// `Authorize` with this token.
    pub(super) async fn authorize_with(&self, token: &str, body: Value) -> Answer {
        self.call(Method::POST, "Authorize", &[("flinks-auth-key", token)], Some(body)).await
    }

    /// `Authorize` with a fresh token.
    pub(super) async fn authorize(&self, body: Value) -> Answer {
        self.authorize_with(&self.token().await, body).await
    }

    /// Somebody of Flinks Capital without security challenges: what `Authorize` answered.
    pub(super) async fn authorized(&self, username: &str) -> Value {
        self.authorize(login(username)).await.ok()
    }

    /// Any other endpoint.
    pub(super) async fn ask(&self, method: Method, endpoint: &str, body: Option<Value>) -> Answer {
        self.call(method, endpoint, &[("x-api-key", &self.api_key)], body).await
    }

    /// `GetAccountsDetail` of what `Authorize` answered, with more in its body.
    pub(super) async fn detail(&self, authorized: &Value, more: Value) -> Answer {
        let mut body = more;
        body["RequestId"] = authorized["RequestId"].clone();
        self.ask(Method::POST, "GetAccountsDetail", Some(body)).await
    }
}

/// A login at Flinks Capital.
pub(super) fn login(username: &str) -> Value {
    json!({ "Institution": "FlinksCapital", "Username": username, "Password": "Everyday", "Save": true })
}

/// Asserts an error as Flinks writes it.
#[track_caller]
pub(super) fn refused(answer: &Answer, status: u16, code: &str) {
    let error = answer.json();
    let told = (answer.status.as_u16(), &error["HttpStatusCode"], &error["FlinksCode"]);
    assert_eq!(told, (status, &json!(status), &json!(code)), "{}", answer.text);
    assert!(error["Message"].as_str().is_some_and(|message| !message.is_empty()));
}
