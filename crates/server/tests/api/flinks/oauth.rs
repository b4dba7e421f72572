//! `/v3/oauth/authorize`: to the bank's own page and back.

use axum::http::{Method, StatusCode};
use banklink_domain::app::{AppMode, AppSettings};
use banklink_server::sandbox::toolbox;
use rstest::rstest;
use serde_json::json;
use url::form_urlencoded::Serializer;

use super::{Integration, refused};
use crate::{
    bank_page::{answers_the_bank, leads_to},
    support::{Answer, REDIRECT, World},
};

async fn goes(world: &World, parameters: &[(&str, &str)]) -> Answer {
    let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
    world.get(&format!("/v3/oauth/authorize?{query}")).await
}

/// Where the answer sends the browser.
#[track_caller]
fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    answer.header("location").to_owned()
}

/// Through the bank's page, with this answer there; where the person is then.
async fn through_the_bank(world: &World, answer: &Answer, says: &str) -> String {
    let way = location(answer);
    let page = leads_to(&world.get(way.strip_prefix("http://127.0.0.1:8080").unwrap()).await);
    let back = answers_the_bank(world, &page, says).await;
    leads_to(&world.get(&back).await)
}

#[rstest]
#[case("institution", "redirect_uri")]
#[case("institution_id", "redirect_url")]
#[tokio::test]
async fn who_agrees_at_the_bank_comes_back_with_a_login_id_that_authorizes(
    #[case] institution: &str,
    #[case] redirect: &str,
) {
    let world = World::new().await;
    let sent = goes(&world, &[(institution, "oauthbank"), (redirect, REDIRECT), ("state", "x & y")]).await;
    let back = through_the_bank(&world, &sent, "allow").await;
    let rest = back.strip_prefix(&format!("{REDIRECT}?loginId=")).expect(&back);
    let login = rest.strip_suffix("&state=x+%26+y").expect(&back);

    let other = Integration::other(&world);
    let live = json!({ "LoginId": login, "MostRecentCached": false, "Save": true });
    let answer = other.authorize(live).await.ok();
    assert_eq!((&answer["Login"]["Id"], &answer["Login"]["Username"]), (&json!(login), &json!("anna")));
    other.detail(&answer, json!({})).await.ok();
}

#[tokio::test]
async fn who_declines_at_the_bank_comes_back_with_the_error_and_the_state() {
    let world = World::new().await;
    let sent = goes(&world, &[("institution", "oauthbank"), ("redirect_uri", REDIRECT), ("state", "s")]).await;
    let back = through_the_bank(&world, &sent, "deny").await;
    let expected = format!("{REDIRECT}?state=s&error=access_denied&error_description=The+user+denied+the+access");
    assert_eq!(back, expected);
    let sent = goes(&world, &[("institution", "oauthbank"), ("redirect_uri", REDIRECT)]).await;
    assert!(!through_the_bank(&world, &sent, "deny").await.contains("state="), "there was none");
}

#[rstest]
#[case::no_page_of_its_own("testbank", "invalid_request")]
#[case::unknown("nowhere", "invalid_request")]
#[tokio::test]
async fn a_bank_that_nobody_can_be_sent_to_is_told_to_the_app(#[case] institution: &str, #[case] error: &str) {
    let world = World::new().await;
    let sent = goes(&world, &[("institution", institution), ("redirect_uri", REDIRECT), ("state", "s")]).await;
    let back = location(&sent);
    assert!(back.starts_with(&format!("{REDIRECT}?state=s&error={error}&error_description=")), "{back}");
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_no_app_registered() {
    let world = World::new().await;
    for redirect in ["https://evil.example/", &format!("{REDIRECT}/"), "", "javascript:alert(1)"] {
        refused(
            &goes(&world, &[("institution", "oauthbank"), ("redirect_uri", redirect)]).await,
            401,
            "INVALID_REQUEST",
        );
    }
    refused(&goes(&world, &[("redirect_uri", REDIRECT)]).await, 401, "INVALID_REQUEST");
    let long = "s".repeat(1025);
    let state = [("institution", "oauthbank"), ("redirect_uri", REDIRECT), ("state", &long)];
    refused(&goes(&world, &state).await, 401, "INVALID_REQUEST");
    let posted = world.call(Method::POST, "/v3/oauth/authorize", "", Some(json!({}))).await;
    refused(&posted, 401, "INVALID_REQUEST");
}

#[tokio::test]
async fn an_app_that_forces_tokens_sends_one_along_and_it_is_good_for_one_person() {
    let world = World::with(AppMode::Sandbox, AppSettings::default()).await;
    let other = Integration::other(&world);
    let sent = async |token: &str| {
        let all = [("institution", "oauthbank"), ("redirect_uri", REDIRECT), ("authorizeToken", token)];
        goes(&world, &all[..if token.is_empty() { 2 } else { 3 }]).await
    };
    let unauthorized = format!("{REDIRECT}?error=unauthorized_client&");
    assert!(location(&sent("").await).starts_with(&unauthorized));
    assert!(location(&sent(&Integration::toolbox(&world).token().await).await).starts_with(&unauthorized));
    let token = other.token().await;
    let first = sent(&token).await;
    assert_eq!(location(&first), location(&sent(&token).await), "a reload goes on");
    let elsewhere =
        [("institution", "oauthbank"), ("redirect_uri", REDIRECT), ("authorizeToken", &token), ("state", "s")];
    assert!(location(&goes(&world, &elsewhere).await).contains("error=unauthorized_client"), "another asks with it");
    let back = through_the_bank(&world, &first, "allow").await;
    assert!(back.contains("loginId="), "{back}");
    assert_eq!(location(&sent(&token).await), back, "who comes again is where they were");
}

#[tokio::test]
async fn where_several_apps_have_an_address_it_is_said_which() {
    let world = World::new().await;
    let callback = "http://localhost:8081/callback";
    let query = [("institution", "oauthbank"), ("redirect_uri", callback)];
    refused(&goes(&world, &query).await, 401, "INVALID_REQUEST");
    let customer = toolbox::CUSTOMER_ID.to_string();
    let token = Integration::toolbox(&world).token().await;
    let sent = goes(&world, &[query[0], query[1], ("customerId", &customer), ("authorizeToken", &token)]).await;
    assert!(through_the_bank(&world, &sent, "allow").await.starts_with(&format!("{callback}?loginId=")));
}
