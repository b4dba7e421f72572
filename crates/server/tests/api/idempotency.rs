//! `Idempotency-Key`: what creates something is carried out once, however often it is sent.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use futures_util::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Answer, REDIRECT, World};

const LINKS: &str = "/platform/v1/links";

/// Sends a request that has a key.
async fn keyed(world: &World, secret: &str, path: &str, key: &str, body: &Value) -> Answer {
    let request = Request::post(path)
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", key);
    world.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn link(name: &str) -> Value {
    json!({ "name": name, "redirect_uri": REDIRECT })
}

async fn names(world: &World) -> Vec<Value> {
    let links = world.platform(Method::GET, LINKS, None).await.ok();
    links["items"].as_array().unwrap().iter().map(|link| link["name"].clone()).collect()
}

#[tokio::test]
async fn a_request_that_is_sent_again_is_answered_as_before_and_done_once() {
    let world = World::new().await;
    let first = keyed(&world, &world.secret, LINKS, "a", &link("one")).await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (StatusCode::CREATED, ""));
    for _ in 0..2 {
        let again = keyed(&world, &world.secret, LINKS, "a", &link("one")).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (StatusCode::CREATED, "true"));
        assert_eq!((again.json(), again.header("cache-control")), (first.json(), "no-store"));
    }
    keyed(&world, &world.secret, LINKS, "b", &link("one")).await.ok();
    assert_eq!(names(&world).await, ["one", "one"]);
}

#[tokio::test]
async fn the_answer_to_an_exchange_is_not_lost_with_its_connection() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", "anything").await;
    let (path, body) = ("/platform/v1/link_codes/exchange", json!({ "code": person.code() }));
    let first = keyed(&world, &world.secret, path, "x", &body).await.ok();
    assert_eq!(keyed(&world, &world.secret, path, "x", &body).await.ok(), first);
    assert_eq!(keyed(&world, &world.secret, path, "y", &body).await.problem(), "CODE_INVALID");
    // What was answered is gone with the connection.
    let connection = format!("/platform/v1/connections/{}", first["connection"]["id"].as_str().unwrap());
    assert_eq!(world.platform(Method::DELETE, &connection, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(keyed(&world, &world.secret, path, "x", &body).await.problem(), "CODE_INVALID");
}

#[tokio::test]
async fn a_key_is_for_one_request_of_one_app_for_a_day() {
    let world = World::new().await;
    keyed(&world, &world.secret, LINKS, "a", &link("one")).await.ok();
    assert_eq!(keyed(&world, &world.secret, LINKS, "a", &link("two")).await.problem(), "INVALID_PARAMETER");
    let tokens = "/platform/v1/authorize_tokens";
    assert_eq!(keyed(&world, &world.secret, tokens, "a", &link("one")).await.problem(), "INVALID_PARAMETER");
    let toolbox = banklink_server::sandbox::toolbox::SECRET_KEY;
    keyed(&world, toolbox, tokens, "a", &json!({})).await.ok();

    world.pass(24 * 60 - 1);
    assert_eq!(keyed(&world, &world.secret, LINKS, "a", &link("two")).await.problem(), "INVALID_PARAMETER");
    world.pass(1);
    keyed(&world, &world.secret, LINKS, "a", &link("two")).await.ok();
    assert_eq!(names(&world).await, ["one", "two"]);
}

#[tokio::test]
async fn what_was_refused_can_be_corrected_under_the_same_key() {
    let world = World::new().await;
    assert_eq!(keyed(&world, &world.secret, LINKS, "a", &link("")).await.problem(), "INVALID_PARAMETER");
    assert_eq!(keyed(&world, "bl_sk_wrong", LINKS, "a", &link("one")).await.problem(), "UNAUTHORIZED");
    keyed(&world, &world.secret, LINKS, "a", &link("one")).await.ok();
}

#[tokio::test]
async fn of_many_that_are_sent_at_once_one_is_carried_out() {
    let world = World::new().await;
    let body = link("one");
    let answers = join_all((0..20).map(|_| keyed(&world, &world.secret, LINKS, "a", &body))).await;
    let (done, busy): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.status.is_success());
    assert!(busy.iter().all(|answer| answer.problem() == "UNAVAILABLE" && answer.header("retry-after") == "5"));
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer.status.is_success() && answer.header("idempotent-replayed").is_empty())
            .count(),
        1
    );
    assert!(done.iter().all(|answer| answer.json() == done[0].json()));
    assert_eq!(names(&world).await, ["one"]);
    // Whoever was too early asks again.
    assert_eq!(keyed(&world, &world.secret, LINKS, "a", &body).await.ok(), done[0].json());
}

#[tokio::test]
async fn a_request_that_was_carried_out_and_cut_off_is_not_carried_out_again() {
    let world = World::new().await;
    keyed(&world, &world.secret, LINKS, "a", &link("one")).await.ok();
    // As if the server had ended before it had the answer.
    world.sql("UPDATE requests SET sealed_answer = NULL").await;
    assert_eq!(keyed(&world, &world.secret, LINKS, "a", &link("one")).await.problem(), "UNAVAILABLE");
    world.pass(2);
    assert_eq!(keyed(&world, &world.secret, LINKS, "a", &link("two")).await.problem(), "INVALID_PARAMETER");
    let lost = keyed(&world, &world.secret, LINKS, "a", &link("one")).await;
    assert_eq!((lost.status, lost.problem().as_str()), (StatusCode::CONFLICT, "CONFLICT"));
    assert_eq!(names(&world).await, ["one"]);
}

#[tokio::test]
async fn with_a_key_as_much_is_taken_as_without() {
    let world = World::new().await;
    let path = "/platform/v1/app/theme/check";
    let large = json!({ "source": "#background { color: red }\n".repeat(5_000) });
    let without = world.platform(Method::POST, path, Some(large.clone())).await.ok();
    assert_eq!(keyed(&world, &world.secret, path, "a", &large).await.ok(), without);
    let too_large = json!({ "name": "x".repeat(100_000), "redirect_uri": REDIRECT });
    assert_eq!(keyed(&world, &world.secret, LINKS, "b", &too_large).await.problem(), "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn a_request_that_was_cut_off_before_it_was_carried_out_is_when_it_is_sent_again() {
    let world = World::new().await;
    keyed(&world, &world.secret, LINKS, "a", &link("one")).await.ok();
    world.sql("DELETE FROM links").await;
    world.sql("UPDATE requests SET sealed_answer = NULL, is_carried_out = 0").await;
    world.pass(2);
    keyed(&world, &world.secret, LINKS, "a", &link("one")).await.ok();
    assert_eq!(names(&world).await, ["one"]);
}

#[rstest]
#[case("")]
#[case("a b")]
#[case(&"k".repeat(256))]
#[tokio::test]
async fn what_is_no_key_is_refused(#[case] key: &str) {
    let world = World::new().await;
    let refused = keyed(&world, &world.secret, LINKS, key, &link("one")).await;
    assert_eq!(
        (refused.problem().as_str(), &refused.json()["parameter"]),
        ("INVALID_PARAMETER", &json!("Idempotency-Key"))
    );
    assert_eq!(names(&world).await, [] as [Value; 0]);
}
