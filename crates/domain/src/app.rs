//! Apps: the integrations of this deployment.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AppId, ClientId},
    text::AppName,
    token::TokenHash,
};

pub use crate::{
    client_secret::{ClientSecret, ClientSecretState},
    redirect_uri::RedirectUri,
    settings::{AccountSelection, AppSettings},
    theme::AppTheme,
};

/// An integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// Ours.
    pub id: AppId,
    /// What operators and people read.
    pub name: AppName,
    /// Fixed at creation: nothing changes it.
    pub mode: AppMode,
    /// How it calls itself where it shows its secret.
    pub client_id: ClientId,
    /// The hash of its header secret for the Flinks data endpoints (`x-api-key`).
    pub data_key: TokenHash,
    /// What operators set.
    pub settings: AppSettings,
    /// When it was created.
    pub created_at: Timestamp,
}

/// Whether an app links real institutions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppMode {
    /// Sandbox institutions, and `http` for pages on the developer's machine.
    Sandbox,
    /// Real institutions only.
    Live,
}

impl AppMode {
    /// As it is stored, shown and typed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Live => "live",
        }
    }

    /// The mode of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Sandbox, Self::Live].into_iter().find(|mode| mode.as_str() == name)
    }
}
