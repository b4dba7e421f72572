//! Institutions as the index keeps them.

use core::cmp::Reverse;

use banklink_protocol::institutions::InstitutionSummary;

use crate::{entry::Origin, matches::Candidate};

/// An institution as the index keeps it.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) summary: InstitutionSummary,
    pub(crate) origin: Origin,
    pub(crate) country: Code,
    /// The words of its name, folded.
    pub(crate) folded: Box<str>,
    /// How many words of it people look for.
    pub(crate) words: u8,
    pub(crate) standing: Standing,
    /// How many institutions stand higher, not counting equals twice.
    pub(crate) popularity_rank: u32,
}

impl Document {
    /// What it is to a person of `country` who typed so many words.
    pub(crate) fn candidate(&self, number: u32, words: u8, country: Option<Code>) -> Candidate {
        Candidate {
            is_foreign: self.is_foreign_to(country),
            is_longer: self.words > words,
            is_known: self.standing.is_known(),
            popularity_rank: self.popularity_rank,
            document: number,
        }
    }

    /// Bytes of its texts.
    pub(crate) fn memory(&self) -> usize {
        let InstitutionSummary { id, name, country, detail, health: _ } = &self.summary;
        let detail = detail.as_ref().map_or(0, String::capacity);
        id.as_str().len() + name.capacity() + country.capacity() + detail + self.folded.len()
    }

    pub(crate) fn is_foreign_to(&self, country: Option<Code>) -> bool {
        country.is_some_and(|country| country != self.country)
    }
}

/// How likely people look for an institution before they have typed anything; the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// People connect it: this often.
    Popular(Reverse<u32>),
    /// Nobody did yet, but it is one of the large ones of its country: at this place among them.
    WellKnown(usize),
    /// Nothing says so.
    Unknown,
}

impl Standing {
    pub(crate) fn is_known(self) -> bool {
        self != Self::Unknown
    }

    pub(crate) const fn is_popular(self) -> bool {
        matches!(self, Self::Popular(_))
    }
}

/// An ISO 3166-1 alpha-2 code, upper case, or the first bytes of what was given instead.
pub(crate) type Code = [u8; 2];

pub(crate) fn code_of(code: &str) -> Code {
    let mut bytes = code.bytes().map(|byte| byte.to_ascii_uppercase());
    [bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default()]
}
