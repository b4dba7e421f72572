//! Which institutions an app's people see.

use banklink_journey::{App, Person, Place, person::Card};
use serde_json::json;

use super::of_an_operator;
use crate::stage::Outcome;

#[tokio::test]
async fn people_see_the_institutions_that_the_operator_chose_in_their_order() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        let app = App::with_secret(&stage.sandbox, &operator.makes_an_app("Corner shop").await?);
        browser.click("main a.bl-button").await?;
        operator.lets_links_open().await?;
        operator.goes_to("links").await?;
        let link = operator.makes_a_link("Shop window").await?;
        operator.goes_to("institutions").await?;
        let page = browser.address().await?;
        let puts = async |name: &str, button: &str| {
            browser.type_over("#search-institutions", name).await?;
            let pressed = format!("#found-institutions button[aria-label^='{button} {name} (']");
            browser.sees(&pressed).await?;
            browser.click(&pressed).await
        };
        puts("TestBank", "First").await?;
        puts("OAuth Bank", "First").await?;
        puts("Flinks Capital", "Hide").await?;
        browser.click("[aria-label^='Up OAuth Bank']").await?;
        operator.types("countries", "nowhere").await?;
        operator.sends_form("form-institutions").await?;
        operator.reads_fault("countries").await?;
        operator.types("countries", "CA, ES, gb").await?;
        operator.sends_form("form-institutions").await?;
        let is_kept = async || {
            let list = app.get("app").await?["settings"]["institutions"].clone();
            Ok((list["popular"] == json!(["oauthbank", "testbank"]) && list["hidden"] == json!(["FlinksCapital"]))
                .then_some(()))
        };
        browser.until("the list to be kept", is_kept).await?;

        let person = Person::new(browser, Place::Page);
        browser.goto(&format!("{link}&consentEnable=false")).await?;
        person.sees(Card::Institutions).await?;
        let listed = person.listed_institutions().await?;
        assert_eq!(listed[..2], ["OAuth Bank", "TestBank"]);
        assert!(!listed.iter().any(|name| name.contains("Flinks Capital")), "{listed:?}");
        person.searches("Flinks Capital").await?;
        person.finds_nothing().await?;
        // Nor is it reached by its id.
        person.forgets_the_session().await?;
        browser.goto(&format!("{link}&consentEnable=false&bank=14")).await?;
        person.sees(Card::Institutions).await?;

        let list = app.get("institutions?query=flinks%20capital").await?;
        assert_eq!(list["items"], json!([]));
        let all = app.get("institutions?query=flinks%20capital&all=true").await?;
        assert_eq!(all["items"][0]["id"], "FlinksCapital");

        // What is chosen stands alone in its country.
        browser.goto(&page).await?;
        operator.sees_page().await?;
        puts("TestBank", "Only").await?;
        operator.sends_form("form-institutions").await?;
        let is_chosen = async || {
            let list = app.get("app").await?["settings"]["institutions"].clone();
            Ok((list["chosen"] == json!(["testbank"])).then_some(()))
        };
        browser.until("the choice to be kept", is_chosen).await?;
        let country = app.get("institutions/testbank").await?["country"].clone();
        let shown = app.get(&format!("institutions?country={}", country.as_str().unwrap_or_default())).await?;
        assert_eq!(shown["items"].as_array().map(Vec::len), Some(1));
        Ok(())
    })
    .await
}
