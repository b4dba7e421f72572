//! What a browser fetches until the list of institutions is usable.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use crate::{Browser, JourneyError};

/// Everything fetched by a page, as the server sent it: compressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    fetched: Vec<Fetched>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Fetched {
    kind: &'static str,
    address: String,
    bytes: u64,
    plain: u64,
}

impl Load {
    /// What the page in the frame that is entered fetched until its session was open. What is fetched after that, as the
    /// texts of later screens are, is in nobody's way.
    pub async fn until_open(browser: &Browser) -> Result<Self, JourneyError> {
        let script = "
            const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
            const open = entries.find(({ name }) => name.endsWith('/open'))?.responseEnd ?? Infinity;
            return entries.filter(({ startTime }) => startTime < open).map(({ name, encodedBodySize, decodedBodySize }) => [name, encodedBodySize, decodedBodySize])";
        let entries = browser.run(script, vec![]).await?;
        let fetched = entries.as_array().into_iter().flatten().map(|entry| {
            let address = entry[0].as_str().unwrap_or_default().to_owned();
            let number = |value: &Value| value.as_u64().unwrap_or_default();
            Fetched { kind: kind(&address), address, bytes: number(&entry[1]), plain: number(&entry[2]) }
        });
        Ok(Self { fetched: fetched.collect() })
    }

    /// Bytes of all bodies.
    pub fn bytes(&self) -> u64 {
        self.fetched.iter().map(|fetched| fetched.bytes).sum()
    }

    /// How many requests there were.
    pub fn requests(&self) -> usize {
        self.fetched.len()
    }

    /// The origins that were asked, each once.
    pub fn origins(&self) -> Vec<String> {
        let origins = self.fetched.iter().map(|fetched| fetched.address.splitn(4, '/').take(3).collect::<Vec<_>>());
        let mut origins: Vec<String> = origins.map(|parts| parts.join("/")).collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// Bytes by kind: as sent, and once unpacked.
    pub fn by_kind(&self) -> BTreeMap<&'static str, (u64, u64)> {
        let mut kinds = BTreeMap::new();
        for fetched in &self.fetched {
            let (bytes, plain) = kinds.entry(fetched.kind).or_insert((0, 0));
            *bytes += fetched.bytes;
            *plain += fetched.plain;
        }
        kinds
    }
}

impl fmt::Display for Load {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, (bytes, plain)) in self.by_kind() {
            writeln!(formatter, "{kind:<12} {bytes:>8} bytes sent {plain:>9} unpacked")?;
        }
        write!(formatter, "{:<12} {:>8} bytes sent in {} requests", "first load", self.bytes(), self.requests())
    }
}

fn kind(address: &str) -> &'static str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "styles",
        Some("js") => "script",
        Some("wasm") => "wasm",
        Some("svg" | "png" | "ico") => "images",
        _ if path.contains("/api/") => "data",
        _ => "page",
    }
}
