//! The bank's own page: there, back, and what becomes of the session meanwhile.

use std::collections::HashMap;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use banklink_domain::token::{TokenHash, TokenKind};
use banklink_protocol::boot::BankPageMode;
use rstest::rstest;
use serde_json::json;
use url::Url;

use crate::support::{Answer, Person, World};

/// Somebody who is to log in on the bank's own page.
async fn at_oauth_bank<'a>(world: &'a World, query: &str) -> Person<'a> {
    let person = world.person(&format!("bank=oauthbank&{query}")).await;
    assert_eq!(person.challenge().0, "BankPage");
    person
}

/// The address that the widget opens, within our server.
fn way(person: &Person<'_>) -> String {
    let url = person.challenge().1["url"].as_str().unwrap();
    url.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
}

fn ticket(person: &Person<'_>) -> String {
    way(person).strip_prefix("/link/bank/").unwrap().to_owned()
}

/// Where an answer leads to, within our server or without.
pub(crate) fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let to = answer.header("location");
    to.strip_prefix("http://127.0.0.1:8080").unwrap_or(to).to_owned()
}

/// Answers the bank's page, and says where it sends the person.
pub(crate) async fn answers_the_bank(world: &World, page: &str, answer: &str) -> String {
    let shown = world.get(page).await;
    assert_eq!(shown.status, StatusCode::OK);
    let url = Url::parse("http://bank.example").unwrap().join(page).unwrap();
    let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("redirect_uri", &asked["redirect_uri"])
        .append_pair("state", &asked["state"])
        .append_pair("username", "anna")
        .append_pair("answer", answer)
        .finish();
    let request = Request::post("/sandbox/bank/authorize").header("content-type", "application/x-www-form-urlencoded");
    leads_to(&world.send(request.body(Body::from(form)).unwrap()).await)
}

/// The whole way there and back; what the person sees when they are back.
async fn goes_and_comes_back(world: &World, person: &Person<'_>, answer: &str) -> Answer {
    let page = leads_to(&world.get(&way(person)).await);
    let back = answers_the_bank(world, &page, answer).await;
    assert!(back.starts_with("/link/bank/return?"), "{back}");
    world.get(&back).await
}

fn is_page(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-security-policy").ends_with("frame-ancestors 'none'"));
    assert!(!answer.text.contains("bl_bt_") && !answer.text.contains("bl_ses_"));
}

#[tokio::test]
async fn a_person_logs_in_at_the_bank_and_the_widget_hears_it_from_the_server() {
    let world = World::new().await;
    let mut person = at_oauth_bank(&world, "").await;
    let (waited, back) = tokio::join!(person.asks_for_news(), goes_and_comes_back(&world, &person, "allow"));
    is_page(&back, StatusCode::OK);
    // Going there is news too: the bank's own time counts from then on.
    person.state = waited.ok();
    while person.sees_step() == "Challenge" {
        person.waits().await;
    }
    assert_eq!(person.sees_step(), "Linked", "{}", person.state);
    assert_eq!(world.unused_codes().await, 1);
}

#[tokio::test]
async fn going_to_the_bank_keeps_the_number_and_going_again_begins_again() {
    let world = World::new().await;
    let person = at_oauth_bank(&world, "").await;
    let first = leads_to(&world.get(&way(&person)).await);
    let gone = person.reads().await.ok();
    assert_eq!(gone["number"], person.state["number"]);
    assert_eq!(gone["step"]["Challenge"]["challenge"], person.state["step"]["Challenge"]["challenge"]);
    assert!(gone["step"]["Challenge"]["expires_in"].as_u64() > Some(0));
    let second = leads_to(&world.get(&way(&person)).await);
    assert_eq!(first, second);
    let back = answers_the_bank(&world, &second, "allow").await;
    is_page(&world.get(&back).await, StatusCode::OK);
    assert_eq!(person.reads().await.ok()["step"].as_object().unwrap().keys().next().unwrap(), "Linked");
}

#[tokio::test]
async fn who_is_back_can_not_come_back_again() {
    let world = World::new().await;
    let person = at_oauth_bank(&world, "").await;
    let page = leads_to(&world.get(&way(&person)).await);
    let back = answers_the_bank(&world, &page, "allow").await;
    is_page(&world.get(&back).await, StatusCode::OK);
    let linked = person.reads().await.ok();
    is_page(&world.get(&back).await, StatusCode::GONE);
    is_page(&world.get(&way(&person)).await, StatusCode::GONE);
    assert_eq!(person.reads().await.ok(), linked);
    assert_eq!(world.unused_codes().await, 1);
}

#[rstest]
#[case("/link/bank/bl_bt_0000000000000000000000000000000000000000000000000000000000000000")]
#[case("/link/bank/x")]
#[case("/link/bank/return")]
#[case("/link/bank/return?code=x")]
#[case("/link/bank/return?code=x&state=")]
#[case("/link/bank/return?error=access_denied&state=bl_bt_unknown")]
#[tokio::test]
async fn a_ticket_that_nobody_waits_with_leads_to_a_page_that_says_so(#[case] path: &str) {
    let world = World::new().await;
    is_page(&world.get(path).await, StatusCode::GONE);
}

#[tokio::test]
async fn a_ticket_is_void_when_its_session_is_over_or_elsewhere() {
    let world = World::new().await;
    let expired = at_oauth_bank(&world, "").await;
    world.pass(9);
    is_page(&world.get(&way(&expired)).await, StatusCode::GONE);

    let mut left = at_oauth_bank(&world, "").await;
    let (there, page) = (way(&left), leads_to(&world.get(&way(&left)).await));
    left.leaves("Closed").await;
    is_page(&world.get(&there).await, StatusCode::GONE);
    let back = answers_the_bank(&world, &page, "allow").await;
    is_page(&world.get(&back).await, StatusCode::GONE);

    let mut gone_back = at_oauth_bank(&world, "").await;
    let there = way(&gone_back);
    gone_back.does(json!("Back")).await;
    is_page(&world.get(&there).await, StatusCode::GONE);
    assert_eq!(world.unused_codes().await, 0);
}

#[tokio::test]
async fn while_the_person_is_at_the_bank_the_banks_time_counts() {
    let world = World::new().await;
    let person = at_oauth_bank(&world, "").await;
    let page = leads_to(&world.get(&way(&person)).await);
    world.pass_seconds(9 * 60 + 30);
    let back = answers_the_bank(&world, &page, "allow").await;
    is_page(&world.get(&back).await, StatusCode::OK);
    assert_eq!(world.unused_codes().await, 1);
}

#[tokio::test]
async fn one_step_back_from_the_banks_own_page_is_the_list() {
    let world = World::new().await;
    let mut person = at_oauth_bank(&world, "").await;
    assert_eq!(person.state["can_go_back"], true);
    person.does(json!("Back")).await;
    assert_eq!(person.sees_step(), "Institutions");
}

#[rstest]
#[case("deny", "Denied")]
#[case("break", "RetryLater")]
#[tokio::test]
async fn what_the_bank_answers_instead_is_told_and_can_be_tried_again(#[case] answer: &str, #[case] code: &str) {
    let world = World::new().await;
    let mut person = at_oauth_bank(&world, "").await;
    let first = ticket(&person);
    is_page(&goes_and_comes_back(&world, &person, answer).await, StatusCode::OK);
    person.state = person.reads().await.ok();
    assert_eq!((person.sees_step(), &person.sees().1["code"]), ("Failed", &json!(code)));
    assert_eq!(world.unused_codes().await, 0);
    person.does(json!("Retry")).await;
    assert_ne!(ticket(&person), first, "each login has a ticket of its own");
    goes_and_comes_back(&world, &person, "allow").await;
    assert_eq!(world.unused_codes().await, 1);
}

#[rstest]
#[case("code=forged")]
#[case("")]
#[case("code=&error=server_error")]
#[tokio::test]
async fn what_no_bank_sends_links_nothing(#[case] query: &str) {
    let world = World::new().await;
    let person = at_oauth_bank(&world, "").await;
    leads_to(&world.get(&way(&person)).await);
    let back = format!("/link/bank/return?state={}&{query}", ticket(&person));
    is_page(&world.get(&back).await, StatusCode::OK);
    assert_eq!(person.reads().await.ok()["step"].as_object().unwrap().keys().next().unwrap(), "Failed");
    assert_eq!(world.unused_codes().await, 0);
}

#[tokio::test]
async fn who_comes_back_without_having_gone_links_nothing() {
    let world = World::new().await;
    let person = at_oauth_bank(&world, "").await;
    let back = format!("/link/bank/return?state={}&code=x", ticket(&person));
    is_page(&world.get(&back).await, StatusCode::GONE);
    assert_eq!(person.reads().await.ok(), person.state, "the person can still go there");
}

#[tokio::test]
async fn the_full_page_goes_on_to_the_app() {
    let world = World::new().await;
    let person = at_oauth_bank(&world, "oauthWindowRedirect=true&tag=t1").await;
    let to = leads_to(&goes_and_comes_back(&world, &person, "allow").await);
    let linked = person.reads().await.ok();
    assert_eq!(linked["step"]["Linked"]["url"], to);
    assert!(to.starts_with("https://app.example/back?loginId="), "{to}");
}

/// The page and the key of the fragment.
fn page_and_key(to: &str) -> (&str, &str, &str) {
    let (page, key) = to.split_once('#').unwrap();
    let (path, query) = page.split_once('?').unwrap();
    assert_eq!(TokenKind::of(key), Some(TokenKind::SessionKey));
    (path, query, key)
}

#[tokio::test]
async fn the_full_page_goes_on_to_the_widget_with_a_new_key_where_the_bank_is_not_linked() {
    let world = World::new().await;
    let person = at_oauth_bank(&world, "oauthWindowRedirect=true").await;
    let to = leads_to(&goes_and_comes_back(&world, &person, "deny").await);
    let (path, query, key) = page_and_key(&to);
    assert_eq!(path, "/v2/");
    assert_ne!(key, person.key);
    assert_eq!(person.reads().await.problem(), "SESSION_EXPIRED", "the old key is void");
    let resumed = world.open(path, query, Some(key)).await.ok();
    assert_eq!(resumed["state"]["step"]["Failed"]["code"], "Denied");
    assert_eq!(world.open(path, query, Some(&person.key)).await.problem(), "TOKEN_INVALID");
}

#[tokio::test]
async fn the_full_page_comes_back_to_a_session_that_a_later_token_opened() {
    let world = World::new().await;
    let (old, fresh) = (world.token(&[]).await, world.token(&[]).await);
    world.open("/v2/", &format!("authorizeToken={old}"), None).await.ok();
    let query = format!("?authToken={old}&consentEnable=false&bank=oauthbank&oauthWindowRedirect=true");
    let key = crate::support::new_key();
    let opened = world.open_with("/v2/", &query, Some(&key), json!({ "token": fresh })).await.ok();
    let way = opened["state"]["step"]["Challenge"]["challenge"]["BankPage"]["url"].as_str().unwrap();
    let page = leads_to(&world.get(way.strip_prefix("http://127.0.0.1:8080").unwrap()).await);
    let back = answers_the_bank(&world, &page, "deny").await;
    let to = leads_to(&world.get(&back).await);
    let (path, query, key) = page_and_key(&to);
    let resumed = world.open(path, query, Some(key)).await.ok();
    assert_eq!(resumed["session"], opened["session"]);
}

#[rstest]
#[case("//evil.example/")]
#[case("https://evil.example/")]
#[case("/\\evil.example/")]
#[case("javascript:alert(1)//")]
#[tokio::test]
async fn nobody_is_sent_with_a_key_to_a_page_that_is_not_ours(#[case] path: &str) {
    let world = World::new().await;
    let query = format!("authorizeToken={}&bank=oauthbank&consentEnable=false", world.token(&[]).await);
    assert_eq!(world.open(path, &query, None).await.problem(), "INVALID_REQUEST");
    world.open("/v2/", &query, None).await.ok();
}

#[tokio::test]
async fn the_ticket_is_the_sessions_own_and_kept_as_a_hash() {
    let world = World::new().await;
    let (one, other) = (at_oauth_bank(&world, "").await, at_oauth_bank(&world, "").await);
    assert_ne!(ticket(&one), ticket(&other));
    let page = world.get(&format!("/v2/?authorizeToken={}&bank=oauthbank", world.token(&[]).await)).await;
    assert!(!page.text.contains("bl_bt_"), "the page is nobody's session yet");
    let row = world.state.store.sessions().by_key_hash(&TokenHash::of_text(&one.key)).await.unwrap().unwrap();
    let state = String::from_utf8_lossy(row.state.as_ref().unwrap().as_bytes()).into_owned();
    assert!(!state.contains("bl_bt_"), "sealed");
    goes_and_comes_back(&world, &one, "allow").await;
    assert_eq!(other.reads().await.ok(), other.state, "nobody else's session moves");
}

#[rstest]
#[case::an_app_in_the_systems_browser("webview=true&redirectUrl=exampleapp://linked", true)]
#[case::an_app_with_a_site("webview=true", false)]
#[case::a_window_of_the_widgets("redirectUrl=exampleapp://linked", false)]
#[tokio::test]
async fn the_systems_browser_leads_back_to_the_app(#[case] query: &str, #[case] leads_back: bool) {
    let world = World::new().await;
    world.may_lead_to("exampleapp://linked").await;
    let anna = at_oauth_bank(&world, query).await;
    let page = goes_and_comes_back(&world, &anna, "allow").await;
    assert_eq!(page.text.contains(r#"href="exampleapp://linked""#), leads_back, "{}", page.text);
}

#[rstest]
#[case("", BankPageMode::Popup)]
#[case("&oauthWindowRedirect=true", BankPageMode::FullPage)]
#[case("&webview=true", BankPageMode::HandOver)]
#[case("&webview=1&oauthWindowRedirect=1", BankPageMode::HandOver)]
#[tokio::test]
async fn the_page_says_how_the_banks_own_page_is_opened(#[case] query: &str, #[case] mode: BankPageMode) {
    let world = World::new().await;
    let page = world.get(&format!("/v2/?authorizeToken={}{query}", world.token(&[]).await)).await;
    assert_eq!(page.boot().bank_page, mode);
}

#[tokio::test]
async fn the_sandboxs_bank_sends_people_to_us_and_to_nobody_else() {
    let world = World::new().await;
    for redirect in ["https://evil.example/", "http://127.0.0.1:8080/link/bank/return/x", "http://127.0.0.1:8080", ""] {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("redirect_uri", redirect)
            .append_pair("state", "x")
            .append_pair("answer", "allow")
            .finish();
        let asked = world.get(&format!("/sandbox/bank/authorize?{query}")).await;
        assert_eq!(asked.problem(), "INVALID_PARAMETER", "{redirect}");
        let request = Request::post("/sandbox/bank/authorize")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(query));
        assert_eq!(world.send(request.unwrap()).await.problem(), "INVALID_PARAMETER", "{redirect}");
    }
}

#[tokio::test]
async fn the_sandboxs_bank_shows_what_it_was_asked_as_text() {
    let world = World::new().await;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("redirect_uri", "http://127.0.0.1:8080/link/bank/return")
        .append_pair("state", "\"><script>alert(1)</script>")
        .finish();
    let page = world.get(&format!("/sandbox/bank/authorize?{query}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("<script"), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self'") && policy.ends_with("frame-ancestors 'none'"), "{policy}");
}
