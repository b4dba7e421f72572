//! `GET /api/v1/authorize`, and what the widget makes of it.

use rstest::rstest;
use serde_json::json;

use super::{ALL, Recipient, parameter, refused};
use crate::support::{ANSWERS, REDIRECT, World};

#[rstest]
#[case("1000", "FlinksCapital")]
#[case("testbank", "testbank")]
#[tokio::test]
async fn seed_004s_example_leads_through_consent_and_login_back_to_the_recipient(
    #[case] provider: &str,
    #[case] institution: &str,
) {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let correlation = "fce84d61-dfa8-4e2b-bd94-f1ec6a445841";
    let changed = [("provider_id", provider), ("correlation_id", correlation), ("state", "s t&ate")];
    let mut person = recipient.sends(&changed).await;
    assert_eq!(person.sees().1["scopes"].as_array().unwrap().len(), 3);
    person.agrees().await;
    assert_eq!(person.sees().1["institution"]["id"], institution);
    if provider == "1000" {
        person.signs_in("Greatday", "Everyday").await;
        while person.sees_step() == "Challenge" {
            person.answers(&ANSWERS).await;
        }
    } else {
        person.signs_in("anna", "anything").await;
    }
    let ending = person.sees().1;
    let code = ending["code"].as_str().unwrap();
    let expected = format!("{REDIRECT}?code={code}&state=s+t%26ate&correlation_id={correlation}");
    assert_eq!(ending["url"], expected);
}

#[tokio::test]
async fn without_a_provider_the_person_chooses() {
    let world = World::new().await;
    let mut person = Recipient::of(&world).sends(&[]).await;
    person.agrees().await;
    assert_eq!(person.sees_step(), "Institutions");
}

#[tokio::test]
async fn the_consent_names_what_is_asked_for_and_no_more() {
    let world = World::new().await;
    let scopes = async |scope: &str| {
        let person = Recipient::of(&world).sends(&[("scope", scope)]).await;
        person.sees().1["scopes"].as_array().unwrap().len()
    };
    assert_eq!(scopes("ACCOUNT_BASIC ACCOUNT_DETAILED INVESTMENTS").await, 1);
    assert_eq!(scopes("STATEMENTS ACCOUNT_BASIC").await, 2);
    assert_eq!(scopes("ACCOUNT_BASIC CUSTOMER_CONTACT TRANSACTIONS").await, 3);
}

#[tokio::test]
async fn who_declines_goes_back_with_access_denied() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    for (reason, changed) in [("ConsentDenied", [("provider_id", "1000")]), ("Closed", [("correlation_id", "c 1")])] {
        let mut person = recipient.sends(&changed).await;
        person.leaves(reason).await;
        let url: url::Url = person.sees().1["url"].as_str().unwrap().parse().unwrap();
        let mut expected =
            vec![("error", "access_denied"), ("error_description", "The user denied the access"), ("state", "state")];
        expected.extend(changed.into_iter().filter(|(name, _)| *name == "correlation_id"));
        let found: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn a_failure_is_shown_and_comes_back_only_with_who_gives_up() {
    let world = World::new().await;
    for (password, error) in [("INTERNAL_ERROR", "server_error"), ("USER_INTERACTION_NEEDED", "access_denied")] {
        let mut person = Recipient::of(&world).sends(&[("provider_id", "testbank")]).await;
        person.agrees().await;
        person.signs_in("anna", password).await;
        assert_eq!(person.sees_step(), "Failed");
        person.leaves("Failed").await;
        let url: url::Url = person.sees().1["url"].as_str().unwrap().parse().unwrap();
        let told = ["error", "state"].map(|name| parameter(&url, name).unwrap());
        assert_eq!(told, [error, "state"]);
    }
}

#[rstest]
#[case(&[("response_type", "")], "invalid_request")]
#[case(&[("response_type", "token")], "unsupported_response_type")]
#[case(&[("scope", "")], "invalid_scope")]
#[case(&[("scope", "TRANSACTIONS")], "invalid_scope")]
#[case(&[("scope", "ACCOUNT_BASIC openid")], "invalid_scope")]
#[case(&[("state", "")], "invalid_request")]
#[case(&[("provider_id", "nowhere")], "invalid_request")]
#[case(&[("provider_id", "99")], "invalid_request")]
#[case(&[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")], "invalid_request")]
#[case(&[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "plain")], "invalid_request")]
#[case(&[("code_challenge", "short"), ("code_challenge_method", "S256")], "invalid_request")]
#[case(&[("code_challenge_method", "S256")], "invalid_request")]
#[case(&[("scope", ALL), ("scope", ALL)], "invalid_request")]
#[tokio::test]
async fn what_is_wrong_is_said_to_the_recipient(#[case] changed: &[(&str, &str)], #[case] error: &str) {
    let world = World::new().await;
    let answer = world.get(&Recipient::of(&world).address(changed)).await;
    assert_eq!(answer.status.as_u16(), 302, "{}", answer.text);
    let location: url::Url = answer.header("location").parse().unwrap();
    assert!(location.as_str().starts_with(&format!("{REDIRECT}?error=")), "{location}");
    assert_eq!(parameter(&location, "error").as_deref(), Some(error));
    assert!(parameter(&location, "error_description").is_some_and(|text| !text.is_empty()));
    let state = changed.iter().find(|(name, _)| *name == "state").map_or("state", |(_, value)| value);
    assert_eq!(parameter(&location, "state").unwrap_or_default(), state);
}

#[tokio::test]
async fn a_state_that_is_too_long_to_keep_is_refused() {
    let world = World::new().await;
    for (name, longest) in [("state", 1024), ("correlation_id", 256)] {
        let (most, more) = ("x".repeat(longest), "x".repeat(longest + 1));
        Recipient::of(&world).sends(&[(name, &most)]).await;
        let answer = world.get(&Recipient::of(&world).address(&[(name, &more)])).await;
        let location: url::Url = answer.header("location").parse().unwrap();
        assert_eq!(parameter(&location, "error").as_deref(), Some("invalid_request"));
        assert_eq!(parameter(&location, name), Some(more), "it comes back as it was");
    }
}

#[rstest]
#[case(&[("client_id", "")], "invalid_request")]
#[case(&[("client_id", "nobody")], "invalid_client")]
#[case(&[("client_id", "2f1f7ab6-57fb-4b8b-9a3c-111111111111")], "invalid_client")]
#[case(&[("redirect_uri", "")], "invalid_request")]
#[case(&[("redirect_uri", "https://app.example/elsewhere")], "invalid_request")]
#[case(&[("redirect_uri", "https://evil.example/")], "invalid_request")]
#[case(&[("redirect_uri", REDIRECT), ("redirect_uri", "https://evil.example/")], "invalid_request")]
#[tokio::test]
async fn nobody_is_sent_where_no_recipient_is_known(#[case] changed: &[(&str, &str)], #[case] error: &str) {
    let world = World::new().await;
    let address = Recipient::of(&world).address(changed);
    refused(&world.get(&address).await, 400, error);
    let request = axum::http::Request::get(&address).header("accept", "text/html,*/*").header("accept-language", "de");
    let page = world.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(page.status.as_u16(), 400);
    assert!(page.text.contains(r#"<html lang="de""#) && !page.text.contains("evil"), "{}", page.text);
}

#[tokio::test]
async fn an_address_with_another_apps_redirect_uri_is_refused() {
    let world = World::new().await;
    refused(&world.get(&Recipient::toolbox(&world).address(&[])).await, 400, "invalid_request");
}

#[tokio::test]
async fn an_app_that_forces_tokens_is_told_so() {
    let world = World::new().await;
    let force = json!({ "settings": { "force_authorize_token": true } });
    world.platform(axum::http::Method::PATCH, "/platform/v1/app", Some(force)).await.ok();
    let answer = world.get(&Recipient::of(&world).address(&[])).await;
    assert!(answer.header("location").contains("error=unauthorized_client"), "{}", answer.header("location"));
}

#[tokio::test]
async fn the_page_takes_nothing_from_its_own_address() {
    let world = World::new().await;
    let sent = world.get(&Recipient::of(&world).address(&[("scope", "ACCOUNT_BASIC")])).await;
    let location: url::Url = sent.header("location").parse().unwrap();
    let query = format!(
        "{}&features=accounts,holder&consentEnable=false&redirectUrl=https://evil.example&rollback=1&tag=t",
        location.query().unwrap()
    );
    let mut person = world.enters(location.path(), &query).await;
    assert_eq!((person.sees_step(), person.sees().1["scopes"].as_array().unwrap().len()), ("Consent", 1));
    person.agrees().await;
    person.chooses("testbank").await;
    person.signs_in("anna", "anything").await;
    assert!(person.sees().1["url"].as_str().unwrap().starts_with(&format!("{REDIRECT}?code=")));
}

#[tokio::test]
async fn the_double_slash_of_the_vendors_example_is_no_matter() {
    let world = World::new().await;
    let address = format!("/{}", Recipient::of(&world).address(&[]));
    let request = axum::http::Request::get(format!("http://localhost{address}"));
    assert_eq!(world.send(request.body(axum::body::Body::empty()).unwrap()).await.status.as_u16(), 302);
}
