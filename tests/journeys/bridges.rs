//! Who hears the widget where it is no frame: the window that opened it, or the app around a webview.
//!
//! The apps are simulated: a script puts the objects into the page that React Native, `WKWebView` and Android put there.
//! What those do with a message behind their object is theirs.

use banklink_journey::{JourneyError, Person, Place, SandboxOptions, Site, person::Card};
use fantoccini::wd::WindowHandle;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Allowed, Outcome, Stage, assert_in_order, endings, journey, journey_with};

/// `react-native-webview` takes text, and refuses anything else.
const REACT_NATIVE: &str = "
    window.heard = [];
    window.ReactNativeWebView = { postMessage(text) {
      if (typeof text !== 'string') throw new TypeError('a string is wanted');
      heard.push(['text', JSON.parse(text)]);
    } }";

/// A `WKScriptMessageHandler` takes what can be cloned.
const WEBKIT: &str = "
    window.heard = [];
    window.webkit = { messageHandlers: { banklink: { postMessage(message) {
      heard.push([typeof message, structuredClone(message)]);
    } } } }";

/// A `@JavascriptInterface` takes text; anything else would arrive as `undefined`.
const ANDROID: &str = "
    window.heard = [];
    window.banklink = { postMessage(text) {
      if (typeof text !== 'string') throw new TypeError('a string is wanted');
      heard.push(['text', JSON.parse(text)]);
    } }";

/// What the app around the webview heard, each with the kind of what came.
async fn heard(person: Person<'_>) -> Result<Vec<(String, Value)>, JourneyError> {
    let heard = person.browser().await?.run("return window.heard ?? []", vec![]).await?;
    let pairs = heard.as_array().cloned().unwrap_or_default();
    Ok(pairs.into_iter().map(|pair| (pair[0].as_str().unwrap_or_default().to_owned(), pair[1].clone())).collect())
}

async fn steps_heard(person: Person<'_>) -> Result<Vec<String>, JourneyError> {
    let step = |(_, message): &(String, Value)| message["step"].as_str().unwrap_or_default().to_owned();
    Ok(heard(person).await?.iter().map(step).collect())
}

/// Somebody in an app's webview, which shows the widget as its page.
async fn in_a_webview<'stage>(stage: &'stage Stage, app: &str, query: &str) -> Result<Person<'stage>, JourneyError> {
    stage.browser.runs_first(app).await?;
    stage.browser.goto(&stage.sandbox.widget_page(&format!("webview=true&{query}")).await?).await?;
    Ok(Person::new(&stage.browser, Place::Page))
}

#[rstest]
#[case::react_native(REACT_NATIVE, "text")]
#[case::wkwebview(WEBKIT, "object")]
#[case::android(ANDROID, "text")]
#[tokio::test]
async fn the_app_around_a_webview_hears_every_step(#[case] app: &str, #[case] kind: &str) -> Outcome {
    journey(async |stage| {
        let person = in_a_webview(stage, app, "bank=testbank&jsRedirect=true").await?;
        person.agrees().await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.answers_code("482913").await?;
        person.sees(Card::Success).await?;
        let steps = steps_heard(person).await?;
        assert_in_order(
            &steps,
            &["APP_MOUNTED", "COMPONENT_ACCEPT_CONSENT", "SUBMIT_CREDENTIAL", "SUBMIT_MFA", "REDIRECT"],
        );
        let heard = heard(person).await?;
        assert!(heard.iter().all(|(heard, _)| heard == kind), "{heard:?}");
        let messages: Vec<Value> = heard.into_iter().map(|(_, message)| message).collect();
        assert_eq!(endings(&messages).len(), 1);
        assert!(messages.iter().all(|message| message["step"] != "HEIGHT"), "a webview is as high as it is");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn stringified_messages_reach_wkwebview_as_text() -> Outcome {
    journey(async |stage| {
        let person = in_a_webview(stage, WEBKIT, "stringify=true").await?;
        person.sees(Card::Consent).await?;
        let heard = heard(person).await?;
        assert!(!heard.is_empty() && heard.iter().all(|(kind, _)| kind == "string"), "{heard:?}");
        Ok(())
    })
    .await
}

#[rstest]
#[case::react_native(REACT_NATIVE, "", "text")]
#[case::wkwebview(WEBKIT, "", "object")]
#[case::wkwebview_as_text(WEBKIT, "&stringify=true", "string")]
#[case::android(ANDROID, "", "text")]
#[tokio::test]
async fn the_app_hears_that_a_token_is_nobodys(#[case] app: &str, #[case] query: &str, #[case] kind: &str) -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        stage.browser.runs_first(app).await?;
        let page = format!("{}/v2/?authorizeToken=nobody-knows-this&webview=True{query}", stage.sandbox.widget());
        stage.browser.goto(&page).await?;
        let person = Person::new(&stage.browser, Place::Page);
        person.sees(Card::TokenInvalid).await?;
        let invalid = json!({ "step": "TOKEN_INVALID" });
        let message = if kind == "string" { json!(invalid.to_string()) } else { invalid };
        assert_eq!(heard(person).await?, [(kind.to_owned(), message)]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_app_around_a_webview_commands_it_as_the_page_itself() -> Outcome {
    const BACK: &str = "postMessage({ banklink: 1, command: 'back' }, location.origin)";
    journey(async |stage| {
        let person = in_a_webview(stage, REACT_NATIVE, "jsRedirect=true").await?;
        person.agrees().await?;
        person.chooses_institution("TestBank").await?;
        person.sees(Card::Credentials).await?;
        person.browser().await?.run(BACK, vec![]).await?;
        person.sees(Card::Institutions).await?;

        // Without the parameter the page is in no webview, and its own messages are nobody's.
        stage.browser.goto(&stage.sandbox.widget_page("bank=testbank").await?).await?;
        person.agrees().await?;
        person.sees(Card::Credentials).await?;
        person.browser().await?.run(&BACK.replace("'back'", "'close'"), vec![]).await?;
        person.types_credentials("ana", "SCA_SMS").await?;
        person.continues().await?;
        person.sees(Card::Challenge).await
    })
    .await
}

#[tokio::test]
async fn without_the_parameter_an_object_in_the_page_hears_nothing() -> Outcome {
    journey(async |stage| {
        stage.browser.runs_first(REACT_NATIVE).await?;
        stage.browser.goto(&stage.sandbox.widget_page("").await?).await?;
        let person = Person::new(&stage.browser, Place::Page);
        person.agrees().await?;
        person.finds("TestBank").await?;
        assert!(heard(person).await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_webview_without_an_app_that_listens_links_all_the_same() -> Outcome {
    journey(async |stage| {
        let person = in_a_webview(stage, "", "bank=testbank&jsRedirect=true").await?;
        person.agrees().await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        person.sees(Card::Success).await
    })
    .await
}

#[tokio::test]
async fn a_banks_own_page_opens_in_the_systems_browser_and_the_widget_goes_on_by_itself() -> Outcome {
    journey(async |stage| {
        let person = in_a_webview(stage, REACT_NATIVE, "bank=oauthbank&jsRedirect=true").await?;
        person.agrees().await?;
        person.clicks("button-bank-page").await?;
        let is_asked = |(_, message): &(String, Value)| (message["step"] == "OPEN_URL").then(|| message["url"].clone());
        let asked = async || Ok(heard(person).await?.iter().find_map(is_asked));
        let url = stage.browser.until("OPEN_URL", asked).await?;

        let client = stage.browser.client();
        let webview = client.window().await?;
        let system = client.new_window(true).await?;
        client.switch_to_window(system.handle).await?;
        stage.browser.goto(url.as_str().unwrap_or_default()).await?;
        stage.browser.click("#allow").await?;
        client.switch_to_window(webview).await?;
        person.sees(Card::Success).await?;
        let messages: Vec<Value> = heard(person).await?.into_iter().map(|(_, message)| message).collect();
        assert_eq!(endings(&messages).len(), 1);
        Ok(())
    })
    .await
}

/// An app's page that opens the widget in a window of its own, hears it, and sends it commands.
fn opening_page(widget: &str, head: &str) -> String {
    format!(
        r##"<!doctype html>
<html lang="en">
  <head><title>An app</title><link rel="icon" href="data:,">{head}</head>
  <body>
    <button id="open" type="button">Connect</button>
    <script>
      window.heard = [];
      window.addEventListener("message", ({{ source, origin, data }}) => {{
        if (source === window.opened && origin === new URL("{widget}").origin) heard.push(["object", data]);
      }});
      document.querySelector("#open").addEventListener("click", () => (window.opened = window.open("{widget}", "w")));
    </script>
  </body>
</html>"##
    )
}

/// A page that does not say where those come from who leave it.
const NO_REFERRER: &str = r#"<meta name="referrer" content="no-referrer">"#;

/// An app's page, and the widget in the window that it opened.
struct Opened<'stage> {
    stage: &'stage Stage,
    _site: Site,
    app: WindowHandle,
    widget: WindowHandle,
    person: Person<'stage>,
}

impl<'stage> Opened<'stage> {
    /// Opens the widget from a page with this in its head, whose origin the app of the toolbox may know.
    async fn from(
        stage: &'stage Stage,
        query: &str,
        head: &str,
        site: impl AsyncFnOnce(&Site) -> Outcome,
    ) -> Result<Self, JourneyError> {
        let widget = stage.sandbox.widget_page(query).await?;
        let page = Site::serve("localhost", opening_page(&widget, head)).await?;
        site(&page).await?;
        stage.browser.goto(page.origin()).await?;
        stage.browser.click("#open").await?;
        let client = stage.browser.client();
        let app = client.window().await?;
        let other = async || Ok(client.windows().await?.into_iter().find(|window| *window != app));
        let widget = stage.browser.until("the widget's window", other).await?;
        client.switch_to_window(widget.clone()).await?;
        let person = Person::new(&stage.browser, Place::Page);
        Ok(Self { stage, _site: page, app, widget, person })
    }

    async fn turns_to_the_app(&self) -> Outcome {
        Ok(self.stage.browser.client().switch_to_window(self.app.clone()).await?)
    }

    async fn turns_to_the_widget(&self) -> Outcome {
        Ok(self.stage.browser.client().switch_to_window(self.widget.clone()).await?)
    }

    /// Sends the widget a command, from the app's page.
    async fn commands(&self, command: &str) -> Outcome {
        let script = "window.opened.postMessage({ banklink: 1, command: arguments[0] }, arguments[1])";
        let arguments = vec![json!(command), json!(self.stage.sandbox.widget())];
        self.stage.browser.run(script, arguments).await.map(|_| ())
    }

    /// Waits until the app's page heard a step, and returns all steps that it heard.
    async fn hears(&self, step: &str) -> Result<Vec<String>, JourneyError> {
        let heard = async || {
            let steps = steps_heard(self.person).await?;
            Ok(steps.iter().any(|heard| heard == step).then_some(steps))
        };
        self.stage.browser.until(&format!("the message {step}"), heard).await
    }
}

/// The app has the origins that it has.
async fn as_it_is(_: &Site) -> Outcome {
    Ok(())
}

#[tokio::test]
async fn the_window_that_opened_the_widget_hears_it_and_commands_it() -> Outcome {
    journey(async |stage| {
        let opened = Opened::from(stage, "jsRedirect=true", "", as_it_is).await?;
        let person = opened.person;
        person.agrees().await?;
        person.chooses_institution("TestBank").await?;
        person.sees(Card::Credentials).await?;

        opened.turns_to_the_app().await?;
        opened.commands("back").await?;
        opened.hears("BACK_HANDLED").await?;

        opened.turns_to_the_widget().await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        person.sees(Card::Success).await?;
        opened.turns_to_the_app().await?;
        let steps = opened.hears("REDIRECT").await?;
        assert_in_order(&steps, &["APP_MOUNTED", "BACK_HANDLED", "SUBMIT_CREDENTIAL", "REDIRECT"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_on_some_port_of_localhost_that_nothing_tells_of_says_hello_first() -> Outcome {
    journey(async |stage| {
        let opened = Opened::from(stage, "", NO_REFERRER, as_it_is).await?;
        opened.person.agrees().await?;
        opened.person.finds("TestBank").await?;
        opened.turns_to_the_app().await?;
        assert!(steps_heard(opened.person).await?.is_empty(), "nobody knows yet who it is");
        opened.commands("hello").await?;
        let steps = opened.hears("COMPONENT_LOAD_INSTITUTION_SELECTOR").await?;
        assert_in_order(&steps, &["APP_MOUNTED", "COMPONENT_ACCEPT_CONSENT", "COMPONENT_LOAD_INSTITUTION_SELECTOR"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn of_several_allowed_origins_the_one_that_is_there_hears_though_nothing_tells_which() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::OtherOrigins, async |stage| {
        let allows = async |site: &Site| {
            for origin in ["https://one.example", site.origin(), "https://two.example"] {
                stage.sandbox.allows_toolbox_origin(origin).await?;
            }
            Ok(())
        };
        let opened = Opened::from(stage, "", NO_REFERRER, allows).await?;
        opened.person.agrees().await?;
        opened.person.finds("TestBank").await?;
        opened.turns_to_the_app().await?;
        let steps = opened.hears("COMPONENT_LOAD_INSTITUTION_SELECTOR").await?;
        assert_eq!(steps.iter().filter(|step| *step == "APP_MOUNTED").count(), 1);
        Ok(())
    })
    .await
}
