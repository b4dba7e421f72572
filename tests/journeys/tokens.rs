//! Tokens that are used, expired or unknown.

use banklink_journey::{Person, Place, SandboxOptions, Site, person::Card};
use serde_json::{Value, json};

use crate::stage::{Allowed, Outcome, journey_with};

#[tokio::test]
async fn a_used_token_is_replaced_by_the_host_and_the_flow_carries_on() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let (host, person) = stage.opens_and_agrees("").await?;
        person.finds("TestBank").await?;
        person.forgets_the_session().await?;
        person.reloads_the_widget().await?;

        host.hears("TOKEN_INVALID").await?;
        person.agrees().await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}

/// The page of seed 002, with its listener as printed. `newToken` comes from the page's own server there.
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
window.addEventListener("message", function (e) {{
  if (e.data && e.data.step === "TOKEN_INVALID") {{
    // 1. Call your backend to generate a new authorize token
    //    (your backend calls /GenerateAuthorizeToken with the secret key)
    // 2. Reload the iframe with the new token
    const iframe = document.getElementById("flinks-connect");
    const newUrl = iframe.src.replace(/authorizeToken=[^&]+/, "authorizeToken=" + newToken);
    iframe.src = newUrl;
  }}
}});
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

        stage.browser.enter_top().await?;
        let heard = stage.browser.run("return window.heard", vec![]).await?;
        let steps: Vec<&Value> = heard.as_array().into_iter().flatten().map(|message| &message["step"]).collect();
        assert_eq!(steps[0], "TOKEN_INVALID");
        assert!(steps.contains(&&json!("APP_MOUNTED")), "{steps:?}");
        Ok(())
    })
    .await
}

/// A page that frames the widget with a token that nobody knows, and writes down what it hears.
fn listening_page(widget: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
  <head><title>Anybody</title><link rel="icon" href="data:,"></head>
  <body>
    <iframe id="banklink" width="600" height="700"></iframe>
    <script>
      window.heard = [];
      window.addEventListener("message", (event) => window.heard.push(event.data));
      document.querySelector("iframe").src = "{widget}/v2/?authorizeToken=nobody-knows-this";
    </script>
  </body>
</html>"#
    )
}

#[tokio::test]
async fn a_page_whose_app_is_unknown_says_so_to_anyone_and_no_more() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let site = Site::serve("127.0.0.1", listening_page(stage.sandbox.widget())).await?;
        stage.browser.goto(site.origin()).await?;
        Person::new(&stage.browser, Place::Frame).sees(Card::TokenInvalid).await?;
        assert!(stage.browser.all("input, select, textarea").await?.is_empty(), "there is nothing to type into");

        stage.browser.enter_top().await?;
        let heard = stage
            .browser
            .until("a message", async || {
                let heard = stage.browser.run("return window.heard", vec![]).await?;
                Ok(heard[0].is_object().then_some(heard))
            })
            .await?;
        assert_eq!(heard, json!([{ "step": "TOKEN_INVALID" }]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_session_that_ran_out_says_so_and_lets_the_host_start_again() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let address = stage.sandbox.widget_page("bank=testbank").await?;
        stage.browser.goto(&address).await?;
        let person = Person::new(&stage.browser, Place::Page);
        person.agrees().await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        stage.sandbox.lets_sessions_expire().await?;
        person.continues().await?;
        person.sees(Card::SessionExpired).await
    })
    .await
}
