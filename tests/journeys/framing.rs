//! Pages of other people.

use banklink_journey::{Person, Place, SandboxOptions, Site, person::Card};

use crate::stage::{Allowed, Outcome, Stage, journey, journey_with};

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

/// Waits until the frame of a foreign page loaded something, which must not be the widget; by the widget's own policy,
/// where the browser says why.
async fn is_not_framed(stage: &Stage) -> Outcome {
    let browser = &stage.browser;
    let loaded = async || Ok(browser.run("return window.loads", vec![]).await?.as_u64().filter(|loads| *loads > 0));
    browser.until("the frame to load something", loaded).await?;
    if browser.tells_complaints() {
        let is_policy = async || {
            let complaints = browser.complaints().await?;
            Ok(complaints.iter().any(|refusal| refusal.message.contains("frame-ancestors")).then_some(()))
        };
        browser.until("the policy to refuse it", is_policy).await?;
    }
    browser.enter_frame("#stolen").await?;
    assert!(browser.all("[id^='div-']").await?.is_empty(), "the widget is in the foreign frame");
    Ok(())
}

#[tokio::test]
async fn a_foreign_page_can_neither_frame_the_widget_nor_hear_it() -> Outcome {
    // That the browser refuses to frame it is what this is about; it says so in the console.
    let framed = journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let widget = stage.sandbox.widget_page("bank=testbank").await?;
        let site = Site::serve("127.0.0.1", foreign_page(&widget)).await?;
        stage.browser.goto(site.origin()).await?;
        is_not_framed(stage).await?;

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
        is_not_framed(stage).await
    })
    .await
}

/// A page of an app that frames the widget and does nothing else.
fn framing_page(widget: &str, sandbox: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
  <head><title>An app</title><link rel="icon" href="data:,"></head>
  <body><iframe id="banklink" width="600" height="700" {sandbox} src="{widget}"></iframe></body>
</html>"#
    )
}

#[tokio::test]
async fn a_frame_takes_the_whole_window_back_to_the_app() -> Outcome {
    // The callback belongs to the demo's host page, which refuses a code of another app.
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let widget = stage.sandbox.widget_page("bank=testbank&tag=from-a-frame").await?;
        let site = Site::serve("localhost", framing_page(&widget, "")).await?;
        stage.browser.goto(site.origin()).await?;
        let person = Person::new(&stage.browser, Place::Frame);
        person.agrees().await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        let callback = format!("{}/callback", stage.sandbox.host());
        stage
            .browser
            .until("the app's page in the whole window", async || {
                stage.browser.enter_top().await?;
                Ok(stage.browser.address().await?.starts_with(&callback).then_some(()))
            })
            .await
    })
    .await
}

#[tokio::test]
async fn where_the_browser_does_not_let_it_a_link_is_left_to_click() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedNavigation, async |stage| {
        let widget = stage.sandbox.widget_page("bank=testbank").await?;
        let sandbox = "sandbox='allow-scripts allow-same-origin allow-forms'";
        let site = Site::serve("localhost", framing_page(&widget, sandbox)).await?;
        stage.browser.goto(site.origin()).await?;
        let person = Person::new(&stage.browser, Place::Frame);
        person.agrees().await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        person.sees(Card::Success).await?;
        person.reads("link-continue").await?;
        let link = "const { target, href } = document.getElementById('link-continue'); return [target, href]";
        let link = person.browser().await?.run(link, vec![]).await?;
        assert_eq!(link[0], "_top");
        let callback = format!("{}/callback?", stage.sandbox.host());
        assert!(link[1].as_str().is_some_and(|href| href.starts_with(&callback)), "{link}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_host_hears_how_high_each_screen_is_by_itself_in_a_frame_of_any_height() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens_and_agrees("").await?;
        person.finds("TestBank").await?;
        let heard = async |screen: &str| {
            stage
                .browser
                .until(&format!("the height of {screen}"), async || {
                    let mut heights = Vec::new();
                    let mut at = String::new();
                    for message in host.messages().await? {
                        match message["step"].as_str() {
                            Some("HEIGHT") => heights.push((at.clone(), message["px"].as_u64().unwrap_or_default())),
                            Some(step) if step.starts_with("COMPONENT_LOAD_") => step.clone_into(&mut at),
                            _ => {}
                        }
                    }
                    Ok(heights.into_iter().rfind(|(at, _)| at == screen).map(|(_, height)| height))
                })
                .await
        };
        let list = heard("COMPONENT_LOAD_INSTITUTION_SELECTOR").await?;
        person.chooses_institution("TestBank").await?;
        person.sees(Card::Credentials).await?;
        let form = heard("COMPONENT_LOAD_CREDENTIAL").await?;
        assert!((200..list).contains(&form), "the list is {list} px high, the form {form}");
        Ok(())
    })
    .await
}
