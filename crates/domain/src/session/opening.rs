//! What is decided once, when a session is opened.

use std::collections::BTreeMap;

use banklink_protocol::{boot::BankPageMode, secret::Secret};
use serde::{Deserialize, Serialize};

use crate::{ids::LinkId, settings::AccountSelection};

/// A session's fixed circumstances: from the token's bound parameters, the URL, and the app's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Through what the person came, which decides what the redirect carries.
    pub entrance: Entrance,
    /// Path and query of the page, for those who come back to it from the bank's own.
    pub page: Secret,
    /// How the bank's own page is opened.
    pub bank_page: BankPageMode,
    /// Where the person goes at the end; one of the app's own, compared exactly.
    pub redirect_uri: String,
    /// Which institutions there are for this person.
    pub visible: Visible,
    /// The institution that was asked for, by id, name or alias.
    pub institution: Option<String>,
    /// ISO 3166-1 alpha-2 of the institutions to list first.
    pub country: Option<String>,
    /// BCP 47 tag of the texts.
    pub language: String,
    /// Whether and how accounts are chosen at the end.
    pub account_selection: AccountSelection,
    /// Comes back in the redirect and on the connection.
    pub tag: Option<String>,
    /// The app's own id of the person.
    pub external_id: Option<String>,
    /// Parameters without a meaning of ours.
    pub extra: BTreeMap<String, String>,
}

/// Which institutions a session may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visible {
    /// Those of the sandbox, built in or imported.
    Sandbox,
    /// The built-in ones of the sandbox, and only they (`demo=true`).
    Demo,
    /// Real ones.
    Live,
}

/// Through what a person came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entrance {
    /// A static link, `/link?token=` (seed 000), whether or not a one-time token opened it.
    Link(LinkId),
    /// A one-time token alone, `/v2/?authorizeToken=` (seeds 001 and 002).
    AuthorizeToken,
}
