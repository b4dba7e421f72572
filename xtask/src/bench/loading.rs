//! How long it takes until the list stands, and until it can be used.

use banklink_journey::{Browser, JourneyError, Load, Sandbox, Site};
use serde_json::json;

use super::{LOADS, numbers::Milliseconds};
use crate::browsing;

/// How fast network and processor are.
pub(super) struct Conditions {
    /// What they are, for people.
    pub(super) name: &'static str,
    network: Option<Network>,
    slower_processor: f64,
}

struct Network {
    bits_per_second: f64,
    round_trip: Milliseconds,
}

/// This machine as it is, and a slow phone (`widget.md`, section 6).
pub(super) const CONDITIONS: [Conditions; 2] = [
    Conditions { name: "this machine", network: None, slower_processor: 1.0 },
    Conditions {
        name: "slow phone (1.6 Mbit/s, 150 ms, CPU ÷ 4)",
        network: Some(Network { bits_per_second: 1.6e6, round_trip: Milliseconds(150.0) }),
        slower_processor: 4.0,
    },
];

impl Conditions {
    /// Makes the browser behave so.
    pub(super) async fn apply(&self, browser: &Browser) -> Result<(), JourneyError> {
        let (bytes_per_second, latency) =
            self.network.as_ref().map_or((-1.0, 0.0), |network| (network.bits_per_second / 8.0, network.round_trip.0));
        let network = json!({
            "offline": false,
            "latency": latency,
            "downloadThroughput": bytes_per_second,
            "uploadThroughput": bytes_per_second,
        });
        browser.devtools("Network.enable", json!({})).await?;
        browser.devtools("Network.emulateNetworkConditions", network).await?;
        browser.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": self.slower_processor })).await?;
        Ok(())
    }
}

/// When what was there, counted from the beginning of the navigation.
pub(super) struct Times {
    /// The first screen is painted, institutions and all, as the server wrote it.
    pub(super) painted: Milliseconds,
    /// The widget runs it, and its session is open: a tap or a key does something.
    pub(super) usable: Milliseconds,
    /// The longest that the page did not answer; browsers tell of none under 50 ms.
    pub(super) longest_task: Option<Milliseconds>,
}

/// Watches, frame by frame. The widget has told its host that it is there once it has taken the page over.
const WATCH: &str = r"
    const watched = (globalThis.watched = { usable: null, longest: 0 });
    new PerformanceObserver((tasks) => {
        for (const { duration } of tasks.getEntries()) watched.longest = Math.max(watched.longest, duration);
    }).observe({ type: 'longtask', buffered: true });
    const look = (now) => {
        const isThere = globalThis.blWidget?.last.sequence > 0;
        const isOpen = performance.getEntriesByType('resource')
            .some(({ name, responseEnd }) => name.endsWith('/open') && responseEnd > 0);
        if (isThere && isOpen) watched.usable = now;
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
";

/// Whether the browser was there before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Visit {
    /// It has nothing.
    First,
    /// It has all files of an earlier visit.
    Another,
}

/// Loads of the widget's page, each with a token of its own.
pub(super) async fn times(browser: &Browser, sandbox: &Sandbox, visit: Visit) -> Result<Vec<Times>, JourneyError> {
    let watch = browser.runs_first(WATCH).await?;
    let mut times = Vec::new();
    for _ in 0..LOADS {
        let address = sandbox.widget_page("consentEnable=false").await?;
        load(browser, &address, visit).await?;
        let usable = browser
            .until("a usable list", async || Ok(browser.run("return watched.usable", vec![]).await?.as_f64()))
            .await?;
        let longest = browser.run("return watched.longest || null", vec![]).await?;
        times.push(Times {
            painted: first_paint(browser).await?,
            usable: Milliseconds(usable),
            longest_task: longest.as_f64().map(Milliseconds),
        });
    }
    browser.runs_first_no_more(watch).await?;
    Ok(times)
}

/// The same of a page that a person wrote by hand: one file, no widget, usable once painted.
pub(super) async fn times_of_bare_page(browser: &Browser) -> Result<Milliseconds, JourneyError> {
    let site = Site::serve("127.0.0.1", BARE_PAGE.to_owned()).await?;
    let mut times = Vec::new();
    for _ in 0..LOADS {
        load(browser, site.origin(), Visit::First).await?;
        times.push(first_paint(browser).await?);
    }
    Ok(super::median(times.into_iter()))
}

/// Bytes of a first load.
pub(super) async fn weight(browser: &Browser, sandbox: &Sandbox) -> Result<Load, JourneyError> {
    let person = browsing::opens_widget_page(browser, sandbox, "consentEnable=false").await?;
    browsing::list_is_usable(person).await?;
    Load::until_open(browser).await
}

async fn load(browser: &Browser, address: &str, visit: Visit) -> Result<(), JourneyError> {
    browser.goto("about:blank").await?;
    if visit == Visit::First {
        browser.devtools("Network.clearBrowserCache", json!({})).await?;
    }
    browser.goto(address).await
}

async fn first_paint(browser: &Browser) -> Result<Milliseconds, JourneyError> {
    let script = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null";
    let look = async || Ok(browser.run(script, vec![]).await?.as_f64().map(Milliseconds));
    browser.until("the first paint", look).await
}

/// What the list would be without the widget.
const BARE_PAGE: &str = include_str!("bare_page.html");
