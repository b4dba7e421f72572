//! A request that is sent twice is carried out once: after a lost answer, at the same time, or before a server that was
//! started again meanwhile.

use std::{collections::BTreeMap, time::Duration};

use axum::http::{Method, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    challenges::right_answer,
    observed::{Bank, Trouble},
    support::{Answer, Person, World, new_key},
};

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Agree,
    Choose,
    SignIn,
    SignInWrongly,
    SignInToChallenge,
    /// The right answer to what this password asks for.
    Answer(&'static str),
    AnswerWrongly,
    Resend,
    ResendEarly,
    Switch,
    Back,
    ChooseAccounts,
    Retry,
    ChooseAnother,
    Reauthorise,
}

fn signs_in(password: &str) -> Value {
    json!({ "SubmitCredentials": [
        { "field": "username", "value": "anna" }, { "field": "password", "value": password },
    ]})
}

/// Somebody before they do it, and what they send then.
async fn about_to(world: &World, act: Act) -> (Person<'_>, Value) {
    let at = async |query: &str, password: &str| {
        let mut person = world.person(&format!("bank=testbank&{query}")).await;
        if !password.is_empty() {
            person.does(signs_in(password)).await;
        }
        person
    };
    match act {
        Act::Agree => {
            let token = world.token(&[]).await;
            let person = world.enters("/v2/", &format!("authorizeToken={token}&bank=testbank")).await;
            let hash = person.sees().1["text_hash"].clone();
            (person, json!({ "AcceptConsent": { "text_hash": hash } }))
        }
        Act::Choose => (world.person("").await, json!({ "ChooseInstitution": "testbank" })),
        Act::SignIn => (at("", "").await, signs_in("anything")),
        Act::SignInWrongly => (at("maximumRetry=2", "").await, signs_in("INVALID_CREDENTIALS")),
        Act::SignInToChallenge => (at("", "").await, signs_in("SCA_SMS")),
        Act::Answer(password) => {
            let person = at("", password).await;
            let answer = match person.challenge() {
                ("Method", _) => json!({ "Choices": ["sms"] }),
                (kind, challenge) => right_answer(kind, challenge),
            };
            (person, json!({ "SubmitAnswer": answer }))
        }
        Act::AnswerWrongly => (at("", "SCA_SMS").await, json!({ "SubmitAnswer": { "Code": "INVALID_SCA" } })),
        Act::ResendEarly => (at("", "SCA_SMS").await, json!("Resend")),
        Act::Resend => {
            let person = at("", "SCA_SMS").await;
            world.pass_seconds(30);
            (person, json!("Resend"))
        }
        Act::Switch => {
            let mut person = at("", "SCA_METHODS").await;
            person.does(json!({ "SubmitAnswer": { "Choices": ["sms"] } })).await;
            (person, json!("SwitchMethod"))
        }
        Act::Back => (at("", "SCA_SMS").await, json!("Back")),
        Act::ChooseAccounts => {
            let person = at("accountSelectorEnable=true", "anything").await;
            let account = person.sees().1["accounts"][0]["id"].clone();
            (person, json!({ "ChooseAccounts": [account] }))
        }
        Act::Retry => (at("", "INTERNAL_ERROR").await, json!("Retry")),
        Act::ChooseAnother => (at("", "INTERNAL_ERROR").await, json!("ChooseAnother")),
        Act::Reauthorise => {
            let connection = world.connection("anna", "").await;
            let path = format!("{connection}/reauthorisation_tokens");
            let issued = world.platform(Method::POST, &path, Some(json!({ "purpose": "access" }))).await.ok();
            let query = format!("sca_token={}", issued["token"].as_str().unwrap());
            (at(&query, "").await, json!("Reauthorise"))
        }
    }
}

/// What the bank is given by it, however often it is sent.
fn given(act: Act) -> BTreeMap<&'static str, u32> {
    let call = match act {
        Act::SignIn | Act::SignInWrongly | Act::SignInToChallenge => "start",
        Act::Answer(_) | Act::AnswerWrongly => "answer",
        Act::Resend => "resend",
        Act::Switch => "switch",
        Act::Reauthorise => "refresh",
        _ => return BTreeMap::new(),
    };
    BTreeMap::from([(call, 1)])
}

/// How it comes to be sent twice.
#[derive(Clone, Copy, Debug)]
enum Twice {
    OneAfterTheOther,
    AtOnce,
    /// The page did not wait for the first answer.
    AnswerLost,
    ServerStartedAgain,
}

/// Both answers; where there is none to the first, the second twice.
async fn send_twice<'a>(
    world: &'a World,
    again: &'a mut Option<World>,
    bank: &Bank,
    person: &mut Person<'a>,
    intent: Value,
    twice: Twice,
) -> [Answer; 2] {
    match twice {
        Twice::OneAfterTheOther => [person.try_to(intent.clone()).await, person.try_to(intent).await],
        Twice::AtOnce => {
            bank.is_in(Some(Trouble::Slow(60)));
            let (first, second) = tokio::join!(person.try_to(intent.clone()), person.try_to(intent));
            [first, second]
        }
        Twice::AnswerLost => {
            bank.is_in(Some(Trouble::Slow(60)));
            drop(timeout(Duration::from_millis(20), person.try_to(intent.clone())).await);
            let soon = person.try_to(intent.clone()).await;
            sleep(Duration::from_millis(120)).await;
            [soon, person.try_to(intent).await]
        }
        Twice::ServerStartedAgain => {
            let first = person.try_to(intent.clone()).await;
            *person = person.before(again.insert(world.restarted().await));
            [first, person.try_to(intent).await]
        }
    }
}

#[rstest]
#[tokio::test]
async fn what_is_sent_twice_is_done_once(
    #[values(
        Act::Agree,
        Act::Choose,
        Act::SignIn,
        Act::SignInWrongly,
        Act::SignInToChallenge,
        Act::Answer("SCA_SMS"),
        Act::Answer("SCA_QUESTIONS"),
        Act::Answer("SCA_COORDINATE_CARD"),
        Act::Answer("SCA_PICTURES"),
        Act::Answer("SCA_METHODS"),
        Act::AnswerWrongly,
        Act::Resend,
        Act::ResendEarly,
        Act::Switch,
        Act::Back,
        Act::ChooseAccounts,
        Act::Retry,
        Act::ChooseAnother,
        Act::Reauthorise
    )]
    act: Act,
    #[values(Twice::OneAfterTheOther, Twice::AtOnce, Twice::AnswerLost, Twice::ServerStartedAgain)] twice: Twice,
) {
    let (world, bank) = World::observed().await;
    let (mut person, intent) = about_to(&world, act).await;
    bank.was_given();
    let codes = world.unused_codes().await;
    let (before, mut again) = (person.state.clone(), None);
    let answers = send_twice(&world, &mut again, &bank, &mut person, intent, twice).await;
    assert_eq!(bank.was_given(), given(act), "{act:?} {twice:?}");

    let stands = person.reads().await.ok();
    for answer in &answers {
        if answer.status == StatusCode::CONFLICT {
            assert_eq!(answer.problem(), "STEP_IN_PROGRESS", "{act:?} {twice:?}");
        } else {
            assert_eq!(answer.ok(), stands, "{act:?} {twice:?}");
        }
    }
    assert!(answers.iter().any(|answer| answer.status == StatusCode::OK), "{answers:?}");
    let moves = u64::from(act != Act::ResendEarly);
    for counter in ["number", "revision"] {
        assert_eq!(stands[counter].as_u64(), before[counter].as_u64().map(|before| before + moves), "{counter}");
    }
    let made = person.world().unused_codes().await - codes;
    assert_eq!(made, usize::from(stands["step"].get("Linked").is_some()));
}

#[tokio::test]
async fn an_opening_finds_its_session_before_a_server_that_was_started_again() {
    let (world, _) = World::observed().await;
    let token = world.token(&[]).await;
    let (query, key) = (format!("authorizeToken={token}"), new_key());
    let first = world.open("/v2/", &query, Some(&key)).await.ok();
    let world = world.restarted().await;
    assert_eq!(world.open("/v2/", &query, Some(&key)).await.ok(), first);
    assert_eq!(world.open("/v2/", &query, None).await.problem(), "TOKEN_INVALID");
}

#[tokio::test]
async fn leaving_is_leaving_once_before_a_server_that_was_started_again_too() {
    let (world, _) = World::observed().await;
    let mut person = world.person("").await;
    person.leaves("Closed").await;
    let session = world.session_of(&person).await;
    let again = world.restarted().await;
    let person = person.before(&again);
    assert_eq!(person.asks_to_leave("Failed").await.ok(), person.state);
    assert_eq!(again.session_of(&person).await, session);
}

/// Somebody at the bank's own page, and their ticket.
async fn at_the_bank<'a>(world: &'a World, query: &str) -> (Person<'a>, String) {
    let person = world.person(&format!("bank=oauthbank&{query}")).await;
    let way = person.challenge().1["url"].as_str().unwrap().to_owned();
    (person, way.rsplit('/').next().unwrap().to_owned())
}

fn back_from_the_bank(ticket: &str) -> String {
    let code =
        banklink_connectors::sandbox::authorization_code("anna", banklink_connectors::sandbox::BankPageLogin::Linked);
    format!("/link/bank/return?state={ticket}&code={code}")
}

#[rstest]
#[case::popup("", false)]
#[case::full_page("oauthWindowRedirect=true", true)]
#[tokio::test]
async fn who_comes_back_from_the_bank_twice_at_once_links_once(#[case] query: &str, #[case] full_page: bool) {
    let (world, bank) = World::observed().await;
    let (person, ticket) = at_the_bank(&world, query).await;
    world.get(&format!("/link/bank/{ticket}")).await;
    bank.was_given();
    bank.is_in(Some(Trouble::Slow(60)));
    let back = back_from_the_bank(&ticket);
    let (first, second) = tokio::join!(world.get(&back), world.get(&back));
    assert_eq!(bank.was_given(), BTreeMap::from([("returned", 1)]));
    assert_eq!(world.unused_codes().await, 1);
    for answer in [&first, &second] {
        if full_page {
            let url = person.reads().await.ok()["step"]["Linked"]["url"].clone();
            assert_eq!(json!(answer.header("location")), url);
        } else {
            assert_eq!((answer.status, &answer.text), (StatusCode::OK, &first.text));
        }
    }
    let again = world.restarted().await;
    assert_eq!(again.get(&back).await.status, StatusCode::GONE, "the ticket is used up");
    assert_eq!(bank.was_given(), BTreeMap::new());
}

#[tokio::test]
async fn who_goes_to_the_bank_twice_at_once_arrives_both_times() {
    let (world, bank) = World::observed().await;
    let (person, ticket) = at_the_bank(&world, "").await;
    bank.is_in(Some(Trouble::Slow(60)));
    let way = format!("/link/bank/{ticket}");
    let (first, second) = tokio::join!(world.get(&way), world.get(&way));
    for answer in [&first, &second] {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert!(answer.header("location").contains("/sandbox/bank/authorize?"));
    }
    assert_eq!(person.reads().await.ok()["number"], person.state["number"]);
}
