//! What operators set for an app, and what is kept of it.

use banklink_journey::{App, Person, Place, person::Card};
use serde_json::json;

use super::{
    of_an_operator,
    together::{hears_of_another, is_kept},
};
use crate::stage::Outcome;

#[tokio::test]
async fn settings_are_kept_and_what_somebody_else_changed_meanwhile_stays() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        let app = App::with_secret(&stage.sandbox, &operator.makes_an_app("Corner shop").await?);
        browser.click("main a.bl-button").await?;
        operator.goes_to("settings").await?;
        operator.types("customer_name", "The Corner Shop").await?;
        operator.types("default_country", "nowhere").await?;
        operator.sends().await?;
        operator.reads_fault("default_country").await?;
        let typed = "return document.getElementById('customer_name').value";
        assert_eq!(browser.run(typed, vec![]).await?, "The Corner Shop");
        app.patch("app", json!({ "settings": { "consent_days": 30 } })).await?;
        operator.types("default_country", "es").await?;
        operator.types("name", "Corner shops").await?;
        operator.sends().await?;
        let is_renamed = async || Ok(browser.text_of(".db-app-name").await?.contains("Corner shops").then_some(()));
        browser.until("the new name", is_renamed).await?;
        let settings = app.get("app").await?["settings"].clone();
        assert_eq!(settings["customer_name"], "The Corner Shop");
        assert_eq!(settings["default_country"], "ES");
        assert_eq!(settings["consent_days"], 30, "the operator did not touch it");
        // Of two who change the same, the second hears of the first, and decides.
        operator.types("customer_name", "Mine").await?;
        app.patch("app", json!({ "settings": { "customer_name": "Theirs", "consent_days": 31 } })).await?;
        operator.sends().await?;
        hears_of_another(browser).await?;
        assert_eq!(app.get("app").await?["settings"]["customer_name"], "Theirs");
        operator.sends().await?;
        is_kept(browser, &app, "app", "/settings/customer_name", "Mine").await?;
        is_kept(browser, &app, "app", "/settings/consent_days", 31).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn links_open_nothing_where_authorize_tokens_are_forced() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        operator.makes_an_app("Corner shop").await?;
        browser.click("main a.bl-button").await?;
        let app = browser.address().await?;
        operator.goes_to("links").await?;
        let link = operator.makes_a_link("Shop window").await?;
        browser.sees("#link-forced").await?;
        let person = Person::new(browser, Place::Page);
        browser.goto(&link).await?;
        person.sees(Card::TokenInvalid).await?;
        browser.goto(&app).await?;
        operator.lets_links_open().await?;
        browser.goto(&link).await?;
        person.sees(Card::Consent).await
    })
    .await
}

#[tokio::test]
async fn long_lists_are_searched_sorted_and_turned_over() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        let app = App::with_secret(&stage.sandbox, &operator.makes_an_app("Corner shop").await?);
        for number in 10..70 {
            let link = json!({ "name": format!("Window {number}"), "redirect_uri": "https://app.example.com/linked" });
            app.post("links", link).await?;
        }
        browser.click("main a.bl-button").await?;
        operator.goes_to("links").await?;
        let names =
            "return [...document.querySelectorAll('#table-links tbody a')].map(({ textContent }) => textContent)";
        let starts_with = async |name: &str| {
            let is_first = async || Ok((browser.run(names, vec![]).await?[0] == name).then_some(()));
            browser.until(&format!("{name} to be first"), is_first).await
        };
        starts_with("Window 10").await?;
        browser.click("#table-links th:first-child button").await?;
        starts_with("Window 69").await?;
        let sorted = "return document.querySelector('#table-links th').getAttribute('aria-sort')";
        assert_eq!(browser.run(sorted, vec![]).await?, "descending");
        browser.click(".db-pages button:last-child").await?;
        starts_with("Window 44").await?;
        browser.type_over("#table-links-search", "window 33").await?;
        starts_with("Window 33").await?;
        assert_eq!(browser.run(names, vec![]).await?, json!(["Window 33"]));
        // Whoever looks at one of them and comes back is where they were, and so is who loads the page again.
        browser.click("#table-links a").await?;
        browser.sees("#address").await?;
        browser.run("history.back()", vec![]).await?;
        browser.sees("#table-links").await?;
        assert_eq!(browser.run(names, vec![]).await?, json!(["Window 33"]));
        browser.run("window.isOld = true; location.reload()", vec![]).await?;
        let is_new = async || Ok((browser.run("return !window.isOld", vec![]).await? == true).then_some(()));
        browser.until("the page to be loaded again", is_new).await?;
        starts_with("Window 33").await?;
        let typed = "return document.getElementById('table-links-search').value";
        assert_eq!(browser.run(typed, vec![]).await?, "window 33");
        browser.type_over("#table-links-search", "window").await?;
        starts_with("Window 69").await?;
        assert_eq!(browser.run(sorted, vec![]).await?, "descending");

        // What the server gives page by page.
        operator.goes_to("activities").await?;
        let rows = "return document.querySelectorAll('#table-activities tbody tr').length";
        assert_eq!(browser.run(rows, vec![]).await?, 50);
        let twice = "const next = document.querySelector('.db-pages button:last-child'); next.click(); next.click()";
        browser.run(twice, vec![]).await?;
        let is_oldest = async || Ok(browser.text_of("#table-activities").await?.contains("App created").then_some(()));
        browser.until("the oldest", is_oldest).await?;
        assert!(browser.text_of(".db-pages span").await?.contains('2'), "once, however often it was clicked");
        browser.click(".db-pages button:first-child").await?;
        let is_newest = async || Ok((browser.run(rows, vec![]).await? == 50).then_some(()));
        browser.until("the newest again", is_newest).await
    })
    .await
}
