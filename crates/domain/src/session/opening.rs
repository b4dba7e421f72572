//! What is decided once, when a session is opened.

use std::collections::BTreeMap;

use banklink_protocol::{
    boot::BankPageMode,
    failures::FailureCode,
    ids::{ConnectionId, InstitutionId},
    secret::Secret,
};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::Currency,
    authorization::Authorization,
    connection::{AskedReading, IdentityHash},
    consent::Scope,
    ids::LinkId,
    institution_list::InstitutionList,
    reauthorisation::ReauthorisationPurpose,
    settings::AccountSelection,
    token::TokenHash,
};

/// A session's fixed circumstances: from the token's bound parameters, the URL, and the app's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Through what the person came, which decides what the redirect carries.
    pub entrance: Entrance,
    /// What the person is here for.
    pub purpose: SessionPurpose,
    /// Path and query of the page, for those who come back to it from the bank's own.
    pub page: Secret,
    /// How the bank's own page is opened.
    pub bank_page: BankPageMode,
    /// Where the person goes at the end; one of the app's own, compared exactly.
    pub redirect_uri: String,
    /// Which institutions there are for this person.
    pub visible: Visible,
    /// Which of them the app shows.
    pub institutions: InstitutionList,
    /// The institution that was asked for, by id, name or alias.
    pub institution: Option<String>,
    /// ISO 3166-1 alpha-2 of the institutions to list first.
    pub country: Option<String>,
    /// Whether the person may choose the country whose institutions are listed.
    pub offers_countries: bool,
    /// BCP 47 tag of the texts.
    pub language: String,
    /// Whether and how accounts are chosen at the end.
    pub account_selection: AccountSelection,
    /// The currencies of the accounts to choose from; empty: any.
    pub currencies: Vec<Currency>,
    /// How many times credentials may be wrong before the session ends.
    pub maximum_retry: Option<u8>,
    /// Which failures leave by redirect.
    pub rollback: Rollback,
    /// What the consent names.
    pub scopes: Vec<Scope>,
    /// How much of the data is read.
    pub reading: AskedReading,
    /// Comes back in the redirect and on the connection.
    pub tag: Option<String>,
    /// The app's own id of the person.
    pub external_id: Option<String>,
    /// Parameters without a meaning of ours.
    pub extra: BTreeMap<String, String>,
}

/// Which institutions a session may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// The same link as `/link?id=`, as Finlink integrations name it (`vendor-apis.md`, 3).
    LinkById(LinkId),
    /// A one-time token alone, `/v2/?authorizeToken=` (seeds 001 and 002).
    AuthorizeToken,
    /// The app's own page, which sends people straight to their bank's: `/v3/oauth/authorize` (seed 001).
    BankRedirect {
        /// Comes back as it was.
        state: Option<String>,
    },
    /// A data recipient, by OAuth 2.0 (seed 004).
    DataRecipient(Authorization),
}

impl Entrance {
    /// The link that the person came through, if one.
    pub const fn link(&self) -> Option<LinkId> {
        match self {
            Self::Link(id) | Self::LinkById(id) => Some(*id),
            Self::AuthorizeToken | Self::BankRedirect { .. } | Self::DataRecipient(_) => None,
        }
    }

    /// What the data recipient asked for who sent the person, if one did.
    pub const fn authorization(&self) -> Option<&Authorization> {
        if let Self::DataRecipient(authorization) = self { Some(authorization) } else { None }
    }
}

/// What a person is here for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionPurpose {
    /// To link an institution.
    Connect,
    /// To renew a connection that they have.
    Reauthorise(Reauthorisation),
}

/// [`SessionPurpose::Reauthorise`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reauthorisation {
    /// Which connection.
    pub connection: ConnectionId,
    /// Where.
    pub institution: InstitutionId,
    /// Whose: nobody else may take its place.
    pub identity: IdentityHash,
    /// What for.
    pub purpose: ReauthorisationPurpose,
    /// The token that is used up with it.
    pub token: TokenHash,
}

/// Which failures leave by redirect instead of a screen (`rollback`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rollback {
    /// None.
    #[default]
    Off,
    /// All.
    All,
    /// These.
    Only(Vec<FailureCode>),
}

impl Rollback {
    /// Whether this failure does.
    pub fn takes(&self, code: FailureCode) -> bool {
        match self {
            Self::Off => false,
            Self::All => true,
            Self::Only(codes) => codes.contains(&code),
        }
    }
}
