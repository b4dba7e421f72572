//! The browsers that journeys run in.

use std::env;

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

    /// What a session is asked for.
    pub(super) fn capabilities(self) -> Map<String, Value> {
        let (browser, options, more) = match self {
            Self::Chromium => {
                ("chrome", ("goog:chromeOptions", chromium()), ("goog:loggingPrefs", json!({ "browser": "ALL" })))
            }
            Self::Firefox => ("firefox", ("moz:firefoxOptions", firefox()), ("webSocketUrl", true.into())),
            Self::WebKit => {
                ("MiniBrowser", ("webkitgtk:browserOptions", webkit()), ("pageLoadStrategy", "normal".into()))
            }
        };
        let own = [options, more].map(|(name, value)| (name.to_owned(), value));
        [("browserName".to_owned(), browser.into())].into_iter().chain(own).collect()
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
        "--disable-site-isolation-trials",
        "--disable-features=IsolateOrigins,site-per-process",
    ];
    named(json!({ "args": arguments }), "BANKLINK_CHROMIUM")
}

fn firefox() -> Value {
    let preferences = json!({
        // Firefox looks for these by itself; here is nobody to answer.
        "app.normandy.enabled": false,
        "browser.contentblocking.report.hide_vpn_banner": true,
        "extensions.getAddons.cache.enabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "services.settings.server": "data:,",
        "toolkit.telemetry.enabled": false,
    });
    named(json!({ "args": ["-headless"], "prefs": preferences }), "BANKLINK_FIREFOX")
}

fn webkit() -> Value {
    let arguments = ["--automation", "--enable-write-console-messages-to-stdout=true"];
    named(json!({ "args": arguments, "binary": MINI_BROWSER }), "BANKLINK_MINIBROWSER")
}

/// Where Debian and Ubuntu put it.
const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/// With the browser that the environment names, if it does.
fn named(mut options: Value, variable: &str) -> Value {
    if let Ok(binary) = env::var(variable) {
        options["binary"] = binary.into();
    }
    options
}
