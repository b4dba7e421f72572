//! What a person reads, in the language of their session.

use axum::{body::Body, http::Request};
use rstest::rstest;
use serde_json::Value;

use crate::support::{Answer, World};

/// Every language and its words for "Choose all trees", or whatever is to be chosen.
const LANGUAGES: [(&str, &str); 8] = [
    ("en", "Pick every "),
    ("fr", "Choisissez to"),
    ("es", "Elige to"),
    ("ca", "Tria to"),
    ("pt", "Escolha to"),
    ("it", "Scelga tutt"),
    ("de", "Wählen Sie alle "),
    ("ar", "يُرجى اختيار كل "),
];

async fn in_english(world: &World, path: &str) -> Answer {
    let request = Request::get(path).header("accept-language", "en-GB,en;q=0.5");
    world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_bank_asks_in_the_language_of_the_page() {
    let world = World::new().await;
    for (tag, begins) in LANGUAGES {
        let mut person = world.person(&format!("bank=testbank&language={tag}")).await;
        person.signs_in("anna", "SCA_PICTURES").await;
        let (_, picture) = person.challenge();
        assert!(picture["prompt"].as_str().unwrap().starts_with(begins), "{tag}: {picture}");
    }
}

#[tokio::test]
async fn a_bank_that_is_asked_again_for_a_connection_speaks_the_language_of_that_session() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank&external_id=ana&language=en").await;
    person.signs_in("anna", "SCA_QUESTIONS").await;
    person.answers(&[("colour", "blue"), ("pet", "Rex")]).await;
    let connection = person.sees().1["login_id"].as_str().unwrap().to_owned();
    let path = format!("/platform/v1/connections/{connection}/reauthorisation_tokens");
    let body = serde_json::json!({ "purpose": "access" });
    let token = world.platform(axum::http::Method::POST, &path, Some(body)).await.ok();
    let token = token["token"].as_str().unwrap();
    let mut person = world.person(&format!("bank=testbank&sca_token={token}&language=de")).await;
    person.does(serde_json::json!("Reauthorise")).await;
    let prompts: Vec<&Value> =
        person.challenge().1.as_array().unwrap().iter().map(|question| &question["prompt"]).collect();
    assert_eq!(prompts, ["Welche Farbe hat Ihre Bankkarte?", "Wie hieß Ihr erstes Haustier?"]);
}

/// The widget sends what it shows with every call: the host may have changed it.
#[tokio::test]
async fn a_consent_is_kept_in_the_language_it_was_read_in_and_the_next_step_is_in_the_one_that_is_read_now() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let mut person = world.enters("/v2/", &format!("authorizeToken={token}&bank=testbank&language=en")).await;
    let intent = serde_json::json!({ "AcceptConsent": { "text_hash": person.sees().1["text_hash"] } });
    let body = serde_json::json!({ "number": person.state["number"], "intent": intent });
    let request = Request::post("/link/api/1/session")
        .header("authorization", format!("Bearer {}", person.key))
        .header("content-type", "application/json")
        .header("accept-language", "de");
    person.state = world.send(request.body(Body::from(body.to_string())).unwrap()).await.ok();
    assert_eq!(person.sees().1["fields"][0]["label"], "Benutzername");

    person.signs_in("anna", "anything").await;
    let path = format!("/platform/v1/connections/{}/consent", person.sees().1["login_id"].as_str().unwrap());
    assert_eq!(world.platform(axum::http::Method::GET, &path, None).await.ok()["language"], "en");
}

#[tokio::test]
async fn the_banks_own_page_and_the_one_after_it_are_in_the_language_of_the_page_before() {
    let world = World::new().await;
    let person = world.person("bank=oauthbank&language=fr").await;
    let url = person.challenge().1["url"].as_str().unwrap().strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
    let gone = in_english(&world, &url).await;
    let bank = gone.header("location").strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
    let asked = in_english(&world, &bank).await;
    assert!(asked.text.contains("<html lang=\"fr\"") && asked.text.contains("Se connecter et autoriser"));
    let (_, state) = bank.split_once("state=").unwrap();
    let state = state.split('&').next().unwrap();
    let back = in_english(&world, &format!("/link/bank/return?error=access_denied&state={state}")).await;
    assert!(back.text.contains("<html lang=\"fr\"") && back.text.contains("Vous êtes de retour"), "{}", back.text);
}

#[rstest]
#[case("/v2/?authorizeToken=unknown&language=ar", "<html lang=\"ar\" dir=\"rtl\"")]
#[case("/link?token=unknown&language=de-AT", "<html lang=\"de\"")]
#[case("/link?token=unknown&language=tlh", "<html lang=\"en\"")]
#[tokio::test]
async fn a_page_of_which_nothing_is_known_is_in_the_language_that_its_address_asks_for(
    #[case] path: &str,
    #[case] expected: &str,
) {
    let answer = in_english(&World::new().await, path).await;
    assert!(answer.text.contains(expected), "{}", answer.text);
}

#[tokio::test]
async fn a_page_that_fails_is_in_the_language_that_its_address_asks_for() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    world.state.store.close().await.unwrap();
    let answer = in_english(&world, &format!("/v2/?authorizeToken={token}&language=it")).await;
    assert!(answer.status.is_server_error() && answer.text.contains("<html lang=\"it\""), "{}", answer.text);
}
