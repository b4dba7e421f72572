//! What is answered elsewhere: the widget waits for it, and the server asks the bank meanwhile.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::support::{Person, World};

/// Long enough for any answer that is not waited for, and far from the end of the wait.
const SOON: Duration = Duration::from_secs(5);

async fn approves<'a>(world: &'a World, username: &str, password: &str) -> Person<'a> {
    let mut person = world.person("bank=testbank").await;
    person.signs_in(username, password).await;
    assert_eq!(person.sees_step(), "Challenge");
    person
}

/// Whoever waits hears of what happens meanwhile, and at once.
async fn hears(person: &mut Person<'_>, meanwhile: impl Future<Output = ()>) {
    let both = async {
        tokio::join!(person.waits(), async {
            sleep(Duration::from_millis(300)).await;
            meanwhile.await;
        })
    };
    timeout(SOON, both).await.unwrap();
}

#[tokio::test]
async fn who_is_behind_hears_at_once_where_the_session_stands() {
    let world = World::new().await;
    let mut person = world.person("").await;
    let before = person.state["revision"].clone();
    person.chooses("testbank").await;
    let path = format!("/link/api/1/session?after={before}");
    let answer = timeout(SOON, world.call(Method::GET, &path, &person.key, None)).await.unwrap();
    assert_eq!(answer.ok(), person.state);
}

#[tokio::test]
async fn an_approval_elsewhere_is_heard_of_while_the_person_waits() {
    let world = World::new().await;
    let mut person = approves(&world, "anna", "SCA_APP").await;
    assert_eq!(person.challenge().0, "Approval");
    let (number, revision) = (person.state["number"].clone(), person.state["revision"].clone());
    hears(&mut person, async { world.pass_seconds(5) }).await;
    assert_eq!(person.sees_step(), "Linked");
    assert!(person.state["number"].as_u64() > number.as_u64(), "an old click must not count any more");
    assert!(person.state["revision"].as_u64() > revision.as_u64());
    assert_eq!(world.unused_codes().await, 1);
}

#[tokio::test]
async fn a_refusal_elsewhere_is_told_and_can_be_tried_again() {
    let world = World::new().await;
    let mut person = approves(&world, "deny-anna", "SCA_APP").await;
    world.pass_seconds(5);
    timeout(SOON, person.waits()).await.unwrap();
    assert_eq!((person.sees_step(), &person.sees().1["code"]), ("Failed", &json!("Denied")));
    assert_eq!(world.unused_codes().await, 0);
    person.does(json!("Retry")).await;
    assert_eq!(person.sees_step(), "Credentials");
}

#[tokio::test]
async fn what_nobody_approves_ends_with_the_banks_patience_and_not_with_the_sessions() {
    let world = World::new().await;
    let mut person = approves(&world, "never-anna", "SCA_EXTERNAL_WAIT").await;
    let shown = person.sees().1["expires_in"].as_u64().unwrap();
    assert!(person.state["expires_in"].as_u64().unwrap() >= shown);
    world.pass_seconds(shown.cast_signed() - 1);
    assert_eq!(person.reads().await.ok()["step"]["Challenge"]["expires_in"], 1);
    world.pass_seconds(1);
    timeout(SOON, person.waits()).await.unwrap();
    assert_eq!((person.sees_step(), &person.sees().1["code"]), ("Failed", &json!("NotApproved")));
}

#[tokio::test]
async fn several_who_wait_for_one_approval_all_hear_of_it_and_it_is_carried_out_once() {
    let world = World::new().await;
    let person = approves(&world, "anna", "SCA_APP").await;
    let news = async { timeout(SOON, person.asks_for_news()).await.unwrap().ok() };
    let again = async { timeout(SOON, person.asks_for_news()).await.unwrap().ok() };
    let ((), first, second) = tokio::join!(async { world.pass_seconds(5) }, news, again);
    assert_eq!(first["step"].as_object().unwrap().keys().next().unwrap(), "Linked");
    assert_eq!(first, second);
    assert_eq!(world.unused_codes().await, 1);
}

#[tokio::test]
async fn who_waits_hears_what_was_done_in_another_request() {
    let world = World::new().await;
    let mut person = approves(&world, "never-anna", "SCA_APP").await;
    let body = json!({ "number": person.state["number"], "intent": "Back" });
    let key = person.key.clone();
    hears(&mut person, async {
        world.call(Method::POST, "/link/api/1/session", &key, Some(body)).await.ok();
    })
    .await;
    assert_eq!(person.sees_step(), "Credentials");
}

#[tokio::test]
async fn who_waits_for_nothing_is_kept_waiting() {
    let world = World::new().await;
    let person = world.person("bank=testbank").await;
    assert!(timeout(Duration::from_millis(1500), person.asks_for_news()).await.is_err());
    assert_eq!(person.reads().await.ok(), person.state, "and nothing changed by that");
}

#[tokio::test]
async fn who_waits_long_enough_hears_after_twenty_seconds_that_nothing_changed() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("never-anna", "SCA_APP").await;
    // The database takes real time. While a blocking task runs, time that is stopped does not go on by itself.
    let (done, waits) = std::sync::mpsc::channel::<()>();
    let stopped = tokio::task::spawn_blocking(move || waits.recv().is_err());
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    let mut news = std::pin::pin!(person.asks_for_news());
    let answer = loop {
        let a_while = async {
            tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(2))).await.unwrap();
            tokio::time::advance(Duration::from_millis(100)).await;
        };
        tokio::select! {
            biased;
            answer = &mut news => break answer,
            () = a_while => assert!(began.elapsed() < Duration::from_secs(40), "nobody is kept waiting for ever"),
        }
    };
    let waited = began.elapsed();
    drop(done);
    assert!(stopped.await.unwrap());
    assert_eq!(answer.ok(), person.state, "nothing changed");
    assert!((18..30).contains(&waited.as_secs()), "{waited:?}");
}

#[tokio::test]
async fn a_code_to_scan_that_is_renewed_keeps_its_number_so_that_an_earlier_click_still_counts() {
    let world = World::new().await;
    let mut person = approves(&world, "never-anna", "SCA_UPDATABLE_QR").await;
    let shown = person.state.clone();
    let of = |state: &Value, name: &str| state["step"]["Challenge"][name].clone();
    assert_eq!(person.challenge().0, "Qr");

    hears(&mut person, async { world.pass_seconds(11) }).await;
    assert_eq!(person.state["number"], shown["number"]);
    assert_eq!(person.state["revision"].as_u64(), shown["revision"].as_u64().map(|revision| revision + 1));
    assert_ne!(of(&person.state, "challenge"), of(&shown, "challenge"));
    assert_eq!(of(&person.state, "round"), of(&shown, "round"), "it is the same challenge");

    let body = json!({ "number": shown["number"], "intent": "Back" });
    let back = world.call(Method::POST, "/link/api/1/session", &person.key, Some(body)).await.ok();
    assert_eq!(back["step"].as_object().unwrap().keys().next().unwrap(), "Credentials");
}

#[tokio::test]
async fn a_reload_finds_the_approval_as_it_is_waited_for() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}&consentEnable=false&bank=testbank");
    let mut person = world.enters("/v2/", &query).await;
    person.signs_in("slow-anna", "SCA_APP").await;
    world.pass_seconds(10);
    let resumed = world.open("/v2/", &query, Some(&person.key)).await.ok()["state"].clone();
    let (shown, again) = (&person.state["step"]["Challenge"], &resumed["step"]["Challenge"]);
    assert_eq!((&again["challenge"], &again["round"]), (&shown["challenge"], &shown["round"]));
    assert_eq!(again["expires_in"].as_u64(), shown["expires_in"].as_u64().map(|seconds| seconds - 10));
    world.pass_seconds(31);
    timeout(SOON, person.waits()).await.unwrap();
    assert_eq!(person.sees_step(), "Linked");
}

#[tokio::test]
async fn a_wait_for_no_number_or_of_nobody_is_refused() {
    let world = World::new().await;
    let person = world.person("").await;
    for after in ["x", "-1", "4294967296", "1.5"] {
        let path = format!("/link/api/1/session?after={after}");
        let refused = world.call(Method::GET, &path, &person.key, None).await;
        assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!("after")));
    }
    assert_eq!(world.call(Method::GET, "/link/api/1/session?after=0", "", None).await.problem(), "UNAUTHORIZED");
    world.pass(9);
    assert_eq!(person.asks_for_news().await.problem(), "SESSION_EXPIRED");
}
