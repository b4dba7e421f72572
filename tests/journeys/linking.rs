//! The way through, from the host's button to the accounts on the host's page.

use banklink_journey::{
    person::Card,
    tour::{FLINKS_ANSWERS, FLINKS_CAPITAL},
};
use serde_json::Value;

use crate::stage::{Outcome, assert_in_order, endings, journey};

#[tokio::test]
async fn a_person_links_a_bank_that_asks_security_questions() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("").await?;
        person.chooses_institution("Flinks Capital").await?;
        person.types_credentials(FLINKS_CAPITAL.0, FLINKS_CAPITAL.1).await?;
        person.continues().await?;
        person.answers_questions(&FLINKS_ANSWERS).await?;

        let connection = host.connection().await?;
        assert_eq!(connection.title, "Flinks Capital");
        assert_eq!(connection.status, "active");
        assert!(!connection.accounts.is_empty());
        assert!(!connection.transactions.is_empty());
        for row in connection.accounts.iter().chain(&connection.transactions) {
            assert!(row.iter().all(|cell| !cell.is_empty()), "an empty cell in {row:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_person_links_a_bank_that_sends_a_code() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("").await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_code_may_ask_for_another() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        let first = person.reads("text-sca").await?;
        person.answers_code("SCA_EMAIL").await?;
        stage
            .browser
            .until("another question", async || Ok((person.reads("text-sca").await? != first).then_some(())))
            .await?;
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_host_hears_every_step_in_order_and_one_ending() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("tag=from-a-test").await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.answers_code("482913").await?;
        host.connection().await?;

        assert_in_order(
            &host.steps().await?,
            &[
                "APP_MOUNTED",
                "COMPONENT_LOAD_CONSENT",
                "COMPONENT_ACCEPT_CONSENT",
                "COMPONENT_LOAD_INSTITUTION_SELECTOR",
                "INSTITUTION_SELECTED",
                "COMPONENT_LOAD_CREDENTIAL",
                "SUBMIT_CREDENTIAL",
                "COMPONENT_LOAD_MFA",
                "SUBMIT_MFA",
                "COMPONENT_LOAD_SUCCESS",
            ],
        );
        let messages = host.messages().await?;
        let endings = endings(&messages);
        assert_eq!(endings.len(), 1, "one ending, not {endings:#?}");
        let redirect = endings[0];
        assert_eq!(redirect["step"], "REDIRECT");
        assert_eq!(redirect["institution"], "testbank");
        assert_eq!(redirect["tag"], "from-a-test");
        for field in ["url", "code", "loginId", "requestId"] {
            assert!(redirect[field].as_str().is_some_and(|text| !text.is_empty()), "{field} in {redirect}");
        }
        let url = redirect["url"].as_str().unwrap_or_default();
        assert!(url.starts_with(&format!("{}/callback?", stage.sandbox.host())), "{url}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_message_says_which_session_it_is_of_and_counts_up() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("bank=testbank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        host.connection().await?;

        let messages = host.messages().await?;
        let number = |message: &Value| message["banklink"]["sequence"].as_u64();
        for pair in messages.windows(2) {
            assert!(number(&pair[0]) < number(&pair[1]), "out of sequence: {pair:#?}");
        }
        for message in &messages {
            assert_eq!(message["banklink"]["version"], 1, "{message}");
            assert!(!message["banklink"]["timestamp"].is_null(), "{message}");
        }
        let redirect = host.hears("REDIRECT").await?;
        assert_eq!(redirect["banklink"]["session"], redirect["requestId"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn chosen_accounts_are_the_ones_shared() -> Outcome {
    journey(async |stage| {
        let (host, person) =
            stage.opens_and_agrees("bank=testbank&accountSelectorEnable=true&accountSelectorMultiple=false").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        person.chooses_account(1).await?;
        let names = person.texts("[data-part='account-name']").await?;
        person.continues().await?;

        let connection = host.connection().await?;
        assert_eq!(connection.accounts.len(), 1, "only the chosen one: {:?}", connection.accounts);
        assert!(connection.accounts[0][0].starts_with(&names[1]), "{:?} was chosen: {names:?}", connection.accounts);
        let selected = host.hears("ACCOUNT_SELECTED").await?;
        let redirect = host.hears("REDIRECT").await?;
        assert_eq!(selected["accountId"], redirect["accountId"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_list_is_searched_by_name_without_accents_or_capitals() -> Outcome {
    journey(async |stage| {
        let (_, person) = stage.opens_and_agrees("").await?;
        person.searches("boreale").await?;
        person.finds("Banque Boréale").await?;
        person.searches("banque").await?;
        person.finds("Banque des Tilleuls").await?;
        person.chooses_institution("Banque Boréale").await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.reads("institution-name").await?, "Banque Boréale");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_of_its_own_goes_back_to_the_app_with_a_code() -> Outcome {
    journey(async |stage| {
        let page = stage.sandbox.widget_page("bank=testbank").await?;
        stage.browser.goto(&page).await?;
        let person = banklink_journey::Person::new(&stage.browser, banklink_journey::Place::Page);
        person.agrees().await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        let callback = format!("{}/callback", stage.sandbox.host());
        stage
            .browser
            .until("the app's page", async || Ok(stage.browser.address().await?.starts_with(&callback).then_some(())))
            .await
    })
    .await
}
