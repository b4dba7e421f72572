//! The browsers that journeys run in.

use std::{env, path::Path};

use serde_json::{Map, Value, json};

/// The environment's variable that says in which browser journeys run: `chromium` (the default), `firefox` or `webkit`.
const VARIABLE: &str = "BANKLINK_ENGINE";

/// What draws pages and runs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, with chromedriver.
    Chromium,
    /// Firefox, with geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser, with `WebKitWebDriver`, on a screen of its own (Xvfb).
    WebKit,
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// As people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        }
    }

    /// The variable of the environment that chooses it, and its value.
    pub fn variable(self) -> (&'static str, String) {
        (VARIABLE, self.name().to_lowercase())
    }

    /// The one that the environment names.
    pub(super) fn of_environment() -> Self {
        let named = env::var(VARIABLE).unwrap_or_default();
        Self::ALL.into_iter().find(|engine| named == engine.variable().1).unwrap_or(Self::Chromium)
    }

    /// What a session is asked for. The profile is Firefox's.
    pub(super) fn capabilities(self, profile: Option<&Path>) -> Map<String, Value> {
        let capabilities = match self {
            Self::Chromium => json!({
                "browserName": "chrome",
                "goog:chromeOptions": chromium(),
                "goog:loggingPrefs": { "browser": "ALL" },
            }),
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": firefox(profile),
                "webSocketUrl": true,
            }),
            // The driver knows where its browser is.
            Self::WebKit => json!({ "browserName": "MiniBrowser" }),
        };
        capabilities.as_object().cloned().unwrap_or_default()
    }
}

fn chromium() -> Value {
    // Where frames of other sites run in the process of their page: only then does the driver report what they write
    // to the console, and only then do emulated colours and sizes reach them. What a page sees is the same.
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        // Motion is drawn by the processor here, which has better things to do; who looks at it asks for it.
        "--force-prefers-reduced-motion",
        "--disable-site-isolation-trials",
        "--disable-features=IsolateOrigins,site-per-process",
    ];
    named(json!({ "args": arguments }), "BANKLINK_CHROMIUM")
}

fn firefox(profile: Option<&Path>) -> Value {
    let profile = profile.map(|folder| folder.display().to_string());
    let arguments =
        ["-headless".to_owned()].into_iter().chain(profile.into_iter().flat_map(|path| ["-profile".to_owned(), path]));
    let preferences = json!({
        // Processes started in advance are of no use to who closes the browser soon.
        "dom.ipc.processCount": 1,
        "dom.ipc.processPrelaunch.enabled": false,
        // As in Chromium.
        "ui.prefersReducedMotion": 1,
        // Firefox looks for these by itself; here is nobody to answer.
        "app.normandy.enabled": false,
        "extensions.getAddons.cache.enabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "services.settings.server": "data:,",
        "toolkit.telemetry.enabled": false,
    });
    let arguments: Vec<String> = arguments.collect();
    named(json!({ "args": arguments, "prefs": preferences }), "BANKLINK_FIREFOX")
}

/// With the browser that the environment names, if it does.
fn named(mut options: Value, variable: &str) -> Value {
    if let Ok(binary) = env::var(variable) {
        options["binary"] = binary.into();
    }
    options
}
