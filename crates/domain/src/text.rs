//! Short texts that people and integrators choose, each a type of its own with a bound.

use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing in it, or nothing that can be seen.
    #[error("must not be empty")]
    Empty,
    /// More bytes than the bound.
    #[error("longer than {max} bytes")]
    TooLong {
        /// The bound.
        max: usize,
    },
    /// A line break or another control character.
    #[error("holds a control character")]
    ControlCharacter,
}

/// `text` without the space around it, if it fits.
pub(crate) fn bounded(text: &str, max: usize) -> Result<&str, TextError> {
    let text = text.trim();
    if without_overrides(text).trim().is_empty() {
        Err(TextError::Empty)
    } else if text.len() > max {
        Err(TextError::TooLong { max })
    } else if text.chars().any(char::is_control) {
        Err(TextError::ControlCharacter)
    } else {
        Ok(text)
    }
}

/// A text without what turns the direction of the words around it (Unicode's embeddings, overrides and isolates): for
/// sentences that a person has to be able to read, whoever chose the name in them.
pub fn without_overrides(text: &str) -> String {
    let turns = |character: &char| matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|character| !turns(character)).collect()
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        #[doc = concat!("\n\nNot empty, at most ", $max, " bytes, no control characters, no space around it.")]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Longest text, in bytes.
            pub const MAX: usize = $max;

            /// Takes `text` without the space around it.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                bounded(text, Self::MAX).map(|text| Self(text.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

text!(
    /// What an app is called, by operators and on the screens that send a person back to it.
    AppName,
    128
);
text!(
    /// What the organisation that runs the deployment is called.
    OrganisationName,
    128
);
text!(
    /// What an operator is called.
    OperatorName,
    128
);
text!(
    /// Who asks, on the consent screen.
    CustomerName,
    128
);
text!(
    /// What an operator calls a link.
    LinkName,
    128
);
text!(
    /// The app's own id of a person (`external_id`).
    ExternalId,
    256
);
text!(
    /// What a page's `tag` carries through the session.
    Tag,
    256
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_loses_the_space_around_it() {
        assert_eq!(AppName::parse("  Budget ✓ \n").map(String::from).as_deref(), Ok("Budget ✓"));
    }

    #[test]
    fn empty_long_and_control_characters_are_refused() {
        assert_eq!(Tag::parse(" "), Err(TextError::Empty));
        assert_eq!(Tag::parse("a\u{7}b"), Err(TextError::ControlCharacter));
        assert!(Tag::parse(&"x".repeat(256)).is_ok());
        assert_eq!(Tag::parse(&"x".repeat(257)), Err(TextError::TooLong { max: 256 }));
        assert!(serde_json::from_str::<Tag>("\"\"").is_err());
    }
}
