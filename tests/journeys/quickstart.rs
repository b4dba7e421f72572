//! `docs/quickstart.md`: a stranger links a bank on a page of their own.

use banklink_journey::{Person, Place, Quickstart};

use crate::stage::{Outcome, journey};

#[tokio::test]
async fn a_stranger_who_follows_the_text_links_a_bank_on_their_own_page() -> Outcome {
    journey(async |stage| {
        let browser = &stage.browser;
        let quickstart = Quickstart::follow(stage.sandbox.binary()).await?;
        browser.goto(quickstart.page()).await?;
        browser.click("#connect").await?;
        let person = Person::new(browser, Place::Frame);
        person.agrees().await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        browser.enter_top().await?;
        let accounts = browser.text_of("#accounts").await?;
        assert!(accounts.contains("EUR"), "{accounts}");
        let said = quickstart.goes_on()?;
        assert!(said.contains("\"external_id\":\"person-1\""), "{said}");
        Ok(())
    })
    .await
}
