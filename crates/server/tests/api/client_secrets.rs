//! Client secrets: five at most, shown once, and ended for good with what they opened.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Signed, World};

const SECRETS: &str = "/platform/v1/app/client_secrets";

async fn create(ana: &Signed<'_>) -> (String, String) {
    let created = ana.ask(Method::POST, SECRETS, Some(json!({}))).await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&created["client_secret"]["id"]), text(&created["secret"]))
}

async fn revoke(ana: &Signed<'_>, id: &str, password: &str) -> crate::support::Answer {
    ana.ask(Method::POST, &format!("{SECRETS}/{id}/revoke"), Some(json!({ "password": password }))).await
}

#[tokio::test]
async fn an_app_has_five_that_work_and_each_is_shown_once() {
    let world = World::new().await;
    let ana = world.operator().await.of(&world.app.id.to_string());
    let mut made = Vec::new();
    for _ in 0..4 {
        made.push(create(&ana).await);
    }
    assert_eq!(ana.ask(Method::POST, SECRETS, Some(json!({}))).await.problem(), "CONFLICT");
    for (_, secret) in &made {
        world.call(Method::GET, "/platform/v1/app", secret, None).await.ok();
    }
    let listed = ana.ask(Method::GET, SECRETS, None).await;
    assert_eq!(listed.ok()["items"].as_array().unwrap().len(), 5);
    assert!(made.iter().all(|(id, secret)| listed.text.contains(id) && !listed.text.contains(secret)));

    assert_eq!(revoke(&ana, &made[0].0, PASSWORD).await.status, StatusCode::NO_CONTENT);
    let ended = world.call(Method::GET, "/platform/v1/app", &made[0].1, None).await;
    assert_eq!(ended.problem(), "UNAUTHORIZED");
    assert_eq!(revoke(&ana, &made[0].0, PASSWORD).await.problem(), "NOT_FOUND");
    create(&ana).await;
}

#[tokio::test]
async fn revoking_asks_for_the_operators_own_password_a_few_times() {
    let world = World::new().await;
    let ana = world.operator().await.of(&world.app.id.to_string());
    let (id, secret) = create(&ana).await;
    for _ in 0..5 {
        let refused = revoke(&ana, &id, "wrong").await;
        assert_eq!(
            (refused.problem().as_str(), &refused.json()["parameter"]),
            ("INVALID_PARAMETER", &json!("password"))
        );
    }
    assert_eq!(revoke(&ana, &id, PASSWORD).await.problem(), "TOO_MANY_REQUESTS");
    world.call(Method::GET, "/platform/v1/app", &secret, None).await.ok();
    world.pass(15);
    assert_eq!(revoke(&ana, &id, PASSWORD).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_a_secret_opened_ends_with_it_and_what_others_opened_goes_on() {
    let world = World::new().await;
    let ana = world.operator().await.of(&world.app.id.to_string());
    let (id, secret) = create(&ana).await;
    let token = async |secret: &str| {
        let issued = world.call(Method::POST, "/platform/v1/authorize_tokens", secret, Some(json!({}))).await.ok();
        issued["token"].as_str().unwrap().to_owned()
    };
    let connection = world.connection("anna", "").await;
    let renew = async |secret: &str| {
        let body = Some(json!({ "purpose": "credentials" }));
        let path = format!("{connection}/reauthorisation_tokens");
        let issued = world.call(Method::POST, &path, secret, body).await.ok();
        issued["token"].as_str().unwrap().to_owned()
    };
    let (of_it, of_other) = (renew(&secret).await, renew(&world.secret).await);
    let unused = token(&secret).await;
    let ended = world.enters("/v2/", &format!("authorizeToken={}&bank=testbank", token(&secret).await)).await;
    let other = world.enters("/v2/", &format!("authorizeToken={}&bank=testbank", token(&world.secret).await)).await;
    let by_link = world.enters("/link", &format!("token={}", world.link().await["token"].as_str().unwrap())).await;

    assert_eq!(revoke(&ana, &id, PASSWORD).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ended.reads().await.problem(), "SESSION_EXPIRED");
    other.reads().await.ok();
    by_link.reads().await.ok();
    let opened = world.open("/v2/", &format!("authorizeToken={unused}"), None).await;
    assert_eq!(opened.problem(), "TOKEN_INVALID");
    let page = async |reset: &str| {
        let fresh = token(&world.secret).await;
        world.open("/v2/", &format!("authorizeToken={fresh}&reset_token={reset}"), None).await
    };
    assert_eq!(page(&of_it).await.problem(), "TOKEN_INVALID");
    page(&of_other).await.ok();
    // How the session ended is told.
    let sessions = world.platform(Method::GET, "/platform/v1/link_sessions", None).await.ok();
    let outcomes: Vec<_> = sessions["items"].as_array().unwrap().iter().map(|session| &session["outcome"]).collect();
    assert_eq!(outcomes.iter().filter(|outcome| ***outcome == "expired").count(), 1, "{sessions}");
}

#[tokio::test]
async fn a_token_that_was_being_asked_for_meanwhile_opens_nothing_either() {
    let world = World::new().await;
    let ana = world.operator().await.of(&world.app.id.to_string());
    let (id, secret) = create(&ana).await;
    let issued = world.call(Method::POST, "/platform/v1/authorize_tokens", &secret, Some(json!({}))).await.ok();
    assert_eq!(revoke(&ana, &id, PASSWORD).await.status, StatusCode::NO_CONTENT);
    // As if it had been written just after.
    world.sql("UPDATE authorize_tokens SET expires_at = expires_at + 1800000").await;
    let token = issued["token"].as_str().unwrap();
    let opened = world.open("/v2/", &format!("authorizeToken={token}"), None).await;
    assert_eq!(opened.problem(), "TOKEN_INVALID");
}

#[tokio::test]
async fn a_data_key_is_replaced_by_who_knows_their_password() {
    let world = World::new().await;
    let ana = world.operator().await.of(&world.app.id.to_string());
    let replace = async |password: &str| {
        ana.ask(Method::POST, "/platform/v1/app/data_key", Some(json!({ "password": password }))).await
    };
    assert_eq!(replace("wrong").await.problem(), "INVALID_PARAMETER");
    let key = replace(PASSWORD).await.ok()["data_key"].as_str().unwrap().to_owned();
    let hash = banklink_domain::token::TokenHash::of_text(&key);
    assert!(world.state.store.apps().by_data_key(&hash).await.unwrap().is_some());
    assert!(world.state.store.apps().by_data_key(&world.app.data_key).await.unwrap().is_none());
}
