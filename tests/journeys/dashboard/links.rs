//! Links, and what their addresses say.

use banklink_journey::{Person, Place, person::Card};

use super::of_an_operator;
use crate::stage::Outcome;

#[tokio::test]
async fn the_address_that_was_built_opens_the_widget_as_it_says_until_the_link_is_paused() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.makes_an_app("Corner shop").await?;
        browser.click("main a.bl-button").await?;
        operator.lets_links_open().await?;
        operator.goes_to("links").await?;
        let plain = operator.makes_a_link("Shop window").await?;
        operator.types("bank", "testbank").await?;
        operator.types("external_id", "ana & co").await?;
        browser.click("#more-parameters summary").await?;
        let chooses = "const list = document.getElementById('consentEnable'); list.value = 'false';
            list.dispatchEvent(new Event('input', { bubbles: true }))";
        browser.run(chooses, vec![]).await?;
        operator.types("maximumRetry", "100").await?;
        operator.reads_fault("maximumRetry").await?;
        operator.types("extra-name-0", "order").await?;
        operator.types("extra-value-0", "2026/7").await?;
        let built = browser.text_of("#address").await?;
        let expected = format!("{plain}&bank=testbank&consentEnable=false&external_id=ana%20%26%20co&order=2026%2F7");
        assert_eq!(built, expected);
        browser.click(".db-details summary").await?;
        assert_eq!(browser.all(".db-qr path").await?.len(), 1);
        let page = browser.address().await?;
        browser.goto(&built).await?;
        let person = Person::new(browser, Place::Page);
        person.sees(Card::Credentials).await?;
        person.forgets_the_session().await?;

        browser.goto(&page).await?;
        operator.sees_page().await?;
        operator.sends_form("form-turn").await?;
        let is_paused = async || Ok(browser.text_of(".db-heading").await?.contains("Paused").then_some(()));
        browser.until("a paused link", is_paused).await?;
        browser.goto(&built).await?;
        person.sees(Card::TokenInvalid).await?;

        browser.goto(&page).await?;
        operator.sees_page().await?;
        browser.click("#delete-link").await?;
        assert!(browser.text_of("dialog h2").await?.contains("Shop window"));
        operator.sends().await?;
        browser.sees("#form-new-link").await?;
        assert!(browser.text_of(".db-section").await?.contains("No link yet"));
        browser.goto(&page).await?;
        operator.sees_page().await?;
        assert_eq!(browser.text_of("h1").await?, "There is nothing here");
        Ok(())
    })
    .await
}
