//! The widget in other languages than English, and its texts when they come late.

use banklink_journey::{SandboxOptions, person::Card};
use serde_json::json;

use crate::stage::{Allowed, Outcome, journey, journey_with};

/// The titles of the list and of the code, and the direction.
const LANGUAGES: [(&str, &str, &str, &str); 8] = [
    ("en", "Choose your bank", "Confirm it’s you", "ltr"),
    ("es", "Elige tu banco", "Confirma que eres tú", "ltr"),
    ("fr", "Choisissez votre banque", "Confirmez votre identité", "ltr"),
    ("ca", "Tria el teu banc", "Confirma que ets tu", "ltr"),
    ("pt", "Escolha o seu banco", "Confirme a sua identidade", "ltr"),
    ("it", "Scelga la Sua banca", "Confermi la Sua identità", "ltr"),
    ("de", "Wählen Sie Ihre Bank", "Bestätigen Sie Ihre Identität", "ltr"),
    ("ar", "يُرجى اختيار بنكك", "تأكيد هويتك", "rtl"),
];

#[tokio::test]
async fn a_bank_is_linked_in_every_language() -> Outcome {
    journey(async |stage| {
        for (tag, list, code, direction) in LANGUAGES {
            let (host, person) = stage.opens_and_agrees(&format!("language={tag}&theme=light")).await?;
            assert_eq!(person.reads("title-select-bank").await?, list);
            let html = "return [document.documentElement.lang, document.documentElement.dir]";
            assert_eq!(person.browser().await?.run(html, vec![]).await?, json!([tag, direction]));
            person.chooses_institution("TestBank").await?;
            person.types_credentials(tag, "SCA_SMS").await?;
            person.continues().await?;
            assert_eq!(person.reads("title-sca").await?, code);
            let screen = person.reads("div-sca").await?;
            assert!(!screen.contains(['{', '}', '\t', '=']), "{screen}");
            person.answers_code("482913").await?;
            assert_eq!(host.connection().await?.title, "TestBank");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_host_changes_the_language_and_nothing_that_was_typed_is_lost() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "a password").await?;
        stage.browser.enter_top().await?;
        let command = "document.querySelector('iframe').contentWindow
            .postMessage({ banklink: 1, command: 'setLanguage', language: 'ar' }, arguments[0])";
        stage.browser.run(command, vec![json!(stage.sandbox.widget())]).await?;
        let is_arabic = async || Ok((person.reads("button-continue").await? == "متابعة").then_some(()));
        stage.browser.until("Arabic", is_arabic).await?;
        let html = "return [document.documentElement.lang, document.documentElement.dir]";
        assert_eq!(person.browser().await?.run(html, vec![]).await?, json!(["ar", "rtl"]));
        assert_eq!(person.typed_username().await?, "ana");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_screen_whose_texts_are_still_missing_waits_for_them_and_gets_its_focus() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::NoServer, async |stage| {
        stage.browser.blocks(&["/link/api/1/texts/"]).await?;
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.reads("title-loading").await?;
        stage.browser.blocks(&[]).await?;
        person.sees(Card::Challenge).await?;
        let focused = "return document.activeElement?.id";
        assert_eq!(person.browser().await?.run(focused, vec![]).await?, "title-sca");
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}
