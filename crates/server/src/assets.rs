//! The widget's files, built by `cargo xtask build` and carried inside the binary.

use std::collections::HashMap;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::Embed;
use sha2::{Digest, Sha256};
use thiserror::Error;

#[derive(Embed)]
#[folder = "../../target/widget"]
#[allow_missing = true]
struct Files;

/// The widget's files under the names that browsers see: with a hash of their content, so cached for ever; those that
/// hosts' pages refer to under names that stay.
#[derive(Debug)]
pub struct Assets {
    by_path: HashMap<String, Asset>,
    paths: HashMap<&'static str, String>,
    templates: HashMap<&'static str, String>,
}

#[derive(Debug)]
struct Asset {
    readers: Readers,
    kind: &'static str,
    plain: Vec<u8>,
    brotli: Option<Vec<u8>>,
}

/// Whose pages a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readers {
    /// Our own.
    Ours,
    /// Hosts', of any origin.
    Hosts,
}

/// The binary was built without the widget.
#[derive(Debug, Error)]
#[error("this binary was built without the widget's {0}: build it with `cargo xtask build`")]
pub struct MissingAsset(&'static str);

const HASHED: [(&str, &str); 8] = [
    ("widget.js", "text/javascript; charset=utf-8"),
    ("widget.wasm", "application/wasm"),
    ("base.css", "text/css; charset=utf-8"),
    ("dashboard.js", "text/javascript; charset=utf-8"),
    ("dashboard.wasm", "application/wasm"),
    ("dashboard.css", "text/css; charset=utf-8"),
    ("token-invalid.js", "text/javascript; charset=utf-8"),
    ("bank-return.js", "text/javascript; charset=utf-8"),
];

const FOR_HOSTS: [(&str, &str); 3] = [
    ("embed.js", "application/javascript; charset=utf-8"),
    ("embed.mjs", "application/javascript; charset=utf-8"),
    ("embed.d.ts", "application/typescript; charset=utf-8"),
];

const TEMPLATES: [&str; 7] = [
    "dashboard.html",
    "preview.html",
    "link.html",
    "token-invalid.html",
    "failure.html",
    "bank-return.html",
    "sandbox-bank.html",
];

impl Assets {
    /// Reads the embedded files.
    pub fn load() -> Result<Self, MissingAsset> {
        let mut assets = Self { by_path: HashMap::new(), paths: HashMap::new(), templates: HashMap::new() };
        for (name, kind) in HASHED {
            let asset = Asset::embedded(name, kind, Readers::Ours)?;
            let path = hashed_path(name, &asset.plain);
            assets.by_path.insert(path.clone(), asset);
            assets.paths.insert(name, path);
        }
        for (name, kind) in FOR_HOSTS {
            assets.by_path.insert(format!("/{name}"), Asset::embedded(name, kind, Readers::Hosts)?);
        }
        for name in TEMPLATES {
            let text = Files::get(name).ok_or(MissingAsset(name))?.data;
            assets.templates.insert(name, String::from_utf8_lossy(&text).into_owned());
        }
        Ok(assets)
    }

    /// The address of one of the widget's files.
    pub fn path(&self, name: &str) -> &str {
        self.paths.get(name).map_or("", String::as_str)
    }

    /// The text of one of the page templates.
    pub fn template(&self, name: &str) -> &str {
        self.templates.get(name).map_or("", String::as_str)
    }

    /// Answers a request for `/assets/…` or for a file of the hosts.
    pub fn serve(&self, path: &str, headers: &HeaderMap) -> Response {
        let Some(asset) = self.by_path.get(path) else { return StatusCode::NOT_FOUND.into_response() };
        let compressed = asset.brotli.as_ref().filter(|_| accepts_brotli(headers));
        let mut response = compressed.unwrap_or(&asset.plain).clone().into_response();
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
        match asset.readers {
            Readers::Ours => {
                answer.insert(header::CACHE_CONTROL, IMMUTABLE);
            }
            Readers::Hosts => {
                answer.insert(header::CACHE_CONTROL, FOR_A_WHILE);
                answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
                // A page that is isolated from other origins loads what says so only.
                answer.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
            }
        }
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if compressed.is_some() {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    }
}

impl Asset {
    fn embedded(name: &'static str, kind: &'static str, readers: Readers) -> Result<Self, MissingAsset> {
        let plain = Files::get(name).ok_or(MissingAsset(name))?.data.into_owned();
        let brotli = Files::get(&format!("{name}.br")).map(|file| file.data.into_owned());
        Ok(Self { readers, kind, plain, brotli })
    }
}

/// How long a file whose name stays may be kept: a new version reaches everyone soon.
const FOR_A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=600, stale-while-revalidate=86400");

/// How long a file whose name holds its content's hash may be kept.
pub const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// `/assets/name-<hash>.ext`: another content, another address.
pub fn hashed_path(name: &str, content: &[u8]) -> String {
    let hash = hex::encode(&Sha256::digest(content)[..8]);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    format!("/assets/{stem}-{hash}.{extension}")
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let offered = |value: &HeaderValue| {
        let Ok(value) = value.to_str() else { return false };
        value.split(',').map(str::trim).any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts.next() == Some("br") && !parts.any(|quality| quality == "q=0")
        })
    };
    headers.get_all(header::ACCEPT_ENCODING).iter().any(offered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_gets_another_address() {
        assert_ne!(hashed_path("base.css", b"a"), hashed_path("base.css", b"b"));
        let path = hashed_path("base.css", b"a");
        let hash = path.strip_prefix("/assets/base-").and_then(|rest| rest.strip_suffix(".css"));
        assert_eq!(hash.map(str::len), Some(16));
    }

    #[test]
    fn brotli_goes_only_to_those_who_take_it() {
        let accepts = |value: &'static str| {
            accepts_brotli(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert!(accepts("gzip, deflate, br"));
        assert!(!accepts("gzip, br;q=0"));
        assert!(!accepts("gzip"));
        assert!(!accepts_brotli(&HeaderMap::new()));
    }
}
