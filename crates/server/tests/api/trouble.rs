//! What goes wrong in the middle of a step: nobody's session stays claimed, and the bank is not given anything twice.

use std::{collections::BTreeMap, time::Duration};

use banklink_domain::token::TokenHash;
use banklink_store::{At, Claim};
use jiff::SignedDuration;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    observed::{Bank, Trouble},
    support::{Person, World},
};

fn signs_in(password: &str) -> Value {
    json!({ "SubmitCredentials": [
        { "field": "username", "value": "anna" }, { "field": "password", "value": password },
    ]})
}

/// The person reads of this failure, and links after all.
async fn reads_of_it_and_goes_on(bank: &Bank, person: &mut Person<'_>, code: &str) {
    let (step, failed) = person.sees();
    assert_eq!((step, &failed["code"], &failed["institution"]["id"]), ("Failed", &json!(code), &json!("testbank")));
    bank.is_in(None);
    person.does(json!("Retry")).await;
    person.does(signs_in("anything")).await;
    assert_eq!(person.sees_step(), "Linked");
}

#[rstest]
#[case(Trouble::Hangs, "RetryLater")]
#[case(Trouble::Dies, "InternalError")]
#[tokio::test]
async fn a_bank_that_hangs_or_dies_costs_the_login_and_not_the_session(#[case] trouble: Trouble, #[case] code: &str) {
    let (world, bank) = World::observed().await;
    let mut person = world.person("bank=testbank").await;
    bank.is_in(Some(trouble));
    person.does(signs_in("anything")).await;
    reads_of_it_and_goes_on(&bank, &mut person, code).await;

    let mut person = world.person("bank=testbank&external_id=other").await;
    person.does(signs_in("SCA_SMS")).await;
    bank.was_given();
    bank.is_in(Some(trouble));
    person.types_code("482913").await;
    assert_eq!(bank.was_given(), BTreeMap::from([("answer", 1)]));
    reads_of_it_and_goes_on(&bank, &mut person, code).await;
}

#[rstest]
#[case(Trouble::Hangs, "RetryLater")]
#[case(Trouble::Dies, "InternalError")]
#[tokio::test]
async fn a_bank_that_hangs_or_dies_while_it_is_asked_for_news_is_told_to_who_waits(
    #[case] trouble: Trouble,
    #[case] code: &str,
) {
    let (world, bank) = World::observed().await;
    let mut person = world.person("bank=testbank").await;
    person.does(signs_in("SCA_APP")).await;
    bank.is_in(Some(trouble));
    person.waits().await;
    reads_of_it_and_goes_on(&bank, &mut person, code).await;
}

#[tokio::test]
async fn what_was_begun_is_finished_though_nobody_waits_for_it_any_more() {
    let (world, bank) = World::observed().await;
    let mut person = world.person("bank=testbank").await;
    bank.is_in(Some(Trouble::Slow(80)));
    assert!(timeout(Duration::from_millis(30), person.try_to(signs_in("anything"))).await.is_err());
    assert_eq!(person.try_to(signs_in("anything")).await.problem(), "STEP_IN_PROGRESS");
    sleep(Duration::from_millis(150)).await;
    person.state = person.reads().await.ok();
    assert_eq!(person.sees_step(), "Linked");
    assert_eq!(bank.was_given(), BTreeMap::from([("start", 1)]));
    assert_eq!(world.unused_codes().await, 1);
}

/// A server takes the step that the person is at, and is killed.
async fn dies_in_the_middle(world: &World, person: &Person<'_>) {
    let (sessions, now) = (world.state.store.sessions(), world.clock.now());
    let row = sessions.by_key_hash(&TokenHash::of_text(&person.key)).await.unwrap().unwrap();
    let lease = now + SignedDuration::from_secs(45);
    let claim = sessions.claim(&row.id, At::Number(row.number), lease, now).await.unwrap();
    assert!(matches!(claim, Claim::Claimed(_)));
}

#[rstest]
#[case::credentials("", signs_in("anything"))]
#[case::an_answer("SCA_SMS", json!({ "SubmitAnswer": { "Code": "482913" } }))]
#[tokio::test]
async fn what_a_killed_server_may_have_given_to_the_bank_is_not_given_again(
    #[case] password: &str,
    #[case] intent: Value,
) {
    let (world, bank) = World::observed().await;
    let mut person = world.person("bank=testbank").await;
    if !password.is_empty() {
        person.does(signs_in(password)).await;
    }
    bank.was_given();
    dies_in_the_middle(&world, &person).await;
    let world = world.restarted().await;
    let mut person = person.before(&world);
    assert_eq!(person.try_to(intent.clone()).await.problem(), "STEP_IN_PROGRESS");
    world.pass_seconds(46);
    person.does(intent).await;
    assert_eq!(bank.was_given(), BTreeMap::new());
    reads_of_it_and_goes_on(&bank, &mut person, "InternalError").await;
    assert_eq!(world.unused_codes().await, 1);
}

#[tokio::test]
async fn what_a_killed_server_did_for_itself_is_done_again() {
    let (world, bank) = World::observed().await;
    let mut person = world.person("bank=testbank&accountSelectorEnable=true").await;
    person.does(signs_in("anything")).await;
    let account = person.sees().1["accounts"][0]["id"].clone();
    dies_in_the_middle(&world, &person).await;
    let world = world.restarted().await;
    let mut person = person.before(&world);
    bank.was_given();
    world.pass_seconds(46);
    person.does(json!({ "ChooseAccounts": [account] })).await;
    assert_eq!(person.sees_step(), "Linked");
    assert_eq!(bank.was_given(), BTreeMap::new());
}

#[tokio::test]
async fn who_leaves_in_the_middle_of_a_lost_step_has_left() {
    let (world, _) = World::observed().await;
    let mut person = world.person("bank=testbank").await;
    dies_in_the_middle(&world, &person).await;
    person.leaves("Closed").await;
    assert_eq!(world.session_of(&person).await["outcome"], "exited");
}

#[tokio::test]
async fn a_login_that_can_not_be_written_is_lost_and_not_made_twice() {
    let (world, bank) = World::observed().await;
    let mut person = world.person("bank=testbank").await;
    world.sql("CREATE TRIGGER broken BEFORE INSERT ON link_codes BEGIN SELECT raise(ABORT, 'broken'); END").await;
    person.does(signs_in("anything")).await;
    assert_eq!(person.sees_step(), "Failed");
    assert_eq!(bank.was_given(), BTreeMap::from([("start", 1)]));
    world.sql("DROP TRIGGER broken").await;
    reads_of_it_and_goes_on(&bank, &mut person, "InternalError").await;
    assert_eq!(world.unused_codes().await, 1);
}

#[tokio::test]
async fn what_can_not_even_be_written_as_failed_is_claimed_for_a_while_and_no_longer() {
    let (world, bank) = World::observed().await;
    let mut person = world.person("bank=testbank").await;
    world
        .sql(
            "CREATE TRIGGER broken BEFORE UPDATE OF state ON link_sessions \
             BEGIN SELECT raise(ABORT, 'broken'); END",
        )
        .await;
    assert_eq!(person.try_to(signs_in("anything")).await.problem(), "INTERNAL");
    assert_eq!(person.try_to(signs_in("anything")).await.problem(), "STEP_IN_PROGRESS");
    world.sql("DROP TRIGGER broken").await;
    world.pass_seconds(46);
    person.does(signs_in("anything")).await;
    assert_eq!(bank.was_given(), BTreeMap::from([("start", 1)]));
    reads_of_it_and_goes_on(&bank, &mut person, "InternalError").await;
}

#[tokio::test]
async fn what_was_not_given_to_the_bank_can_be_tried_again_at_once() {
    let (world, bank) = World::observed().await;
    let mut person = world.person("bank=testbank&accountSelectorEnable=true").await;
    person.does(signs_in("anything")).await;
    let chooses = json!({ "ChooseAccounts": [person.sees().1["accounts"][0]["id"]] });
    bank.was_given();
    world.sql("CREATE TRIGGER broken BEFORE INSERT ON link_codes BEGIN SELECT raise(ABORT, 'broken'); END").await;
    assert_eq!(person.try_to(chooses.clone()).await.problem(), "INTERNAL");
    assert_eq!(person.reads().await.ok(), person.state);
    world.sql("DROP TRIGGER broken").await;
    person.does(chooses).await;
    assert_eq!((person.sees_step(), bank.was_given()), ("Linked", BTreeMap::new()));
}
