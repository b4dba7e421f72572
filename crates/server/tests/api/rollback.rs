//! Failures that leave by redirect (`rollback`).

use axum::http::Method;
use rstest::rstest;
use serde_json::json;

use crate::support::World;

const BACK: &str = "https://app.example/back?error=";

#[rstest]
#[case("true", "INTERNAL_ERROR", "InternalError", "INTERNAL_ERROR")]
#[case("INVALID_SCA,INTERNAL_ERROR", "INTERNAL_ERROR", "InternalError", "INTERNAL_ERROR")]
#[case("CREDENTIALS_ALREADY_EXIST", "ALREADY_EXISTS", "CredentialsAlreadyExist", "CREDENTIALS_ALREADY_EXIST")]
#[case("true", "INVALID_CREDENTIALS", "InvalidCredentials", "INVALID_CREDENTIALS")]
#[case("INVALID_CREDENTIALS", "INVALID_CREDENTIALS", "InvalidCredentials", "INVALID_CREDENTIALS")]
#[tokio::test]
async fn a_failure_that_the_app_names_goes_back_to_it_with_the_extras(
    #[case] rollback: &str,
    #[case] password: &str,
    #[case] code: &str,
    #[case] error: &str,
) {
    let world = World::new().await;
    let mut person = world.person(&format!("bank=testbank&rollback={rollback}&user=4%2F2")).await;
    person.signs_in("anna", password).await;
    let url = format!("{BACK}{error}&user=4%2F2");
    assert_eq!(person.sees(), ("Ended", &json!({ "outcome": { "Failed": code }, "url": url })));
    let session = world.session_of(&person).await;
    assert_eq!(session["outcome"], "failed");
}

#[tokio::test]
async fn a_wrong_code_counts_where_it_is_named() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank&rollback=INVALID_SCA").await;
    person.signs_in("anna", "SCA_SMS").await;
    assert_eq!(person.sees_step(), "Challenge");
    person.types_code("INVALID_SCA").await;
    let url = format!("{BACK}INVALID_SCA");
    assert_eq!(person.sees(), ("Ended", &json!({ "outcome": { "Failed": "InvalidSca" }, "url": url })));
}

#[rstest]
#[case("")]
#[case("rollback=false")]
#[case("rollback=INVALID_SCA")]
#[tokio::test]
async fn other_failures_are_shown(#[case] query: &str) {
    let world = World::new().await;
    let mut person = world.person(&format!("bank=testbank&{query}")).await;
    person.signs_in("anna", "INVALID_CREDENTIALS").await;
    assert_eq!(person.sees_step(), "Credentials");
    person.signs_in("anna", "INTERNAL_ERROR").await;
    assert_eq!(person.sees_step(), "Failed");
}

#[rstest]
#[case("rollback=INVALID_SCA", "INTERNAL_ERROR", "Failed", true)]
#[case("rollback=INVALID_SCA", "INVALID_CREDENTIALS", "Closed", true)]
#[case("rollback=INVALID_SCA", "SCA_SMS", "Closed", false)]
#[case("", "INTERNAL_ERROR", "Failed", false)]
#[tokio::test]
async fn who_leaves_after_a_failure_that_was_shown_goes_back_too(
    #[case] query: &str,
    #[case] password: &str,
    #[case] reason: &str,
    #[case] goes_back: bool,
) {
    let world = World::new().await;
    let mut person = world.person(&format!("bank=testbank&{query}&user=42")).await;
    person.signs_in("anna", password).await;
    let url = goes_back.then(|| format!("{BACK}ABORTED_BY_USER&user=42"));
    let body = json!({ "reason": reason, "searched": null });
    let left = world.call(Method::POST, "/link/api/1/leave", &person.key, Some(body)).await.ok();
    assert_eq!(left["step"]["Ended"]["url"], json!(url));
}

#[tokio::test]
async fn a_link_hears_of_failures_too() {
    let world = World::new().await;
    let link = world.link().await["token"].as_str().unwrap().to_owned();
    let query = format!("token={link}&bank=testbank&consentEnable=false&rollback=true&user=42");
    let mut person = world.enters("/link", &query).await;
    person.signs_in("anna", "INTERNAL_ERROR").await;
    assert_eq!(person.sees().1["url"], format!("{BACK}INTERNAL_ERROR&user=42"));
}
