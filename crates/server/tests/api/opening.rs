//! Tokens, links, reloads and expiry.

use axum::http::{Method, StatusCode};
use banklink_domain::{
    app::{AppMode, AppSettings},
    token::TokenKind,
};
use banklink_server::random;
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn loading_the_page_consumes_nothing_and_opening_it_uses_the_token() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}");
    for _ in 0..3 {
        assert_eq!(world.get(&format!("/v2/?{query}")).await.status, StatusCode::OK);
    }
    world.open("/v2/", &query, None).await.ok();
    assert_eq!(world.open("/v2/", &query, None).await.problem(), "TOKEN_INVALID");
}

#[tokio::test]
async fn a_reload_in_the_same_tab_resumes_where_the_person_stood() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}&consentEnable=false");
    let mut person = world.enters("/v2/", &query).await;
    person.chooses("testbank").await;

    let again = world.open("/v2/", &query, Some(&person.key)).await.ok();
    assert_eq!(again["state"], person.state);
}

#[tokio::test]
async fn the_key_of_one_page_does_not_open_another() {
    let world = World::new().await;
    let person = world.person("").await;
    let other = world.token(&[]).await;
    let query = format!("authorizeToken={other}");
    assert_eq!(world.open("/v2/", &query, Some(&person.key)).await.problem(), "TOKEN_INVALID");
    world.open("/v2/", &query, None).await.ok();
}

#[tokio::test]
async fn an_opening_whose_answer_was_lost_finds_its_session_when_it_is_sent_again() {
    let world = std::sync::Arc::new(World::new().await);
    let token = world.token(&[]).await;
    let key = TokenKind::SessionKey.mint(random::bytes()).expose().to_owned();
    let mut openings = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (world, query, key) = (std::sync::Arc::clone(&world), format!("authorizeToken={token}"), key.clone());
        openings.spawn(async move { world.open("/v2/", &query, Some(&key)).await.ok()["session"].clone() });
    }
    let sessions: std::collections::HashSet<_> = openings.join_all().await.into_iter().collect();
    assert_eq!(sessions.len(), 1);
}

#[tokio::test]
async fn a_key_that_no_tab_makes_opens_nothing() {
    let world = World::new().await;
    let query = format!("authorizeToken={}", world.token(&[]).await);
    for key in ["", "1234", "bl_ses_1234", &format!("bl_at_{}", "0".repeat(64))] {
        assert_eq!(world.open("/v2/", &query, Some(key)).await.problem(), "INVALID_REQUEST", "{key}");
    }
    world.open("/v2/", &query, None).await.ok();
}

#[tokio::test]
async fn a_token_can_not_be_used_after_thirty_minutes() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    world.pass(31);
    assert_eq!(world.open("/v2/", &format!("authorizeToken={token}"), None).await.problem(), "TOKEN_INVALID");
}

#[tokio::test]
async fn of_a_thousand_uses_of_one_token_exactly_one_wins() {
    let world = std::sync::Arc::new(World::new().await);
    let token = world.token(&[]).await;
    let mut uses = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let (world, query) = (std::sync::Arc::clone(&world), format!("authorizeToken={token}"));
        uses.spawn(async move { world.open("/v2/", &query, None).await.status });
    }
    let statuses = uses.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count(), 999);
}

#[tokio::test]
async fn a_session_ends_after_eight_idle_minutes_and_after_thirty_in_any_case() {
    let world = World::new().await;
    let idle = world.person("").await;
    world.pass(9);
    assert_eq!(idle.reads().await.problem(), "SESSION_EXPIRED");

    let mut busy = world.person("").await;
    for _ in 0..5 {
        world.pass(6);
        if busy.sees_step() == "Institutions" {
            let answer = busy.try_to(json!({ "ChooseInstitution": "testbank" })).await;
            if answer.status == StatusCode::OK {
                busy.state = answer.json();
            }
        } else {
            let answer = busy.try_to(json!("Back")).await;
            if answer.status == StatusCode::OK {
                busy.state = answer.json();
            }
        }
    }
    assert_eq!(busy.reads().await.problem(), "SESSION_EXPIRED");
}

#[tokio::test]
async fn a_tab_whose_time_ran_out_hears_that_and_not_that_its_token_was_used() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}");
    let person = world.enters("/v2/", &query).await;
    world.pass(9);
    assert_eq!(world.open("/v2/", &query, Some(&person.key)).await.problem(), "SESSION_EXPIRED");
    assert_eq!(world.open("/v2/", &query, None).await.problem(), "TOKEN_INVALID");
}

#[tokio::test]
async fn a_link_opens_any_number_of_sessions_and_comes_back_with_code_and_extras() {
    let world = World::new().await;
    let body = json!({ "name": "production", "redirect_uri": "https://app.example/back" });
    let link = world.platform(Method::POST, "/platform/v1/links", Some(body)).await.ok();
    let token = link["token"].as_str().unwrap();
    assert_eq!(link["url"], format!("http://127.0.0.1:8080/link?token={token}"));
    for user in ["anna", "bob"] {
        let query = format!("token={token}&bank=testbank&consentEnable=false&user={user}");
        let mut person = world.enters("/link", &query).await;
        person.signs_in(user, "anything").await;
        let expected = format!("https://app.example/back?code={}&user={user}", person.code());
        assert_eq!(person.sees().1["url"], expected);
    }
    let codes = world.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
    let users: Vec<_> = codes["items"].as_array().unwrap().iter().map(|code| &code["extra"]["user"]).collect();
    assert!(users.contains(&&json!("anna")) && users.contains(&&json!("bob")), "{users:?}");
}

#[tokio::test]
async fn an_app_that_forces_tokens_refuses_a_link_without_one_and_ignores_what_the_url_says() {
    let world = World::with(AppMode::Sandbox, AppSettings::default()).await;
    let body = json!({ "name": "production", "redirect_uri": "https://app.example/back" });
    let link = world.platform(Method::POST, "/platform/v1/links", Some(body)).await.ok();
    let link = link["token"].as_str().unwrap();
    assert_eq!(world.open("/link", &format!("token={link}"), None).await.problem(), "TOKEN_INVALID");

    let token = world.token(&[("bank", "testbank"), ("consentEnable", "false")]).await;
    let query = format!("token={link}&authToken={token}&bank=FlinksCapital&user=forged");
    let mut person = world.enters("/link", &query).await;
    assert_eq!(person.sees().1["institution"]["id"], "testbank");
    person.signs_in("anna", "anything").await;
    assert_eq!(person.sees().1["url"], format!("https://app.example/back?code={}", person.code()));
}

#[tokio::test]
async fn an_address_that_is_not_registered_is_refused_before_anything_begins() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}&redirectUrl=https%3A%2F%2Fapp.example%2Fback%2F");
    let refused = world.open("/v2/", &query, None).await;
    assert_eq!(
        (refused.problem().as_str(), &refused.json()["parameter"]),
        ("INVALID_PARAMETER", &json!("redirectUrl"))
    );
    world.open("/v2/", &format!("authorizeToken={token}"), None).await.ok();
}

#[tokio::test]
async fn a_live_app_has_no_sandbox_institutions() {
    let settings = AppSettings { force_authorize_token: false, consent: false, ..AppSettings::default() };
    let world = World::with(AppMode::Live, settings).await;
    let token = world.token(&[]).await;
    let refused = world.open("/v2/", &format!("authorizeToken={token}&demo=true"), None).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!("demo")));

    let person = world.enters("/v2/", &format!("authorizeToken={token}&bank=testbank")).await;
    let (_, list) = person.sees();
    assert_eq!((&list["total"], &list["not_found"]), (&json!(0), &json!("testbank")));
    let found = world.call(Method::GET, "/link/api/1/institutions?q=test", &person.key, None).await.ok();
    assert_eq!(found["total"], 0);
}

#[tokio::test]
async fn demo_shows_the_sandbox_institutions_and_only_they() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("more.jsonl");
    std::fs::write(&file, "{\"id\":\"es-banco\",\"name\":\"Banco Único\",\"country\":\"ES\"}\nnonsense\n").unwrap();
    let mut refused = Vec::new();
    let done = banklink_server::setup::import(&world.state.store, &file, |line| refused.push(line)).await.unwrap();
    assert_eq!((done.imported, done.refused), (1, 1));
    assert!(refused[0].starts_with("line 2: "), "{refused:?}");
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;

    let search = async |query: &str| {
        let person = world.person(query).await;
        world.call(Method::GET, "/link/api/1/institutions?q=unico", &person.key, None).await.ok()["total"].clone()
    };
    assert_eq!(search("").await, 1);
    assert_eq!(search("demo=true").await, 0);
}
