//! Parameters that a session carries, and what they do.

use axum::http::Method;
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
