//! Institutions: what people choose.

use core::fmt;

use banklink_protocol::{
    ids::InstitutionId,
    institutions::{Health, InstitutionSummary},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{country::Country, text::bounded};

pub use crate::text::TextError;

/// An institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    /// Public, as in `bank=testbank`.
    pub id: InstitutionId,
    /// As the institution spells it.
    pub name: InstitutionName,
    /// Where it is.
    pub country: Country,
    /// Its business identifier code, if known.
    pub bic: Option<Bic>,
    /// What people call it, if they do.
    pub short_name: Option<InstitutionName>,
    /// What else a search finds it by.
    pub aliases: Vec<InstitutionName>,
    /// How it is talked to.
    pub connector: ConnectorKind,
    /// Whether it is one of ours, which an imported directory can't change.
    pub built_in: bool,
    /// Whether linking works there just now.
    pub health: Health,
    /// How often it was linked.
    pub popularity: u32,
}

impl Institution {
    /// As the list shows it.
    pub fn summary(&self) -> InstitutionSummary {
        InstitutionSummary {
            id: self.id.clone(),
            name: self.name.as_str().to_owned(),
            country: self.country.to_string(),
            detail: None,
            logo: None,
            health: self.health,
        }
    }
}

/// How institutions of one kind are talked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectorKind {
    /// The sandbox inside the binary.
    Sandbox,
}

impl ConnectorKind {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Sandbox].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A name of an institution: one line, not empty, at most 256 bytes, no control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InstitutionName(String);

impl InstitutionName {
    /// Longest name, in bytes.
    pub const MAX: usize = 256;

    /// Takes `text` without the space around it. Registries wrap long names: a line break or a tab within one is a
    /// space, and so are several of them.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        bounded(&line, Self::MAX).map(|text| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstitutionName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for InstitutionName {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<InstitutionName> for String {
    fn from(name: InstitutionName) -> Self {
        name.0
    }
}

/// A business identifier code (ISO 9362): four letters or digits, a country, two letters or digits, and three more
/// for a branch; upper case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bic(String);

/// The text is no business identifier code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a BIC of 8 or 11 characters")]
pub struct InvalidBic;

impl Bic {
    /// Takes a code in any case.
    pub fn parse(text: &str) -> Result<Self, InvalidBic> {
        let bytes = text.as_bytes();
        let has_country = bytes.get(4..6).is_some_and(|country| country.iter().all(u8::is_ascii_alphabetic));
        if matches!(bytes.len(), 8 | 11) && has_country && bytes.iter().all(u8::is_ascii_alphanumeric) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(InvalidBic)
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_name_is_one_line() {
        let name = InstitutionName::parse(" BCC Felsinea\nBanca di\t Credito ");
        assert_eq!(name.as_ref().map(InstitutionName::as_str), Ok("BCC Felsinea Banca di Credito"));
        assert_eq!(InstitutionName::parse("a\u{7f}b"), Err(TextError::ControlCharacter));
        assert_eq!(InstitutionName::parse("\n"), Err(TextError::Empty));
    }

    #[test]
    fn a_bic_has_eight_or_eleven_characters_and_a_country() {
        assert_eq!(Bic::parse("bsanadad").as_ref().map(Bic::as_str), Ok("BSANADAD"));
        assert!(Bic::parse("BSANADADXXX").is_ok());
        assert!(Bic::parse("1234AD00").is_ok());
    }

    #[rstest]
    #[case("")]
    #[case("BSANADA")]
    #[case("BSANADADX")]
    #[case("BSANADADXXXX")]
    #[case("BSAN1DADXXX")]
    #[case("BSAN-DAD")]
    #[case("BSANÀADX")]
    fn anything_else_is_no_bic(#[case] text: &str) {
        assert_eq!(Bic::parse(text), Err(InvalidBic));
    }
}
