//! What operators set for an app.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use crate::{
    country::Country,
    institution_list::InstitutionList,
    text::CustomerName,
    uri::{authority, has_only_uri_characters},
};

/// What operators set for an app. Whatever is missing where it is read has its default, so that a new setting needs
/// no migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppSettings {
    /// Whether the consent screen is shown.
    pub consent: bool,
    /// Who asks on the consent screen; else the app's name.
    pub customer_name: Option<CustomerName>,
    /// The app's terms, on the consent screen.
    pub terms_url: Option<DocumentUrl>,
    /// Whether a session can be opened with an authorize token only (seed 003, *Force Link to use an auth token*).
    pub force_authorize_token: bool,
    /// Whose institutions come first where the page does not say.
    pub default_country: Option<Country>,
    /// How long a link code can be exchanged.
    pub link_code_lifetime: LinkCodeLifetime,
    /// How long a consent holds.
    pub consent_days: ConsentDays,
    /// Whether the person chooses accounts at the end.
    pub account_selection: AccountSelection,
    /// Which institutions people see.
    pub institutions: InstitutionList,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            consent: true,
            customer_name: None,
            terms_url: None,
            force_authorize_token: true,
            default_country: None,
            link_code_lifetime: LinkCodeLifetime::default(),
            consent_days: ConsentDays::default(),
            account_selection: AccountSelection::default(),
            institutions: InstitutionList::default(),
        }
    }
}

/// Whether the person chooses accounts at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountSelection {
    /// All accounts are shared.
    #[default]
    None,
    /// One account is chosen.
    Single,
    /// One or more are chosen.
    Multiple,
}

impl AccountSelection {
    /// The selection of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "single" => Some(Self::Single),
            "multiple" => Some(Self::Multiple),
            _ => None,
        }
    }
}

/// How long a link code can be exchanged: 10 minutes to 7 days, 24 hours unless the app says otherwise, since mobile
/// hosts collect unused codes later. In seconds where it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct LinkCodeLifetime(u32);

/// The lifetime is out of its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a link code lives from {} to {} seconds", LinkCodeLifetime::MIN.0, LinkCodeLifetime::MAX.0)]
pub struct InvalidLinkCodeLifetime;

impl LinkCodeLifetime {
    /// 10 minutes.
    pub const MIN: Self = Self(10 * 60);
    /// 7 days.
    pub const MAX: Self = Self(7 * 24 * 60 * 60);

    /// A lifetime of so many seconds.
    pub fn from_seconds(seconds: u32) -> Result<Self, InvalidLinkCodeLifetime> {
        if (Self::MIN.0..=Self::MAX.0).contains(&seconds) { Ok(Self(seconds)) } else { Err(InvalidLinkCodeLifetime) }
    }

    /// The lifetime as a duration.
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.0))
    }
}

impl Default for LinkCodeLifetime {
    fn default() -> Self {
        Self(24 * 60 * 60)
    }
}

impl TryFrom<u32> for LinkCodeLifetime {
    type Error = InvalidLinkCodeLifetime;

    fn try_from(seconds: u32) -> Result<Self, Self::Error> {
        Self::from_seconds(seconds)
    }
}

impl From<LinkCodeLifetime> for u32 {
    fn from(lifetime: LinkCodeLifetime) -> Self {
        lifetime.0
    }
}

/// How many days a consent holds: 1 to 365, 90 unless the app says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct ConsentDays(u16);

/// The number of days is out of its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a consent holds from 1 to {} days", ConsentDays::MAX)]
pub struct InvalidConsentDays;

impl ConsentDays {
    /// The most days.
    pub const MAX: u16 = 365;

    /// So many days.
    pub fn new(days: u16) -> Result<Self, InvalidConsentDays> {
        if (1..=Self::MAX).contains(&days) { Ok(Self(days)) } else { Err(InvalidConsentDays) }
    }

    /// The days as a duration of 24 hours each.
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.0))
    }
}

impl Default for ConsentDays {
    fn default() -> Self {
        Self(90)
    }
}

impl TryFrom<u16> for ConsentDays {
    type Error = InvalidConsentDays;

    fn try_from(days: u16) -> Result<Self, Self::Error> {
        Self::new(days)
    }
}

impl From<ConsentDays> for u16 {
    fn from(days: ConsentDays) -> Self {
        days.0
    }
}

/// The address of what people may read before they agree: `https` with a host, at most 2000 bytes. It becomes a link on
/// the consent screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentUrl(String);

/// The text is no address of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an https address")]
pub struct InvalidDocumentUrl;

impl DocumentUrl {
    /// Longest address, in bytes.
    pub const MAX: usize = 2000;

    /// Checks `text` and keeps it as it is.
    pub fn parse(text: &str) -> Result<Self, InvalidDocumentUrl> {
        let has_host = authority(text).is_some_and(|authority| !authority.is_empty() && !authority.contains('@'));
        let url = Url::parse(text).map_err(|_| InvalidDocumentUrl)?;
        if text.len() <= Self::MAX && has_only_uri_characters(text) && has_host && url.scheme() == "https" {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidDocumentUrl)
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DocumentUrl {
    type Error = InvalidDocumentUrl;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<DocumentUrl> for String {
    fn from(url: DocumentUrl) -> Self {
        url.0
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_new_app_forces_tokens_and_shows_consent() {
        let settings: AppSettings = serde_json::from_str("{}").unwrap();
        assert_eq!(settings, AppSettings::default());
        assert!(settings.consent && settings.force_authorize_token);
        assert_eq!(settings.link_code_lifetime.duration(), SignedDuration::from_hours(24));
        assert_eq!(settings.consent_days.duration(), SignedDuration::from_hours(24 * 90));
    }

    #[test]
    fn settings_survive_their_json_and_ignore_what_a_newer_version_wrote() {
        let settings = AppSettings {
            consent: false,
            customer_name: Some(CustomerName::parse("Budget").unwrap()),
            terms_url: Some(DocumentUrl::parse("https://example.com/terms").unwrap()),
            institutions: InstitutionList::default(),
            force_authorize_token: false,
            default_country: Some(Country::parse("CA").unwrap()),
            link_code_lifetime: LinkCodeLifetime::MIN,
            consent_days: ConsentDays::new(1).unwrap(),
            account_selection: AccountSelection::Multiple,
        };
        let mut json = serde_json::to_value(&settings).unwrap();
        json["from_the_future"] = true.into();
        assert_eq!(serde_json::from_value::<AppSettings>(json).unwrap(), settings);
    }

    #[rstest]
    #[case(r#"{"link_code_lifetime": 599}"#)]
    #[case(r#"{"link_code_lifetime": 604801}"#)]
    #[case(r#"{"consent_days": 0}"#)]
    #[case(r#"{"consent_days": 366}"#)]
    #[case(r#"{"terms_url": "http://example.com"}"#)]
    #[case(r#"{"terms_url": "javascript:alert(1)"}"#)]
    #[case(r#"{"terms_url": "https://user@example.com"}"#)]
    #[case(r#"{"customer_name": " "}"#)]
    #[case(r#"{"default_country": "Canada"}"#)]
    #[case(r#"{"account_selection": "some"}"#)]
    fn settings_out_of_bounds_are_refused(#[case] json: &str) {
        assert!(serde_json::from_str::<AppSettings>(json).is_err());
    }
}
