//! The person leaves: at any moment, once, and whatever is being done for them.

use std::time::Duration;

use axum::http::Method;
use banklink_domain::session::Outcome;
use banklink_store::ConnectionSearch;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::World;

/// How a session ended, where the app is not told by a redirect.
fn ended(outcome: &Value) -> Value {
    json!({ "outcome": outcome, "url": null })
}

#[rstest]
#[case("Closed")]
#[case("ConsentDenied")]
#[case("InstitutionNotFound")]
#[case("Failed")]
#[tokio::test]
async fn leaving_ends_the_session_in_one_outcome(#[case] reason: &str) {
    let world = World::new().await;
    let mut person = world.person("").await;
    let (number, revision) = (person.state["number"].clone(), person.state["revision"].clone());
    person.leaves(reason).await;
    assert_eq!(person.sees(), ("Ended", &ended(&json!({ "Exited": reason }))));
    assert_ne!((&person.state["number"], &person.state["revision"]), (&number, &revision));
    assert_eq!(person.try_to(json!({ "ChooseInstitution": "testbank" })).await.ok(), person.state);
    assert_eq!(person.reads().await.ok(), person.state);
    assert_eq!(world.outcomes().await, [(Some(Outcome::Exited), 1)]);
}

#[tokio::test]
async fn leaving_twice_is_leaving_once() {
    let world = World::new().await;
    let mut person = world.person("").await;
    person.leaves("InstitutionNotFound").await;
    assert_eq!(person.asks_to_leave("InstitutionNotFound").await.ok(), person.state);
    assert_eq!(person.asks_to_leave("Closed").await.ok(), person.state, "the first reason counts");
    assert_eq!(world.outcomes().await, [(Some(Outcome::Exited), 1)]);
}

#[tokio::test]
async fn of_many_who_leave_at_once_all_hear_the_same() {
    let world = World::new().await;
    let person = world.person("").await;
    let (first, second, third) =
        tokio::join!(person.asks_to_leave("Closed"), person.asks_to_leave("Failed"), person.asks_to_leave("Closed"));
    let state = person.reads().await.ok();
    assert_eq!([first.ok(), second.ok(), third.ok()], [state.clone(), state.clone(), state]);
}

#[tokio::test]
async fn leaving_after_the_bank_is_linked_changes_nothing() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", "anything").await;
    let linked = person.state.clone();
    person.leaves("Closed").await;
    assert_eq!(person.state, linked);
    assert_eq!(world.outcomes().await, [(Some(Outcome::Linked), 1)]);
    assert_eq!(world.unused_codes().await, 1);
}

#[tokio::test]
async fn who_leaves_while_the_bank_is_asked_links_nothing() {
    let world = World::new().await;
    // It takes two seconds for every answer.
    let mut person = world.person("bank=degradedbank").await;
    let intent = json!({ "SubmitCredentials": [
        { "field": "username", "value": "anna" }, { "field": "password", "value": "anything" },
    ]});
    let (submitted, left) = tokio::join!(person.try_to(intent.clone()), async {
        sleep(Duration::from_millis(500)).await;
        person.asks_to_leave("Closed").await
    });
    person.state = left.ok();
    assert_eq!(submitted.ok(), person.state, "whose step came to nothing hears why");
    assert_eq!(person.sees(), ("Ended", &ended(&json!({ "Exited": "Closed" }))));
    assert_eq!(person.reads().await.ok(), person.state);
    assert_eq!(person.try_to(intent).await.ok(), person.state);
    assert_eq!(world.unused_codes().await, 0);
    let connections =
        world.state.store.connections().list(world.app.id, &ConnectionSearch::default(), None, 10).await.unwrap();
    assert!(connections.items.is_empty(), "{connections:?}");
    assert_eq!(world.outcomes().await, [(Some(Outcome::Exited), 1)]);
}

#[tokio::test]
async fn who_leaves_while_an_approval_is_waited_for_ends_the_wait() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("never-anna", "SCA_APP").await;
    let (waited, left) = tokio::join!(person.asks_for_news(), async {
        sleep(Duration::from_millis(300)).await;
        person.asks_to_leave("Closed").await
    });
    assert_eq!(waited.ok(), left.ok());
    world.pass_seconds(60);
    assert_eq!(world.unused_codes().await, 0);
}

#[tokio::test]
async fn giving_up_at_a_failure_ends_the_session_in_that_failure() {
    let world = World::new().await;
    let mut person = world.person("bank=lockedbank").await;
    person.signs_in("anna", "anything").await;
    assert_eq!(person.sees_step(), "Failed");
    person.leaves("Failed").await;
    assert_eq!(person.sees(), ("Ended", &ended(&json!({ "Failed": "DisabledLogin" }))));
    assert_eq!(world.outcomes().await, [(Some(Outcome::Failed), 1)]);
}

#[rstest]
#[case("TokenInvalid")]
#[case("SessionExpired")]
#[case("Unsupported")]
#[case("closed")]
#[tokio::test]
async fn nobody_leaves_for_a_reason_that_is_not_a_persons(#[case] reason: &str) {
    let world = World::new().await;
    let person = world.person("").await;
    assert_eq!(person.asks_to_leave(reason).await.problem(), "INVALID_PARAMETER");
    assert_eq!(person.reads().await.ok(), person.state);
}

#[tokio::test]
async fn what_was_searched_for_has_a_length() {
    let world = World::new().await;
    let mut person = world.person("").await;
    let leave = async |searched: &str| {
        let body = json!({ "reason": "InstitutionNotFound", "searched": searched });
        world.call(Method::POST, "/link/api/1/leave", &person.key, Some(body)).await
    };
    assert_eq!(leave(&"x".repeat(1025)).await.problem(), "INVALID_REQUEST");
    assert_eq!(person.reads().await.ok(), person.state);
    let left = leave("Bank of Atlantis").await.ok();
    person.state = left;
    assert_eq!(person.sees(), ("Ended", &ended(&json!({ "Exited": "InstitutionNotFound" }))));
}

#[tokio::test]
async fn nobody_leaves_a_session_that_is_not_theirs_or_over() {
    let world = World::new().await;
    let body = || Some(json!({ "reason": "Closed", "searched": null }));
    assert_eq!(world.call(Method::POST, "/link/api/1/leave", "", body()).await.problem(), "UNAUTHORIZED");
    assert_eq!(world.call(Method::POST, "/link/api/1/leave", "bl_ses_x", body()).await.problem(), "SESSION_EXPIRED");
    let person = world.person("").await;
    world.pass(9);
    assert_eq!(person.asks_to_leave("Closed").await.problem(), "SESSION_EXPIRED");
}
