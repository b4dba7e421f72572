//! Link codes: exchanged once, by the app that they were made for.

use axum::http::{Method, StatusCode};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use banklink_server::{
    assets::Assets,
    limits::Limits,
    locale::Locales,
    seal::{SealKey, Sealer},
    services::codes,
    state::{AppState, Parts},
};
use serde_json::{Value, json};

use crate::support::World;

const EXCHANGE: &str = "/platform/v1/link_codes/exchange";

async fn linked(world: &World) -> Value {
    let mut person = world.person("bank=testbank&campaign=spring").await;
    person.signs_in("anna", "anything").await;
    json!({ "code": person.code() })
}

#[tokio::test]
async fn a_code_is_worth_something_once() {
    let world = World::new().await;
    let body = linked(&world).await;
    let unused = world.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
    assert_eq!(unused["items"][0]["code"], body["code"]);
    assert_eq!(unused["items"][0]["extra"], json!({ "campaign": "spring" }));

    let first = world.platform(Method::POST, EXCHANGE, Some(body.clone())).await.ok();
    assert_eq!(first["extra"], json!({ "campaign": "spring" }));
    assert_eq!(world.platform(Method::POST, EXCHANGE, Some(body)).await.problem(), "CODE_INVALID");
    let unused = world.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
    assert_eq!(unused["items"], json!([]));
}

#[tokio::test]
async fn of_a_thousand_exchanges_of_one_code_exactly_one_wins() {
    let world = std::sync::Arc::new(World::new().await);
    let body = linked(&world).await;
    let mut exchanges = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let (world, body) = (std::sync::Arc::clone(&world), body.clone());
        exchanges.spawn(async move { world.platform(Method::POST, EXCHANGE, Some(body)).await.status });
    }
    let statuses = exchanges.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::BAD_REQUEST).count(), 999);
}

#[tokio::test]
async fn another_apps_secret_gets_nothing_and_costs_nothing() {
    let world = World::new().await;
    let body = linked(&world).await;
    let toolbox = banklink_server::sandbox::toolbox::SECRET_KEY;
    let refused = world.call(Method::POST, EXCHANGE, toolbox, Some(body.clone())).await;
    assert_eq!(refused.problem(), "CODE_INVALID");
    world.platform(Method::POST, EXCHANGE, Some(body)).await.ok();
}

#[tokio::test]
async fn a_code_lives_a_day() {
    let world = World::new().await;
    let body = linked(&world).await;
    world.pass(24 * 60 + 1);
    assert_eq!(world.platform(Method::POST, EXCHANGE, Some(body)).await.problem(), "CODE_INVALID");
    let unused = world.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
    assert_eq!(unused["items"], json!([]));
}

/// The same server, with another key.
async fn with_another_key(world: &World) -> AppState {
    let parts = Parts {
        store: world.state.store.clone(),
        connectors: world.state.connectors.clone(),
        sealer: Sealer::new(&SealKey::generate()),
        clock: world.clock.clone(),
        assets: Assets::load().unwrap(),
        locales: Locales::load().unwrap(),
        public_url: world.state.public_url.clone(),
        support: None,
        trusted_proxies: Vec::new(),
        limits: Limits::default(),
    };
    AppState::new(parts).await.unwrap()
}

#[tokio::test]
async fn a_code_that_can_not_be_paid_out_is_neither_used_up_nor_in_the_way_of_others() {
    let world = World::new().await;
    let body = linked(&world).await;
    let unable = with_another_key(&world).await;
    let code = Secret::new(body["code"].as_str().unwrap());
    let failed = codes::exchange(&unable, &world.app, &code).await.unwrap_err();
    assert_eq!(failed.code(), ProblemCode::DataUnreadable);
    let listed = codes::unused(&unable, &world.app, None, None, 10).await.unwrap();
    assert!(listed.items.is_empty());

    world.platform(Method::POST, EXCHANGE, Some(body)).await.ok();
}
