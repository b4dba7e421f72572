//! What lies beyond WebDriver: sizes, colours, the network, scripts before those of pages, consoles. Each driver has
//! its own way to it, and none has all.

use fantoccini::Client;
use http::Method;
use serde_json::{Value, json};

use super::{
    Complaint, Engine, Scheme, Viewport, bidi::Bidi, command::SessionCommand, connection::Connection, proxy::Proxy,
    room::Room, unexpected, webkit,
};
use crate::JourneyError;

/// The way to a browser's insides.
#[derive(Debug)]
pub(super) enum Reach {
    /// Chromium's DevTools protocol: to a window through the driver, to the browser by itself.
    DevTools(Connection),
    /// WebDriver BiDi, and Firefox's own preferences.
    Bidi(Bidi),
    /// A proxy, and the size of the window.
    WebKit(Proxy),
}

/// A script that runs before those of the pages, by what the way calls it.
#[derive(Debug)]
pub struct FirstScript(Value);

/// A browser's session, the way to its insides, and where in it a journey takes place.
#[derive(Clone, Copy)]
pub(super) struct Session<'browser> {
    pub(super) client: &'browser Client,
    pub(super) reach: &'browser Reach,
    pub(super) room: &'browser Room,
}

impl Reach {
    /// The proxy that a browser needs, which has to be there before it is.
    pub(super) async fn proxy_for(engine: Engine) -> Result<Option<Proxy>, JourneyError> {
        match engine {
            Engine::Chromium | Engine::Firefox => Ok(None),
            Engine::WebKit => Proxy::start().await.map(Some),
        }
    }

    /// Finds it.
    pub(super) async fn to(client: &Client, proxy: Option<Proxy>) -> Result<Self, JourneyError> {
        if let Some(proxy) = proxy {
            return Ok(Self::WebKit(proxy));
        }
        let capabilities = client.capabilities().cloned().unwrap_or_default();
        match capabilities.get("webSocketUrl").and_then(Value::as_str) {
            Some(address) => Bidi::connect(address).await.map(Self::Bidi),
            None => devtools(&capabilities["goog:chromeOptions"]["debuggerAddress"]).await.map(Self::DevTools),
        }
    }
}

/// Connects to the browser that listens there.
async fn devtools(address: &Value) -> Result<Connection, JourneyError> {
    let url = format!("http://{}/json/version", address.as_str().unwrap_or_default());
    let failed =
        |error: reqwest::Error| JourneyError::Request { method: "GET", url: url.clone(), problem: error.to_string() };
    let version: Value = reqwest::get(&url).await.map_err(failed)?.json().await.map_err(failed)?;
    let address = &version["webSocketDebuggerUrl"];
    let address = address.as_str().ok_or_else(|| unexpected("the address of the browser", address))?;
    Connection::open(address, |_, _| None).await
}

/// What `WebKitWebDriver` has no command for.
pub(super) fn not_in_webkit<T>(reason: &'static str) -> Result<T, JourneyError> {
    Err(JourneyError::Unable { engine: Engine::WebKit, reason })
}

impl Session<'_> {
    /// A command of the DevTools protocol.
    pub(super) async fn devtools(self, command: &str, parameters: Value) -> Result<Value, JourneyError> {
        match self.reach {
            Reach::DevTools(_) => self.post("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await,
            Reach::Bidi(_) => {
                Err(JourneyError::Unable { engine: Engine::Firefox, reason: "it has no DevTools protocol" })
            }
            Reach::WebKit(_) => not_in_webkit("it has no DevTools protocol"),
        }
    }

    pub(super) async fn set_viewport(self, viewport: Viewport) -> Result<(), JourneyError> {
        let Viewport { width, height } = viewport;
        match self.reach {
            Reach::DevTools(_) => {
                let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                self.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
            }
            Reach::Bidi(bidi) => {
                let size = json!({ "width": width, "height": height });
                bidi.command("browsingContext.setViewport", json!({ "context": self.window(), "viewport": size }))
                    .await?;
            }
            Reach::WebKit(_) => webkit::set_viewport(self.client, viewport).await?,
        }
        Ok(())
    }

    pub(super) async fn prefer(self, scheme: Scheme) -> Result<(), JourneyError> {
        match self.reach {
            Reach::DevTools(_) => {
                let features = json!([
                    { "name": "prefers-color-scheme", "value": scheme.as_str() },
                    { "name": "prefers-reduced-motion", "value": "reduce" },
                ]);
                self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
            }
            Reach::Bidi(_) => {
                const SET: &str = "
                    Services.prefs.setIntPref('ui.systemUsesDarkTheme', arguments[0]);
                    Services.prefs.setIntPref('ui.prefersReducedMotion', 1)";
                self.runs_in_firefox(SET, json!([u8::from(scheme == Scheme::Dark)])).await?;
            }
            Reach::WebKit(_) if scheme == Scheme::Light => {}
            Reach::WebKit(_) => not_in_webkit("its driver can't set the colours that the system prefers")?,
        }
        Ok(())
    }

    pub(super) async fn set_offline(self, offline: bool) -> Result<(), JourneyError> {
        match self.reach {
            Reach::DevTools(_) => {
                let speed = if offline { 0 } else { -1 };
                let conditions =
                    json!({ "offline": offline, "latency": 0, "downloadThroughput": speed, "uploadThroughput": speed });
                self.devtools("Network.enable", json!({})).await?;
                self.devtools("Network.emulateNetworkConditions", conditions).await?;
            }
            Reach::Bidi(bidi) => {
                let conditions = if offline { json!({ "type": "offline" }) } else { Value::Null };
                let parameters = json!({ "networkConditions": conditions, "contexts": [self.window()] });
                bidi.command("emulation.setNetworkConditions", parameters).await?;
            }
            Reach::WebKit(proxy) => proxy.set_offline(offline),
        }
        Ok(())
    }

    pub(super) async fn blocks(self, parts: &[&str]) -> Result<(), JourneyError> {
        match self.reach {
            Reach::DevTools(_) => {
                let addresses: Vec<String> = parts.iter().map(|part| format!("*{part}*")).collect();
                self.devtools("Network.enable", json!({})).await?;
                self.devtools("Network.setBlockedURLs", json!({ "urls": addresses })).await?;
            }
            Reach::Bidi(bidi) => bidi.blocks(parts).await?,
            Reach::WebKit(proxy) => proxy.rules().blocked = parts.iter().map(|&part| part.to_owned()).collect(),
        }
        Ok(())
    }

    pub(super) async fn runs_first(self, script: &str) -> Result<FirstScript, JourneyError> {
        match self.reach {
            Reach::DevTools(_) => {
                let answer =
                    self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await?;
                Ok(FirstScript(answer["identifier"].clone()))
            }
            Reach::Bidi(bidi) => bidi.runs_first(script).await.map(FirstScript),
            Reach::WebKit(proxy) => {
                let mut rules = proxy.rules();
                rules.first.push(Some(script.to_owned()));
                Ok(FirstScript((rules.first.len() - 1).into()))
            }
        }
    }

    pub(super) async fn runs_first_no_more(self, script: FirstScript) -> Result<(), JourneyError> {
        match self.reach {
            Reach::DevTools(_) => {
                let parameters = json!({ "identifier": script.0 });
                self.devtools("Page.removeScriptToEvaluateOnNewDocument", parameters).await?;
            }
            Reach::Bidi(bidi) => bidi.runs_first_no_more(&script.0).await?,
            Reach::WebKit(proxy) => {
                let place = script.0.as_u64().and_then(|place| usize::try_from(place).ok());
                let mut rules = proxy.rules();
                if let Some(place) = place.and_then(|place| rules.first.get_mut(place)) {
                    *place = None;
                }
            }
        }
        Ok(())
    }

    pub(super) async fn complaints(self) -> Result<Vec<Complaint>, JourneyError> {
        match self.reach {
            Reach::DevTools(_) => {
                let log = self.post("se/log", json!({ "type": "browser" })).await?;
                let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
                let severe = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
                let complaints =
                    severe.map(|entry| Complaint { source: text(entry, "source"), message: text(entry, "message") });
                Ok(complaints.collect())
            }
            Reach::Bidi(bidi) => Ok(bidi.complaints()),
            Reach::WebKit(_) => Ok(Vec::new()),
        }
    }

    /// Takes back what was set for the browser as a whole, and gives a new window the size that a browser begins with.
    pub(super) async fn forgets_settings(self) -> Result<(), JourneyError> {
        if let Reach::Bidi(bidi) = self.reach {
            bidi.blocks(&[]).await?;
            bidi.runs_nothing_first().await?;
            let prefers_nothing = "Services.prefs.clearUserPref('ui.systemUsesDarkTheme')";
            self.runs_in_firefox(prefers_nothing, json!([])).await?;
        }
        self.set_viewport(Viewport::DESKTOP).await?;
        // What the windows before had still to say.
        self.complaints().await.map(|_| ())
    }

    /// Runs a script with all the rights of Firefox itself.
    async fn runs_in_firefox(self, script: &str, arguments: Value) -> Result<(), JourneyError> {
        self.post("moz/context", json!({ "context": "chrome" })).await?;
        let ran = self.post("execute/sync", json!({ "script": script, "args": arguments })).await;
        self.post("moz/context", json!({ "context": "content" })).await?;
        ran.map(|_| ())
    }

    fn window(self) -> String {
        self.room.window.clone().into()
    }

    pub(super) async fn post(self, path: &'static str, body: Value) -> Result<Value, JourneyError> {
        Ok(self.client.issue_cmd(SessionCommand { method: Method::POST, path, body }).await?)
    }
}
