//! Two operators who change the same thing.

use banklink_journey::{App, Browser, JourneyError};
use serde_json::{Value, json};

use super::of_an_operator;
use crate::stage::Outcome;

/// Waits until the form says that somebody else was faster.
pub(super) async fn hears_of_another(browser: &Browser) -> Outcome {
    let told = browser.text_of("form .bl-alert").await?;
    assert!(told.starts_with("Somebody else changed this"), "{told}");
    Ok(())
}

/// Waits until what the app's server reads is as expected.
pub(super) async fn is_kept(
    browser: &Browser,
    app: &App,
    path: &str,
    field: &str,
    expected: impl Into<Value>,
) -> Outcome {
    let expected = expected.into();
    let is = async || Ok::<_, JourneyError>((app.get(path).await?.pointer(field) == Some(&expected)).then_some(()));
    browser.until(&format!("{expected} at {path}"), is).await
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_replaced_only_by_who_knows() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        let app = App::with_secret(&stage.sandbox, &operator.makes_an_app("Corner shop").await?);
        browser.click("main a.bl-button").await?;

        operator.goes_to("links").await?;
        operator.makes_a_link("Shop window").await?;
        let address = browser.address().await?;
        let id = address.rsplit('/').next().unwrap_or_default();
        let link = format!("links/{id}");
        app.patch(&link, json!({ "name": "Window of somebody else" })).await?;
        browser.click("#change-link summary").await?;
        operator.types("name", "My window").await?;
        operator.sends_form("form-link").await?;
        hears_of_another(browser).await?;
        is_kept(browser, &app, &link, "/name", "Window of somebody else").await?;
        let typed = "return document.getElementById('name').value";
        assert_eq!(browser.run(typed, vec![]).await?, "My window");
        operator.sends_form("form-link").await?;
        is_kept(browser, &app, &link, "/name", "My window").await?;
        // A page that reads anew for another reason does not make the person have seen what others did.
        operator.types("name", "My new window").await?;
        app.patch(&link, json!({ "name": "Window of somebody else" })).await?;
        operator.sends_form("form-turn").await?;
        let is_paused = async || Ok((browser.text_of("h1").await? == "Window of somebody else").then_some(()));
        browser.until("the page as it is by now", is_paused).await?;
        operator.sends_form("form-link").await?;
        hears_of_another(browser).await?;
        operator.sends_form("form-link").await?;
        is_kept(browser, &app, &link, "/name", "My new window").await?;

        operator.goes_to("theme").await?;
        app.put("app/theme", json!({ "source": "#title-sca { color: #333 }" })).await?;
        let mine = "#title-sca { color: #222 }";
        operator.types("theme-source", mine).await?;
        operator.sends_form("form-theme").await?;
        hears_of_another(browser).await?;
        is_kept(browser, &app, "app/theme", "/source", "#title-sca { color: #333 }").await?;
        operator.sends_form("form-theme").await?;
        is_kept(browser, &app, "app/theme", "/source", mine).await?;

        operator.goes_to("institutions").await?;
        app.patch("app", json!({ "settings": { "institutions": { "countries": ["ES"] } } })).await?;
        operator.types("countries", "GB").await?;
        operator.sends_form("form-institutions").await?;
        hears_of_another(browser).await?;
        operator.sends_form("form-institutions").await?;
        let is_british = async || {
            let countries = app.get("app").await?["settings"]["institutions"]["countries"].clone();
            Ok((countries == json!(["GB"])).then_some(()))
        };
        browser.until("the list of the operator", is_british).await
    })
    .await
}
