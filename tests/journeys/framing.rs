//! Pages of other people.

use banklink_journey::{Person, Place, SandboxOptions, Site, person::Card};

use crate::stage::{Allowed, Outcome, journey_with};

/// A page that frames the widget, opens it in a window of its own at a click, and writes down what it hears.
fn foreign_page(widget: &str) -> String {
    format!(
        r##"<!doctype html>
<html lang="en">
  <head><title>Somebody else</title><link rel="icon" href="data:,"></head>
  <body>
    <button id="open" type="button">Open</button>
    <iframe id="stolen" width="600" height="700"></iframe>
    <script>
      window.heard = [];
      window.loads = 0;
      window.addEventListener("message", (event) => window.heard.push(event.data));
      const frame = document.querySelector("#stolen");
      frame.addEventListener("load", () => (window.loads += 1));
      frame.src = "{widget}";
      document.querySelector("#open").addEventListener("click", () => (window.opened = window.open("{widget}", "w")));
      // What an attacker would try, once and again.
      const hello = () => {{
        for (const target of [frame.contentWindow, window.opened])
          target?.postMessage({{ banklink: 1, command: "hello" }}, "*");
      }};
      setInterval(hello, 50);
    </script>
  </body>
</html>"##
    )
}

#[tokio::test]
async fn a_foreign_page_can_neither_frame_the_widget_nor_hear_it() -> Outcome {
    // That the browser refuses to frame it is what this is about; it says so in the console.
    let framed = journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let widget = stage.sandbox.widget_page("bank=testbank").await?;
        let site = Site::serve("127.0.0.1", foreign_page(&widget)).await?;
        stage.browser.goto(site.origin()).await?;
        stage
            .browser
            .until("the frame to load something", async || {
                Ok(stage.browser.run("return window.loads", vec![]).await?.as_u64().filter(|loads| *loads > 0))
            })
            .await?;
        stage.browser.enter_frame("#stolen").await?;
        assert!(stage.browser.all("[id^='div-']").await?.is_empty(), "the widget is in the foreign frame");
        let refusals = stage.browser.complaints().await?;
        assert!(
            refusals.iter().any(|refusal| refusal.message.contains("frame-ancestors")),
            "the policy is what refused it: {refusals:#?}"
        );

        // In a window of its own it opens, since anyone may send a person there; but its messages go to its app only.
        stage.browser.enter_top().await?;
        stage.browser.click("#open").await?;
        let windows = stage
            .browser
            .until("the window", async || {
                let windows = stage.browser.client().windows().await?;
                Ok((windows.len() == 2).then_some(windows))
            })
            .await?;
        let foreign = stage.browser.client().window().await?;
        let own = windows.into_iter().find(|window| *window != foreign);
        stage.browser.client().switch_to_window(own.unwrap_or(foreign.clone())).await?;
        let person = Person::new(&stage.browser, Place::Page);
        person.agrees().await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await?;

        stage.browser.client().switch_to_window(foreign).await?;
        let heard = stage.browser.run("return window.heard", vec![]).await?;
        assert_eq!(heard, serde_json::json!([]), "the foreign page heard something");
        Ok(())
    });
    framed.await
}

#[tokio::test]
async fn a_page_of_localhost_is_no_page_of_an_app_that_does_not_name_it() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        // The demo app names the host page's own port, not all of localhost.
        let (host, person) = stage.opens("").await?;
        person.sees(Card::Consent).await?;
        let address = host.frame_address().await?;
        let site = Site::serve("localhost", foreign_page(&address)).await?;
        stage.browser.goto(site.origin()).await?;
        stage
            .browser
            .until("the browser to refuse", async || {
                let complaints = stage.browser.complaints().await?;
                Ok(complaints.iter().any(|refusal| refusal.message.contains("frame-ancestors")).then_some(()))
            })
            .await
    })
    .await
}
