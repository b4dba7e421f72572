//! Where parameters are tried: an app with a page of its own, on which the widget is framed and heard.

use std::{
    fs,
    sync::atomic::{AtomicU32, Ordering},
};

use banklink_journey::{App, JourneyError, NewApp, Person, Place, SandboxOptions, Site, person::Card};
use banklink_protocol::parameters::Scope;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::stage::{Allowed, Outcome, Stage, journey_with};

/// As people see the app.
pub(super) const APP: &str = "Pennywise";

/// A scheme of its own.
pub(super) const SCHEME: &str = "pennywise";

/// Listed where not only the sandbox's own institutions are.
pub(super) const IMPORTED: &str = "Imported Savings";

/// What is of no interest where something else is tried: the app's consent, and leaving the page at the end.
pub(super) const SHORT: &str = "consentEnable=false&jsRedirect=true";

/// The same, at TestBank's form.
pub(super) const AT_TESTBANK: &str = "consentEnable=false&jsRedirect=true&bank=testbank";

/// The app's page: at its own address with a `#`, it frames the address after that and writes down what it hears. That
/// is kept when the page is left for one of its others.
const PAGE: &str = r#"<!doctype html>
<html lang="en">
  <head><title>An app</title><link rel="icon" href="data:,"></head>
  <body>
    <script>
      window.heard = JSON.parse(sessionStorage.heard ?? "[]");
      if (location.hash) {
        heard = [];
        addEventListener("message", ({ data }) => {
          heard.push(data);
          sessionStorage.heard = JSON.stringify(heard);
        });
        const frame = document.createElement("iframe");
        Object.assign(frame, { title: "Connect your bank", width: 600, height: 700, src: location.hash.slice(1) });
        document.body.append(frame);
      }
    </script>
  </body>
</html>"#;

/// An app, its page, and a server and a browser to try them with.
pub(super) struct Ground<'stage> {
    pub(super) stage: &'stage Stage,
    pub(super) app: App,
    site: Site,
    people: AtomicU32,
}

/// A row of the table, under one of its names.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) ground: &'a Ground<'a>,
    pub(super) spelling: &'static str,
    pub(super) scope: Scope,
}

/// A journey with an app of its own.
pub(super) async fn on_ground(allowed: Allowed, go: impl AsyncFnOnce(&Ground<'_>) -> Outcome) -> Outcome {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let institutions = folder.path().join("institutions.jsonl");
    let imported = format!(r#"{{"id": "imported", "name": "{IMPORTED}", "country": "ES"}}"#);
    fs::write(&institutions, imported).expect("a temporary file");
    let options = SandboxOptions { institutions: Some(institutions), ..SandboxOptions::default() };
    journey_with(options, allowed, async |stage| {
        let site = Site::serve("localhost", PAGE.to_owned()).await?;
        let app = create(stage, &site, &["--allow-without-token"])?;
        go(&Ground { stage, app, site, people: AtomicU32::new(0) }).await
    })
    .await
}

fn create(stage: &Stage, site: &Site, flags: &[&str]) -> Result<App, JourneyError> {
    let [back, elsewhere] = ["back", "elsewhere"].map(|path| format!("{}/{path}", site.origin()));
    let redirect_uris = [back, elsewhere, format!("{SCHEME}://linked")];
    let origins = [site.origin().to_owned()];
    App::create(&stage.sandbox, &NewApp { name: APP, redirect_uris: &redirect_uris, origins: &origins, flags })
}

impl<'stage> Ground<'stage> {
    /// Another app of the same page, which wants a token for everything, as apps do by themselves.
    pub(super) fn forcing_app(&self) -> Result<App, JourneyError> {
        create(self.stage, &self.site, &[])
    }

    /// Where people go at the end, unless it is said.
    pub(super) fn back(&self) -> String {
        format!("{}/back", self.site.origin())
    }

    /// Another address of the app's.
    pub(super) fn elsewhere(&self) -> String {
        format!("{}/elsewhere", self.site.origin())
    }

    /// Opens the widget in the app's page, with a new token.
    pub(super) async fn opens(&self, query: &str) -> Result<Person<'stage>, JourneyError> {
        self.opens_with(&self.app.authorize_token(&[]).await?, query).await
    }

    /// The same with a token that is given.
    pub(super) async fn opens_with(&self, token: &str, query: &str) -> Result<Person<'stage>, JourneyError> {
        self.opens_at(&format!("/v2/?authorizeToken={token}&{query}")).await
    }

    /// Opens the widget in the app's page, in a tab that knows nothing.
    pub(super) async fn opens_at(&self, path_and_query: &str) -> Result<Person<'stage>, JourneyError> {
        let browser = &self.stage.browser;
        // A page that differs after the `#` only would not be loaded anew.
        browser.goto("about:blank").await?;
        browser.goto(&format!("{}/#{}{path_and_query}", self.site.origin(), self.stage.sandbox.widget())).await?;
        Ok(Person::new(browser, Place::Frame))
    }

    /// Opens the widget as a page of its own.
    pub(super) async fn opens_alone(&self, query: &str) -> Result<Person<'stage>, JourneyError> {
        let token = self.app.authorize_token(&[]).await?;
        let address = format!("{}/v2/?authorizeToken={token}&{query}", self.stage.sandbox.widget());
        self.stage.browser.goto(&address).await?;
        Ok(Person::new(&self.stage.browser, Place::Page))
    }

    /// A user name that nobody had before: somebody whose connection is new.
    pub(super) fn somebody(&self) -> String {
        format!("person-{}", self.people.fetch_add(1, Ordering::Relaxed))
    }

    /// Links TestBank from its form, as somebody new, and returns what the host hears.
    pub(super) async fn links(&self, person: Person<'_>) -> Result<Value, JourneyError> {
        self.signs_in(person, "any other password").await?;
        self.hears("REDIRECT").await
    }

    /// Somebody new sends TestBank's form.
    pub(super) async fn signs_in(&self, person: Person<'_>, password: &str) -> Outcome {
        person.types_credentials(&self.somebody(), password).await?;
        person.continues().await
    }

    /// Exchanges the code of a `REDIRECT`.
    pub(super) async fn exchanges(&self, redirect: &Value) -> Result<Value, JourneyError> {
        self.app.exchange(redirect["code"].as_str().unwrap_or_default()).await
    }

    /// Links TestBank from its form, and reads the connection.
    pub(super) async fn connects(&self, person: Person<'_>) -> Result<Value, JourneyError> {
        let redirect = self.links(person).await?;
        Ok(self.exchanges(&redirect).await?["connection"].clone())
    }

    /// What the app's page heard until now.
    pub(super) async fn heard(&self) -> Result<Vec<Value>, JourneyError> {
        self.stage.browser.enter_top().await?;
        let heard = self.stage.browser.run("return window.heard ?? []", vec![]).await?;
        Ok(heard.as_array().cloned().unwrap_or_default())
    }

    /// Waits for a message and returns it; the last of them, if several came.
    pub(super) async fn hears(&self, step: &str) -> Result<Value, JourneyError> {
        let heard = async || Ok(self.heard().await?.into_iter().rfind(|message| message["step"] == step));
        self.stage.browser.until(&format!("the message {step}"), heard).await
    }

    /// Waits for the screen and the message that a value of this parameter is refused.
    pub(super) async fn is_refused(&self, person: Person<'_>, parameter: &str) -> Outcome {
        person.sees(Card::Failure).await?;
        let error = self.hears("ERROR").await?;
        assert_eq!((&error["code"], &error["parameter"]), (&"INVALID_PARAMETER".into(), &parameter.into()));
        Ok(())
    }

    /// Waits until the whole window is at an address that begins like this, and returns it.
    pub(super) async fn goes_to(&self, beginning: &str) -> Result<String, JourneyError> {
        let arrived = async || {
            self.stage.browser.enter_top().await?;
            let address = self.stage.browser.address().await?;
            Ok(address.starts_with(beginning).then_some(address))
        };
        self.stage.browser.until(&format!("{beginning} in the whole window"), arrived).await
    }
}

impl<'a> Row<'a> {
    /// Opens the widget with a value in this row, and others beside it.
    pub(super) async fn opens(self, value: &str, others: &str) -> Result<Person<'a>, JourneyError> {
        match self.scope {
            Scope::Anyone => self.opens_by_url(value, others).await,
            Scope::AppOrToken => {
                let token = self.ground.app.authorize_token(&[(self.spelling, value)]).await?;
                self.ground.opens_with(&token, others).await
            }
        }
    }

    /// The same, with the value in the address, whoever may set it.
    pub(super) async fn opens_by_url(self, value: &str, others: &str) -> Result<Person<'a>, JourneyError> {
        self.ground.opens(&self.with(value, others)).await
    }

    /// A query with a value in this row, and others beside it.
    pub(super) fn with(self, value: &str, others: &str) -> String {
        format!("{others}&{}={}", self.spelling, utf8_percent_encode(value, NON_ALPHANUMERIC))
    }
}
