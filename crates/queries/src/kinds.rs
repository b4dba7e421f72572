//! The kinds of queries.

use core::fmt;

/// What makes a query hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A letter is missing, superfluous, wrong, or swapped with the next one; in a quarter of long words, two.
    Typo,
    /// The words stand in another order.
    Order,
    /// Accents are missing or wrong, or letters are written out.
    Accent,
    /// Only the beginning of each word was typed.
    Prefix,
    /// The first letters of the words.
    Acronym,
    /// What the institution is called for short.
    ShortName,
    /// The BIC, with or without branch.
    Bic,
    /// Words are written as one, or one as two.
    Spaces,
    /// A name in Cyrillic is typed in Latin letters.
    Script,
    /// Two of typo, order, accent and spaces at once.
    Mixed,
}

impl Kind {
    /// Each of them.
    pub const ALL: [Self; 10] = [
        Self::Typo,
        Self::Order,
        Self::Accent,
        Self::Prefix,
        Self::Acronym,
        Self::ShortName,
        Self::Bic,
        Self::Spaces,
        Self::Script,
        Self::Mixed,
    ];
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Typo => "typo",
            Self::Order => "order",
            Self::Accent => "accent",
            Self::Prefix => "prefix",
            Self::Acronym => "acronym",
            Self::ShortName => "short name",
            Self::Bic => "BIC",
            Self::Spaces => "spaces",
            Self::Script => "script",
            Self::Mixed => "mixed",
        })
    }
}
