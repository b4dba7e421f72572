//! Countries.

use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A country: two letters of ISO 3166-1 alpha-2, upper case. Whether the code is assigned is not checked, since
/// directories use user-assigned ones too, as `XK`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// The text is not two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a country of two letters")]
pub struct InvalidCountry;

impl Country {
    /// Takes two ASCII letters in any case.
    pub fn parse(text: &str) -> Result<Self, InvalidCountry> {
        match text.as_bytes() {
            &[first, second] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
                Ok(Self([first.to_ascii_uppercase(), second.to_ascii_uppercase()]))
            }
            _ => Err(InvalidCountry),
        }
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII letters by construction.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Country({self})")
    }
}

impl TryFrom<String> for Country {
    type Error = InvalidCountry;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_in_any_case_are_a_country() {
        assert_eq!(Country::parse("ca").map(|country| country.to_string()).as_deref(), Ok("CA"));
        for bad in ["", "c", "can", "c1", "é", "c "] {
            assert_eq!(Country::parse(bad), Err(InvalidCountry), "{bad}");
        }
    }
}
