//! Connections that are read anew without their person: at night, when the app asks, and what happens where the bank
//! wants to see the person again.

use axum::http::{Method, StatusCode};
use banklink_server::services::refreshing;
use jiff::Timestamp;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    support::World,
    webhooks::{Receiver, added, send_all},
};

/// A connection of somebody whose password this is.
async fn linked(world: &World, username: &str, password: &str, query: &str) -> String {
    let mut person = world.person(&format!("bank=testbank&{query}")).await;
    person.signs_in(username, password).await;
    if person.sees_step() == "Challenge" {
        person.types_code("123456").await;
    }
    format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap())
}

async fn read(world: &World, connection: &str) -> Value {
    world.platform(Method::GET, connection, None).await.ok()
}

/// Refreshes all that is due.
async fn at_night(world: &World) -> usize {
    let mut refreshed = 0;
    for institution in refreshing::institutions_due(&world.state, 100).await.unwrap() {
        for claim in refreshing::take_due(&world.state, &institution, 100).await.unwrap() {
            refreshing::refresh(&world.state, &claim).await.unwrap();
            refreshed += 1;
        }
    }
    refreshed
}

#[tokio::test]
async fn what_is_scheduled_is_refreshed_once_each_night() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let connection = linked(&world, "anna", "anything", "scheduleRefresh=true").await;
    linked(&world, "bob", "anything", "").await;
    added(&world, json!({ "url": receiver.listens().await })).await;
    let before = read(&world, &connection).await;
    assert_eq!((&before["schedule_refresh"], &before["refreshed_at"]), (&json!(true), &json!("2026-03-02T10:00:00Z")));
    assert_eq!(at_night(&world).await, 0);
    let accounts = async || world.platform(Method::GET, &format!("{connection}/accounts"), None).await.ok();
    let seen = accounts().await;
    for night in ["2026-03-03T05:00:00Z", "2026-03-04T05:00:00Z"] {
        world.clock.set(night.parse::<Timestamp>().unwrap());
        assert_eq!(at_night(&world).await, 1, "{night}");
        assert_eq!(at_night(&world).await, 0, "{night}");
        assert_eq!(read(&world, &connection).await["refreshed_at"], night);
    }
    send_all(&world).await;
    assert_eq!(receiver.heard(), ["connection.updated", "connection.data_ready"].repeat(2));
    assert_eq!(accounts().await["items"].as_array().unwrap().len(), seen["items"].as_array().unwrap().len());

    let stop = Some(json!({ "schedule_refresh": false }));
    let stopped = world.platform(Method::PATCH, &connection, stop).await.ok();
    assert_eq!(stopped["schedule_refresh"], false);
    world.clock.set("2026-03-05T05:00:00Z".parse().unwrap());
    assert_eq!(at_night(&world).await, 0);
    let go_on = Some(json!({ "schedule_refresh": true }));
    world.platform(Method::PATCH, &connection, go_on).await.ok();
    world.clock.set("2026-03-06T05:00:00Z".parse().unwrap());
    assert_eq!(at_night(&world).await, 1);
}

#[tokio::test]
async fn who_asks_has_it_refreshed_at_once() {
    let world = World::new().await;
    let connection = linked(&world, "anna", "anything", "").await;
    world.pass(5);
    let refreshed = world.platform(Method::POST, &format!("{connection}/refresh"), None).await.ok();
    assert_eq!((&refreshed["refreshed_at"], &refreshed["status"]), (&json!("2026-03-02T10:05:00Z"), &json!("active")));
    let gone = format!("{connection}x/refresh");
    assert_eq!(world.platform(Method::POST, &gone, None).await.problem(), "NOT_FOUND");
    assert_eq!(world.platform(Method::DELETE, &connection, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.platform(Method::POST, &format!("{connection}/refresh"), None).await.problem(), "NOT_FOUND");
}

/// Seed 000, *Reauthorisation*, from the bank's question at night to the person's answer; also where only what is bound to
/// a token counts (seed 003).
#[rstest]
#[case::with_parameters_in_the_address(false)]
#[case::where_tokens_are_forced(true)]
#[tokio::test]
async fn a_bank_that_asks_again_is_told_of_with_the_way_back_and_the_person_puts_it_right(#[case] is_forced: bool) {
    let (world, receiver) = (World::new().await, Receiver::default());
    let webhook = added(&world, json!({ "url": receiver.listens().await })).await;
    let connection = linked(&world, "anna", "SCA_SMS", "scheduleRefresh=true").await;
    send_all(&world).await;
    receiver.take();
    world.clock.set("2026-03-03T05:00:00Z".parse().unwrap());
    assert_eq!(at_night(&world).await, 1);
    assert_eq!(read(&world, &connection).await["status"], "needs_reauthorisation");
    send_all(&world).await;
    let (_, body) = receiver.take().remove(0);
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (&told["type"], &told["data"]["status"]),
        (&json!("connection.needs_reauthorisation"), &json!("needs_reauthorisation"))
    );
    let way = &told["data"]["reauthorisation"];
    let (sca_token, bank) = (way["parameters"]["sca_token"].as_str().unwrap(), way["parameters"]["bank"].as_str());
    assert_eq!((&way["token"], &way["purpose"], bank), (&json!(sca_token), &json!("access"), Some("testbank")));
    // The log of what was sent does not tell the token.
    let log = world.platform(Method::GET, "/platform/v1/app/webhooks", None).await.ok();
    let id = log["items"][0]["id"].as_str().unwrap();
    assert_eq!(webhook["webhook"]["id"], id);
    let path = format!("/platform/v1/app/webhooks/{id}/deliveries");
    let number = world.platform(Method::GET, &path, None).await.ok()["items"][0]["number"].clone();
    let shown = world.platform(Method::GET, &format!("{path}/{number}"), None).await;
    assert_eq!(shown.ok()["body"]["data"]["reauthorisation"], "[not shown]");
    assert!(!shown.text.contains(sca_token));
    // Nothing more is asked of the bank until the person came.
    world.clock.set("2026-03-04T05:00:00Z".parse().unwrap());
    assert_eq!(at_night(&world).await, 0);
    assert_eq!(world.platform(Method::POST, &format!("{connection}/refresh"), None).await.problem(), "CONFLICT");

    let parameters = [("sca_token", sca_token), ("bank", "testbank"), ("consentEnable", "false")];
    let query = if is_forced {
        let force = json!({ "settings": { "force_authorize_token": true } });
        world.platform(Method::PATCH, "/platform/v1/app", Some(force)).await.ok();
        format!("authorizeToken={}", world.token(&parameters).await)
    } else {
        let written = parameters.map(|(name, value)| format!("&{name}={value}")).concat();
        format!("authorizeToken={}{written}", world.token(&[]).await)
    };
    let mut person = world.enters("/v2/", &query).await;
    assert_eq!(person.sees_step(), "Reauthorise");
    person.does(json!("Reauthorise")).await;
    person.types_code("123456").await;
    assert_eq!(format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap()), connection);
    let renewed = read(&world, &connection).await;
    assert_eq!((&renewed["status"], &renewed["schedule_refresh"]), (&json!("active"), &json!(true)));
    world.clock.set("2026-03-05T05:00:00Z".parse().unwrap());
    assert_eq!(at_night(&world).await, 1);
}

#[tokio::test]
async fn who_changed_their_password_is_asked_for_the_new_one() {
    let (world, receiver) = (World::new().await, Receiver::default());
    added(&world, json!({ "url": receiver.listens().await, "events": ["connection.needs_reauthorisation"] })).await;
    let connection = linked(&world, "changed-anna", "anything", "").await;
    let refreshed = world.platform(Method::POST, &format!("{connection}/refresh"), None).await.ok();
    assert_eq!(refreshed["status"], "needs_reauthorisation");
    send_all(&world).await;
    let (_, body) = receiver.take().remove(0);
    let told: Value = serde_json::from_slice(&body).unwrap();
    let reset = told["data"]["reauthorisation"]["parameters"]["reset_token"].as_str().unwrap().to_owned();
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}&reset_token={reset}&bank=testbank&consentEnable=false");
    let person = world.enters("/v2/", &query).await;
    assert_eq!(person.sees_step(), "Credentials");
}

#[tokio::test]
async fn a_bank_that_does_not_answer_is_asked_again_and_the_connection_stays() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let connection = linked(&world, "anna", "anything", "scheduleRefresh=true").await;
    added(&world, json!({ "url": receiver.listens().await })).await;
    // As if its connector had kept something that it can't read any more.
    let id = connection.rsplit('/').next().unwrap();
    world.sql(&format!("UPDATE connections SET sealed_state = x'00' WHERE id = '{id}'")).await;
    world.clock.set("2026-03-03T05:00:00Z".parse().unwrap());
    assert_eq!(at_night(&world).await, 1);
    let failed = read(&world, &connection).await;
    assert_eq!((&failed["status"], &failed["refresh_failure"]), (&json!("active"), &json!("INTERNAL_ERROR")));
    send_all(&world).await;
    let (_, body) = receiver.take().remove(0);
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&told["type"], &told["data"]["failure"]), (&json!("connection.failed"), &json!("INTERNAL_ERROR")));
    world.clock.set("2026-03-04T05:00:00Z".parse().unwrap());
    assert_eq!(at_night(&world).await, 1);
}

#[tokio::test]
async fn nobody_is_asked_without_the_persons_consent() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}&bank=testbank&scheduleRefresh=true");
    let mut person = world.enters("/v2/", &query).await;
    let hash = person.sees().1["text_hash"].clone();
    person.does(json!({ "AcceptConsent": { "text_hash": hash } })).await;
    person.signs_in("anna", "anything").await;
    let connection = format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap());
    added(&world, json!({ "url": receiver.listens().await })).await;
    world.pass(91 * 24 * 60);
    assert_eq!(world.platform(Method::POST, &format!("{connection}/refresh"), None).await.problem(), "CONFLICT");
    assert_eq!(at_night(&world).await, 1);
    assert_eq!(at_night(&world).await, 0);
    send_all(&world).await;
    assert_eq!(receiver.heard(), [] as [&str; 0]);
    assert_eq!(read(&world, &connection).await["refreshed_at"], "2026-03-02T10:00:00Z");
}
