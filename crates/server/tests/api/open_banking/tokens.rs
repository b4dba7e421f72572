//! `/api/v1/token`, `/api/v1/revoke`, and the metadata by which clients find them.

use axum::{
    body::Body,
    http::{Method, Request},
};
use base64::{Engine as _, prelude::*};
use rstest::rstest;
use serde_json::{Value, json};

use super::{ALL, Recipient, parameter, posts_form, refused};
use crate::support::{REDIRECT, World};

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: [(&str, &str); 2] =
    [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];

fn claims(token: &Value) -> Value {
    let claims = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

#[tokio::test]
async fn a_code_is_exchanged_once_as_seed_004_shows() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let mut subjects = Vec::new();
    for username in ["anna", "ben", "anna"] {
        let back = recipient.has_linked(username, &[("correlation_id", "c-1")]).await;
        let code = parameter(&back, "code").unwrap();
        let answer = recipient.exchanges(&code, &[]).await;
        let tokens = answer.ok();
        let expected = json!({ "access_token": tokens["access_token"], "token_type": "Bearer", "expires_in": 300,
            "refresh_token": tokens["refresh_token"] });
        assert_eq!(tokens, expected);
        assert_eq!((answer.header("ob-correlation-id"), answer.header("cache-control")), ("c-1", "no-store"));
        assert_eq!(answer.header("pragma"), "no-cache");
        let claims = claims(&tokens["access_token"]);
        assert_eq!(claims["client_id"], recipient.client_id);
        assert_eq!(claims["exp"], world.clock.now().as_second() + 300);
        subjects.push(claims["sub"].as_str().unwrap().to_owned());
        let access = &tokens["access_token"];
        assert!(recipient.reads("accounts", access).await.ok()["accounts"].as_array().is_some());
        // Whoever shows it again ends what was got for it.
        refused(&recipient.exchanges(&code, &[]).await, 400, "invalid_grant");
        assert_eq!(recipient.reads("accounts", access).await.status.as_u16(), 401);
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        refused(&recipient.refreshes(refresh_token, &[]).await, 400, "invalid_grant");
    }
    assert_eq!(subjects[0], subjects[2], "the same person");
    assert_ne!(subjects[0], subjects[1]);
}

#[tokio::test]
async fn a_code_is_good_for_its_client_its_address_and_ten_minutes() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let code = parameter(&recipient.has_linked("anna", &[]).await, "code").unwrap();
    refused(&Recipient::toolbox(&world).exchanges(&code, &[]).await, 400, "invalid_grant");
    let elsewhere = [("redirect_uri", "https://app.example/elsewhere")];
    refused(&recipient.exchanges(&code, &elsewhere).await, 400, "invalid_grant");
    refused(&recipient.exchanges(&code, &[("redirect_uri", "")]).await, 400, "invalid_request");
    refused(&recipient.exchanges("bl_lc_nothing", &[]).await, 400, "invalid_grant");
    refused(&recipient.exchanges(&code, &[("code_verifier", VERIFIER)]).await, 400, "invalid_grant");
    world.pass_seconds(599);
    recipient.exchanges(&code, &[]).await.ok();
    let late = parameter(&recipient.has_linked("anna", &[]).await, "code").unwrap();
    world.pass_seconds(600);
    refused(&recipient.exchanges(&late, &[]).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_code_with_a_challenge_is_shown_with_its_verifier() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let code = parameter(&recipient.has_linked("anna", &CHALLENGE).await, "code").unwrap();
    refused(&recipient.exchanges(&code, &[]).await, 400, "invalid_grant");
    let wrong = VERIFIER.replace('d', "e");
    refused(&recipient.exchanges(&code, &[("code_verifier", &wrong)]).await, 400, "invalid_grant");
    recipient.exchanges(&code, &[("code_verifier", VERIFIER)]).await.ok();
}

#[tokio::test]
async fn an_authorization_code_is_nothing_to_other_apis() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let code = parameter(&recipient.has_linked("anna", &[]).await, "code").unwrap();
    let list = world.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
    assert_eq!(list["items"], json!([]));
    let body = json!({ "code": code });
    let answer = world.platform(Method::POST, "/platform/v1/link_codes/exchange", Some(body)).await;
    assert_eq!(answer.problem(), "CODE_INVALID");
    recipient.exchanges(&code, &[]).await.ok();
    // Nor is another API's code an authorization code.
    let mut person = world.person("").await;
    person.chooses("testbank").await;
    person.signs_in("ben", "anything").await;
    refused(&recipient.exchanges(&person.code(), &[]).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_stays_and_lasts_as_long_as_it_is_used() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let tokens = recipient.has_tokens("anna", ALL).await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    world.pass(5);
    assert_eq!(recipient.reads("accounts", &tokens["access_token"]).await.status.as_u16(), 401);
    for _ in 0..3 {
        let next = recipient.refreshes(refresh_token, &[]).await.ok();
        let expected = json!({ "access_token": next["access_token"], "token_type": "Bearer", "expires_in": 300 });
        assert_eq!(next, expected);
        recipient.reads("accounts", &next["access_token"]).await.ok();
        world.pass(29 * 24 * 60);
    }
    refused(&Recipient::toolbox(&world).refreshes(refresh_token, &[]).await, 400, "invalid_grant");
    world.pass(24 * 60);
    refused(&recipient.refreshes(refresh_token, &[]).await, 400, "invalid_grant");
}

#[tokio::test]
async fn an_access_token_can_be_good_for_less_than_was_agreed_to() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let tokens = recipient.has_tokens("anna", "ACCOUNT_BASIC CUSTOMER_PERSONAL").await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let less = recipient.refreshes(refresh_token, &[("scope", "ACCOUNT_BASIC")]).await.ok();
    recipient.reads("customers/current", &tokens["access_token"]).await.ok();
    assert_eq!(recipient.reads("customers/current", &less["access_token"]).await.json()["code"], 602);
    refused(&recipient.refreshes(refresh_token, &[("scope", ALL)]).await, 400, "invalid_scope");
    refused(&recipient.refreshes(refresh_token, &[("scope", "all")]).await, 400, "invalid_scope");
}

#[tokio::test]
async fn a_refresh_token_ends_with_the_consent_and_the_connection() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    for ends in ["consent", "connection"] {
        let tokens = recipient.has_tokens("anna", ALL).await;
        let claims = claims(&tokens["access_token"]);
        let path = format!("/platform/v1/connections/{}", claims["sub"].as_str().unwrap());
        let connection = world.platform(Method::GET, &path, None).await.ok();
        if ends == "consent" {
            world.pass(60 * 24 * 20);
            let refresh = tokens["refresh_token"].as_str().unwrap();
            for _ in 0..3 {
                recipient.refreshes(refresh, &[]).await.ok();
                world.pass(60 * 24 * 20);
            }
            world.pass(60 * 24 * 11);
        } else {
            assert_eq!(world.platform(Method::DELETE, &path, None).await.status.as_u16(), 204, "{connection}");
            assert_eq!(recipient.reads("accounts", &tokens["access_token"]).await.status.as_u16(), 401);
        }
        refused(&recipient.refreshes(tokens["refresh_token"].as_str().unwrap(), &[]).await, 400, "invalid_grant");
    }
}

#[tokio::test]
async fn a_refresh_token_outlives_the_secret_that_it_was_got_with() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let tokens = recipient.has_tokens("anna", ALL).await;
    let ana = world.operator().await.of(&world.app.id.to_string());
    let secrets = "/platform/v1/app/client_secrets";
    let old = ana.ask(Method::GET, secrets, None).await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let secret = ana.ask(Method::POST, secrets, Some(json!({}))).await.ok()["secret"].as_str().unwrap().to_owned();
    let body = json!({ "password": crate::support::PASSWORD });
    let revoked = ana.ask(Method::POST, &format!("{secrets}/{old}/revoke"), Some(body)).await;
    assert!(revoked.status.is_success(), "{}", revoked.text);
    assert_eq!(recipient.reads("accounts", &tokens["access_token"]).await.status.as_u16(), 401);
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    refused(&recipient.refreshes(refresh_token, &[]).await, 400, "invalid_client");
    let recipient = Recipient { secret, ..recipient };
    recipient.refreshes(refresh_token, &[]).await.ok();
}

#[tokio::test]
async fn revoking_ends_what_the_token_stands_for() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let tokens = recipient.has_tokens("anna", ALL).await;
    let (access, refresh) = (&tokens["access_token"], tokens["refresh_token"].as_str().unwrap());
    // Another client's, one that is not there: no error, and nothing ends.
    for (of, token) in [(Recipient::toolbox(&world), refresh), (Recipient::of(&world), "nothing")] {
        assert_eq!(of.revokes(token, &[]).await.status.as_u16(), 200);
    }
    recipient.reads("accounts", access).await.ok();
    let hint = [("token_type_hint", "access_token")];
    assert_eq!(recipient.revokes(access.as_str().unwrap(), &hint).await.status.as_u16(), 200);
    assert_eq!(recipient.reads("accounts", access).await.status.as_u16(), 401);
    let next = recipient.refreshes(refresh, &[]).await.ok();
    assert_eq!(recipient.revokes(refresh, &[]).await.status.as_u16(), 200);
    assert_eq!(recipient.reads("accounts", &next["access_token"]).await.status.as_u16(), 401);
    refused(&recipient.refreshes(refresh, &[]).await, 400, "invalid_grant");
    refused(&recipient.revokes(refresh, &[("token_type_hint", "id_token")]).await, 400, "unsupported_token_type");
    refused(&recipient.revokes("", &[]).await, 400, "invalid_request");
}

#[tokio::test]
async fn the_vendors_own_revocation_takes_the_connections_access_token() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let (first, second) = (recipient.has_tokens("anna", ALL).await, recipient.has_tokens("anna", ALL).await);
    let other = recipient.has_tokens("ben", ALL).await;
    let revoke = async |token: &str| world.call(Method::DELETE, "/api/v1/revoke", token, None).await;
    let revoked = revoke(first["access_token"].as_str().unwrap()).await;
    assert_eq!((revoked.status.as_u16(), revoked.text.as_str()), (204, ""));
    for tokens in [&first, &second] {
        assert_eq!(recipient.reads("accounts", &tokens["access_token"]).await.status.as_u16(), 401);
        refused(&recipient.refreshes(tokens["refresh_token"].as_str().unwrap(), &[]).await, 400, "invalid_grant");
    }
    recipient.reads("accounts", &other["access_token"]).await.ok();
    refused(&revoke("nothing").await, 400, "access_denied");
    let nothing = world.send(Request::delete("/api/v1/revoke").body(Body::empty()).unwrap()).await;
    refused(&nothing, 401, "invalid_request");
}

#[tokio::test]
async fn a_client_shows_itself_in_the_header_or_in_the_body() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let form = [("grant_type", "client_credentials"), ("scope", "client:admin")];
    let basic = |id: &str, secret: &str| format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")));
    let right = basic(&recipient.client_id, &recipient.secret);
    let reply = posts_form(&world, "/api/v1/token", Some(&right), &form).await.ok();
    assert_eq!((&reply["token_type"], &reply["expires_in"]), (&json!("Bearer"), &json!(300)));
    assert_eq!(reply.as_object().unwrap().len(), 3);
    recipient.asks_token(&form).await.ok();
    let wrong = posts_form(&world, "/api/v1/token", Some(&basic(&recipient.client_id, "bl_sk_wrong")), &form).await;
    refused(&wrong, 401, "invalid_client");
    assert_eq!(wrong.header("www-authenticate"), "Basic");
    refused(&posts_form(&world, "/api/v1/token", Some("Bearer x"), &form).await, 401, "invalid_client");
    refused(&posts_form(&world, "/api/v1/token", None, &form).await, 400, "invalid_request");
    let both = [("grant_type", "client_credentials"), ("client_secret", recipient.secret.as_str())];
    refused(&posts_form(&world, "/api/v1/token", Some(&right), &both).await, 400, "invalid_request");
    let other = [("grant_type", "client_credentials"), ("client_id", "another")];
    refused(&posts_form(&world, "/api/v1/token", Some(&right), &other).await, 400, "invalid_request");
    for (client_id, secret) in [("nobody", recipient.secret.as_str()), (&recipient.client_id, "wrong")] {
        let stranger = Recipient { world: &world, client_id: client_id.to_owned(), secret: secret.to_owned() };
        refused(&stranger.asks_token(&form).await, 400, "invalid_client");
    }
    let of_other = Recipient { secret: Recipient::toolbox(&world).secret, ..Recipient::of(&world) };
    refused(&of_other.asks_token(&form).await, 400, "invalid_client");
}

#[tokio::test]
async fn json_is_understood_too() {
    let world = World::new().await;
    let recipient = Recipient::of(&world);
    let body = json!({ "grant_type": "client_credentials", "client_id": recipient.client_id,
        "client_secret": recipient.secret });
    world.call(Method::POST, "/api/v1/token", "", Some(body)).await.ok();
    let numbers = json!({ "grant_type": 1 });
    refused(&world.call(Method::POST, "/api/v1/token", "", Some(numbers)).await, 400, "invalid_request");
}

#[rstest]
#[case(&[("grant_type", "")], "invalid_request")]
#[case(&[("grant_type", "password")], "unsupported_grant_type")]
#[case(&[("grant_type", "client_credentials"), ("scope", "ACCOUNT_BASIC")], "invalid_scope")]
#[case(&[("grant_type", "authorization_code"), ("redirect_uri", REDIRECT)], "invalid_request")]
#[case(&[("grant_type", "refresh_token")], "invalid_request")]
#[case(&[("grant_type", "refresh_token"), ("refresh_token", "bl_rt_nothing")], "invalid_grant")]
#[case(&[("grant_type", "client_credentials"), ("grant_type", "refresh_token")], "invalid_request")]
#[tokio::test]
async fn what_is_wrong_has_its_name(#[case] form: &[(&str, &str)], #[case] error: &str) {
    let world = World::new().await;
    refused(&Recipient::of(&world).asks_token(form).await, 400, error);
}

#[tokio::test]
async fn clients_find_everything_by_the_metadata() {
    let world = World::new().await;
    let metadata = world.get("/.well-known/oauth-authorization-server").await.ok();
    let issuer = metadata["issuer"].as_str().unwrap();
    assert!(!issuer.ends_with('/'), "{issuer}");
    assert_eq!(metadata["authorization_endpoint"], format!("{issuer}/api/v1/authorize"));
    assert_eq!(metadata["token_endpoint"], format!("{issuer}/api/v1/token"));
    assert_eq!(metadata["revocation_endpoint"], format!("{issuer}/api/v1/revoke"));
    assert_eq!(metadata["scopes_supported"].as_array().unwrap().len(), 8);
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
}
