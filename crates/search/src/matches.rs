//! Which institutions a query matches, and how well.

use crate::{
    best::Best,
    posting::{BEGINS_FIRST_WORD, Cost},
};

/// The institutions that a text leads to, in one reading or another.
pub(crate) struct Found(Best<Quality>);

impl Found {
    pub(crate) fn new(documents: usize) -> Self {
        Self(Best::of(documents))
    }

    /// Adds an institution that the words of a reading lead to; the best reading counts.
    pub(crate) fn add(&mut self, document: u32, cost: Cost) {
        self.0.add(document, Quality::of_words(cost));
    }

    /// Adds an institution of which the text is a whole name.
    pub(crate) fn add_whole(&mut self, document: u32) {
        self.0.add(document, Quality { fit: Fit::Whole, cost: Cost::default() });
    }

    /// Adds an institution of which a name begins with the text, and goes on with another word, or with the same one.
    pub(crate) fn add_beginning(&mut self, document: u32, is_word_over: bool) {
        let fit = if is_word_over { Fit::Beginning } else { Fit::Part };
        self.0.add(document, Quality { fit, cost: Cost::default() });
    }

    /// All of them, each once.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Quality)> {
        self.0.iter()
    }
}

/// How well an institution matches, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quality {
    fit: Fit,
    cost: Cost,
}

/// How much of a name the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the whole of a name, alias, id or BIC.
    Whole,
    /// A name begins with it, and goes on with another word.
    Beginning,
    /// Its words begin some words of a name, or would with their mistakes put right.
    Part,
}

/// Whether an institution of another country is called just as the text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Namesake {
    /// One is. It comes before what only contains the text, but after those at home that are meant by it as well: their
    /// names begin with it, or they are large and their first word does.
    Abroad,
    /// None is.
    None,
}

/// What counts beside how well an institution matches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// It is not of the person's country.
    pub(crate) is_foreign: bool,
    /// People connect it, or it is one of the large ones of its country.
    pub(crate) is_known: bool,
    /// Its name has more words than the text.
    pub(crate) is_longer: bool,
    /// How many institutions are better known.
    pub(crate) popularity_rank: u32,
    /// Its number. Documents are numbered in the order of their names.
    pub(crate) document: u32,
}

/// Bits of a key, from the highest: 3 mistakes, 1 not called so, 1 foreign, 1 weak, 1 partial, 19 popularity, 1 longer, 5
/// penalty, 32 document.
const MISTAKES: u32 = 61;
const OTHERWISE_CALLED_BIT: u32 = 60;
const FOREIGN_BIT: u32 = 59;
const WEAK_BIT: u32 = 58;
const PARTIAL_BIT: u32 = 57;
const POPULARITY: u32 = 38;
const LONGER_BIT: u32 = 37;
const PENALTY: u32 = 32;
const MAX_MISTAKES: u8 = (1 << 3) - 1;
const MAX_POPULARITY: u32 = (1 << 19) - 1;
const MAX_PENALTY: u8 = (1 << 5) - 1;

impl Quality {
    fn of_words(cost: Cost) -> Self {
        Self { fit: if cost == Cost::default() { Fit::Beginning } else { Fit::Part }, cost }
    }

    /// Where it stands among others.
    pub(crate) fn key(self, candidate: Candidate, namesake: Namesake) -> Key {
        let Candidate { is_foreign, is_known, is_longer, popularity_rank, document } = candidate;
        let Cost { mistakes, is_weak, penalty } = self.cost;
        let is_meant_at_home = match self.fit {
            Fit::Whole | Fit::Beginning => true,
            Fit::Part => is_known && !is_weak && penalty <= BEGINS_FIRST_WORD,
        };
        let is_called_so = self.fit == Fit::Whole || (namesake == Namesake::Abroad && !is_foreign && is_meant_at_home);
        Key(u64::from(mistakes.min(MAX_MISTAKES)) << MISTAKES
            | u64::from(!is_called_so) << OTHERWISE_CALLED_BIT
            | u64::from(is_foreign) << FOREIGN_BIT
            | u64::from(is_weak) << WEAK_BIT
            | u64::from(self.fit != Fit::Whole) << PARTIAL_BIT
            | u64::from(popularity_rank.min(MAX_POPULARITY)) << POPULARITY
            | u64::from(is_longer) << LONGER_BIT
            | u64::from(penalty.min(MAX_PENALTY)) << PENALTY
            | u64::from(document))
    }
}

/// Where an institution stands among those found: the smaller, the further up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(u64);

impl Key {
    #[expect(clippy::cast_possible_truncation, reason = "the document is the lower half")]
    pub(crate) const fn document(self) -> u32 {
        self.0 as u32
    }

    /// Whether it is of another country than the person.
    pub(crate) const fn is_foreign(self) -> bool {
        self.0 >> FOREIGN_BIT & 1 == 1
    }

    /// Whether the text leads there as it stands, by words that people look for.
    pub(crate) const fn is_plain(self) -> bool {
        self.0 >> MISTAKES == 0 && self.0 >> WEAK_BIT & 1 == 0
    }
}
