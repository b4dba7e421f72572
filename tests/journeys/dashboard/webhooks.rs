//! Webhooks, and how it went to tell them.

use serde_json::json;

use super::of_an_operator;
use crate::stage::Outcome;

#[tokio::test]
async fn a_webhook_is_tried_its_log_read_and_what_was_told_is_told_again() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.makes_an_app("Corner shop").await?;
        browser.click("main a.bl-button").await?;
        operator.goes_to("webhooks").await?;
        operator.types("url", "http://example.com/told").await?;
        operator.sends_form("form-webhook").await?;
        operator.reads_fault("url").await?;
        // Nobody listens there.
        operator.types("url", "http://localhost:9/told").await?;
        browser.click("[name='connection.created']").await?;
        operator.sends_form("form-webhook").await?;
        let secret = browser.text_of("#webhook-secret").await?;
        assert!(secret.starts_with("whsec_"));
        browser.click(".db-once > button").await?;
        assert!(browser.text_of("#webhooks").await?.contains("connection.created"));

        browser.click("#webhooks a").await?;
        browser.sees("#form-test").await?;
        let page = browser.address().await?;
        operator.sends_form("form-test").await?;
        browser.click("#table-deliveries a").await?;
        assert!(browser.text_of("#delivery-body").await?.contains("webhook.test"));
        let tries = async |count: usize| {
            let are = async || {
                browser.click("#read-again").await?;
                operator.sees_page().await?;
                Ok((browser.all("#attempts li").await?.len() >= count).then_some(()))
            };
            browser.until(&format!("{count} tries"), are).await
        };
        tries(1).await?;
        assert!(browser.text_of("#attempts").await?.contains("Nobody could be reached"));
        operator.sends_form("form-redeliver").await?;
        tries(2).await?;

        browser.goto(&page).await?;
        operator.sees_page().await?;
        browser.click("#rotate-key").await?;
        operator.sends().await?;
        assert_ne!(browser.text_of("#webhook-secret").await?, secret);
        browser.click("#change-webhook summary").await?;
        let ticked = "return [...document.querySelectorAll('.db-checks :checked')].map(({ name }) => name)";
        assert_eq!(browser.run(ticked, vec![]).await?, json!(["connection.created"]));
        browser.click("[name='session.linked']").await?;
        operator.sends_form("form-webhook").await?;
        let is_told = async || Ok(browser.text_of(".db-facts").await?.contains("session.linked").then_some(()));
        browser.until("the other event", is_told).await?;
        browser.click("#remove-webhook").await?;
        operator.sends().await?;
        let is_gone = async || Ok(browser.text_of(".db-section").await?.contains("No webhook yet").then_some(()));
        browser.until("no webhook", is_gone).await
    })
    .await
}
