//! Names that are made to harm, or that nobody expected.

use banklink_journey::{App, Viewport};
use serde_json::json;

use super::of_an_operator;
use crate::stage::Outcome;

/// What runs nothing, breaks nothing, and is read as it was written.
const NAMES: [&str; 6] = [
    "<script>document.title = 'taken'</script>",
    "<img src=x onerror=\"document.title = 'taken'\">",
    "\u{202e}knab ruoy\u{202c} {name} %s ${1}",
    "👩‍👩‍👧‍👦🏦 مصرف ñandú",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "javascript:document.title='taken'",
];

#[tokio::test]
async fn names_are_shown_as_they_are_and_do_nothing() -> Outcome {
    of_an_operator(async |stage, operator| {
        let browser = &stage.browser;
        operator.becomes_the_first().await?;
        let app = App::with_secret(&stage.sandbox, &operator.makes_an_app("Corner shop").await?);
        browser.click("main a.bl-button").await?;
        let mut ids = Vec::new();
        for name in NAMES {
            let link = json!({ "name": name, "redirect_uri": "https://app.example.com/linked" });
            let made = app.post("links", link).await?;
            ids.push(made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned());
        }
        let fits = "return document.documentElement.scrollWidth <= innerWidth";
        let names =
            "return [...document.querySelectorAll('#table-links tbody a')].map(({ textContent }) => textContent)";
        for viewport in [Viewport::DESKTOP, Viewport::PHONE] {
            browser.set_viewport(viewport).await?;
            operator.goes_to("links").await?;
            let shown = browser.run(names, vec![]).await?;
            for name in NAMES {
                assert!(shown.as_array().is_some_and(|shown| shown.contains(&json!(name))), "{name} in {shown}");
            }
            assert_eq!(browser.run(fits, vec![]).await?, true, "the list fits {viewport:?}");
            for (name, id) in NAMES.iter().zip(&ids) {
                browser.click(&format!("a[href$='/{id}']")).await?;
                let is_there = async || {
                    Ok((browser.run("return document.querySelector('h1')?.textContent", vec![]).await? == *name)
                        .then_some(()))
                };
                browser.until(&format!("the page of {name}"), is_there).await?;
                operator.sees_page().await?;
                assert_eq!(browser.run(fits, vec![]).await?, true, "{name} fits {viewport:?}");
                assert!(
                    browser.run("return document.title", vec![]).await?.as_str().is_some_and(|title| title != "taken")
                );
                browser.run("history.back()", vec![]).await?;
                browser.sees("#table-links").await?;
            }
        }

        // One that is too long stays in its field, and why is said.
        let fills = "document.getElementById('name').value = 'x'.repeat(10_240)";
        browser.run(fills, vec![]).await?;
        operator.sends_form("form-new-link").await?;
        operator.reads_fault("name").await?;
        assert_eq!(browser.run("return document.getElementById('name').value.length", vec![]).await?, 10_240);
        assert_eq!(browser.run(fits, vec![]).await?, true);

        // As the app's own name it stands in the frame of every page.
        for name in NAMES {
            app.patch("app", json!({ "name": name })).await?;
            operator.goes_to("settings").await?;
            browser.reload().await?;
            operator.sees_page().await?;
            assert_eq!(
                browser.run("return document.querySelector('.db-app-name bdi').textContent", vec![]).await?,
                name
            );
            assert_eq!(browser.run(fits, vec![]).await?, true, "{name}");
        }
        Ok(())
    })
    .await
}
