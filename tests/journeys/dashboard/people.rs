//! People who linked a bank.

use banklink_journey::{Browser, Person, Place, person::Card};

use super::of_an_operator;
use crate::stage::Outcome;

/// Chooses in a list above the table.
async fn chooses(browser: &Browser, list: &str, value: &str) -> Outcome {
    let chooses = "const list = document.getElementById(arguments[0]); list.value = arguments[1];
        list.dispatchEvent(new Event('change', { bubbles: true }));";
    browser.run(chooses, vec![list.into(), value.into()]).await.map(drop)
}

/// Waits until the table has these people, in this order.
async fn sees_people(browser: &Browser, people: [&str; 2]) -> Outcome {
    let seen =
        "return [...document.querySelectorAll('#table-connections tbody tr')].map(row => row.cells[1].textContent)";
    let are = async || Ok((browser.run(seen, vec![]).await? == serde_json::json!(people)).then_some(()));
    browser.until("people in order", are).await
}

#[tokio::test]
async fn somebody_who_linked_a_bank_is_found_brought_back_and_forgotten() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.makes_an_app("Corner shop").await?;
        browser.click("main a.bl-button").await?;
        let app = browser.address().await?;
        operator.lets_links_open().await?;
        operator.goes_to("links").await?;
        let link = operator.makes_a_link("Shop window").await?;
        for person in ["ana-1", "ben-2"] {
            operator.links_a_bank_at(&link, person).await?;
        }

        browser.goto(&app).await?;
        operator.goes_to("connections").await?;
        let rows = "return document.querySelectorAll('#table-connections tbody tr').length";
        assert_eq!(browser.run(rows, vec![]).await?, 2);
        operator.types("external_id", "ben-2").await?;
        operator.sends_form("form-search").await?;
        let is_found = async || Ok((browser.run(rows, vec![]).await? == 1).then_some(()));
        browser.until("one person", is_found).await?;
        chooses(browser, "filter-status", "needs_reauthorisation").await?;
        let is_nobody = async || Ok((browser.text_of(".db-empty").await? == "Nobody here is like that.").then_some(()));
        browser.until("nobody whom the bank wants to see", is_nobody).await?;
        chooses(browser, "filter-status", "").await?;
        browser.until("one person", is_found).await?;
        browser.click("#table-connections a").await?;
        // From one person to everybody at their bank, and from there to all banks, in another order.
        browser.click("main a[href*='#institution=']").await?;
        let is_named = async || Ok((browser.text_of("#only-bank bdi").await? == "TestBank").then_some(()));
        browser.until("the bank's name", is_named).await?;
        sees_people(browser, ["ben-2", "ana-1"]).await?;
        browser.click("#only-bank button").await?;
        chooses(browser, "filter-order", "oldest").await?;
        sees_people(browser, ["ana-1", "ben-2"]).await?;
        assert!(browser.address().await?.ends_with("#order=oldest"));
        browser.click("#table-connections tr:last-child a").await?;
        browser.sees("#accounts li").await?;
        assert!(browser.text_of("#consent").await?.contains("accounts"));
        assert!(browser.text_of(".db-facts").await?.contains("ben-2"));
        let connection = browser.address().await?;

        // By a link, and by a token alone.
        for opener in [0, 1] {
            let chooses = "document.getElementById('link').selectedIndex = arguments[0]";
            browser.run(chooses, vec![opener.into()]).await?;
            operator.sends_form("form-way-back").await?;
            let address = browser.text_of("#way-back").await?;
            browser.goto(&address).await?;
            Person::new(browser, Place::Page).sees(Card::Reauthorise).await?;
            browser.goto(&connection).await?;
            browser.sees("#accounts li").await?;
        }

        operator.sends_form("form-refresh").await?;
        operator.sees_page().await?;
        browser.click("#delete-connection").await?;
        assert!(browser.text_of("dialog h2").await?.contains("TestBank"));
        operator.sends().await?;
        let is_alone = async || Ok((browser.run(rows, vec![]).await? == 1).then_some(()));
        browser.until("one person in the list", is_alone).await?;
        assert!(browser.text_of("#table-connections").await?.contains("ana-1"));

        // What somebody agreed to is taken back, and their data goes with it.
        // What could not be read is not said to be none.
        operator.may_lose_reads().await?;
        operator.loses_reads("/consent").await?;
        browser.click("#table-connections a").await?;
        browser.sees("main .bl-alert").await?;
        assert_eq!(browser.text_of("h1").await?, "People");
        operator.loses_reads("").await?;
        browser.click(".db-empty button").await?;
        browser.click("#revoke-consent").await?;
        assert!(browser.text_of("dialog").await?.contains("ana-1"));
        operator.sends().await?;
        let is_nobody =
            async || Ok((browser.text_of(".db-empty").await? == "Nobody has linked a bank yet.").then_some(()));
        browser.until("nobody in the list", is_nobody).await?;
        operator.goes_to("activities").await?;
        let log = browser.text_of("#table-activities").await?;
        for done in ["Consent revoked", "Connection deleted", "Connection refreshed", "Address made that brings"] {
            assert!(log.contains(done), "{done} in {log}");
        }
        Ok(())
    })
    .await
}
