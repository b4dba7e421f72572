//! How sessions end, as the app's server reads it: in one outcome, whoever is faster.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::http::Method;
use banklink_server::services::sessions::expire_overdue;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::{Answer, World, pages};

const SESSIONS: &str = "/platform/v1/link_sessions";

/// What is said of an end beside its times.
fn end(session: &Value) -> Value {
    let institution = session["institution"]["id"].clone();
    json!([session["outcome"], session["reason"], session["code"], session["screen"], institution])
}

#[tokio::test]
async fn a_session_on_the_way_says_where_the_person_is() {
    let world = World::new().await;
    let mut person = world.person("").await;
    let session = world.session_of(&person).await;
    assert_eq!(end(&session), json!([null, null, null, "institutions", null]));
    assert_eq!((&session["created_at"], &session["ended_at"]), (&json!("2026-03-02T10:00:00Z"), &Value::Null));
    person.chooses("testbank").await;
    let session = world.session_of(&person).await;
    assert_eq!(end(&session), json!([null, null, null, "credentials", "testbank"]));
    assert_eq!(session["institution"], json!({ "id": "testbank", "name": "TestBank", "country": "ES" }));
    person.signs_in("anna", "SCA_SMS").await;
    assert_eq!(end(&world.session_of(&person).await), json!([null, null, null, "challenge", "testbank"]));
    person.does(json!("Back")).await;
    person.does(json!("Back")).await;
    assert_eq!(end(&world.session_of(&person).await), json!([null, null, null, "institutions", null]));
}

#[tokio::test]
async fn a_session_that_linked_names_its_connection() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    world.pass_seconds(90);
    person.signs_in("anna", "anything").await;
    let session = world.session_of(&person).await;
    assert_eq!(end(&session), json!(["linked", null, null, "credentials", "testbank"]));
    assert_eq!(session["connection_id"], person.sees().1["login_id"]);
    assert_eq!(session["ended_at"], "2026-03-02T10:01:30Z");
}

#[rstest]
#[case("", None, "Closed", "closed", "institutions", Value::Null)]
#[case("", None, "InstitutionNotFound", "institution_not_found", "institutions", Value::Null)]
#[case("consentEnable=true", None, "ConsentDenied", "consent_denied", "consent", Value::Null)]
#[case("bank=testbank", Some("SCA_SMS"), "Closed", "closed", "challenge", json!("testbank"))]
#[case("bank=lockedbank", Some("x"), "Closed", "closed", "failure", json!("lockedbank"))]
#[tokio::test]
async fn who_leaves_is_told_of_with_the_reason_and_the_screen(
    #[case] query: &str,
    #[case] password: Option<&str>,
    #[case] reason: &str,
    #[case] told: &str,
    #[case] screen: &str,
    #[case] institution: Value,
) {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let consent = if query.is_empty() || query.starts_with("bank") { "&consentEnable=false" } else { "" };
    let mut person = world.enters("/v2/", &format!("authorizeToken={token}{consent}&{query}")).await;
    if let Some(password) = password {
        person.signs_in("anna", password).await;
    }
    person.leaves(reason).await;
    assert_eq!(end(&world.session_of(&person).await), json!(["exited", told, null, screen, institution]));
}

#[rstest]
#[case("", "INTERNAL_ERROR", true, "INTERNAL_ERROR", "failure")]
#[case("", "USER_INTERACTION_NEEDED", true, "USER_INTERACTION_NEEDED", "failure")]
#[case("rollback=true", "INTERNAL_ERROR", false, "INTERNAL_ERROR", "credentials")]
#[case("maximumRetry=1", "INVALID_CREDENTIALS", false, "MAXIMUM_RETRY_REACHED", "credentials")]
#[tokio::test]
async fn what_failed_is_told_by_its_code(
    #[case] query: &str,
    #[case] password: &str,
    #[case] gives_up: bool,
    #[case] code: &str,
    #[case] screen: &str,
) {
    let world = World::new().await;
    let mut person = world.person(&format!("bank=testbank&{query}")).await;
    person.signs_in("anna", password).await;
    if gives_up {
        person.leaves("Failed").await;
    }
    assert_eq!(end(&world.session_of(&person).await), json!(["failed", null, code, screen, "testbank"]));
}

#[tokio::test]
async fn a_session_has_expired_when_its_time_is_up_whether_or_not_anybody_looked() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", "SCA_EMAIL").await;
    let session = world.session_of(&person).await;
    world.pass_seconds(8 * 60 - 1);
    assert_eq!(world.session_of(&person).await, session);
    world.pass_seconds(1);
    let expired = world.session_of(&person).await;
    assert_eq!(end(&expired), json!(["expired", null, null, "challenge", "testbank"]));
    assert_eq!(expired["ended_at"], "2026-03-02T10:08:00Z");
    world.pass(3);
    expire_overdue(&world.state).await.unwrap();
    assert_eq!(world.session_of(&person).await, expired, "what was said once stays so");
}

#[tokio::test]
async fn sessions_are_read_a_page_at_a_time_by_their_own_app() {
    let world = World::new().await;
    let mut people = Vec::new();
    for reason in ["Closed", "InstitutionNotFound", "Closed"] {
        let mut person = world.person("").await;
        world.pass_seconds(1);
        person.leaves(reason).await;
        people.push(person);
    }
    people.push(world.person("").await);
    let mut expected = Vec::new();
    for person in &people {
        expected.push(world.session_of(person).await);
    }
    for limit in [1, 3, 500] {
        assert_eq!(pages(&world, &format!("{SESSIONS}?"), limit).await, expected);
    }
    let toolbox = banklink_server::sandbox::toolbox::SECRET_KEY;
    let others = world.call(Method::GET, SESSIONS, toolbox, None).await.ok();
    assert_eq!(others, json!({ "items": [], "next": null }));
    let one = format!("{SESSIONS}/{}", expected[0]["id"].as_str().unwrap());
    assert_eq!(world.call(Method::GET, &one, toolbox, None).await.problem(), "NOT_FOUND");
}

/// A session's key, for requests that race.
struct Racer {
    world: Arc<World>,
    key: String,
    number: Value,
}

impl Racer {
    fn new(world: &Arc<World>, person: &crate::support::Person<'_>) -> Self {
        Self { world: Arc::clone(world), key: person.key.clone(), number: person.state["number"].clone() }
    }

    async fn submits(&self, intent: Value) -> Answer {
        let body = json!({ "number": self.number, "intent": intent });
        self.world.call(Method::POST, "/link/api/1/session", &self.key, Some(body)).await
    }

    async fn leaves(&self) -> Answer {
        let body = json!({ "reason": "Closed", "searched": null });
        self.world.call(Method::POST, "/link/api/1/leave", &self.key, Some(body)).await
    }

    async fn asks_for_news(&self) -> Answer {
        self.world.call(Method::GET, "/link/api/1/session?after=1", &self.key, None).await
    }

    async fn reads(&self) -> Value {
        self.world.call(Method::GET, "/link/api/1/session", &self.key, None).await.ok()
    }
}

/// How often a race is run: each of both starts first now and then, and the more the later the round is.
const ROUNDS: u64 = 30;

/// Runs both at once, on threads of their own.
async fn at_once(
    round: u64,
    first: impl Future<Output = Answer> + Send + 'static,
    second: impl Future<Output = Answer> + Send + 'static,
) -> (Answer, Answer) {
    let pause = move |of: u64| sleep(Duration::from_millis(if round % 2 == of { round / 4 } else { 0 }));
    let first = tokio::spawn(async move {
        pause(0).await;
        first.await
    });
    let second = tokio::spawn(async move {
        pause(1).await;
        second.await
    });
    (first.await.unwrap(), second.await.unwrap())
}

/// What came of a race: the outcome, which both callers heard of, and a code if and only if it linked.
async fn one_outcome(racer: &Racer, heard: [&Answer; 2], codes: &mut usize) -> String {
    let stands = racer.reads().await;
    for answer in heard {
        assert_eq!(answer.ok()["step"], stands["step"], "whoever lost is told so");
    }
    let session = racer.world.session_of_key(&racer.key).await;
    let outcome = session["outcome"].as_str().unwrap().to_owned();
    let step = if outcome == "linked" { "Linked" } else { "Ended" };
    assert!(stands["step"].get(step).is_some(), "{outcome}: {stands}");
    let before = std::mem::replace(codes, racer.world.unused_codes().await);
    assert_eq!(*codes - before, usize::from(outcome == "linked"));
    outcome
}

fn signs_in(username: &str, password: &str) -> Value {
    json!({ "SubmitCredentials": [
        { "field": "username", "value": username }, { "field": "password", "value": password },
    ]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn linking_and_leaving_at_once_end_a_session_in_one_of_both() {
    let world = Arc::new(World::new().await);
    let (mut seen, mut codes) = (BTreeSet::new(), 0);
    for round in 0..ROUNDS {
        let person = world.person("bank=testbank").await;
        let racer = Arc::new(Racer::new(&world, &person));
        let (one, other) = (Arc::clone(&racer), Arc::clone(&racer));
        let name = format!("anna-{round}");
        let submits = async move { one.submits(signs_in(&name, "anything")).await };
        let (linked, left) = at_once(round, submits, async move { other.leaves().await }).await;
        seen.insert(one_outcome(&racer, [&linked, &left], &mut codes).await);
    }
    assert_eq!(seen, BTreeSet::from(["exited".to_owned(), "linked".to_owned()]), "each was first now and then");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_approval_and_leaving_at_once_end_a_session_in_one_of_both() {
    let world = Arc::new(World::new().await);
    let (mut seen, mut codes) = (BTreeSet::new(), 0);
    for round in 0..ROUNDS {
        let mut person = world.person("bank=testbank").await;
        person.signs_in(&format!("anna-{round}"), "SCA_APP").await;
        world.pass_seconds(5);
        let racer = Arc::new(Racer::new(&world, &person));
        let (one, other) = (Arc::clone(&racer), Arc::clone(&racer));
        let news = async move { one.asks_for_news().await };
        let (approved, left) = at_once(round, news, async move { other.leaves().await }).await;
        seen.insert(one_outcome(&racer, [&approved, &left], &mut codes).await);
    }
    assert_eq!(seen, BTreeSet::from(["exited".to_owned(), "linked".to_owned()]), "each was first now and then");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_that_link_at_once_make_one_code() {
    let world = Arc::new(World::new().await);
    let mut codes = 0;
    for round in 0..ROUNDS {
        let mut person = world.person("bank=testbank&accountSelectorEnable=true").await;
        person.signs_in(&format!("anna-{round}"), "anything").await;
        let account = person.sees().1["accounts"][0]["id"].clone();
        let racer = Arc::new(Racer::new(&world, &person));
        let chooses = |racer: &Arc<Racer>| {
            let (racer, account) = (Arc::clone(racer), account.clone());
            async move {
                loop {
                    let answer = racer.submits(json!({ "ChooseAccounts": [account] })).await;
                    if answer.status.is_success() || answer.problem() != "STEP_IN_PROGRESS" {
                        return answer;
                    }
                }
            }
        };
        let (one, other) = at_once(round, chooses(&racer), chooses(&racer)).await;
        assert_eq!(one.ok(), other.ok());
        assert_eq!(one_outcome(&racer, [&one, &other], &mut codes).await, "linked");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn leaving_as_the_time_runs_out_ends_a_session_in_one_of_both() {
    let world = Arc::new(World::new().await);
    let mut seen = BTreeSet::new();
    for round in 0..ROUNDS {
        let person = world.person("").await;
        let racer = Arc::new(Racer::new(&world, &person));
        let (other, house) = (Arc::clone(&racer), Arc::clone(&world));
        let leaving = tokio::spawn(async move {
            sleep(Duration::from_millis(3)).await;
            other.leaves().await
        });
        let expiring = tokio::spawn(async move {
            sleep(Duration::from_millis(round % 7)).await;
            house.pass(8);
            expire_overdue(&house.state).await.unwrap();
        });
        expiring.await.unwrap();
        let left = leaving.await.unwrap();
        let session = world.session_of(&person).await;
        let outcome = session["outcome"].as_str().unwrap().to_owned();
        match outcome.as_str() {
            "exited" if left.status.is_success() => {
                assert_eq!(left.ok()["step"]["Ended"]["outcome"], json!({ "Exited": "Closed" }));
            }
            // Exited, and the time ran out before that was said.
            "exited" | "expired" => assert_eq!(left.problem(), "SESSION_EXPIRED"),
            other => panic!("{other}"),
        }
        seen.insert(outcome);
    }
    assert_eq!(seen, BTreeSet::from(["exited".to_owned(), "expired".to_owned()]), "each was first now and then");
    assert_eq!(world.unused_codes().await, 0);
}
