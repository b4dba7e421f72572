//! What the server writes into the page, so that the first screen needs no request of its own.

use serde::{Deserialize, Serialize};

use crate::{ids::Origin, session::Step};

/// The page's first data: postcard, its bytes as characters, in `<template id="bl-boot">`. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boot {
    /// [`crate::WIRE_VERSION`] of the server that wrote the page.
    pub wire_version: u16,
    /// BCP 47 tag of the texts in the page.
    pub language: String,
    /// Name of the app that the person links a bank to.
    pub app_name: String,
    /// Names the page for the tab, whatever else its address says: what it keeps its session's key under.
    pub page: String,
    /// Whether the page can be opened again: a static link can, a one-time token can't.
    pub reopens: bool,
    /// How the flow ends.
    pub ending: EndingMode,
    /// How the bank's own page is opened.
    pub bank_page: BankPageMode,
    /// Which parts of the frame around the screens are shown.
    pub parts: Parts,
    /// The first screen, shown while the session opens. `None`: only the session itself knows, since this page's token
    /// was used before, so the page waits for the answer.
    pub first: Option<Step>,
    /// Parameters of the page's URL that did not parse, by name.
    pub invalid_parameters: Vec<String>,
}

/// An origin that may embed the widget and talk to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AllowedOrigin {
    /// Exactly this one.
    Exact(Origin),
    /// `http://localhost` with any port, in sandbox apps only.
    Localhost,
}

impl AllowedOrigin {
    /// Whether `origin`, serialised as browsers do, is this one.
    pub fn allows(&self, origin: &str) -> bool {
        match self {
            Self::Exact(exact) => exact.as_str() == origin,
            Self::Localhost => origin.strip_prefix("http://localhost").is_some_and(|rest| {
                rest.is_empty()
                    || rest
                        .strip_prefix(':')
                        .is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
            }),
        }
    }
}

/// What happens once `REDIRECT` is posted (`widget.md`, section 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndingMode {
    /// The top window navigates, or the page itself when it is the top.
    #[default]
    Top,
    /// The frame itself navigates (`innerRedirect`).
    Inner,
    /// Nothing navigates; the host acts on the message (`jsRedirect`).
    MessageOnly,
}

/// How the bank's own page is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BankPageMode {
    /// In a window of its own, at a click.
    #[default]
    Popup,
    /// In the place of the whole page (`oauthWindowRedirect`).
    FullPage,
    /// By the app around the webview, in the system's browser (`webview`).
    HandOver,
}

/// Parts of the widget that a page can show or hide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The bar with the app's name.
    pub header: bool,
    /// The back button.
    pub back: bool,
    /// The close button.
    pub close: bool,
}

impl Default for Parts {
    fn default() -> Self {
        Self { header: true, back: true, close: true }
    }
}
