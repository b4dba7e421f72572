//! Tokens that are used, expired or unknown.

use banklink_journey::{Person, Place, SandboxOptions, Site, person::Card};
use serde_json::json;

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
