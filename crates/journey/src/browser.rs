//! A browser, driven by WebDriver.

mod bidi;
mod command;
mod connection;
mod driver;
mod engine;
mod firefox;
mod pool;
mod proxy;
mod reach;
mod room;
mod webkit;

use std::{fs, path::Path, time::Duration};

use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::{Element, ElementRef},
    error::{CmdError, ErrorStatus},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use self::{
    driver::Driver,
    reach::{Reach, Session},
    room::Room,
};
pub use self::{
    driver::GECKODRIVER,
    engine::Engine,
    firefox::{PROFILE as FIREFOX_PROFILE, prepare_profile as prepare_firefox_profile},
    reach::FirstScript,
};
use crate::JourneyError;

/// How long anything may take that is waited for.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How long after the first look is looked again whether it happened; after each other one it is twice as long.
const FIRST_GLANCE: Duration = Duration::from_millis(10);

/// The longest time between two looks. To look takes processor time from what is waited for.
pub(crate) const GLANCE: Duration = Duration::from_millis(100);

/// The name under which WebDriver's JSON refers to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with a fresh profile. Dropping it closes it; journeys leave it to the next with [`Browser::hand_on`].
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    client: Client,
    reach: Reach,
    room: Room,
    _driver: Driver,
}

/// How long a browser may take to open.
const OPENING: Duration = Duration::from_mins(2);

/// The colours that the system prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Scheme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// As CSS spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The size of the page on the screen, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewport {
    /// Left to right.
    pub width: u32,
    /// Top to bottom.
    pub height: u32,
}

impl Viewport {
    /// A small phone.
    pub const PHONE: Self = Self { width: 360, height: 740 };
    /// A laptop.
    pub const DESKTOP: Self = Self { width: 1280, height: 900 };
}

/// An entry of the browser's console that says something went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// `security` (CSP), `javascript` (uncaught), `console-api` (`console.error`), `network` (refused requests), …
    pub source: String,
    /// What it says.
    pub message: String,
}

impl Browser {
    /// Opens the one that the environment's `BANKLINK_ENGINE` names, or Chromium.
    ///
    /// `BANKLINK_CHROMEDRIVER` and `BANKLINK_CHROMIUM`, `BANKLINK_GECKODRIVER` and `BANKLINK_FIREFOX`,
    /// `BANKLINK_WEBKITDRIVER` of the environment say where the programs are, if not where
    /// they are looked for.
    pub async fn open() -> Result<Self, JourneyError> {
        let opening = async {
            // A driver may never answer: WebKit's did once.
            let start = tokio::time::timeout(OPENING, Self::start(Engine::of_environment()));
            let opened = pool::runtime()?
                .spawn(start)
                .await
                .map(|opened| opened.unwrap_or(Err(JourneyError::NeverEnded(OPENING))));
            opened.unwrap_or_else(|error| Err(unexpected("a new browser", &error.to_string().into())))
        };
        opening.await.map_err(|error| JourneyError::NoBrowser(Box::new(error)))
    }

    async fn start(engine: Engine) -> Result<Self, JourneyError> {
        let driver = Driver::start(engine).await?;
        let proxy = Reach::proxy_for(engine).await?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let mut capabilities = engine.capabilities(driver.profile());
        if let Some(proxy) = &proxy {
            capabilities.insert("proxy".to_owned(), json!({ "proxyType": "manual", "httpProxy": proxy.address() }));
        }
        let client = builder.capabilities(capabilities).connect(&driver.address()).await?;
        // The driver ends the session, and the browser with it.
        client.persist().await?;
        let reach = Reach::to(&client, proxy).await?;
        let room = Room::first(client.window().await?);
        let browser = Self { engine, client, reach, room, _driver: driver };
        browser.set_viewport(Viewport::DESKTOP).await?;
        Ok(browser)
    }

    /// Which one it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    fn session(&self) -> Session<'_> {
        Session { client: &self.client, reach: &self.reach, room: &self.room }
    }

    /// The client, for what there is no function for here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Loads an address in the top window.
    pub async fn goto(&self, url: &str) -> Result<(), JourneyError> {
        Ok(self.client.goto(url).await?)
    }

    /// Reloads the top window.
    pub async fn reload(&self) -> Result<(), JourneyError> {
        Ok(self.client.refresh().await?)
    }

    /// Address of the top window.
    pub async fn address(&self) -> Result<String, JourneyError> {
        Ok(self.client.current_url().await?.into())
    }

    /// Runs a script in the frame that is entered, and returns what it returns.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value, JourneyError> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Turns to the top window, out of every frame.
    pub async fn enter_top(&self) -> Result<(), JourneyError> {
        self.session().post("frame", json!({ "id": null })).await.map(|_| ())
    }

    /// Turns to the top window's first frame, if there is one now; says whether.
    pub async fn tries_to_enter_frame(&self) -> Result<bool, JourneyError> {
        self.enter_top().await?;
        match self.session().post("frame", json!({ "id": 0 })).await {
            Ok(_) => Ok(true),
            Err(JourneyError::Browser(CmdError::Standard(refused))) if refused.error == ErrorStatus::NoSuchFrame => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Turns to a frame of the top window, as soon as it is there.
    pub async fn enter_frame(&self, selector: &str) -> Result<(), JourneyError> {
        self.enter_top().await?;
        self.until(&format!("the frame {selector}"), async || {
            let frame = self.client.find(Locator::Css(selector)).await?;
            frame.enter_frame().await?;
            Ok(Some(()))
        })
        .await
    }

    /// A command of the DevTools protocol, to the top window.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value, JourneyError> {
        self.session().devtools(command, parameters).await
    }

    /// Sets the size of the page.
    pub async fn set_viewport(&self, viewport: Viewport) -> Result<(), JourneyError> {
        self.session().set_viewport(viewport).await
    }

    /// Sets the colours that the system prefers. Motion it prefers not at all, so that pictures are still.
    pub async fn prefer(&self, scheme: Scheme) -> Result<(), JourneyError> {
        self.session().prefer(scheme).await
    }

    /// Takes the network away.
    pub async fn goes_offline(&self) -> Result<(), JourneyError> {
        self.session().set_offline(true).await
    }

    /// Gives the network back, as fast as it is.
    pub async fn goes_online(&self) -> Result<(), JourneyError> {
        self.session().set_offline(false).await
    }

    /// Refuses requests whose address contains one of these, until told otherwise.
    pub async fn blocks(&self, parts: &[&str]) -> Result<(), JourneyError> {
        self.session().blocks(parts).await
    }

    /// Runs a script in every frame loaded from now on, before its own scripts.
    pub async fn runs_first(&self, script: &str) -> Result<FirstScript, JourneyError> {
        self.session().runs_first(script).await
    }

    /// Ends that.
    pub async fn runs_first_no_more(&self, script: FirstScript) -> Result<(), JourneyError> {
        self.session().runs_first_no_more(script).await
    }

    /// What the consoles of all frames complained about since this was last called. WebKit's driver does not say.
    pub async fn complaints(&self) -> Result<Vec<Complaint>, JourneyError> {
        self.session().complaints().await
    }

    /// Whether it says what consoles complain about.
    pub fn tells_complaints(&self) -> bool {
        !matches!(self.reach, Reach::WebKit(_))
    }

    /// A picture of the page, as PNG.
    pub async fn picture(&self) -> Result<Vec<u8>, JourneyError> {
        Ok(self.client.screenshot().await?)
    }

    /// Clicks what a selector finds, as soon as it can be clicked.
    pub async fn click(&self, selector: &str) -> Result<(), JourneyError> {
        self.until(&format!("{selector} to be clickable"), async || {
            let found = self.client.find(Locator::Css(selector)).await?;
            self.comes_to_rest().await?;
            found.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Waits until a frame has kept its size for longer than the widget takes to say how high it is: hosts follow that, and
    /// what is pointed at moves then. Drivers click where it was.
    async fn comes_to_rest(&self) -> Result<(), JourneyError> {
        const RESTS: &str = "
            const done = arguments[0];
            const look = (seen, times) => {
                const now = `${innerWidth} ${innerHeight} ${scrollY}`;
                if (window === top || times === 8) done();
                else requestAnimationFrame(() => look(now, seen === now ? times + 1 : 0));
            };
            look('', 0)";
        self.client.execute_async(RESTS, vec![]).await?;
        Ok(())
    }

    /// Clicks what a selector finds and types into it, after what is there, as soon as it can be typed into.
    pub async fn type_into(&self, selector: &str, text: &str) -> Result<(), JourneyError> {
        self.type_one_after_the_other(selector, &[text]).await
    }

    /// Replaces what stands in a field, as a person does: select all, type over it.
    pub async fn type_over(&self, selector: &str, text: &str) -> Result<(), JourneyError> {
        let select_all = format!("{}a{}", '\u{e009}', '\u{e000}');
        self.type_one_after_the_other(selector, &[&select_all, text]).await
    }

    async fn type_one_after_the_other(&self, selector: &str, texts: &[&str]) -> Result<(), JourneyError> {
        self.until(&format!("{selector} to take text"), async || {
            let field = self.client.find(Locator::Css(selector)).await?;
            self.comes_to_rest().await?;
            field.click().await?;
            for text in texts {
                field.send_keys(text).await?;
            }
            Ok(Some(()))
        })
        .await
    }

    /// Presses keys where the focus is. Special keys are those of [`fantoccini::key::Key`].
    pub async fn press(&self, keys: &str) -> Result<(), JourneyError> {
        let focused = self.run("return document.activeElement", vec![]).await?;
        Ok(self.element(&focused).ok_or_else(nothing_focused)?.send_keys(keys).await?)
    }

    /// The element in what a script returned.
    fn element(&self, found: &Value) -> Option<Element> {
        let element = ElementRef::from(found[ELEMENT].as_str()?.to_owned());
        Some(Element::from_element_id(self.client.clone(), element))
    }

    /// The text that a selector's first match shows, as soon as it is visible.
    pub async fn text_of(&self, selector: &str) -> Result<String, JourneyError> {
        self.until(&format!("the text of {selector}"), async || {
            let texts = self.visible_texts(selector).await?;
            Ok(texts.first().and_then(Value::as_str).map(str::to_owned))
        })
        .await
    }

    /// Waits until a selector finds something visible.
    pub async fn sees(&self, selector: &str) -> Result<(), JourneyError> {
        self.text_of(selector).await.map(|_| ())
    }

    /// Whether a selector finds something visible now.
    pub async fn shows(&self, selector: &str) -> Result<bool, JourneyError> {
        Ok(self.visible_texts(selector).await?.iter().any(|text| !text.is_null()))
    }

    /// What each match of a selector shows, or nothing where it is invisible. The drivers' own notions of what is
    /// visible differ, most of all within dialogs.
    async fn visible_texts(&self, selector: &str) -> Result<Vec<Value>, JourneyError> {
        const TEXTS: &str = "
            const is_visible = (element) =>
                element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
                [...element.getClientRects()].some(({ width, height }) => width > 0 && height > 0);
            return [...document.querySelectorAll(arguments[0])]
                .map((element) => is_visible(element) ? element.innerText.trim() : null)";
        let texts = self.run(TEXTS, vec![selector.into()]).await?;
        Ok(texts.as_array().cloned().unwrap_or_default())
    }

    /// Clicks the element that a script returns, as soon as it returns one that can be clicked.
    pub async fn click_what(&self, what: &str, script: &str, arguments: Vec<Value>) -> Result<(), JourneyError> {
        self.until(what, async || {
            let found = self.run(script, arguments.clone()).await?;
            let Some(element) = self.element(&found) else { return Ok(None) };
            self.comes_to_rest().await?;
            element.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// All that a selector finds now.
    pub async fn all(&self, selector: &str) -> Result<Vec<Element>, JourneyError> {
        Ok(self.client.find_all(Locator::Css(selector)).await?)
    }

    /// Waits until `look` returns something. While the page changes, elements come and go: what the browser refuses
    /// for that reason is tried again.
    pub async fn until<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>, JourneyError>,
    ) -> Result<T, JourneyError> {
        let (mut refused, mut glance) = (None, FIRST_GLANCE);
        let wait = async {
            loop {
                match look().await {
                    Ok(Some(found)) => return Ok(found),
                    Ok(None) => refused = None,
                    Err(JourneyError::Browser(error)) if passes(&error) => refused = Some(error),
                    Err(error) => return Err(error),
                }
                tokio::time::sleep(glance).await;
                glance = GLANCE.min(glance * 2);
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(found) => found,
            Err(_) => Err(self.never_happened(what, refused).await),
        }
    }

    /// Writes a picture of the page to a file.
    pub async fn save_picture(&self, path: &Path) -> Result<(), JourneyError> {
        let picture = self.picture().await?;
        fs::write(path, picture).map_err(|source| JourneyError::File { path: path.to_path_buf(), source })
    }

    async fn never_happened(&self, what: &str, refused: Option<CmdError>) -> JourneyError {
        let page = self.run("return `${location.origin}${location.pathname}:\n${document.body?.innerText}`", vec![]);
        let page = page.await.map_or_else(|error| error.to_string(), |page| page.as_str().unwrap_or("").to_owned());
        let complaints = self.complaints().await.unwrap_or_default();
        let refused = refused.map_or_else(String::new, |error| format!("the browser said: {error}\n"));
        let circumstances = format!("{refused}── page {page}\n── console {complaints:#?}");
        JourneyError::NeverHappened { what: what.to_owned(), waited: PATIENCE, circumstances }
    }
}

/// Whether what the browser refused may work in a moment.
fn passes(error: &CmdError) -> bool {
    let CmdError::Standard(refused) = error else { return false };
    // So Firefox says that a script was to run in a page that goes away.
    let own_trouble = refused.error == ErrorStatus::JavascriptError && refused.message.starts_with("[Exception");
    if own_trouble {
        return true;
    }
    matches!(
        refused.error,
        ErrorStatus::NoSuchElement
            | ErrorStatus::NoSuchFrame
            // So the driver calls a frame that went away while it was entered.
            | ErrorStatus::NoSuchWindow
            | ErrorStatus::StaleElementReference
            | ErrorStatus::ElementNotInteractable
            | ErrorStatus::ElementClickIntercepted
            | ErrorStatus::UnknownError
    )
}

fn nothing_focused() -> JourneyError {
    JourneyError::Unexpected { asked: "the element in focus", answer: "none".to_owned() }
}

fn unexpected(asked: &'static str, answer: &Value) -> JourneyError {
    JourneyError::Unexpected { asked, answer: answer.to_string() }
}
