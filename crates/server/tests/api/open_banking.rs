//! What data recipients of Flinks Open Banking do (seed 004; `vendor-apis.md`, 4).

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use banklink_server::sandbox::toolbox;
use serde_json::{Value, json};

use crate::support::{Answer, Person, REDIRECT, World};

mod authorize;
mod data;
mod providers;
mod tokens;

/// Every scope that there is, as seed 004 writes them.
pub(super) const ALL: &str = "ACCOUNT_BASIC ACCOUNT_DETAILED ACCOUNT_PAYMENTS INVESTMENTS TRANSACTIONS STATEMENTS CUSTOMER_CONTACT CUSTOMER_PERSONAL";

/// An app's own server.
pub(super) struct Recipient<'a> {
    pub(super) world: &'a World,
    pub(super) client_id: String,
    pub(super) secret: String,
}

impl<'a> Recipient<'a> {
    pub(super) fn of(world: &'a World) -> Self {
        Self { world, client_id: world.app.client_id.to_string(), secret: world.secret.clone() }
    }

    /// Another app's: the sandbox's own.
    pub(super) fn toolbox(world: &'a World) -> Self {
        let secret = toolbox::SECRET_KEY.to_owned();
        Self { world, client_id: toolbox::CUSTOMER_ID.to_string(), secret }
    }

    /// The address that it sends a person to, with these parameters instead of or beside the usual ones; an empty one is
    /// left out.
    pub(super) fn address(&self, changed: &[(&str, &str)]) -> String {
        let usual = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", REDIRECT),
            ("scope", ALL),
            ("state", "state"),
        ];
        let others = usual.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        let sent = others.chain(changed.iter().copied()).filter(|(_, value)| !value.is_empty());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(sent).finish();
        format!("/api/v1/authorize?{query}")
    }

    /// A person whom it sends, before the widget.
    pub(super) async fn sends(&self, changed: &[(&str, &str)]) -> Person<'a> {
        let sent = self.world.get(&self.address(changed)).await;
        assert_eq!(sent.status, StatusCode::FOUND, "{}", sent.text);
        let location: url::Url = sent.header("location").parse().unwrap();
        self.world.enters(location.path(), location.query().unwrap()).await
    }

    /// A person who agreed and logged in at the test bank; where their browser goes.
    pub(super) async fn has_linked(&self, username: &str, changed: &[(&str, &str)]) -> url::Url {
        self.has_linked_at("testbank", (username, "anything"), changed).await
    }

    /// The same at another provider.
    pub(super) async fn has_linked_at(
        &self,
        provider: &str,
        (username, password): (&str, &str),
        changed: &[(&str, &str)],
    ) -> url::Url {
        let mut person = self.sends(&[&[("provider_id", provider)], changed].concat()).await;
        person.agrees().await;
        person.signs_in(username, password).await;
        let (step, ending) = person.sees();
        assert_eq!(step, "Linked");
        ending["url"].as_str().unwrap().parse().unwrap()
    }

    /// The tokens for the code of a person who logged in at the test bank.
    pub(super) async fn has_tokens(&self, username: &str, scope: &str) -> Value {
        let back = self.has_linked(username, &[("scope", scope)]).await;
        self.exchanges(&parameter(&back, "code").unwrap(), &[]).await.ok()
    }

    pub(super) async fn exchanges(&self, code: &str, more: &[(&str, &str)]) -> Answer {
        let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT)];
        let others = form.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        let form: Vec<(&str, &str)> = others.chain(more.iter().copied()).collect();
        self.asks_token(&form).await
    }

    pub(super) async fn refreshes(&self, refresh_token: &str, more: &[(&str, &str)]) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        self.asks_token(&[&form, more].concat()).await
    }

    pub(super) async fn asks_token(&self, form: &[(&str, &str)]) -> Answer {
        self.posts("/api/v1/token", form).await
    }

    pub(super) async fn revokes(&self, token: &str, more: &[(&str, &str)]) -> Answer {
        self.posts("/api/v1/revoke", &[&[("token", token)], more].concat()).await
    }

    async fn posts(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let client = [("client_id", self.client_id.as_str()), ("client_secret", self.secret.as_str())];
        posts_form(self.world, path, None, &[&client, form].concat()).await
    }

    /// An access token of its own.
    pub(super) async fn own_token(&self) -> String {
        let reply = self.asks_token(&[("grant_type", "client_credentials")]).await.ok();
        reply["access_token"].as_str().unwrap().to_owned()
    }

    /// Data of the person whose access token is shown.
    pub(super) async fn reads(&self, path: &str, access_token: &Value) -> Answer {
        let path = format!("/api/fdx/5/{path}");
        self.world.call(Method::GET, &path, access_token.as_str().unwrap(), None).await
    }
}

impl Person<'_> {
    /// Agrees to what is on the screen.
    pub(super) async fn agrees(&mut self) {
        let (step, consent) = self.sees();
        assert_eq!(step, "Consent");
        let hash = consent["text_hash"].clone();
        self.does(json!({ "AcceptConsent": { "text_hash": hash } })).await;
    }
}

pub(super) async fn posts_form(
    world: &World,
    path: &str,
    authorization: Option<&str>,
    form: &[(&str, &str)],
) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    world.send(request.body(Body::from(body)).unwrap()).await
}

pub(super) fn parameter(url: &url::Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// Asserts an error of the authorization endpoints.
#[track_caller]
pub(super) fn refused(answer: &Answer, status: u16, error: &str) {
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), body["error"].as_str()), (status, Some(error)), "{body}");
    assert!(body["error_description"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    assert_eq!(answer.header("cache-control"), "no-store");
}
