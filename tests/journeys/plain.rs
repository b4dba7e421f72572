//! Pages without `embed.js`: an iframe and a listener, as seed 002 prints them.

use banklink_journey::{Host, JourneyError, Person, Place, SandboxOptions, Site, person::Card};
use serde_json::json;

use crate::stage::{Allowed, Outcome, Stage, journey, journey_with};

/// The listener as printed.
const LISTENER: &str = r#"window.addEventListener("message", function (e) {
  if (e.data && e.data.step === "TOKEN_INVALID") {
    // 1. Call your backend to generate a new authorize token
    //    (your backend calls /GenerateAuthorizeToken with the secret key)
    // 2. Reload the iframe with the new token
    const iframe = document.getElementById("flinks-connect");
    const newUrl = iframe.src.replace(/authorizeToken=[^&]+/, "authorizeToken=" + newToken);
    iframe.src = newUrl;
  }
});
"#;

/// A page with the listener as printed. `newToken` comes from the page's own server there.
fn seed_page(widget: &str, new_token: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
  <head><title>An integration</title><link rel="icon" href="data:,"></head>
  <body>
    <iframe id="flinks-connect" width="600" height="700" src="{widget}/v2/?demo=true&authorizeToken=123-456-789"></iframe>
    <script>
      const newToken = "{new_token}";
      window.heard = [];
      window.addEventListener("message", function (e) {{ window.heard.push(e.data); }});
{LISTENER}
    </script>
  </body>
</html>"#
    )
}

#[tokio::test]
async fn the_listener_of_seed_002_works_as_printed() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let token = stage.sandbox.authorize_token().await?;
        let site = Site::serve("localhost", seed_page(stage.sandbox.widget(), &token)).await?;
        stage.browser.goto(site.origin()).await?;
        let selector = format!("#flinks-connect[src*='{token}']");
        stage.browser.enter_frame(&selector).await?;
        stage.browser.sees("#div-consent").await?;

        // The page shows the consent, before the widget is there and says so.
        stage.browser.enter_top().await?;
        let steps = async || {
            let heard = stage.browser.run("return window.heard.map(({ step }) => step)", vec![]).await?;
            Ok(heard.as_array().is_some_and(|steps| steps.contains(&json!("APP_MOUNTED"))).then_some(heard))
        };
        let steps = stage.browser.until("the widget to say that it is there", steps).await?;
        assert_eq!(steps[0], "TOKEN_INVALID", "{steps}");
        Ok(())
    })
    .await
}

/// Opens the demo's page.
async fn opens(stage: &Stage) -> Result<Person<'_>, JourneyError> {
    stage.browser.goto(&format!("{}/plain", stage.sandbox.host())).await?;
    let person = Person::new(&stage.browser, Place::Frame);
    person.sees(Card::Consent).await?;
    Ok(person)
}

async fn links(stage: &Stage, person: Person<'_>) -> Outcome {
    person.agrees().await?;
    person.chooses_institution("TestBank").await?;
    person.types_credentials("ana", "any other password").await?;
    person.continues().await?;
    let host = Host::at(&stage.browser);
    assert_eq!(host.connection().await?.title, "TestBank");
    Ok(())
}

#[tokio::test]
async fn the_demo_has_the_listener_as_printed_and_a_bank_is_linked_with_it() -> Outcome {
    journey(async |stage| {
        Host::load(&stage.browser, &stage.sandbox, "").await?;
        stage.browser.click("a[href='/plain']").await?;
        let person = Person::new(&stage.browser, Place::Frame);
        person.sees(Card::Consent).await?;
        stage.browser.enter_top().await?;
        let script = "return fetch('/plain.js').then((answer) => answer.text())";
        let script = stage.browser.run(script, vec![]).await?;
        assert!(script.as_str().is_some_and(|script| script.contains(LISTENER)), "{script}");
        // The whole window goes to the app's address, with the id of the connection.
        links(stage, person).await?;
        assert_eq!(stage.browser.address().await?, format!("{}/callback", stage.sandbox.host()));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn each_token_that_is_used_up_is_replaced_by_a_new_one() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let person = opens(stage).await?;
        let host = Host::at(&stage.browser);
        for _ in 0..2 {
            let used = host.frame_address().await?;
            person.forgets_the_session().await?;
            person.reloads_the_widget().await?;
            stage
                .browser
                .until("another token in the frame", async || Ok((host.frame_address().await? != used).then_some(())))
                .await?;
            person.sees(Card::Consent).await?;
        }
        links(stage, person).await
    })
    .await
}
