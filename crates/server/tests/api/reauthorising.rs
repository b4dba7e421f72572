//! The person of a connection comes back: the connection keeps its id and its token.

use axum::http::Method;
use banklink_connectors::sandbox::{BankPageLogin, authorization_code};
use banklink_domain::token::TokenHash;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Answer, Person, World};

const EXCHANGE: &str = "/platform/v1/link_codes/exchange";

/// A token for a connection's address.
async fn token_for(world: &World, connection: &str, purpose: &str) -> String {
    let path = format!("{connection}/reauthorisation_tokens");
    let issued = world.platform(Method::POST, &path, Some(json!({ "purpose": purpose }))).await.ok();
    issued["token"].as_str().unwrap().to_owned()
}

/// Somebody linked with this password; their connection's address, and its token.
async fn linked_with(world: &World, password: &str) -> (String, Value) {
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", password).await;
    while person.sees_step() == "Challenge" {
        person.types_code("482913").await;
    }
    let token = exchanged(world, &person).await["connection_token"].clone();
    (format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap()), token)
}

async fn exchanged(world: &World, person: &Person<'_>) -> Value {
    world.platform(Method::POST, EXCHANGE, Some(json!({ "code": person.code() }))).await.ok()
}

async fn opening(world: &World, query: &str) -> Answer {
    let token = world.token(&[]).await;
    world.open("/v2/", &format!("authorizeToken={token}&{query}"), None).await
}

fn wrong_bank(refused: &Answer) -> bool {
    refused.problem() == "INVALID_PARAMETER" && refused.json()["parameter"] == "bank"
}

#[rstest]
#[case("access", "sca_token", "Access")]
#[case("access", "update_token", "Access")]
#[case("transactions", "transaction_token", "Transactions")]
#[tokio::test]
async fn only_what_the_bank_asks_beside_the_password_is_asked_again(
    #[case] purpose: &str,
    #[case] parameter: &str,
    #[case] shown: &str,
) {
    let world = World::new().await;
    let (connection, connection_token) = linked_with(&world, "SCA_SMS").await;
    let token = token_for(&world, &connection, purpose).await;
    let mut person = world.person(&format!("bank=testbank&{parameter}={token}&tag=again")).await;
    let (step, reauthorise) = person.sees();
    assert_eq!((step, &reauthorise["purpose"]), ("Reauthorise", &json!(shown)));
    assert_eq!(reauthorise["institution"]["id"], "testbank");
    assert_eq!(person.state["can_go_back"], false);

    person.does(json!("Reauthorise")).await;
    assert_eq!(person.sees_step(), "Challenge");
    person.does(json!("Back")).await;
    assert_eq!(person.sees_step(), "Reauthorise", "never to the list or the form");
    person.does(json!("Reauthorise")).await;
    person.types_code("482913").await;
    let again = exchanged(&world, &person).await;
    assert_eq!(again["connection_token"], connection_token);
    assert!(connection.ends_with(again["connection"]["id"].as_str().unwrap()));
    assert_eq!(again["connection"]["tag"], "again");
    world.platform(Method::GET, &format!("{connection}/accounts"), None).await.ok();
}

#[tokio::test]
async fn a_bank_that_asks_nothing_lets_the_person_through_at_once() {
    let world = World::new().await;
    let (connection, _) = linked_with(&world, "anything").await;
    let token = token_for(&world, &connection, "access").await;
    let mut person = world.person(&format!("bank=testbank&sca_token={token}")).await;
    person.does(json!("Reauthorise")).await;
    assert_eq!(person.sees_step(), "Linked");
}

#[rstest]
#[case("reset_token")]
#[case("restore_token")]
#[tokio::test]
async fn credentials_are_typed_anew_by_the_same_person_and_nobody_else(#[case] parameter: &str) {
    let world = World::new().await;
    let (connection, connection_token) = linked_with(&world, "anything").await;
    let token = token_for(&world, &connection, "credentials").await;
    let mut person = world.person(&format!("{parameter}={token}")).await;
    assert_eq!((person.sees_step(), &person.state["can_go_back"]), ("Credentials", &json!(false)));

    person.signs_in("bob", "anything").await;
    assert_eq!(
        (person.sees_step(), &person.sees().1["rejected"]["code"]),
        ("Credentials", &json!("InvalidCredentials"))
    );
    person.signs_in("bob", "SCA_SMS").await;
    person.types_code("482913").await;
    assert_eq!((person.sees_step(), &person.sees().1["code"]), ("Failed", &json!("InvalidCredentials")));
    person.does(json!("ChooseAnother")).await;
    assert_eq!(person.sees_step(), "Credentials", "there is no other bank for this connection");

    person.signs_in("Anna", "something else").await;
    let again = exchanged(&world, &person).await;
    assert_eq!(again["connection_token"], connection_token);
    assert!(connection.ends_with(again["connection"]["id"].as_str().unwrap()));
}

#[tokio::test]
async fn a_token_is_good_until_it_was_of_use_and_then_no_more() {
    let world = World::new().await;
    let (connection, _) = linked_with(&world, "anything").await;
    let token = token_for(&world, &connection, "access").await;
    let query = format!("bank=testbank&sca_token={token}");
    world.person(&query).await;
    let (mut first, mut second) = (world.person(&query).await, world.person(&query).await);
    first.does(json!("Reauthorise")).await;
    assert_eq!(first.sees_step(), "Linked");
    assert_eq!(second.try_to(json!("Reauthorise")).await.problem(), "TOKEN_INVALID");
    assert_eq!(opening(&world, &query).await.problem(), "TOKEN_INVALID");
    let codes = world.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
    assert_eq!(codes["items"].as_array().unwrap().len(), 1, "nothing came of the second session");
    second.state = second.reads().await.ok();
    assert_eq!(second.sees_step(), "Reauthorise");
}

#[tokio::test]
async fn of_many_sessions_with_one_token_exactly_one_renews() {
    let world = std::sync::Arc::new(World::new().await);
    let (connection, _) = linked_with(&world, "anything").await;
    let token = token_for(&world, &connection, "access").await;
    let mut sessions = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (world, token) = (std::sync::Arc::clone(&world), token.clone());
        sessions.spawn(async move {
            let person = world.person(&format!("bank=testbank&sca_token={token}")).await;
            person.try_to(json!("Reauthorise")).await.status.is_success()
        });
    }
    let renewed = sessions.join_all().await;
    assert_eq!(renewed.into_iter().filter(|renewed| *renewed).count(), 1);
}

#[tokio::test]
async fn a_token_lives_seven_days() {
    let world = World::new().await;
    let (connection, _) = linked_with(&world, "anything").await;
    let token = token_for(&world, &connection, "access").await;
    let query = format!("bank=testbank&sca_token={token}");
    world.pass(7 * 24 * 60 - 1);
    opening(&world, &query).await.ok();
    world.pass(1);
    assert_eq!(opening(&world, &query).await.problem(), "TOKEN_INVALID");
}

#[rstest]
#[case("sca_token=bl_sca_unknown&bank=testbank")]
#[case("sca_token=%27%22&bank=testbank")]
#[case("reset_token=bl_reset_unknown")]
#[tokio::test]
async fn a_token_that_nobody_issued_opens_nothing_else_instead(#[case] query: &str) {
    let world = World::new().await;
    assert_eq!(opening(&world, query).await.problem(), "TOKEN_INVALID");
    let token = world.token(&[]).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}&{query}")).await;
    assert_eq!(page.boot().first, None, "the page waits for what opening says");
}

#[tokio::test]
async fn a_token_is_for_its_own_purpose_connection_and_app() {
    let world = World::new().await;
    let (connection, _) = linked_with(&world, "anything").await;
    let token = token_for(&world, &connection, "access").await;
    for other in ["reset_token", "transaction_token"] {
        let refused = opening(&world, &format!("bank=testbank&{other}={token}")).await;
        assert_eq!(refused.problem(), "TOKEN_INVALID");
    }
    let toolbox = banklink_server::sandbox::toolbox::SECRET_KEY;
    let path = format!("{connection}/reauthorisation_tokens");
    let body = json!({ "purpose": "access" });
    assert_eq!(world.call(Method::POST, &path, toolbox, Some(body)).await.problem(), "NOT_FOUND");
    let others = world.call(Method::POST, "/platform/v1/authorize_tokens", toolbox, Some(json!({}))).await.ok();
    let query = format!("authorizeToken={}&bank=testbank&sca_token={token}", others["token"].as_str().unwrap());
    assert_eq!(world.open("/v2/", &query, None).await.problem(), "TOKEN_INVALID");
    let both = format!("bank=testbank&sca_token={token}&reset_token={token}");
    assert_eq!(opening(&world, &both).await.problem(), "INVALID_PARAMETER");
}

#[tokio::test]
async fn the_bank_must_be_the_connections() {
    let world = World::new().await;
    let (connection, _) = linked_with(&world, "anything").await;
    for (purpose, parameter) in [("access", "sca_token"), ("transactions", "transaction_token")] {
        let token = token_for(&world, &connection, purpose).await;
        assert!(wrong_bank(&opening(&world, &format!("{parameter}={token}")).await));
        assert!(wrong_bank(&opening(&world, &format!("{parameter}={token}&bank=FlinksCapital")).await));
    }
    let token = token_for(&world, &connection, "credentials").await;
    assert!(wrong_bank(&opening(&world, &format!("reset_token={token}&bank=FlinksCapital")).await));
}

#[tokio::test]
async fn a_deleted_connection_is_not_brought_back() {
    let world = World::new().await;
    let (connection, _) = linked_with(&world, "anything").await;
    let token = token_for(&world, &connection, "access").await;
    let query = format!("bank=testbank&sca_token={token}");
    let person = world.person(&query).await;
    world.platform(Method::DELETE, &connection, None).await;
    assert_eq!(person.try_to(json!("Reauthorise")).await.problem(), "TOKEN_INVALID");
    assert_eq!(opening(&world, &query).await.problem(), "TOKEN_INVALID");
}

#[tokio::test]
async fn an_issued_token_says_how_it_is_used_and_is_kept_nowhere() {
    let world = World::new().await;
    let (connection, _) = linked_with(&world, "anything").await;
    let path = format!("{connection}/reauthorisation_tokens");
    for (purpose, parameter, prefix) in [
        ("access", "sca_token", "bl_sca_"),
        ("credentials", "reset_token", "bl_reset_"),
        ("transactions", "transaction_token", "bl_tx_"),
    ] {
        let issued = world.platform(Method::POST, &path, Some(json!({ "purpose": purpose }))).await.ok();
        assert!(issued["token"].as_str().unwrap().starts_with(prefix), "{issued}");
        assert_eq!(issued["purpose"], purpose);
        assert_eq!(issued["expires_at"], "2026-03-09T10:00:00Z");
        assert_eq!(issued["parameters"], json!({ parameter: issued["token"], "bank": "testbank" }));

        // Bound to an authorize token, it works where the app forces those, and stays out of its row.
        let token = issued["token"].as_str().unwrap();
        let bound = world.token(&[("bank", "testbank"), (parameter, token)]).await;
        let kept = world.state.store.authorize_tokens().find(&TokenHash::of_text(&bound)).await.unwrap().unwrap();
        assert_eq!(kept.parameters.into_iter().collect::<Vec<_>>(), [("bank".to_owned(), "testbank".to_owned())]);
        let person = world.enters("/v2/", &format!("authorizeToken={bound}&consentEnable=false")).await;
        assert_eq!(person.sees_step(), if purpose == "credentials" { "Credentials" } else { "Reauthorise" });
    }
    let refused = world.platform(Method::POST, &path, Some(json!({ "purpose": "else" }))).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!("purpose")));
    let body = json!({ "parameters": { "sca_token": "bl_sca_unknown" } });
    let refused = world.platform(Method::POST, "/platform/v1/authorize_tokens", Some(body)).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!("sca_token")));
}

#[tokio::test]
async fn consent_is_asked_again_only_once_it_is_over() {
    let world = World::new().await;
    let agree = async |person: &mut Person<'_>| {
        let hash = person.sees().1["text_hash"].clone();
        person.does(json!({ "AcceptConsent": { "text_hash": hash } })).await;
    };
    let enters = async |query: &str| {
        let token = world.token(&[]).await;
        world.enters("/v2/", &format!("authorizeToken={token}&bank=testbank&{query}")).await
    };
    let mut person = enters("").await;
    agree(&mut person).await;
    person.signs_in("anna", "anything").await;
    let connection = format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap());
    let token = token_for(&world, &connection, "access").await;
    assert_eq!(enters(&format!("sca_token={token}")).await.sees_step(), "Reauthorise");

    world.pass(91 * 24 * 60);
    let token = token_for(&world, &connection, "access").await;
    let mut person = enters(&format!("sca_token={token}")).await;
    assert_eq!(person.sees_step(), "Consent");
    agree(&mut person).await;
    assert_eq!(person.sees_step(), "Reauthorise");
    person.does(json!("Reauthorise")).await;
    assert_eq!(person.sees_step(), "Linked");
    world.platform(Method::GET, &format!("{connection}/accounts"), None).await.ok();
}

#[tokio::test]
async fn the_accounts_that_were_chosen_stay_chosen() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank&accountSelectorEnable=true").await;
    person.signs_in("anna", "anything").await;
    let account = person.sees().1["accounts"][0]["id"].clone();
    person.does(json!({ "ChooseAccounts": [account] })).await;
    let connection = format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap());
    let token = token_for(&world, &connection, "credentials").await;
    let mut person = world.person(&format!("reset_token={token}&accountSelectorEnable=true")).await;
    person.signs_in("anna", "anything").await;
    assert_eq!((person.sees_step(), &person.sees().1["accounts"]), ("Linked", &json!([account])));
    let shared = world.platform(Method::GET, &format!("{connection}/accounts"), None).await.ok();
    assert_eq!(shared["items"].as_array().unwrap().len(), 1);
}

#[rstest]
#[case::shown("access", "sca_token", "")]
#[case::for_older_transactions("transactions", "transaction_token", "")]
#[case::at_the_last_try("access", "sca_token", "&maximumRetry=1")]
#[case::where_the_app_hears_of_failures("access", "sca_token", "&rollback=true")]
#[tokio::test]
async fn where_the_bank_rejects_what_was_saved_the_person_types_it_anew(
    #[case] purpose: &str,
    #[case] parameter: &str,
    #[case] rest: &str,
) {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("changed-anna", "anything").await;
    let connection = format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap());
    let connection_token = exchanged(&world, &person).await["connection_token"].clone();

    let token = token_for(&world, &connection, purpose).await;
    let mut person = world.person(&format!("bank=testbank&{parameter}={token}{rest}")).await;
    person.does(json!("Reauthorise")).await;
    let (step, form) = person.sees();
    assert_eq!((step, &form["rejected"]["code"]), ("Credentials", &json!("InvalidCredentials")));
    person.signs_in("changed-anna", "a new one").await;
    let again = exchanged(&world, &person).await;
    assert_eq!(again["connection_token"], connection_token);
    assert!(connection.ends_with(again["connection"]["id"].as_str().unwrap()));
}

#[tokio::test]
async fn what_is_typed_wrongly_after_that_counts() {
    let world = World::new().await;
    let connection = world.connection("changed-anna", "").await;
    let token = token_for(&world, &connection, "access").await;
    let mut person = world.person(&format!("bank=testbank&sca_token={token}&maximumRetry=1")).await;
    person.does(json!("Reauthorise")).await;
    assert_eq!(person.sees_step(), "Credentials");
    person.signs_in("changed-anna", "INVALID_CREDENTIALS").await;
    assert_eq!(person.sees().1["outcome"], json!({ "Failed": "AttemptsExhausted" }));
}

#[tokio::test]
async fn who_logs_in_at_the_bank_itself_goes_there_again() {
    let world = World::new().await;
    let logs_in = async |person: &mut Person<'_>| {
        let way = person.challenge().1["url"].as_str().unwrap().to_owned();
        let ticket = way.rsplit('/').next().unwrap().to_owned();
        world.get(&format!("/link/bank/{ticket}")).await;
        let code = authorization_code("changed-anna", BankPageLogin::Linked);
        world.get(&format!("/link/bank/return?state={ticket}&code={code}")).await;
        person.state = person.reads().await.ok();
    };
    let mut person = world.person("bank=oauthbank").await;
    logs_in(&mut person).await;
    let first = exchanged(&world, &person).await;
    let connection = format!("/platform/v1/connections/{}", first["connection"]["id"].as_str().unwrap());
    let token = token_for(&world, &connection, "access").await;
    let mut person = world.person(&format!("bank=oauthbank&sca_token={token}")).await;
    person.does(json!("Reauthorise")).await;
    assert_eq!(person.challenge().0, "BankPage", "there is no form to show");
    logs_in(&mut person).await;
    assert_eq!(exchanged(&world, &person).await["connection_token"], first["connection_token"]);
}

#[tokio::test]
async fn what_is_kept_and_can_not_be_read_is_replaced_by_what_the_person_types() {
    let world = World::new().await;
    let (connection, connection_token) = linked_with(&world, "anything").await;
    let accounts = format!("{connection}/accounts");
    world.sql("UPDATE connections SET sealed_state = x'00'").await;
    let refused = world.platform(Method::GET, &accounts, None).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (503, "DATA_UNREADABLE"));
    assert!(!refused.header("retry-after").is_empty());
    world.platform(Method::GET, &connection, None).await.ok();

    let token = token_for(&world, &connection, "access").await;
    let mut person = world.person(&format!("bank=testbank&sca_token={token}")).await;
    person.does(json!("Reauthorise")).await;
    assert_eq!((person.sees_step(), &person.sees().1["rejected"]), ("Credentials", &Value::Null));
    person.signs_in("anna", "anything").await;
    assert_eq!(exchanged(&world, &person).await["connection_token"], connection_token);
    world.platform(Method::GET, &accounts, None).await.ok();
}
