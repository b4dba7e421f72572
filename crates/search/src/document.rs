//! Institutions as the index ranks them.

use core::cmp::Reverse;

use crate::{entry::Origin, matches::Candidate};

/// What the rank of an institution depends on, small and apart from what is shown of it: a letter may find tens of
/// thousands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Document {
    pub(crate) origin: Origin,
    pub(crate) country: Code,
    /// How many words of its name people look for.
    pub(crate) words: u8,
    pub(crate) renown: Renown,
    /// How many institutions stand higher, not counting equals twice.
    pub(crate) popularity_rank: u32,
}

impl Document {
    /// What it is to a person of `country` who typed so many words.
    pub(crate) fn candidate(self, number: u32, words: u8, country: Option<Code>) -> Candidate {
        Candidate {
            is_foreign: self.is_foreign_to(country),
            is_longer: self.words > words,
            is_known: self.renown != Renown::Unknown,
            popularity_rank: self.popularity_rank,
            document: number,
        }
    }

    pub(crate) fn is_foreign_to(self, country: Option<Code>) -> bool {
        country.is_some_and(|country| country != self.country)
    }
}

/// Why people may look for an institution before they have typed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renown {
    /// People connect it.
    Popular,
    /// Nobody did yet, but it is one of the large ones of its country.
    WellKnown,
    /// Nothing says so.
    Unknown,
}

/// How likely people look for an institution before they have typed anything; the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// People connect it: this often.
    Popular(Reverse<u32>),
    /// It has this place among the large ones of its country.
    WellKnown(usize),
    /// Nothing is known of it.
    Unknown,
}

impl Standing {
    pub(crate) const fn renown(self) -> Renown {
        match self {
            Self::Popular(_) => Renown::Popular,
            Self::WellKnown(_) => Renown::WellKnown,
            Self::Unknown => Renown::Unknown,
        }
    }
}

/// An ISO 3166-1 alpha-2 code, upper case, or the first bytes of what was given instead.
pub(crate) type Code = [u8; 2];

pub(crate) fn code_of(code: &str) -> Code {
    let mut bytes = code.bytes().map(|byte| byte.to_ascii_uppercase());
    [bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default()]
}
