//! Parameters that a session carries, and what they do.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::World;

#[tokio::test]
async fn the_third_wrong_password_ends_the_session_where_three_are_allowed() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank&maximumRetry=3").await;
    for _ in 0..2 {
        person.signs_in("anna", "INVALID_CREDENTIALS").await;
        assert_eq!(person.sees_step(), "Credentials");
        person.does(json!("Back")).await;
        person.chooses("testbank").await;
    }
    person.signs_in("anna", "INVALID_CREDENTIALS").await;
    assert_eq!(person.sees(), ("Ended", &json!({ "outcome": { "Failed": "AttemptsExhausted" }, "url": null })));
    assert_eq!(world.session_of(&person).await["outcome"], "failed");
}

#[tokio::test]
async fn too_many_tries_leave_by_redirect_where_the_app_names_them() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank&maximumRetry=1&rollback=MAXIMUM_RETRY_REACHED").await;
    person.signs_in("anna", "INVALID_CREDENTIALS").await;
    assert_eq!(person.sees().1["url"], "https://app.example/back?error=MAXIMUM_RETRY_REACHED");
}

#[tokio::test]
async fn only_accounts_in_the_wanted_currencies_are_offered() {
    let world = World::new().await;
    let offered = async |query: &str| {
        let mut person = world.person(&format!("bank=testbank&accountSelectorEnable=true{query}")).await;
        person.signs_in("anna", "anything").await;
        let (step, content) = person.sees();
        (step.to_owned(), content.clone())
    };
    let (_, all) = offered("").await;
    let all = all["accounts"].as_array().unwrap().clone();
    let currency = all[0]["balance"]["currency"].as_str().unwrap().to_lowercase();
    let (step, some) = offered(&format!("&accountSelectorCurrency=xau,{currency}")).await;
    let in_it = |account: &&Value| account["balance"]["currency"].as_str().unwrap().to_lowercase() == currency;
    assert_eq!((step.as_str(), &some["accounts"]), ("Accounts", &json!(all.iter().filter(in_it).collect::<Vec<_>>())));
    let (step, none) = offered("&accountSelectorCurrency=XAU").await;
    assert_eq!((step.as_str(), &none["code"]), ("Failed", &json!("DataError")));
}

#[tokio::test]
async fn how_much_is_read_stays_with_the_connection_until_it_is_asked_anew() {
    let world = World::new().await;
    let connection = world.connection("anna", "daysOfTransactions=Days90&scheduleRefresh=true").await;
    let read = async || world.platform(Method::GET, &connection, None).await.ok();
    let shown = async || {
        let shown = read().await;
        ["days_of_transactions", "with_transactions", "schedule_refresh"].map(|name| shown[name].clone())
    };
    assert_eq!(shown().await, [json!(90), json!(true), json!(true)]);
    assert_eq!(world.connection("anna", "").await, connection);
    assert_eq!(shown().await, [json!(90), json!(true), json!(true)]);
    assert_eq!(world.connection("anna", "daysOfTransactions=30&withTransactions=false").await, connection);
    assert_eq!(shown().await, [json!(30), json!(false), json!(true)]);
    let plain = world.connection("bob", "").await;
    let plain = world.platform(Method::GET, &plain, None).await.ok();
    assert_eq!((&plain["days_of_transactions"], &plain["with_transactions"]), (&Value::Null, &json!(true)));
}

#[tokio::test]
async fn transactions_are_read_as_far_back_as_was_asked_and_ninety_days_once_opened() {
    let world = World::new().await;
    let connection = world.connection("anna", "daysOfTransactions=30").await;
    let accounts = world.platform(Method::GET, &format!("{connection}/accounts"), None).await.ok();
    let path = format!("{connection}/accounts/{}/transactions", accounts["items"][0]["id"].as_str().unwrap());
    let oldest = async || {
        let page = world.platform(Method::GET, &format!("{path}?from=2020-01-01"), None).await.ok();
        page["items"].as_array().unwrap().last().unwrap()["date"].as_str().unwrap().to_owned()
    };
    let oldest_within_thirty = oldest().await;
    assert!(oldest_within_thirty.as_str() >= "2026-01-31", "{oldest_within_thirty}");

    let tokens = format!("{connection}/reauthorisation_tokens");
    let issued = world.platform(Method::POST, &tokens, Some(json!({ "purpose": "transactions" }))).await.ok();
    let query = format!("bank=testbank&transaction_token={}", issued["token"].as_str().unwrap());
    let mut person = world.person(&query).await;
    person.does(json!("Reauthorise")).await;
    assert_eq!(person.sees_step(), "Linked");
    let oldest = oldest().await;
    assert!(oldest < oldest_within_thirty && oldest.as_str() >= "2025-12-02", "{oldest}");

    assert_eq!(world.connection("anna", "withTransactions=false").await, connection);
    assert_eq!(world.platform(Method::GET, &path, None).await.problem(), "CONFLICT");
}

#[tokio::test]
async fn a_session_that_waits_goes_on_in_another_tab_with_a_token_of_its_own() {
    let world = World::new().await;
    let mut first = world.person("bank=testbank&tag=first").await;
    first.signs_in("anna", "SCA_SMS").await;
    let id = world.session_of(&first).await["id"].as_str().unwrap().to_owned();
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}&requestId={id}&tag=second");
    assert_eq!(world.get(&format!("/v2/?{query}")).await.boot().first, None);
    let mut second = world.enters("/v2/", &query).await;
    assert_eq!(second.state["step"], first.state["step"]);
    assert_eq!(first.reads().await.problem(), "SESSION_EXPIRED", "the first tab's key is no good any more");
    let again = world.open("/v2/", &query, Some(&second.key)).await.ok();
    assert_eq!((&again["session"], &again["state"]["step"]), (&json!(id), &second.state["step"]));
    assert_eq!(world.open("/v2/", &query, None).await.problem(), "TOKEN_INVALID");

    second.types_code("482913").await;
    assert_eq!((second.sees_step(), &second.sees().1["tag"]), ("Linked", &json!("first")));
}

#[rstest]
#[case::not_at_a_challenge("")]
#[case::over("anything")]
#[tokio::test]
async fn a_session_that_does_not_wait_for_an_answer_is_not_taken_over(#[case] password: &str) {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    if !password.is_empty() {
        person.signs_in("anna", password).await;
    }
    let id = world.session_of(&person).await["id"].as_str().unwrap().to_owned();
    let token = world.token(&[]).await;
    for id in [id.as_str(), "unknown"] {
        let refused = world.open("/v2/", &format!("authorizeToken={token}&requestId={id}"), None).await;
        assert_eq!(
            (refused.problem().as_str(), &refused.json()["parameter"]),
            ("INVALID_PARAMETER", &json!("requestId"))
        );
    }
    world.open("/v2/", &format!("authorizeToken={token}"), None).await.ok();
}

#[tokio::test]
async fn the_id_alone_or_another_apps_token_takes_no_session_over() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", "SCA_SMS").await;
    let id = world.session_of(&person).await["id"].as_str().unwrap().to_owned();
    let link = world.link().await["token"].as_str().unwrap().to_owned();
    let refused = world.open("/link", &format!("token={link}&requestId={id}"), None).await;
    assert_eq!(refused.problem(), "INVALID_PARAMETER");
    let toolbox = banklink_server::sandbox::toolbox::SECRET_KEY;
    let others = world.call(Method::POST, "/platform/v1/authorize_tokens", toolbox, Some(json!({}))).await.ok();
    let query = format!("authorizeToken={}&requestId={id}", others["token"].as_str().unwrap());
    assert_eq!(world.open("/v2/", &query, None).await.problem(), "INVALID_PARAMETER");
    assert_eq!(person.reads().await.ok()["step"], person.state["step"]);
}
