//! Tokens, links, reloads and expiry.

use axum::http::{Method, StatusCode};
use banklink_domain::{
    app::{AppMode, AppSettings},
    session::Outcome,
    token::{TokenHash, TokenKind},
};
use banklink_server::{random, services::sessions::expire_overdue};
use serde_json::json;

use crate::support::{World, new_key};

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
    for minute in [6, 12, 18, 24, 29] {
        world.pass(if minute == 29 { 5 } else { 6 });
        busy.does(match busy.sees_step() {
            "Institutions" => json!({ "ChooseInstitution": "testbank" }),
            _ => json!("Back"),
        })
        .await;
    }
    assert_eq!(busy.state["expires_in"], 60);
    world.pass(1);
    assert_eq!(busy.reads().await.problem(), "SESSION_EXPIRED");
}

#[tokio::test]
async fn who_searches_or_reads_is_not_idle_but_thirty_minutes_are_the_end_for_them_too() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}&consentEnable=false");
    let person = world.enters("/v2/", &query).await;
    for minute in [7, 14, 21, 28] {
        world.pass(7);
        match minute {
            7 => _ = person.reads().await.ok(),
            14 => _ = world.open("/v2/", &query, Some(&person.key)).await.ok(),
            _ => _ = world.call(Method::GET, "/link/api/1/institutions?q=test", &person.key, None).await.ok(),
        }
        let left = person.reads().await.ok()["expires_in"].clone();
        assert_eq!(left, json!((8 * 60).min((30 - minute) * 60)), "minute {minute}");
    }
    world.pass(2);
    assert_eq!(person.reads().await.problem(), "SESSION_EXPIRED");
}

#[tokio::test]
async fn what_a_session_held_goes_with_its_time_and_the_session_a_month_later() {
    let world = World::new().await;
    let link = world.link().await;
    let link = link["token"].as_str().unwrap();
    let mut linked = world.enters("/link", &format!("token={link}&bank=testbank&consentEnable=false")).await;
    linked.signs_in("anna", "anything").await;
    // More than one batch.
    let columns = "app_id, printf('%064x', i), authorize_token_hash, link_id, number, revision, NULL, state, \
                   busy_until, created_at, last_activity_at, expires_at, screen, institution_id, NULL, NULL, NULL, NULL";
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)";
    let copies = format!("SELECT 'copy-' || i, {columns} FROM link_sessions, n");
    world.sql(&format!("{numbers} INSERT INTO link_sessions {copies}")).await;
    let counts = async || world.state.store.sessions().count_by_outcome().await.unwrap();
    assert_eq!(counts().await, [(None, 1100), (Some(Outcome::Linked), 1)]);

    world.pass(9);
    expire_overdue(&world.state).await.unwrap();
    assert_eq!(counts().await, [(Some(Outcome::Expired), 1100), (Some(Outcome::Linked), 1)]);
    let hash = TokenHash::of_text(&linked.key);
    let row = world.state.store.sessions().by_key_hash(&hash).await.unwrap().unwrap();
    assert_eq!(row.state, None);
    assert_eq!(linked.reads().await.problem(), "SESSION_EXPIRED");

    world.pass(31 * 24 * 60);
    expire_overdue(&world.state).await.unwrap();
    assert_eq!(counts().await, []);
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
    let link = world.link().await;
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
    let link = world.link().await;
    let link = link["token"].as_str().unwrap();
    assert_eq!(world.open("/link", &format!("token={link}"), None).await.problem(), "TOKEN_INVALID");

    let token = world.token(&[("bank", "testbank"), ("consentEnable", "false")]).await;
    let query = format!("token={link}&authToken={token}&bank=FlinksCapital&user=forged");
    let mut person = world.enters("/link", &query).await;
    assert_eq!(person.sees().1["institution"]["id"], "testbank");
    person.signs_in("anna", "anything").await;
    let url = person.sees().1["url"].as_str().unwrap();
    assert!(url.starts_with("https://app.example/back?loginId="), "the link is the URL's too: {url}");
}

#[tokio::test]
async fn a_link_bound_to_a_token_says_where_the_person_goes() {
    let world = World::with(AppMode::Sandbox, AppSettings::default()).await;
    let link = world.link().await;
    let bound = [("bank", "testbank"), ("consentEnable", "false"), ("token", link["token"].as_str().unwrap())];
    let token = world.token(&bound).await;
    let mut person = world.enters("/v2/", &format!("authorizeToken={token}")).await;
    person.signs_in("anna", "anything").await;
    assert_eq!(person.sees().1["url"], format!("https://app.example/back?code={}", person.code()));
}

#[tokio::test]
async fn a_paused_link_opens_nothing_not_even_beside_a_token() {
    let world = World::new().await;
    let link = world.link().await;
    let path = format!("/platform/v1/links/{}", link["id"].as_str().unwrap());
    let link = link["token"].as_str().unwrap();
    let paused = world.platform(Method::PATCH, &path, Some(json!({ "state": "paused" }))).await.ok();
    assert_eq!(paused["state"], "paused");
    let token = world.token(&[]).await;
    let bound = world.token(&[("token", link)]).await;
    for query in
        [format!("token={link}"), format!("token={link}&authorizeToken={token}"), format!("authorizeToken={bound}")]
    {
        assert_eq!(world.open("/link", &query, None).await.problem(), "TOKEN_INVALID", "{query}");
    }
    world.open("/v2/", &format!("authorizeToken={token}"), None).await.ok();
}

#[tokio::test]
async fn a_token_that_can_not_be_one_refuses_the_link_beside_it_like_an_unknown_one() {
    let world = World::new().await;
    let link = world.link().await;
    let link = link["token"].as_str().unwrap();
    for token in ["authorizeToken=x", "authorizeToken=", "authorizeToken=%27", "authToken=%20"] {
        let query = format!("token={link}&{token}");
        assert_eq!(world.open("/link", &query, None).await.problem(), "TOKEN_INVALID", "{token}");
    }
    world.open("/link", &format!("token={link}"), None).await.ok();
}

#[tokio::test]
async fn a_name_of_ours_never_comes_back_as_an_extra() {
    let world = World::new().await;
    let link = world.link().await;
    let link = link["token"].as_str().unwrap();
    let forged = [
        "code",
        "loginId",
        "accountId",
        "error",
        "state",
        "requestid",
        "operation",
        "SCA_TOKEN",
        "authorizetoken",
        "CODE",
    ];
    let names = forged.map(|name| format!("{name}=FORGED")).join("&");
    let query = format!("token={link}&bank=testbank&consentEnable=false&{names}&user=anna");
    let mut person = world.enters("/link", &query).await;
    person.signs_in("anna", "anything").await;
    assert_eq!(person.sees().1["url"], format!("https://app.example/back?code={}&user=anna", person.code()));
    let codes = world.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
    assert_eq!(codes["items"][0]["extra"], json!({ "user": "anna" }));

    let page = world.get(&format!("/link?{query}")).await;
    assert_eq!(page.boot().invalid_parameters, forged);
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
    world.pass(1);

    let search = async |query: &str| {
        let person = world.person(query).await;
        world.call(Method::GET, "/link/api/1/institutions?q=unico", &person.key, None).await.ok()["total"].clone()
    };
    assert_eq!(search("").await, 1);
    assert_eq!(search("demo=true").await, 0);
}

#[tokio::test]
async fn what_was_agreed_to_and_chosen_need_not_be_done_again_in_the_next_session_of_the_page() {
    let world = World::new().await;
    let link = world.link().await;
    let query = format!("token={}", link["token"].as_str().unwrap());
    let first = world.enters("/link", &query).await;
    let hash = first.sees().1["text_hash"].clone();
    let carry_on = json!({ "carry_on": { "text_hash": hash, "institution": "testbank" } });
    let opened = world.open_with("/link", &query, None, carry_on).await.ok();
    assert_eq!(opened["state"]["step"]["Credentials"]["institution"]["id"], "testbank");

    let agreed = json!({ "carry_on": { "text_hash": hash, "institution": null } });
    let opened = world.open_with("/link", &query, None, agreed).await.ok();
    assert!(opened["state"]["step"]["Institutions"].is_object(), "{opened}");
}

#[tokio::test]
async fn a_consent_that_is_carried_on_counts_as_given() {
    let world = World::new().await;
    let link = world.link().await;
    let query = format!("token={}", link["token"].as_str().unwrap());
    let mut person = world.enters("/link", &query).await;
    let hash = person.sees().1["text_hash"].clone();
    let carry_on = json!({ "carry_on": { "text_hash": hash, "institution": "testbank" } });
    person.key = new_key();
    person.state = world.open_with("/link", &query, Some(&person.key), carry_on).await.ok()["state"].clone();
    person.signs_in("anna", "anything").await;
    let id = person.sees().1["login_id"].as_str().unwrap().into();
    let connection = world.state.store.connections().get(world.app.id, &id).await.unwrap().unwrap();
    let consent = world.state.store.consents().get(world.app.id, connection.consent_id.unwrap()).await.unwrap();
    assert_eq!(json!(consent.unwrap().text_hash.to_string()), hash);
}

#[tokio::test]
async fn who_agreed_to_another_text_is_asked_again_before_anything_else() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let carry_on = json!({ "carry_on": { "text_hash": "0".repeat(64), "institution": "testbank" } });
    let query = format!("authorizeToken={token}");
    let opened = world.open_with("/v2/", &query, None, carry_on).await.ok();
    assert!(opened["state"]["step"]["Consent"].is_object(), "{opened}");

    let query = format!("authorizeToken={}", world.token(&[]).await);
    let none = json!({ "carry_on": { "text_hash": null, "institution": "testbank" } });
    let opened = world.open_with("/v2/", &query, None, none).await.ok();
    assert!(opened["state"]["step"]["Consent"].is_object(), "nothing was agreed to: {opened}");
}

#[tokio::test]
async fn what_is_carried_on_and_is_not_there_leads_to_the_list() {
    let world = World::new().await;
    let query = format!("authorizeToken={}&consentEnable=false", world.token(&[]).await);
    let carry_on = json!({ "carry_on": { "text_hash": null, "institution": "atlantis" } });
    let opened = world.open_with("/v2/", &query, None, carry_on).await.ok();
    assert_eq!(opened["state"]["step"]["Institutions"]["not_found"], "atlantis");
}

#[tokio::test]
async fn what_is_carried_on_has_a_length() {
    let world = World::new().await;
    let query = format!("authorizeToken={}&consentEnable=false", world.token(&[]).await);
    for carry_on in [
        json!({ "text_hash": null, "institution": "x".repeat(1025) }),
        json!({ "text_hash": "x".repeat(1025), "institution": null }),
    ] {
        let refused = world.open_with("/v2/", &query, None, json!({ "carry_on": carry_on })).await;
        assert_eq!(refused.problem(), "INVALID_REQUEST");
    }
    world.open("/v2/", &query, None).await.ok();
}

#[tokio::test]
async fn a_fresh_token_from_the_host_opens_the_page_in_the_place_of_the_one_that_was_used() {
    let world = World::new().await;
    let (old, fresh) = (world.token(&[]).await, world.token(&[("bank", "testbank")]).await);
    let query = format!("authorizeToken={old}&consentEnable=false&tag=t1");
    world.open("/v2/", &query, None).await.ok();
    assert_eq!(world.open("/v2/", &query, None).await.problem(), "TOKEN_INVALID");

    let key = new_key();
    let with_fresh = json!({ "token": fresh });
    let opened = world.open_with("/v2/", &query, Some(&key), with_fresh.clone()).await.ok();
    let institution = &opened["state"]["step"]["Credentials"]["institution"]["id"];
    assert_eq!(institution, "testbank", "what is bound to it counts, and the rest of the address");
    let again = world.open_with("/v2/", &query, Some(&key), with_fresh.clone()).await.ok();
    assert_eq!(again["session"], opened["session"], "sent again, it finds its session");
    assert_eq!(world.open_with("/v2/", &query, None, with_fresh).await.problem(), "TOKEN_INVALID", "it is used now");
}

#[tokio::test]
async fn a_token_that_is_no_better_than_the_urls_opens_nothing_and_uses_nothing() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let query = format!("authorizeToken={token}");
    for bad in ["bl_at_unknown", "", "x"] {
        let refused = world.open_with("/v2/", &query, None, json!({ "token": bad })).await;
        assert_eq!(refused.problem(), "TOKEN_INVALID", "{bad}");
    }
    world.open("/v2/", &query, None).await.ok();
}

#[tokio::test]
async fn an_address_that_is_too_long_to_come_back_to_opens_nothing_and_uses_nothing() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let of_length = |length: usize| {
        let query = format!("authorizeToken={token}&theme=dark&");
        let rest = length - "/v2/?".len() - query.len();
        query + &"x".repeat(rest)
    };
    let long = of_length(8193);
    let page = world.get(&format!("/v2/?{long}")).await;
    assert_eq!((page.status, page.boot().first), (StatusCode::OK, None), "the page waits for what opening says");
    let refused = world.open("/v2/", &long, None).await;
    assert_eq!(refused.problem(), "INVALID_REQUEST");
    assert!(refused.json()["detail"].as_str().unwrap().contains("8192 bytes"), "{}", refused.text);
    world.open("/v2/", &of_length(8192), None).await.ok();
}

#[tokio::test]
async fn the_address_counts_with_the_token_that_it_is_opened_with() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    // Written anew with the token, each of these letters takes three bytes.
    let query = format!("authorizeToken=bl_at_used&a={}", "|".repeat(3000));
    let with_token = json!({ "token": token });
    assert_eq!(world.open_with("/v2/", &query, None, with_token.clone()).await.problem(), "INVALID_REQUEST");
    world.open_with("/v2/", "authorizeToken=bl_at_used&a=1", None, with_token).await.ok();
}
