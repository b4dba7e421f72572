//! What operators set for an app, through the platform API: settings, redirect URIs, origins, links, looks; and the log
//! of it.

use axum::http::{Method, StatusCode};
use banklink_domain::{
    app::{AppMode, AppSettings},
    token::TokenHash,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{REDIRECT, World, pages};

const APP: &str = "/platform/v1/app";
const URIS: &str = "/platform/v1/app/redirect_uris";
const ORIGINS: &str = "/platform/v1/app/origins";
const THEME: &str = "/platform/v1/app/theme";
const LINKS: &str = "/platform/v1/links";

/// Another app's secret.
const OTHER: &str = banklink_server::sandbox::toolbox::SECRET_KEY;

/// One field of every item of a list.
async fn listed(world: &World, path: &str, field: &str) -> Vec<Value> {
    let list = world.platform(Method::GET, path, None).await.ok();
    list["items"].as_array().unwrap().iter().map(|item| item[field].clone()).collect()
}

/// What was changed, newest first.
async fn log(world: &World) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut items = pages(world, "/platform/v1/app/activities?", 3).await;
    let created = items.pop().unwrap();
    assert_eq!((&created["action"], &created["actor"]), (&json!("app.created"), &json!("command_line")));
    let fingerprint = &TokenHash::of_text(&world.secret).to_string()[..8];
    assert!(items.iter().all(|item| item["actor"] == "client_secret" && item["actor_name"] == fingerprint));
    items.iter().map(|item| (text(&item["action"]), text(&item["detail"]))).collect()
}

#[tokio::test]
async fn an_app_reads_and_changes_itself_and_what_is_not_named_stays() {
    let world = World::new().await;
    let before = world.platform(Method::GET, APP, None).await.ok();
    assert_eq!((&before["name"], &before["mode"]), (&json!("Pocket"), &json!("sandbox")));
    assert_eq!(before["client_id"], world.app.client_id.to_string());

    let body =
        json!({ "name": "Savings", "settings": { "consent_days": 30, "terms_url": "https://app.example/terms" } });
    let after = world.platform(Method::PATCH, APP, Some(body)).await.ok();
    let mut expected = before.clone();
    expected["name"] = json!("Savings");
    expected["settings"]["consent_days"] = json!(30);
    expected["settings"]["terms_url"] = json!("https://app.example/terms");
    assert_eq!(after, expected);
    assert_eq!(world.platform(Method::GET, APP, None).await.ok(), expected);

    let body = json!({ "settings": { "terms_url": null } });
    let cleared = world.platform(Method::PATCH, APP, Some(body)).await.ok();
    assert_eq!((&cleared["settings"]["terms_url"], &cleared["settings"]["consent_days"]), (&Value::Null, &json!(30)));
    let same = world.platform(Method::PATCH, APP, Some(json!({}))).await.ok();
    assert_eq!(same, cleared);
    let changes = [("app.changed", "terms_url"), ("app.changed", "name, consent_days, terms_url")];
    assert_eq!(log(&world).await, changes.map(|(action, subject)| (action.to_owned(), subject.to_owned())));
    let other = world.call(Method::GET, APP, OTHER, None).await.ok();
    assert_ne!(other["name"], "Savings");
}

#[rstest]
#[case(json!({ "name": "" }), "name")]
#[case(json!({ "name": "x".repeat(10_000) }), "name")]
#[case(json!({ "name": "a\u{0}b" }), "name")]
#[case(json!({ "name": "\u{202e} \u{202c}" }), "name")]
#[case(json!({ "settings": { "customer_name": " " } }), "settings.customer_name")]
#[case(json!({ "settings": { "terms_url": "http://app.example" } }), "settings.terms_url")]
#[case(json!({ "settings": { "terms_url": "javascript:alert(1)" } }), "settings.terms_url")]
#[case(json!({ "settings": { "default_country": "Spain" } }), "settings.default_country")]
#[case(json!({ "settings": { "link_code_lifetime": 599 } }), "settings.link_code_lifetime")]
#[case(json!({ "settings": { "consent_days": 366 } }), "settings.consent_days")]
#[case(json!({ "settings": { "account_selection": "some" } }), "settings.account_selection")]
#[case(json!({ "name": "Savings", "settings": { "consent_days": 0 } }), "settings.consent_days")]
#[tokio::test]
async fn what_an_app_can_not_be_is_named_and_nothing_changes(#[case] body: Value, #[case] parameter: &str) {
    let world = World::new().await;
    let before = world.platform(Method::GET, APP, None).await.ok();
    let refused = world.platform(Method::PATCH, APP, Some(body)).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!(parameter)));
    assert_eq!(world.platform(Method::GET, APP, None).await.ok(), before);
    assert_eq!(log(&world).await, []);
}

#[rstest]
#[case("<script>alert(1)</script>")]
#[case("\u{202e}kcatta")]
#[case("🏦💥")]
#[tokio::test]
async fn a_strange_name_is_a_name_all_the_same(#[case] name: &str) {
    let world = World::new().await;
    let changed = world.platform(Method::PATCH, APP, Some(json!({ "name": name }))).await.ok();
    assert_eq!(changed["name"], name);
    let token = world.token(&[]).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}")).await;
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
    assert!(!page.text.contains('\u{202e}'), "it turns no words around: {}", page.text);
}

#[tokio::test]
async fn with_force_on_a_link_alone_opens_nothing() {
    let world = World::new().await;
    let link = world.link().await["token"].as_str().unwrap().to_owned();
    world.open("/link", &format!("token={link}"), None).await.ok();
    let force = json!({ "settings": { "force_authorize_token": true } });
    world.platform(Method::PATCH, APP, Some(force)).await.ok();
    assert_eq!(world.open("/link", &format!("token={link}"), None).await.problem(), "TOKEN_INVALID");
    let token = world.token(&[]).await;
    world.open("/v2/", &format!("authorizeToken={token}"), None).await.ok();
}

#[tokio::test]
async fn redirect_uris_are_added_listed_and_removed() {
    let world = World::new().await;
    for _ in 0..2 {
        let added = world.platform(Method::POST, URIS, Some(json!({ "uri": "myapp://linked" }))).await;
        assert_eq!((added.status, added.json()), (StatusCode::CREATED, json!({ "uri": "myapp://linked" })));
    }
    assert_eq!(listed(&world, URIS, "uri").await, [REDIRECT, "myapp://linked"]);

    let link = world.link().await;
    let of_link = format!("{URIS}?uri={REDIRECT}");
    assert_eq!(world.platform(Method::DELETE, &of_link, None).await.problem(), "CONFLICT");
    let path = format!("{LINKS}/{}", link["id"].as_str().unwrap());
    let elsewhere = json!({ "redirect_uri": "myapp://linked" });
    assert_eq!(world.platform(Method::PATCH, &path, Some(elsewhere)).await.ok()["redirect_uri"], "myapp://linked");
    assert_eq!(world.platform(Method::DELETE, &of_link, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.platform(Method::DELETE, &of_link, None).await.problem(), "NOT_FOUND");
    let path = format!("{LINKS}/{}", link["id"].as_str().unwrap());
    assert_eq!(world.platform(Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
    // People have to go somewhere.
    let last = format!("{URIS}?uri=myapp://linked");
    assert_eq!(world.platform(Method::DELETE, &last, None).await.problem(), "CONFLICT");
    assert_eq!(listed(&world, URIS, "uri").await, ["myapp://linked"]);
    let actions: Vec<String> = log(&world).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["link.deleted", "redirect_uri.removed", "link.changed", "link.created", "redirect_uri.added"]);
}

#[rstest]
#[case("http://app.example/back")]
#[case("javascript:alert(1)")]
#[case("https://app.example/#part")]
#[case("https://user@app.example/")]
#[case("")]
#[tokio::test]
async fn a_redirect_uri_that_leads_astray_is_refused(#[case] uri: &str) {
    let world = World::new().await;
    let refused = world.platform(Method::POST, URIS, Some(json!({ "uri": uri }))).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!("uri")));
    assert_eq!(listed(&world, URIS, "uri").await, [REDIRECT]);
}

#[tokio::test]
async fn pages_of_an_origin_may_frame_the_widget_as_long_as_it_is_allowed() {
    let world = World::new().await;
    let framed_by = async |origin: &str| {
        let token = world.token(&[]).await;
        let page = world.get(&format!("/v2/?authorizeToken={token}")).await;
        page.header("content-security-policy").contains(origin)
    };
    assert!(!framed_by("https://other.example").await);
    let added = world.platform(Method::POST, ORIGINS, Some(json!({ "origin": "https://Other.example:443/" }))).await;
    assert_eq!((added.status, added.json()), (StatusCode::CREATED, json!({ "origin": "https://other.example" })));
    assert!(framed_by("https://other.example").await);
    assert_eq!(listed(&world, ORIGINS, "origin").await, ["https://app.example", "https://other.example"]);
    let one = format!("{ORIGINS}?origin=https://other.example");
    assert_eq!(world.platform(Method::DELETE, &one, None).await.status, StatusCode::NO_CONTENT);
    assert!(!framed_by("https://other.example").await);
    assert_eq!(world.platform(Method::DELETE, &one, None).await.problem(), "NOT_FOUND");
    let refused = world.platform(Method::POST, ORIGINS, Some(json!({ "origin": "https://*.example" }))).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!("origin")));
}

#[tokio::test]
async fn a_theme_is_set_judged_and_restored() {
    let world = World::new().await;
    assert_eq!(world.platform(Method::GET, THEME, None).await.problem(), "NOT_FOUND");
    let source = "#title-sca { color: #333;\n position: fixed }";
    let set = world.platform(Method::PUT, THEME, Some(json!({ "source": source }))).await.ok();
    assert_eq!((&set["source"], &set["css"]), (&json!(source), &json!("#title-sca{color:#333}")));
    let finding = &set["findings"][0];
    assert_eq!((&finding["line"], &finding["column"], &finding["severity"]), (&json!(2), &json!(2), &json!("error")));
    assert!(finding["message"].as_str().unwrap().contains("position"), "{finding}");
    assert_eq!(world.platform(Method::GET, THEME, None).await.ok(), set);
    for _ in 0..2 {
        assert_eq!(world.platform(Method::DELETE, THEME, None).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(world.platform(Method::GET, THEME, None).await.problem(), "NOT_FOUND");
    let actions: Vec<String> = log(&world).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["theme.restored", "theme.set"]);
}

#[tokio::test]
async fn a_theme_that_is_checked_is_judged_as_one_that_is_set_and_changes_nothing() {
    let world = World::new().await;
    let check = format!("{THEME}/check");
    let request = json!({ "source": "#title-sca { color: red }\n@import 'elsewhere.css';" });
    let checked = world.platform(Method::POST, &check, Some(request.clone())).await.ok();
    assert!(!checked["findings"].as_array().unwrap().is_empty(), "{checked}");
    assert_eq!(world.platform(Method::GET, THEME, None).await.problem(), "NOT_FOUND");
    assert_eq!(log(&world).await, []);
    assert_eq!(world.platform(Method::PUT, THEME, Some(request)).await.ok(), checked);
    let refused = world.platform(Method::POST, &check, Some(json!({ "source": 1 }))).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!("source")));
}

#[tokio::test]
async fn an_app_shows_the_institutions_of_its_list_and_names_those_too_that_it_leaves_out() {
    let world = World::new().await;
    let path = "/platform/v1/institutions";
    let everything = pages(&world, &format!("{path}?"), 50).await;
    let hidden = everything.iter().find(|item| item["country"] == "ES").unwrap()["id"].clone();
    let list = json!({ "countries": ["ES", "GB"], "hidden": [hidden], "popular": [] });
    world.platform(Method::PATCH, APP, Some(json!({ "settings": { "institutions": list } }))).await.ok();

    let shown = pages(&world, &format!("{path}?"), 50).await;
    assert!(!shown.is_empty() && shown.iter().all(|item| item["country"] == "ES" || item["country"] == "GB"));
    assert!(shown.iter().all(|item| item["id"] != hidden));
    assert_eq!(pages(&world, &format!("{path}?all=true&"), 50).await, everything);
    let id = hidden.as_str().unwrap();
    assert_eq!(world.platform(Method::GET, &format!("{path}/{id}"), None).await.ok()["id"], hidden);
    let named = world.platform(Method::GET, &format!("{path}?ids={id},testbank,nobody"), None).await.ok();
    let named: Vec<_> = named["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    assert_eq!(named, [hidden.clone(), json!("testbank")]);

    let many = vec!["testbank"; 101].join(",");
    let lists = [
        json!({ "countries": ["Spain"] }),
        json!({ "countries": ["ES", "ES"] }),
        json!({ "chosen": ["nobody"] }),
        json!({ "hidden": [hidden, hidden] }),
        json!({ "popular": vec!["testbank"; 21] }),
    ];
    for list in lists {
        let refused = world.platform(Method::PATCH, APP, Some(json!({ "settings": { "institutions": list } }))).await;
        assert_eq!(refused.problem(), "INVALID_PARAMETER", "{list}");
        assert!(refused.json()["parameter"].as_str().unwrap().starts_with("settings.institutions"), "{list}");
    }
    for query in [format!("ids={many}"), "all=perhaps".to_owned()] {
        assert_eq!(world.platform(Method::GET, &format!("{path}?{query}"), None).await.problem(), "INVALID_PARAMETER");
    }
}

#[tokio::test]
async fn a_theme_may_be_as_large_as_the_compiler_takes() {
    let world = World::new().await;
    let large = format!("#title-sca {{ color: #333 }}{}", "\n".repeat(200 * 1024));
    let set = world.platform(Method::PUT, THEME, Some(json!({ "source": large }))).await.ok();
    assert_eq!(set["css"], "#title-sca{color:#333}");
    let too_large = Some(json!({ "source": "x".repeat(300 * 1024) }));
    let refused = world.platform(Method::PUT, THEME, too_large).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!("source")));
    assert_eq!(world.platform(Method::GET, THEME, None).await.ok(), set);
    let larger = json!({ "source": "x".repeat(2 << 20) });
    assert_eq!(world.platform(Method::PUT, THEME, Some(larger)).await.problem(), "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn a_link_is_read_changed_paused_and_deleted_by_its_own_app() {
    let world = World::new().await;
    let link = world.link().await;
    let path = format!("{LINKS}/{}", link["id"].as_str().unwrap());
    assert_eq!(world.platform(Method::GET, &path, None).await.ok(), link);
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(world.call(method, &path, OTHER, None).await.problem(), "NOT_FOUND");
    }
    let stolen = Some(json!({ "state": "paused" }));
    assert_eq!(world.call(Method::PATCH, &path, OTHER, stolen).await.problem(), "NOT_FOUND");

    let changed =
        world.platform(Method::PATCH, &path, Some(json!({ "name": "staging", "state": "paused" }))).await.ok();
    let mut expected = link.clone();
    expected["name"] = json!("staging");
    expected["state"] = json!("paused");
    assert_eq!(changed, expected);
    assert_eq!(listed(&world, LINKS, "name").await, ["staging"]);
    for (body, parameter) in [
        (json!({ "state": "gone" }), "state"),
        (json!({ "name": "" }), "name"),
        (json!({ "redirect_uri": "https://elsewhere.example/" }), "redirect_uri"),
        (json!({ "redirect_uri": 7 }), "redirect_uri"),
    ] {
        let refused = world.platform(Method::PATCH, &path, Some(body)).await;
        assert_eq!(
            (refused.problem().as_str(), &refused.json()["parameter"]),
            ("INVALID_PARAMETER", &json!(parameter))
        );
    }
    assert_eq!(world.platform(Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.platform(Method::DELETE, &path, None).await.problem(), "NOT_FOUND");
    let token = format!("token={}", link["token"].as_str().unwrap());
    assert_eq!(world.open("/link", &token, None).await.problem(), "TOKEN_INVALID");
    assert_eq!(world.platform(Method::GET, &format!("{LINKS}/x"), None).await.problem(), "INVALID_PARAMETER");
}

#[tokio::test]
async fn connections_are_listed_a_page_at_a_time_and_by_person() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for (name, of) in [("anna", "one"), ("ben", "two"), ("cleo", "one"), ("dora", "three"), ("eli", "one")] {
        let token = world.token(&[("externalId", of)]).await;
        let query = format!("authorizeToken={token}&consentEnable=false&bank=testbank");
        let mut person = world.enters("/v2/", &query).await;
        person.signs_in(name, "anything").await;
        ids.push(person.sees().1["login_id"].clone());
        world.pass_seconds(1);
    }
    let listed = |items: Vec<Value>| items.into_iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
    assert_eq!(listed(pages(&world, "/platform/v1/connections?", 2).await), ids);
    let of_one = listed(pages(&world, "/platform/v1/connections?external_id=one&", 2).await);
    assert_eq!(of_one, [ids[0].clone(), ids[2].clone(), ids[4].clone()]);
    let mut newest_first = listed(pages(&world, "/platform/v1/connections?order=newest&", 2).await);
    newest_first.reverse();
    assert_eq!(newest_first, ids);
    for (narrowed, found) in [
        ("status=active", 5),
        ("status=needs_reauthorisation", 0),
        ("institution=testbank&external_id=one", 3),
        ("institution=another", 0),
    ] {
        let path = format!("/platform/v1/connections?{narrowed}&");
        assert_eq!(listed(pages(&world, &path, 2).await).len(), found, "{narrowed}");
    }
    for (wrong, parameter) in [("status=deleted", "status"), ("order=", "order")] {
        let refused = world.platform(Method::GET, &format!("/platform/v1/connections?{wrong}"), None).await;
        let said = (refused.problem(), refused.json()["parameter"].clone());
        assert_eq!(said, ("INVALID_PARAMETER".to_owned(), json!(parameter)));
    }
    let deleted = format!("/platform/v1/connections/{}", ids[2].as_str().unwrap());
    assert_eq!(world.platform(Method::DELETE, &deleted, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(listed(pages(&world, "/platform/v1/connections?external_id=one&", 2).await).len(), 2);
    let refused = world.platform(Method::GET, "/platform/v1/connections?external_id=", None).await;
    assert_eq!(
        (refused.problem().as_str(), &refused.json()["parameter"]),
        ("INVALID_PARAMETER", &json!("external_id"))
    );
    let others = world.call(Method::GET, "/platform/v1/connections", OTHER, None).await.ok();
    assert_eq!(others["items"], json!([]));
}

#[tokio::test]
async fn institutions_are_listed_a_page_at_a_time_by_country_and_found_as_in_the_widget() {
    let world = World::new().await;
    let path = "/platform/v1/institutions";
    let ids = |items: &[Value]| items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let all = pages(&world, &format!("{path}?"), 7).await;
    assert!(all.len() > 14 && ids(&all).is_sorted() && ids(&all).contains(&"testbank".to_owned()), "{all:?}");
    let spanish = pages(&world, &format!("{path}?country=es&"), 2).await;
    assert!(!spanish.is_empty() && spanish.iter().all(|item| item["country"] == "ES"), "{spanish:?}");
    assert_eq!(spanish.len(), all.iter().filter(|item| item["country"] == "ES").count());

    let found = world.platform(Method::GET, &format!("{path}?query=tesbank"), None).await.ok();
    assert_eq!(found["items"][0]["id"], "testbank");
    let one = world.platform(Method::GET, &format!("{path}/testbank"), None).await.ok();
    assert_eq!(one, found["items"][0]);
    let logo = one["logo_url"].as_str().unwrap().strip_prefix("http://127.0.0.1:8080").unwrap();
    assert_eq!(world.get(logo).await.status, StatusCode::OK);
    assert_eq!(world.platform(Method::GET, &format!("{path}/nobody"), None).await.problem(), "NOT_FOUND");
    for (query, parameter) in [("country=Spain", "country"), (&format!("query={}", "x".repeat(9_000)), "query")] {
        let refused = world.platform(Method::GET, &format!("{path}?{query}"), None).await;
        assert_eq!(
            (refused.problem().as_str(), &refused.json()["parameter"]),
            ("INVALID_PARAMETER", &json!(parameter))
        );
    }
}

#[tokio::test]
async fn a_live_app_is_shown_no_sandbox_institutions() {
    let world = World::with(AppMode::Live, AppSettings::default()).await;
    let path = "/platform/v1/institutions";
    assert_eq!(world.platform(Method::GET, path, None).await.ok()["items"], json!([]));
    assert_eq!(world.platform(Method::GET, &format!("{path}?query=testbank"), None).await.ok()["items"], json!([]));
    assert_eq!(world.platform(Method::GET, &format!("{path}/testbank"), None).await.problem(), "NOT_FOUND");
}
