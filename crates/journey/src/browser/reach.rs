//! What lies beyond WebDriver: sizes, colours, the network, scripts before those of pages, consoles. Each driver has
//! its own way to it, and none has all.

use fantoccini::Client;
use http::Method;
use serde_json::{Value, json};

use super::{Complaint, Engine, Scheme, Viewport, bidi::Bidi, command::SessionCommand, proxy::Proxy, webkit};
use crate::JourneyError;

/// The way to a browser's insides.
#[derive(Debug)]
pub(super) enum Reach {
    /// Chromium's DevTools protocol, through its driver.
    DevTools,
    /// WebDriver BiDi, and Firefox's own preferences; of the window that was there first.
    Bidi(Bidi, Value),
    /// A proxy, and the size of the window.
    WebKit(Proxy),
}

/// A script that runs before those of the pages, by what the way calls it.
#[derive(Debug)]
pub struct FirstScript(Value);

/// A browser's session and the way to its insides.
#[derive(Clone, Copy)]
pub(super) struct Session<'browser> {
    pub(super) client: &'browser Client,
    pub(super) reach: &'browser Reach,
}

impl Reach {
    /// What has to be there before the browser is.
    pub(super) async fn before(engine: Engine) -> Result<Option<Proxy>, JourneyError> {
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
        let address = client.capabilities().and_then(|all| all.get("webSocketUrl")).and_then(Value::as_str);
        let Some(address) = address else { return Ok(Self::DevTools) };
        let bidi = Bidi::connect(address).await?;
        let window = bidi.first_window().await?;
        Ok(Self::Bidi(bidi, window))
    }
}

/// What `WebKitWebDriver` has no command for.
fn not_in_webkit<T>(reason: &'static str) -> Result<T, JourneyError> {
    Err(JourneyError::Unable { engine: Engine::WebKit, reason })
}

impl Session<'_> {
    /// A command of the DevTools protocol.
    pub(super) async fn devtools(self, command: &str, parameters: Value) -> Result<Value, JourneyError> {
        match self.reach {
            Reach::DevTools => self.post("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await,
            Reach::Bidi(..) => {
                Err(JourneyError::Unable { engine: Engine::Firefox, reason: "it has no DevTools protocol" })
            }
            Reach::WebKit(_) => not_in_webkit("it has no DevTools protocol"),
        }
    }

    pub(super) async fn set_viewport(self, viewport: Viewport) -> Result<(), JourneyError> {
        let Viewport { width, height } = viewport;
        match self.reach {
            Reach::DevTools => {
                let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                self.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
            }
            Reach::Bidi(bidi, window) => {
                let size = json!({ "width": width, "height": height });
                bidi.command("browsingContext.setViewport", json!({ "context": window, "viewport": size })).await?;
            }
            Reach::WebKit(_) => webkit::set_viewport(self.client, viewport).await?,
        }
        Ok(())
    }

    pub(super) async fn prefer(self, scheme: Scheme) -> Result<(), JourneyError> {
        match self.reach {
            Reach::DevTools => {
                let features = json!([
                    { "name": "prefers-color-scheme", "value": scheme.as_str() },
                    { "name": "prefers-reduced-motion", "value": "reduce" },
                ]);
                self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
            }
            Reach::Bidi(..) => {
                let dark = u8::from(scheme == Scheme::Dark);
                self.sets_preferences(&[("ui.systemUsesDarkTheme", dark), ("ui.prefersReducedMotion", 1)]).await?;
            }
            Reach::WebKit(_) if scheme == Scheme::Light => {}
            Reach::WebKit(_) => not_in_webkit("its driver can't set the colours that the system prefers")?,
        }
        Ok(())
    }

    pub(super) async fn set_offline(self, offline: bool) -> Result<(), JourneyError> {
        match self.reach {
            Reach::DevTools => {
                let speed = if offline { 0 } else { -1 };
                let conditions =
                    json!({ "offline": offline, "latency": 0, "downloadThroughput": speed, "uploadThroughput": speed });
                self.devtools("Network.enable", json!({})).await?;
                self.devtools("Network.emulateNetworkConditions", conditions).await?;
            }
            Reach::Bidi(bidi, window) => {
                let conditions = if offline { json!({ "type": "offline" }) } else { Value::Null };
                let parameters = json!({ "networkConditions": conditions, "contexts": [window] });
                bidi.command("emulation.setNetworkConditions", parameters).await?;
            }
            Reach::WebKit(proxy) => proxy.set_offline(offline),
        }
        Ok(())
    }

    pub(super) async fn blocks(self, parts: &[&str]) -> Result<(), JourneyError> {
        match self.reach {
            Reach::DevTools => {
                let addresses: Vec<String> = parts.iter().map(|part| format!("*{part}*")).collect();
                self.devtools("Network.enable", json!({})).await?;
                self.devtools("Network.setBlockedURLs", json!({ "urls": addresses })).await?;
            }
            Reach::Bidi(bidi, _) => {
                bidi.blocks(parts);
                bidi.command("network.addIntercept", json!({ "phases": ["beforeRequestSent"] })).await?;
            }
            Reach::WebKit(proxy) => proxy.rules().blocked = parts.iter().map(|&part| part.to_owned()).collect(),
        }
        Ok(())
    }

    pub(super) async fn runs_first(self, script: &str) -> Result<FirstScript, JourneyError> {
        match self.reach {
            Reach::DevTools => {
                let answer =
                    self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await?;
                Ok(FirstScript(answer["identifier"].clone()))
            }
            Reach::Bidi(bidi, _) => {
                let function = json!({ "functionDeclaration": format!("() => {{ {script}\n}}") });
                let answer = bidi.command("script.addPreloadScript", function).await?;
                Ok(FirstScript(answer["script"].clone()))
            }
            Reach::WebKit(proxy) => {
                let mut rules = proxy.rules();
                rules.first.push(Some(script.to_owned()));
                Ok(FirstScript((rules.first.len() - 1).into()))
            }
        }
    }

    pub(super) async fn runs_first_no_more(self, script: FirstScript) -> Result<(), JourneyError> {
        match self.reach {
            Reach::DevTools => {
                let parameters = json!({ "identifier": script.0 });
                self.devtools("Page.removeScriptToEvaluateOnNewDocument", parameters).await?;
            }
            Reach::Bidi(bidi, _) => {
                bidi.command("script.removePreloadScript", json!({ "script": script.0 })).await?;
            }
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
            Reach::DevTools => {
                let log = self.post("se/log", json!({ "type": "browser" })).await?;
                let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
                let severe = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
                let complaints =
                    severe.map(|entry| Complaint { source: text(entry, "source"), message: text(entry, "message") });
                Ok(complaints.collect())
            }
            Reach::Bidi(bidi, _) => Ok(bidi.complaints()),
            Reach::WebKit(_) => Ok(Vec::new()),
        }
    }

    /// Sets whole numbers among Firefox's preferences.
    async fn sets_preferences(self, preferences: &[(&str, u8)]) -> Result<(), JourneyError> {
        const SET: &str = "for (const [name, value] of arguments[0]) Services.prefs.setIntPref(name, value)";
        self.post("moz/context", json!({ "context": "chrome" })).await?;
        let set = self.post("execute/sync", json!({ "script": SET, "args": [preferences] })).await;
        self.post("moz/context", json!({ "context": "content" })).await?;
        set.map(|_| ())
    }

    pub(super) async fn post(self, path: &'static str, body: Value) -> Result<Value, JourneyError> {
        Ok(self.client.issue_cmd(SessionCommand { method: Method::POST, path, body }).await?)
    }
}
