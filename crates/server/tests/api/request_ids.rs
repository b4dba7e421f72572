//! Going on with a session in another page (`requestId`), and why knowing its id is not enough.

use axum::http::Method;
use banklink_domain::{
    app::{AppMode, AppSettings},
    token::TokenHash,
};
use banklink_store::{At, Claim};
use jiff::SignedDuration;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Answer, Person, World, new_key};

/// Anna, whom the bank waits for: of the page with this in its address.
async fn anna<'a>(world: &'a World, query: &str) -> Person<'a> {
    let mut anna = world.person(&format!("bank=testbank&{query}")).await;
    anna.signs_in("anna", "SCA_SMS").await;
    assert_eq!(anna.sees_step(), "Challenge");
    anna
}

async fn id_of(world: &World, person: &Person<'_>) -> String {
    world.session_of(person).await["id"].as_str().unwrap().to_owned()
}

/// A page with this token, in a tab that has no key.
async fn opens(world: &World, token: &str, rest: &str) -> Answer {
    world.open("/v2/", &format!("authorizeToken={token}&consentEnable=false&{rest}"), None).await
}

fn refuses(answer: &Answer) -> bool {
    answer.problem() == "INVALID_PARAMETER" && answer.json()["parameter"] == "requestId"
}

/// Whatever somebody tried, it is still hers, as it was, and their token still opens a session of their own.
async fn is_still_hers(world: &World, anna: &Person<'_>, token: &str) {
    assert_eq!(anna.reads().await.ok(), anna.state);
    let own = opens(world, token, "").await.ok();
    assert_ne!(own["session"], world.session_of(anna).await["id"]);
    assert!(own["state"]["step"]["Institutions"].is_object(), "{own}");
}

#[rstest]
#[case::nothing_bound(&[], "")]
#[case::her_external_id_in_the_address(&[], "&external_id=anna")]
#[case::another_person_bound(&[("external_id", "bob")], "")]
#[case::another_person_bound_and_hers_in_the_address(&[("external_id", "bob")], "&external_id=anna")]
#[case::another_person_and_her_session_bound(&[("external_id", "bob"), ("requestId", "hers")], "")]
#[case::other_things_bound(&[("bank", "testbank"), ("tag", "anna")], "")]
#[tokio::test]
async fn who_knows_her_id_does_not_see_her_session(#[case] bound: &[(&str, &str)], #[case] rest: &str) {
    let world = World::new().await;
    let anna = anna(&world, "external_id=anna").await;
    let id = id_of(&world, &anna).await;
    let bound: Vec<_> =
        bound.iter().map(|(name, value)| (*name, if *value == "hers" { id.as_str() } else { value })).collect();
    let token = world.token(&bound).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}&requestId={id}{rest}")).await;
    assert_eq!(page.boot().first, None);
    let refused = opens(&world, &token, &format!("requestId={id}{rest}")).await;
    assert!(refuses(&refused));
    assert!(!refused.text.contains("testbank") && !refused.text.contains("Challenge"), "{}", refused.text);
    assert_eq!(anna.reads().await.ok(), anna.state);
}

#[tokio::test]
async fn a_session_without_a_person_of_the_apps_is_nobodys_who_has_one() {
    let world = World::new().await;
    let anna = anna(&world, "").await;
    let token = world.token(&[("external_id", "bob")]).await;
    assert!(refuses(&opens(&world, &token, &format!("requestId={}", id_of(&world, &anna).await)).await));
    is_still_hers(&world, &anna, &token).await;
}

#[tokio::test]
async fn a_key_of_ones_own_session_opens_no_other() {
    let world = World::new().await;
    let anna = anna(&world, "").await;
    let id = id_of(&world, &anna).await;
    let bobs = world.token(&[]).await;
    let query = format!("authorizeToken={bobs}&consentEnable=false");
    let bob = world.enters("/v2/", &query).await;
    let own = world.open("/v2/", &format!("{query}&requestId={id}"), Some(&bob.key)).await.ok();
    assert_eq!(own["state"], bob.state, "with the token of his own session he sees his own");
    let fresh = world.token(&[]).await;
    let query = format!("authorizeToken={fresh}&requestId={id}");
    assert_eq!(world.open("/v2/", &query, Some(&bob.key)).await.problem(), "TOKEN_INVALID");
    is_still_hers(&world, &anna, &fresh).await;
}

#[tokio::test]
async fn another_apps_token_does_not_even_hear_whether_there_is_one() {
    let world = World::new().await;
    let anna = anna(&world, "external_id=anna").await;
    let id = id_of(&world, &anna).await;
    let toolbox = banklink_server::sandbox::toolbox::SECRET_KEY;
    let issue = async |parameters: Value| {
        let body = json!({ "parameters": parameters });
        world.call(Method::POST, "/platform/v1/authorize_tokens", toolbox, Some(body)).await
    };
    assert!(refuses(&issue(json!({ "requestId": id })).await), "nor can it be bound");
    for parameters in [json!({}), json!({ "external_id": "anna" })] {
        let token = issue(parameters).await.ok()["token"].as_str().unwrap().to_owned();
        let hers = opens(&world, &token, &format!("requestId={id}")).await;
        let nobodys = opens(&world, &token, "requestId=01890000-0000-7000-8000-000000000000").await;
        assert!(refuses(&hers) && refuses(&nobodys));
        assert_eq!(hers.json()["detail"], nobodys.json()["detail"]);
    }
    assert_eq!(anna.reads().await.ok(), anna.state);
}

#[tokio::test]
async fn the_tab_that_has_the_session_goes_on_with_it_beside_any_fresh_token() {
    let world = World::new().await;
    let first = world.token(&[]).await;
    let query = "consentEnable=false&bank=testbank";
    let name = world.get(&format!("/v2/?authorizeToken={first}&{query}")).await.boot().page;
    let mut anna = world.enters("/v2/", &format!("authorizeToken={first}&{query}")).await;
    anna.signs_in("anna", "SCA_SMS").await;
    let id = id_of(&world, &anna).await;
    let fresh = world.token(&[]).await;
    let query = format!("authorizeToken={fresh}&requestId={id}");
    let page = world.get(&format!("/v2/?{query}")).await.boot();
    assert_eq!((page.page, page.first), (name, None), "the tab finds its key under that name");
    for _ in 0..2 {
        let opened = world.open("/v2/", &query, Some(&anna.key)).await.ok();
        assert_eq!((&opened["session"], &opened["state"]), (&json!(id), &anna.state));
    }
    anna.types_code("482913").await;
    assert_eq!(anna.sees_step(), "Linked");
}

#[rstest]
#[case::the_id(true)]
#[case::the_person(false)]
#[tokio::test]
async fn a_token_that_is_bound_to_it_takes_the_session_to_another_tab(#[case] by_id: bool) {
    let world = World::new().await;
    let anna = anna(&world, "external_id=anna&tag=first").await;
    let id = id_of(&world, &anna).await;
    let bound = if by_id { ("requestId", id.as_str()) } else { ("external_id", "anna") };
    let token = world.token(&[bound]).await;
    let query = format!("authorizeToken={token}&requestId={id}&tag=second");
    assert_eq!(world.get(&format!("/v2/?{query}")).await.boot().first, None);
    let mut second = world.enters("/v2/", &query).await;
    assert_eq!(second.state["step"], anna.state["step"]);
    assert_eq!(anna.reads().await.problem(), "SESSION_EXPIRED", "the first tab's key is no good any more");
    let again = world.open("/v2/", &query, Some(&second.key)).await.ok();
    assert_eq!((&again["session"], &again["state"]), (&json!(id), &second.state), "a reload");
    assert_eq!(world.open("/v2/", &query, None).await.problem(), "TOKEN_INVALID");

    second.types_code("482913").await;
    assert_eq!((second.sees_step(), &second.sees().1["tag"]), ("Linked", &json!("first")));
}

#[tokio::test]
async fn what_is_bound_wins_over_the_address() {
    let world = World::new().await;
    let (anna, bob) = (anna(&world, "").await, anna(&world, "").await);
    let (hers, his) = (id_of(&world, &anna).await, id_of(&world, &bob).await);
    let token = world.token(&[("requestId", &his)]).await;
    let opened = opens(&world, &token, &format!("requestId={hers}")).await.ok();
    assert_eq!(opened["session"], json!(his));
    assert_eq!(anna.reads().await.ok(), anna.state);
}

#[tokio::test]
async fn where_tokens_are_forced_the_address_names_no_session() {
    let world = World::with(AppMode::Sandbox, AppSettings { consent: false, ..AppSettings::default() }).await;
    let token = world.token(&[("bank", "testbank"), ("external_id", "anna")]).await;
    let mut anna = world.enters("/v2/", &format!("authorizeToken={token}")).await;
    anna.signs_in("anna", "SCA_SMS").await;
    let id = id_of(&world, &anna).await;

    let (unbound, hers) = (world.token(&[]).await, world.token(&[("external_id", "anna")]).await);
    for token in [unbound, hers] {
        let opened = opens(&world, &token, &format!("requestId={id}")).await.ok();
        assert_ne!(opened["session"], json!(id));
        assert!(opened["state"]["step"]["Institutions"].is_object(), "{opened}");
    }
    assert_eq!(anna.reads().await.ok(), anna.state);
    let bound = world.token(&[("requestId", &id)]).await;
    assert_eq!(opens(&world, &bound, "").await.ok()["session"], json!(id));
}

#[tokio::test]
async fn a_link_alone_takes_no_session_over() {
    let world = World::new().await;
    let anna = anna(&world, "external_id=anna").await;
    let link = world.link().await["token"].as_str().unwrap().to_owned();
    let query = format!("token={link}&external_id=anna&requestId={}", id_of(&world, &anna).await);
    assert!(refuses(&world.open("/link", &query, None).await));
    assert_eq!(anna.reads().await.ok(), anna.state);
}

/// What a session can be instead of waiting for an answer.
#[derive(Clone, Copy)]
enum Instead {
    AtTheForm,
    Linked,
    Left,
    Expired,
}

#[rstest]
#[case(Instead::AtTheForm)]
#[case(Instead::Linked)]
#[case(Instead::Left)]
#[case(Instead::Expired)]
#[tokio::test]
async fn a_session_that_does_not_wait_for_an_answer_is_not_taken_over(#[case] instead: Instead) {
    let world = World::new().await;
    let mut anna = anna(&world, "").await;
    let id = id_of(&world, &anna).await;
    // Bound while it waited.
    let token = world.token(&[("requestId", &id)]).await;
    match instead {
        Instead::AtTheForm => anna.does(json!("Back")).await,
        Instead::Linked => anna.types_code("482913").await,
        Instead::Left => anna.leaves("Closed").await,
        Instead::Expired => world.pass(9),
    }
    let refused = opens(&world, &token, "").await;
    assert!(refuses(&refused));
    assert_eq!(refused.json()["detail"], opens(&world, &token, "").await.json()["detail"], "the token is not used up");
    let body = json!({ "parameters": { "requestId": id } });
    let again = world.platform(Method::POST, "/platform/v1/authorize_tokens", Some(body)).await;
    match instead {
        Instead::AtTheForm => _ = again.ok(),
        _ => assert!(refuses(&again), "it can't be bound to what is over"),
    }
}

#[tokio::test]
async fn a_session_is_not_taken_over_in_the_middle_of_a_step() {
    let world = World::new().await;
    let anna = anna(&world, "").await;
    let id = id_of(&world, &anna).await;
    let token = world.token(&[("requestId", &id)]).await;
    let (sessions, now) = (world.state.store.sessions(), world.clock.now());
    let row = sessions.by_key_hash(&TokenHash::of_text(&anna.key)).await.unwrap().unwrap();
    let step = sessions.claim(&row.id, At::Number(row.number), now + SignedDuration::from_secs(45), now).await.unwrap();
    let Claim::Claimed(step) = step else { panic!("not claimed") };
    assert_eq!(opens(&world, &token, "").await.problem(), "STEP_IN_PROGRESS");
    sessions.release(&step).await.unwrap();
    assert_eq!(opens(&world, &token, "").await.ok()["session"], json!(id));
}

#[tokio::test]
async fn the_banks_own_page_leads_back_to_the_page_that_goes_on() {
    let world = World::new().await;
    let person = world.person("bank=oauthbank").await;
    let id = id_of(&world, &person).await;
    let token = world.token(&[("requestId", &id)]).await;
    let query = format!("authorizeToken={token}&oauthWindowRedirect=true&theme=dark");
    let key = new_key();
    let opened = world.open("/v2/", &query, Some(&key)).await.ok();
    let way = opened["state"]["step"]["Challenge"]["challenge"]["BankPage"]["url"].as_str().unwrap();
    let ticket = way.rsplit('/').next().unwrap();
    world.get(&format!("/link/bank/{ticket}")).await;
    let back = world.get(&format!("/link/bank/return?state={ticket}&error=access_denied")).await;
    let (page, key) = back.header("location").split_once('#').unwrap();
    assert_eq!(page, format!("/v2/?{query}"));
    let resumed = world.open("/v2/", &query, Some(key)).await.ok();
    assert_eq!((&resumed["session"], &resumed["state"]["step"]["Failed"]["code"]), (&json!(id), &json!("Denied")));
}
