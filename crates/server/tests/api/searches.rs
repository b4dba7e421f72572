//! What people searched for who did not find their institution.

use axum::http::Method;
use banklink_domain::token::TokenHash;
use banklink_server::services::sessions::expire_overdue;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Answer, Person, World, pages};

const SEARCHES: &str = "/platform/v1/institution_searches";

async fn gives_up(world: &World, person: &Person<'_>, reason: &str, searched: &str) -> Answer {
    let body = json!({ "reason": reason, "searched": searched });
    world.call(Method::POST, "/link/api/1/leave", &person.key, Some(body)).await
}

/// Somebody who leaves at once, for want of this.
async fn misses<'a>(world: &'a World, searched: &str) -> Person<'a> {
    let person = world.person("").await;
    gives_up(world, &person, "InstitutionNotFound", searched).await.ok();
    person
}

async fn searches(world: &World) -> Vec<Value> {
    pages(world, &format!("{SEARCHES}?"), 500).await
}

#[tokio::test]
async fn the_app_reads_what_its_people_miss_and_in_which_session() {
    let world = World::new().await;
    let person = misses(&world, "  Bank of\n Atlantis ").await;
    let session = world.session_of(&person).await;
    assert_eq!(
        (&session["reason"], &session["searched"]),
        (&json!("institution_not_found"), &json!("Bank of Atlantis"))
    );
    let expected = json!({
        "searched": "Bank of Atlantis", "link_session_id": session["id"], "searched_at": "2026-03-02T10:00:00Z",
    });
    assert_eq!(searches(&world).await, [expected]);
}

#[tokio::test]
async fn searches_come_a_page_at_a_time_in_the_order_in_which_people_gave_up() {
    let world = World::new().await;
    let late = world.person("").await;
    for searched in ["one", "two", "two", "three"] {
        world.pass_seconds(1);
        misses(&world, searched).await;
    }
    world.pass_seconds(1);
    gives_up(&world, &late, "InstitutionNotFound", "last").await.ok();
    for limit in [1, 2, 500] {
        let found = pages(&world, &format!("{SEARCHES}?"), limit).await;
        let texts: Vec<_> = found.iter().map(|search| search["searched"].as_str().unwrap()).collect();
        assert_eq!(texts, ["one", "two", "two", "three", "last"], "{limit} at a time");
    }
}

#[rstest]
#[case("Closed", "Bank of Atlantis")]
#[case("Failed", "Bank of Atlantis")]
#[case("InstitutionNotFound", " \t")]
#[tokio::test]
async fn nothing_is_kept_of_those_who_miss_nothing(#[case] reason: &str, #[case] searched: &str) {
    let world = World::new().await;
    let person = world.person("").await;
    gives_up(&world, &person, reason, searched).await.ok();
    assert_eq!(world.session_of(&person).await["searched"], Value::Null);
    assert_eq!(searches(&world).await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_first_leaving_counts_with_what_it_says() {
    let world = World::new().await;
    let person = misses(&world, "Bank of Atlantis").await;
    gives_up(&world, &person, "InstitutionNotFound", "something else").await.ok();
    assert_eq!(world.session_of(&person).await["searched"], "Bank of Atlantis");
}

#[tokio::test]
async fn as_much_as_a_name_has_is_kept_of_what_was_typed() {
    let world = World::new().await;
    let person = misses(&world, &"Å".repeat(500)).await;
    assert_eq!(world.session_of(&person).await["searched"], "Å".repeat(100));
}

#[tokio::test]
async fn a_search_is_the_apps_own_and_sealed() {
    let world = World::new().await;
    let person = misses(&world, "my PIN is 1234").await;
    let toolbox = banklink_server::sandbox::toolbox::SECRET_KEY;
    assert_eq!(world.call(Method::GET, SEARCHES, toolbox, None).await.ok()["items"], json!([]));
    let row = world.state.store.sessions().by_key_hash(&TokenHash::of_text(&person.key)).await.unwrap().unwrap();
    let kept = String::from_utf8_lossy(row.searched.as_ref().unwrap().as_bytes()).into_owned();
    assert!(!kept.contains("1234"));
}

#[tokio::test]
async fn one_that_can_not_be_read_does_not_hide_the_others() {
    let world = World::new().await;
    let broken = misses(&world, "one").await;
    let session = world.session_of(&broken).await;
    world
        .sql(&format!("UPDATE link_sessions SET searched = x'00' WHERE id = {}", session["id"]).replace('"', "'"))
        .await;
    misses(&world, "two").await;
    let found = searches(&world).await;
    assert_eq!((found.len(), &found[0]["searched"]), (1, &json!("two")));
    assert_eq!(world.session_of(&broken).await["searched"], Value::Null);
}

#[tokio::test]
async fn a_search_is_forgotten_with_its_session_a_month_later() {
    let world = World::new().await;
    misses(&world, "Bank of Atlantis").await;
    world.pass(30 * 24 * 60);
    expire_overdue(&world.state).await.unwrap();
    assert_eq!(searches(&world).await.len(), 1);
    world.pass(9);
    expire_overdue(&world.state).await.unwrap();
    assert_eq!(searches(&world).await, Vec::<Value>::new());
}
