//! Links: static addresses that open the widget for an app (seed 000).

use core::fmt;

use jiff::Timestamp;

use crate::{
    ids::{AppId, LinkId},
    redirect_uri::RedirectUri,
    settings::DocumentUrl,
    text::{CustomerName, LinkName},
    token::TokenKind,
};

/// A link, reusable for any number of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Ours.
    pub id: LinkId,
    /// Whose.
    pub app_id: AppId,
    /// What stands in the URL.
    pub token: LinkToken,
    /// Where people go at the end; one of the app's.
    pub redirect_uri: RedirectUri,
    /// What operators call it.
    pub name: LinkName,
    /// Whether it opens anything.
    pub state: LinkState,
    /// With whom people agree.
    pub agreement: Agreement,
    /// When it was made.
    pub created_at: Timestamp,
}

/// With whom the people of a link agree, and to what, where that is not the app (`vendor-apis.md`, 2.1). What is missing is
/// the app's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Who asks on the consent screen.
    pub company_name: Option<CustomerName>,
    /// Their terms.
    pub terms_url: Option<DocumentUrl>,
    /// What they do with data.
    pub privacy_url: Option<DocumentUrl>,
}

/// Whether a link opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It opens sessions.
    Active,
    /// It opens none until it is resumed.
    Paused,
}

/// What stands in a link's URL. It is public, so it is kept and shown as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinkToken(String);

impl LinkToken {
    /// A new token from 32 random bytes.
    pub fn mint(random: [u8; 32]) -> Self {
        Self(TokenKind::LinkToken.mint(random).expose().to_owned())
    }

    /// Takes a token as a URL or the database has it.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LinkToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl LinkState {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }

    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Active, Self::Paused].into_iter().find(|state| state.as_str() == name)
    }
}
