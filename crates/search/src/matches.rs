//! Which institutions a query matches, and how well.

use crate::terms::{BEGINS_FIRST_WORD, WEAK};

/// The institutions that each word so far leads to.
pub(crate) struct Matches {
    /// How many words have been typed so far.
    words: u8,
    states: Vec<State>,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// How many of the words lead here, without a gap.
    reached: u8,
    exact: bool,
    /// Of all words before the last.
    before: u16,
    /// Of the last.
    last: u16,
}

impl State {
    /// Counts word number `word` with `penalty`, if all words before it lead here; of several penalties the least counts.
    const fn reach(&mut self, word: u8, penalty: u16) {
        if self.reached + 1 == word {
            self.reached = word;
            self.before = self.before.saturating_add(self.last);
            self.last = penalty;
        } else if self.reached == word && penalty < self.last {
            self.last = penalty;
        }
    }
}

impl Matches {
    pub(crate) fn new(documents: usize) -> Self {
        Self { words: 0, states: vec![State::default(); documents] }
    }

    /// Takes one more word: `visit` is called with each institution that it leads to and the penalty.
    pub(crate) fn narrow(&mut self, visit: impl FnOnce(&mut dyn FnMut(u32, u16))) {
        self.words = self.words.saturating_add(1);
        let (words, states) = (self.words, &mut self.states);
        visit(&mut |document, penalty| {
            if let Some(state) = states.get_mut(document as usize) {
                state.reach(words, penalty);
            }
        });
    }

    /// Adds institutions that the query leads to in another way, weaker than any that all its words lead to.
    pub(crate) fn widen(&mut self, visit: impl FnOnce(&mut dyn FnMut(u32, u16))) {
        let (words, states) = (self.words, &mut self.states);
        visit(&mut |document, penalty| {
            if let Some(state) = states.get_mut(document as usize).filter(|state| state.reached < words) {
                *state = State { reached: words, exact: false, before: WEAK, last: penalty };
            }
        });
    }

    /// Marks the institutions of which the query is a whole name.
    pub(crate) fn exact(&mut self, documents: &[u32]) {
        for &document in documents {
            if let Some(state) = self.states.get_mut(document as usize) {
                *state = State { reached: self.words, exact: true, ..State::default() };
            }
        }
    }

    /// The institutions that all words lead to.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Quality)> {
        let reached = (0..).zip(&self.states).filter(|(_, state)| state.reached == self.words);
        reached.map(|(document, state)| (document, Quality::new(state.exact, state.before.saturating_add(state.last))))
    }
}

/// How well an institution matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quality {
    /// Some word is part of a BIC, an acronym, a legal form, or words written as one.
    weak: bool,
    fit: Fit,
    penalty: u16,
}

/// How much of a name the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// It is the whole of a name, alias, id or BIC.
    Whole,
    /// A name begins with it, and goes on with another word.
    Beginning,
    /// Its words begin some words of a name.
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
    /// How many institutions are better known.
    pub(crate) popularity_rank: u32,
    /// Its number. Documents are numbered in the order of their names.
    pub(crate) document: u32,
}

/// Bits of the sort key, from the highest: 1 weak, 1 not called so, 1 foreign, 1 partial, 23 popularity, 5 penalty, 32
/// document.
const WEAK_BIT: u32 = 63;
const OTHERWISE_CALLED_BIT: u32 = 62;
const FOREIGN_BIT: u32 = 61;
const PARTIAL_BIT: u32 = 60;
const POPULARITY: u32 = 37;
const PENALTY: u32 = 32;
const MAX_POPULARITY: u32 = (1 << 23) - 1;
const MAX_PENALTY: u16 = (1 << 5) - 1;

impl Quality {
    const fn new(exact: bool, penalty: u16) -> Self {
        let fit = match (exact, penalty) {
            (true, _) => Fit::Whole,
            (false, 0) => Fit::Beginning,
            (false, _) => Fit::Part,
        };
        Self { weak: !exact && penalty >= WEAK, fit, penalty: penalty % WEAK }
    }

    /// The same match where the name begins with the text, of which the last word may be unfinished.
    pub(crate) const fn of_beginning(self, finished: bool) -> Self {
        let fit = match self.fit {
            Fit::Part if finished => Fit::Beginning,
            fit => fit,
        };
        Self { weak: false, fit, penalty: 0 }
    }

    /// The smaller, the further up.
    pub(crate) fn sort_key(self, candidate: Candidate, namesake: Namesake) -> u64 {
        let Candidate { is_foreign, is_known, popularity_rank, document } = candidate;
        let is_meant_at_home = match self.fit {
            Fit::Whole | Fit::Beginning => true,
            Fit::Part => is_known && !self.weak && self.penalty <= BEGINS_FIRST_WORD,
        };
        let is_called_so = self.fit == Fit::Whole || (namesake == Namesake::Abroad && !is_foreign && is_meant_at_home);
        u64::from(self.weak) << WEAK_BIT
            | u64::from(!is_called_so) << OTHERWISE_CALLED_BIT
            | u64::from(is_foreign) << FOREIGN_BIT
            | u64::from(self.fit != Fit::Whole) << PARTIAL_BIT
            | u64::from(popularity_rank.min(MAX_POPULARITY)) << POPULARITY
            | u64::from(self.penalty.min(MAX_PENALTY)) << PENALTY
            | u64::from(document)
    }
}

/// The document of a sort key.
#[expect(clippy::cast_possible_truncation, reason = "the document is the lower half")]
pub(crate) const fn document_of(key: u64) -> u32 {
    key as u32
}
