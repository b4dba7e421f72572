//! From the first screen to the connection, as the widget drives it.

use axum::http::{Method, StatusCode};
use rstest::rstest;
use serde_json::json;

use crate::support::{ANSWERS, World};

const FLINKS_CAPITAL: &str = "FlinksCapital";

#[tokio::test]
async fn a_person_links_flinks_capital_and_the_app_reads_the_accounts() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let query = format!("demo=true&authorizeToken={token}&tag=first");
    let mut person = world.enters("/v2/", &query).await;

    assert_eq!(person.sees_step(), "Consent");
    let hash = person.sees().1["text_hash"].clone();
    person.does(json!({ "AcceptConsent": { "text_hash": hash } })).await;
    assert_eq!(person.sees_step(), "Institutions");
    person.chooses(FLINKS_CAPITAL).await;
    assert_eq!(person.sees_step(), "Credentials");
    person.signs_in("Greatday", "Everyday").await;
    assert_eq!(person.sees_step(), "Challenge");
    while person.sees_step() == "Challenge" {
        person.answers(&ANSWERS).await;
    }
    let ending = person.sees().1.clone();
    let url = ending["url"].as_str().unwrap();
    assert!(url.starts_with("https://app.example/back?demo=true&loginId="), "{url}");
    assert!(url.ends_with("&tag=first"), "{url}");

    let body = json!({ "code": person.code() });
    let exchanged = world.platform(Method::POST, "/platform/v1/link_codes/exchange", Some(body)).await.ok();
    assert!(exchanged["connection_token"].as_str().unwrap().starts_with("bl_ct_"));
    let connection = &exchanged["connection"];
    assert_eq!(connection["id"], ending["login_id"]);
    assert_eq!((connection["status"].as_str(), connection["tag"].as_str()), (Some("active"), Some("first")));

    let path = format!("/platform/v1/connections/{}", connection["id"].as_str().unwrap());
    assert_eq!(&world.platform(Method::GET, &path, None).await.ok(), connection);
    let accounts = world.platform(Method::GET, &format!("{path}/accounts"), None).await.ok();
    let account = &accounts["items"][0];
    let id = account["id"].as_str().unwrap();
    let transactions = format!("{path}/accounts/{id}/transactions?limit=5");
    let transactions = world.platform(Method::GET, &transactions, None).await.ok();
    assert_eq!(transactions["items"].as_array().unwrap().len(), 5);
    assert_eq!(transactions["items"][0]["balance"], account["balance"]["current"], "newest first");
}

#[tokio::test]
async fn a_wrong_password_goes_back_to_the_form_and_the_right_one_goes_on() {
    let world = World::new().await;
    let mut person = world.person("demo=true").await;
    person.chooses(FLINKS_CAPITAL).await;
    person.signs_in("greatday_nomfa", "Wrong").await;
    assert_eq!(person.sees().1["rejected"]["code"], "InvalidCredentials");
    person.signs_in("greatday_nomfa", "Everyday").await;
    assert_eq!(person.sees_step(), "Linked");
}

#[tokio::test]
async fn a_wrong_code_says_how_many_tries_are_left_and_the_last_one_ends_them() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", "SCA_SMS").await;
    let (step, challenge) = person.sees();
    assert_eq!((step, &challenge["challenge"]["OneTimeCode"]["source"]), ("Challenge", &json!("Sms")));

    let mut left = challenge["attempts_left"].as_u64().unwrap();
    while left > 1 {
        person.types_code("INVALID_SCA").await;
        assert_eq!(person.sees().1["rejected"]["code"], "InvalidSca");
        let now_left = person.sees().1["attempts_left"].as_u64().unwrap();
        assert_eq!(now_left, left - 1);
        left = now_left;
    }
    person.types_code("INVALID_SCA").await;
    assert_eq!((person.sees_step(), &person.sees().1["code"]), ("Failed", &json!("AttemptsExhausted")));

    person.does(json!("Retry")).await;
    assert_eq!((person.sees_step(), &person.sees().1["institution"]["id"]), ("Credentials", &json!("testbank")));
}

#[tokio::test]
async fn one_code_can_ask_for_another() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", "SCA_SMS").await;
    person.types_code("SCA_EMAIL").await;
    assert_eq!(person.sees().1["challenge"]["OneTimeCode"]["source"], "Email");
    person.types_code("482913").await;
    assert_eq!(person.sees_step(), "Linked");
}

#[rstest]
#[case("test_disabled_account", "DisabledLogin")]
#[case("test_service_unavailable", "RetryLater")]
#[tokio::test]
async fn what_goes_wrong_at_the_bank_is_told_and_another_bank_can_be_chosen(#[case] user: &str, #[case] code: &str) {
    let world = World::new().await;
    let mut person = world.person("demo=true").await;
    person.chooses(FLINKS_CAPITAL).await;
    person.signs_in(user, "Everyday").await;
    assert_eq!((person.sees_step(), &person.sees().1["code"]), ("Failed", &json!(code)));
    person.does(json!("ChooseAnother")).await;
    assert_eq!(person.sees_step(), "Institutions");
}

#[tokio::test]
async fn back_leads_from_the_challenge_to_the_form_to_the_list_and_no_further() {
    let world = World::new().await;
    let mut person = world.person("").await;
    assert_eq!(person.state["can_go_back"], false);
    person.chooses("testbank").await;
    person.signs_in("anna", "SCA_SMS").await;
    person.does(json!("Back")).await;
    assert_eq!(person.sees_step(), "Credentials");
    person.does(json!("Back")).await;
    assert_eq!(person.sees_step(), "Institutions");
    assert_eq!(person.try_to(json!("Back")).await.problem(), "CONFLICT");
}

#[tokio::test]
async fn a_repeated_submission_is_answered_and_not_done_twice() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    let number = person.state["number"].clone();
    person.signs_in("anna", "anything").await;
    let first = person.state.clone();

    let intent = json!({ "SubmitCredentials": [
        { "field": "username", "value": "anna" }, { "field": "password", "value": "anything" },
    ]});
    let body = json!({ "number": number, "intent": intent });
    let again = world.call(Method::POST, "/link/api/1/session", &person.key, Some(body)).await.ok();
    assert_eq!(again, first);

    let codes = world.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
    assert_eq!(codes["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn of_many_submissions_of_one_step_one_is_carried_out() {
    let world = World::new().await;
    let person = world.person("bank=testbank").await;
    let intent = json!({ "SubmitCredentials": [
        { "field": "username", "value": "anna" }, { "field": "password", "value": "anything" },
    ]});
    let answers = futures_all((0..50).map(|_| person.try_to(intent.clone()))).await;
    for answer in &answers {
        let fine = answer.status == StatusCode::OK || answer.problem() == "STEP_IN_PROGRESS";
        assert!(fine, "{}", answer.text);
    }
    let codes = world.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
    assert_eq!(codes["items"].as_array().unwrap().len(), 1);
}

async fn futures_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.map(Box::pin).collect();
    let mut outputs = Vec::new();
    std::future::poll_fn(|context| {
        pending.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => {
                outputs.push(output);
                false
            }
            std::task::Poll::Pending => true,
        });
        if pending.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    outputs
}

#[tokio::test]
async fn what_does_not_fit_the_step_changes_nothing() {
    let world = World::new().await;
    let person = world.person("").await;
    for intent in [
        json!({ "SubmitAnswer": { "Code": "123456" } }),
        json!({ "ChooseAccounts": ["a"] }),
        json!("Retry"),
        json!({ "AcceptConsent": { "text_hash": "x" } }),
    ] {
        assert_eq!(person.try_to(intent).await.problem(), "CONFLICT");
    }
    let body = json!({ "number": 99, "intent": "Back" });
    let ahead = world.call(Method::POST, "/link/api/1/session", &person.key, Some(body)).await;
    assert_eq!(ahead.problem(), "CONFLICT");
    assert_eq!(person.reads().await.ok(), person.state);
}

#[tokio::test]
async fn accounts_are_chosen_when_the_page_asks_for_it_and_only_they_are_shared() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank&accountSelectorEnable=true&accountSelectorMultiple=true").await;
    person.signs_in("anna", "anything").await;
    let (step, shown) = person.sees();
    assert_eq!(step, "Accounts");
    let accounts = shown["accounts"].as_array().unwrap().clone();
    assert!(accounts.len() >= 2);
    assert_eq!(person.try_to(json!({ "ChooseAccounts": [] })).await.problem(), "CONFLICT");
    assert_eq!(person.try_to(json!({ "ChooseAccounts": ["not-mine"] })).await.problem(), "CONFLICT");
    let twice = json!({ "ChooseAccounts": [accounts[0]["id"], accounts[0]["id"]] });
    assert_eq!(person.try_to(twice).await.problem(), "CONFLICT");

    person.does(json!({ "ChooseAccounts": [accounts[0]["id"]] })).await;
    let login = person.sees().1["login_id"].as_str().unwrap().to_owned();
    let path = format!("/platform/v1/connections/{login}/accounts");
    let shared = world.platform(Method::GET, &path, None).await.ok();
    assert_eq!(shared["items"].as_array().unwrap().len(), 1);
    assert_eq!(shared["items"][0]["id"], accounts[0]["id"]);
    let other = format!("{path}/{}/transactions", accounts[1]["id"].as_str().unwrap());
    assert_eq!(world.platform(Method::GET, &other, None).await.problem(), "NOT_FOUND");
}

#[tokio::test]
async fn linking_the_same_login_again_renews_the_connection_and_keeps_its_token() {
    let world = World::new().await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let mut person = world.person("bank=testbank&external_id=user-1").await;
        person.signs_in("anna", "anything").await;
        let body = json!({ "code": person.code() });
        let exchanged = world.platform(Method::POST, "/platform/v1/link_codes/exchange", Some(body)).await.ok();
        tokens.push((exchanged["connection"]["id"].clone(), exchanged["connection_token"].clone()));
    }
    assert_eq!(tokens[0], tokens[1]);

    let mut somebody_else = world.person("bank=testbank&external_id=user-2").await;
    somebody_else.signs_in("anna", "anything").await;
    assert_ne!(somebody_else.sees().1["login_id"], tokens[0].0);
}

#[tokio::test]
async fn a_code_that_comes_too_late_brings_a_new_one() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", "SCA_SMS").await;
    let shown = person.sees().1.clone();
    world.pass(6);
    person.types_code("482913").await;
    let (step, again) = person.sees();
    assert_eq!((step, &again["rejected"]["code"]), ("Challenge", &json!("InvalidSca")));
    assert_eq!((&again["expires_in"], &again["attempts_left"]), (&shown["expires_in"], &shown["attempts_left"]));
    person.types_code("482913").await;
    assert_eq!(person.sees_step(), "Linked");
}
