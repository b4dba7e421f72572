//! The people who sign in to the dashboard: how they come, sign in and go, and that nobody else gets in.

use std::net::SocketAddr;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use banklink_server::{client_address::Peer, setup};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{PASSWORD, REDIRECT, World};

const SESSION: &str = "/platform/v1/session";
const INVITATIONS: &str = "/platform/v1/invitations";
const OPERATORS: &str = "/platform/v1/operators";

fn token_of(url: &str) -> String {
    url.split_once('#').unwrap().1.to_owned()
}

#[tokio::test]
async fn the_first_operator_comes_by_what_the_server_prints_and_nobody_after_them() {
    let world = World::new().await;
    let url = setup::first_operator(&world.state.store, &world.state.public_url, world.clock.now()).await;
    let url = url.unwrap().unwrap().expose().to_owned();
    assert!(url.starts_with("http://127.0.0.1:8080/dashboard/welcome#bl_inv_"), "{url}");
    let token = json!({ "token": token_of(&url) });
    let welcome = world.ask_from_dashboard("", Method::POST, &format!("{INVITATIONS}/read"), Some(token.clone())).await;
    assert_eq!(welcome.ok(), json!({ "guest": "first", "email": null, "name": null, "organisation": null }));

    let ana = world.operator().await;
    let me = ana.ask(Method::GET, SESSION, None).await.ok();
    assert_eq!((&me["operator"]["email"], &me["organisation"]), (&json!("ana@caisse.example"), &json!("Caisse")));
    // The server has somebody now, and prints nothing more; what it printed before is void.
    let late = world.ask_from_dashboard("", Method::POST, &format!("{INVITATIONS}/read"), Some(token)).await;
    assert_eq!(late.problem(), "TOKEN_INVALID");
    let again = setup::first_operator(&world.state.store, &world.state.public_url, world.clock.now()).await;
    assert!(again.unwrap().is_none());
}

#[tokio::test]
async fn a_cookie_is_for_this_host_alone_and_over_https_says_so() {
    let world = World::new().await;
    world.operator().await;
    let body = json!({ "email": "Ana@Caisse.example", "password": PASSWORD });
    let signed_in = world.ask_from_dashboard("", Method::POST, SESSION, Some(body.clone())).await;
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.starts_with("banklink-operator=bl_os_"), "{cookie}");
    for part in ["; Path=/", "; Max-Age=604800", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(signed_in.header("cache-control"), "no-store");
    let secure = world.at("https://link.example").await;
    let signed_in = secure.ask_from_dashboard("", Method::POST, SESSION, Some(body)).await;
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.starts_with("__Host-banklink-operator=bl_os_") && cookie.ends_with("; Secure"), "{cookie}");
}

#[tokio::test]
async fn over_https_the_plain_cookie_counts_for_nothing() {
    let world = World::new().await;
    let ana = world.operator().await;
    let secure = world.at("https://link.example").await;
    let request = Request::get(SESSION).header(header::COOKIE, ana.cookie()).body(Body::empty()).unwrap();
    assert_eq!(secure.send(request).await.problem(), "UNAUTHORIZED");
    let (_, session) = ana.cookie().split_once('=').unwrap();
    let cookies = format!("{}x; __Host-banklink-operator={session}", ana.cookie());
    let request = Request::get(SESSION).header(header::COOKIE, cookies).body(Body::empty()).unwrap();
    secure.send(request).await.ok();
}

#[tokio::test]
async fn who_signs_out_is_out_and_everywhere_if_they_say_so() {
    let world = World::new().await;
    let one = world.operator().await;
    let (two, three) = (world.signs_in().await, world.signs_in().await);
    let out = two.ask(Method::DELETE, SESSION, None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.header("set-cookie").contains("=; Path=/; Max-Age=0"), "{}", out.header("set-cookie"));
    assert_eq!(two.ask(Method::GET, SESSION, None).await.problem(), "UNAUTHORIZED");
    three.ask(Method::GET, SESSION, None).await.ok();
    assert_eq!(one.ask(Method::DELETE, "/platform/v1/sessions", None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(three.ask(Method::GET, SESSION, None).await.problem(), "UNAUTHORIZED");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike_and_not_for_long() {
    let world = World::new().await;
    world.operator().await;
    let try_with = async |email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        world.ask_from_dashboard("", Method::POST, SESSION, Some(body)).await
    };
    let (wrong, unknown) =
        (try_with("ana@caisse.example", "wrong").await, try_with("eve@caisse.example", PASSWORD).await);
    assert_eq!(
        (wrong.problem(), wrong.json()["detail"].clone()),
        (unknown.problem(), unknown.json()["detail"].clone())
    );
    for _ in 1..5 {
        assert_eq!(try_with("ana@caisse.example", "wrong").await.problem(), "UNAUTHORIZED");
    }
    let refused = try_with("ana@caisse.example", PASSWORD).await;
    assert_eq!((refused.problem().as_str(), refused.header("retry-after")), ("TOO_MANY_REQUESTS", "900"));
    world.pass(15);
    try_with("ana@caisse.example", PASSWORD).await.ok();
    // Who gets it right begins anew.
    for _ in 0..4 {
        assert_eq!(try_with("ana@caisse.example", "wrong").await.problem(), "UNAUTHORIZED");
    }
    try_with("ana@caisse.example", PASSWORD).await.ok();
}

#[tokio::test]
async fn who_signed_in_before_is_not_kept_out_by_what_others_get_wrong() {
    let world = World::new().await;
    world.operator().await;
    let from = async |address: u8, cookie: &str, password: &str| {
        let body = json!({ "email": "ana@caisse.example", "password": password });
        let request = world.browser_with(cookie).request(Method::POST, SESSION);
        let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
        let mut request = request.unwrap();
        request.extensions_mut().insert(Peer(SocketAddr::from(([203, 0, 113, address], 443))));
        world.send(request).await
    };
    let known = from(1, "", PASSWORD).await;
    known.ok();
    let cookies = known.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie =
        cookies.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.contains("-browser=")).unwrap();
    for address in 10..30 {
        for _ in 0..5 {
            assert_eq!(from(address, "", "guessed").await.problem(), "UNAUTHORIZED");
        }
    }
    assert_eq!(from(2, "", PASSWORD).await.problem(), "TOO_MANY_REQUESTS");
    assert_eq!(from(2, "banklink-browser=00ff", PASSWORD).await.problem(), "TOO_MANY_REQUESTS");
    // It stays the same browser, which has few attempts of its own.
    let again = from(2, cookie, PASSWORD).await;
    again.ok();
    assert!(again.headers.get_all("set-cookie").iter().any(|set| set.to_str().unwrap().starts_with(cookie)));
    for _ in 0..5 {
        assert_eq!(from(3, cookie, "mistyped").await.problem(), "UNAUTHORIZED");
    }
    assert_eq!(from(4, cookie, PASSWORD).await.problem(), "TOO_MANY_REQUESTS");
    world.pass(15);
    // Whoever has another password begins anew, and so do their browsers.
    let session = from(5, cookie, PASSWORD).await;
    let body = json!({ "password": PASSWORD, "new_password": "another long password" });
    let changed = world.holding(&session).ask(Method::PUT, &format!("{SESSION}/password"), Some(body)).await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT);
    assert_eq!(from(6, cookie, "another long password").await.problem(), "TOO_MANY_REQUESTS");
}

#[tokio::test]
async fn somebody_is_invited_comes_and_is_removed() {
    let world = World::new().await;
    let ana = world.operator().await;
    let invited = ana.ask(Method::POST, INVITATIONS, Some(json!({ "email": "Bob@Caisse.example" }))).await.ok();
    assert_eq!(invited["invitation"]["email"], "bob@caisse.example");
    let open = ana.ask(Method::GET, INVITATIONS, None).await.ok();
    assert_eq!(open["items"], json!([invited["invitation"]]));

    let token = token_of(invited["url"].as_str().unwrap());
    let body = json!({ "token": token });
    let welcome = world.ask_from_dashboard("", Method::POST, &format!("{INVITATIONS}/read"), Some(body)).await.ok();
    let expected = json!({ "guest": "new", "email": "bob@caisse.example", "name": null, "organisation": "Caisse" });
    assert_eq!(welcome, expected);
    // What is refused leaves the invitation as it was.
    let accept = async |body: Value| {
        let mut body = body;
        body["token"] = json!(token);
        world.ask_from_dashboard("", Method::POST, &format!("{INVITATIONS}/accept"), Some(body)).await
    };
    for (body, parameter) in [
        (json!({ "name": "Bob", "password": "short" }), "password"),
        (json!({ "name": "Bob", "password": "bob@caisse.example" }), "password"),
        (json!({ "name": " ", "password": PASSWORD }), "name"),
        (json!({ "password": PASSWORD }), "name"),
    ] {
        let refused = accept(body).await;
        assert_eq!(
            (refused.problem().as_str(), &refused.json()["parameter"]),
            ("INVALID_PARAMETER", &json!(parameter))
        );
    }
    let accepted = accept(json!({ "name": "Bob", "password": PASSWORD, "organisation": "Evil" })).await;
    let bob = world.holding(&accepted);
    assert_eq!(accepted.ok()["organisation"], "Caisse");
    assert_eq!(accept(json!({ "name": "Bob", "password": PASSWORD })).await.problem(), "TOKEN_INVALID");
    let taken = ana.ask(Method::POST, INVITATIONS, Some(json!({ "email": "bob@caisse.example" }))).await;
    assert_eq!(taken.problem(), "CONFLICT");

    let everybody = bob.ask(Method::GET, OPERATORS, None).await.ok();
    let everybody = everybody["items"].as_array().unwrap();
    let [of_ana, of_bob] = ["Ana", "Bob"].map(|name| {
        let somebody = everybody.iter().find(|operator| operator["name"] == name).unwrap();
        somebody["id"].as_str().unwrap().to_owned()
    });
    let remove = async |id: &str| bob.ask(Method::DELETE, &format!("{OPERATORS}/{id}"), None).await;
    assert_eq!(remove(&of_ana).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ana.ask(Method::GET, SESSION, None).await.problem(), "UNAUTHORIZED");
    assert_eq!(remove(&of_ana).await.problem(), "NOT_FOUND");
    assert_eq!(remove(&of_bob).await.problem(), "CONFLICT");
    // The log knows who did it, by name.
    let log = bob.ask(Method::GET, "/platform/v1/activities?limit=1", None).await.ok();
    let last = &log["items"][0];
    assert_eq!(
        (&last["action"], &last["detail"], &last["actor_name"], &last["app"]),
        (&json!("operator.removed"), &json!("ana@caisse.example"), &json!("Bob"), &Value::Null)
    );
}

#[tokio::test]
async fn an_invitation_is_taken_back() {
    let world = World::new().await;
    let ana = world.operator().await;
    let invited = ana.ask(Method::POST, INVITATIONS, Some(json!({ "email": "bob@caisse.example" }))).await.ok();
    let path = format!("{INVITATIONS}/{}", invited["invitation"]["id"].as_str().unwrap());
    assert_eq!(ana.ask(Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ana.ask(Method::DELETE, &path, None).await.problem(), "NOT_FOUND");
    let body = json!({ "token": token_of(invited["url"].as_str().unwrap()), "name": "Bob", "password": PASSWORD });
    let late = world.ask_from_dashboard("", Method::POST, &format!("{INVITATIONS}/accept"), Some(body)).await;
    assert_eq!(late.problem(), "TOKEN_INVALID");
}

#[tokio::test]
async fn who_lost_their_password_is_helped_by_whoever_runs_the_server() {
    let world = World::new().await;
    let ana = world.operator().await;
    let recover = async |email: &str| {
        let (store, url) = (&world.state.store, &world.state.public_url);
        setup::invite_operator(store, email, url, true, world.clock.now()).await
    };
    assert!(recover("eve@caisse.example").await.is_err());
    let url = recover("ana@caisse.example").await.unwrap().expose().to_owned();
    let token = token_of(&url);
    let read = json!({ "token": token });
    let welcome = world.ask_from_dashboard("", Method::POST, &format!("{INVITATIONS}/read"), Some(read)).await.ok();
    assert_eq!((&welcome["guest"], &welcome["name"]), (&json!("recovering"), &json!("Ana")));
    let body = json!({ "token": token, "password": "a different password" });
    let accepted = world.ask_from_dashboard("", Method::POST, &format!("{INVITATIONS}/accept"), Some(body)).await;
    assert_eq!(accepted.ok()["operator"]["email"], "ana@caisse.example");
    assert_eq!(ana.ask(Method::GET, SESSION, None).await.problem(), "UNAUTHORIZED");
    let old = json!({ "email": "ana@caisse.example", "password": PASSWORD });
    assert_eq!(world.ask_from_dashboard("", Method::POST, SESSION, Some(old)).await.problem(), "UNAUTHORIZED");
    let new = json!({ "email": "ana@caisse.example", "password": "a different password" });
    world.ask_from_dashboard("", Method::POST, SESSION, Some(new)).await.ok();
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let world = World::new().await;
    let (here, elsewhere) = (world.operator().await, world.signs_in().await);
    let change = async |password: &str, new: &str| {
        let body = json!({ "password": password, "new_password": new });
        here.ask(Method::PUT, "/platform/v1/session/password", Some(body)).await
    };
    let wrong = change("wrong", "a different password").await;
    assert_eq!((wrong.problem().as_str(), &wrong.json()["parameter"]), ("INVALID_PARAMETER", &json!("password")));
    let weak = change(PASSWORD, "short").await;
    assert_eq!((weak.problem().as_str(), &weak.json()["parameter"]), ("INVALID_PARAMETER", &json!("new_password")));
    assert_eq!(change(PASSWORD, "a different password").await.status, StatusCode::NO_CONTENT);
    here.ask(Method::GET, SESSION, None).await.ok();
    assert_eq!(elsewhere.ask(Method::GET, SESSION, None).await.problem(), "UNAUTHORIZED");
}

#[tokio::test]
async fn an_operator_reads_and_changes_the_app_that_they_name() {
    let world = World::new().await;
    let ana = world.operator().await;
    let body = json!({ "name": "Savings", "mode": "sandbox", "redirect_uris": [REDIRECT], "origins": [] });
    let created = ana.ask(Method::POST, "/platform/v1/apps", Some(body)).await.ok();
    let (id, secret) = (created["app"]["id"].as_str().unwrap(), created["client_secret"].as_str().unwrap());
    let known = ana.ask(Method::GET, "/platform/v1/apps", None).await.ok();
    assert!(known["items"].as_array().unwrap().contains(&created["app"]));
    assert_eq!(world.call(Method::GET, "/platform/v1/app", secret, None).await.ok(), created["app"]);
    assert_eq!(ana.of(id).ask(Method::GET, "/platform/v1/app", None).await.ok(), created["app"]);

    let rename = Some(json!({ "name": "Rainy days" }));
    let renamed = ana.of(id).ask(Method::PATCH, "/platform/v1/app", rename).await.ok();
    assert_eq!(renamed["name"], "Rainy days");
    let log = ana.of(id).ask(Method::GET, "/platform/v1/app/activities", None).await.ok();
    let done: Vec<_> =
        log["items"].as_array().unwrap().iter().map(|item| (&item["action"], &item["actor_name"])).collect();
    assert_eq!(done, [(&json!("app.changed"), &json!("Ana")), (&json!("app.created"), &json!("Ana"))]);

    let nameless = ana.ask(Method::GET, "/platform/v1/app", None).await;
    assert_eq!(
        (nameless.problem().as_str(), &nameless.json()["parameter"]),
        ("INVALID_PARAMETER", &json!("Banklink-App"))
    );
    let unknown = "01900000-0000-7000-8000-0000000000ff";
    assert_eq!(ana.of(unknown).ask(Method::GET, "/platform/v1/app", None).await.problem(), "NOT_FOUND");
}

#[rstest]
#[case(json!({ "name": "" }), "name")]
#[case(json!({ "redirect_uris": [] }), "redirect_uris")]
#[case(json!({ "redirect_uris": ["http://app.example"] }), "redirect_uris")]
#[case(json!({ "redirect_uris": vec![REDIRECT; 51] }), "redirect_uris")]
#[case(json!({ "origins": ["*"] }), "origins")]
#[case(json!({ "mode": "live", "origins": ["http://localhost:3000"] }), "origins")]
#[tokio::test]
async fn what_no_app_can_be_is_named(#[case] change: Value, #[case] parameter: &str) {
    let world = World::new().await;
    let ana = world.operator().await;
    let mut body = json!({ "name": "Savings", "mode": "sandbox", "redirect_uris": [REDIRECT] });
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let refused = ana.ask(Method::POST, "/platform/v1/apps", Some(body)).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!(parameter)));
}

#[tokio::test]
async fn an_app_is_created_once_for_each_key_of_an_operator() {
    let world = World::new().await;
    let ana = world.operator().await;
    let body = json!({ "name": "Savings", "mode": "sandbox", "redirect_uris": [REDIRECT] });
    let create = async |key: &str| {
        let request = ana.request(Method::POST, "/platform/v1/apps").header("idempotency-key", key);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        world.send(request.body(Body::from(body.to_string())).unwrap()).await
    };
    let first = create("a").await.ok();
    let again = create("a").await;
    assert_eq!((again.header("idempotent-replayed"), again.json()), ("true", first.clone()));
    assert_ne!(create("b").await.ok()["app"]["id"], first["app"]["id"]);
}

#[tokio::test]
async fn a_client_secret_opens_nothing_of_the_organisation() {
    let world = World::new().await;
    world.operator().await;
    for (method, path) in [
        (Method::GET, SESSION),
        (Method::GET, "/platform/v1/apps"),
        (Method::GET, OPERATORS),
        (Method::POST, INVITATIONS),
        (Method::POST, "/platform/v1/app/client_secrets"),
    ] {
        let body = (method == Method::POST).then(|| json!({ "email": "eve@caisse.example" }));
        assert_eq!(world.platform(method, path, body).await.problem(), "FORBIDDEN", "{path}");
    }
    assert_eq!(world.call(Method::GET, OPERATORS, "bl_sk_wrong", None).await.problem(), "UNAUTHORIZED");
}

#[rstest]
#[case(&[("sec-fetch-site", "cross-site")])]
#[case(&[("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:8080")])]
#[case(&[("origin", "https://evil.example")])]
#[case(&[])]
#[tokio::test]
async fn a_page_elsewhere_makes_no_operators_browser_do_anything(#[case] headers: &[(&str, &str)]) {
    let world = World::new().await;
    let ana = world.operator().await;
    let foreign = |request: axum::http::request::Builder| {
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    let request = foreign(Request::post(INVITATIONS).header(header::COOKIE, ana.cookie()));
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let refused = world.send(request.body(Body::from(r#"{"email":"eve@evil.example"}"#)).unwrap()).await;
    assert_eq!(refused.problem(), "FORBIDDEN");
    let request = foreign(Request::post(SESSION)).header(header::CONTENT_TYPE, "application/json");
    let body = json!({ "email": "ana@caisse.example", "password": PASSWORD }).to_string();
    assert_eq!(world.send(request.body(Body::from(body)).unwrap()).await.problem(), "FORBIDDEN");
    let request = foreign(Request::get(SESSION).header(header::COOKIE, ana.cookie()));
    world.send(request.body(Body::empty()).unwrap()).await.ok();
}

#[tokio::test]
async fn the_organisation_is_named_by_an_operator() {
    let world = World::new().await;
    let ana = world.operator().await;
    let name =
        async |name: &str| ana.ask(Method::PUT, "/platform/v1/organisation", Some(json!({ "name": name }))).await;
    assert_eq!(name("Caisse populaire").await.ok()["name"], "Caisse populaire");
    assert_eq!(name(" ").await.problem(), "INVALID_PARAMETER");
    assert_eq!(ana.ask(Method::GET, SESSION, None).await.ok()["organisation"], "Caisse populaire");
}
