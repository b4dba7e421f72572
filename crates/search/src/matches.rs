//! Which institutions a query matches, and how well.

use crate::posting::{BEGINS_FIRST_WORD, Cost};

/// The institutions that each word of one reading of a text leads to, so far.
pub(crate) struct Reached {
    /// How many words have been read so far.
    words: u8,
    states: Vec<State>,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// How many of the words lead here, without a gap.
    reached: u8,
    /// Of all words before the last.
    before: Cost,
    /// Of the last.
    last: Cost,
}

impl State {
    /// Counts word number `word` with `cost`, if all words before it lead here; of several costs the least counts.
    fn reach(&mut self, word: u8, cost: Cost) {
        if self.reached + 1 == word {
            *self = Self { reached: word, before: self.before + self.last, last: cost };
        } else if self.reached == word && cost < self.last {
            self.last = cost;
        }
    }
}

impl Reached {
    pub(crate) fn new(documents: usize) -> Self {
        Self { words: 0, states: vec![State::default(); documents] }
    }

    /// Forgets everything, for another reading.
    pub(crate) fn clear(&mut self) {
        self.words = 0;
        self.states.fill(State::default());
    }

    /// Takes one more word: `visit` is called with each institution that it leads to and what that costs.
    pub(crate) fn narrow(&mut self, visit: impl FnOnce(&mut dyn FnMut(u32, Cost))) {
        self.words = self.words.saturating_add(1);
        let (words, states) = (self.words, &mut self.states);
        visit(&mut |document, cost| {
            if let Some(state) = states.get_mut(document as usize) {
                state.reach(words, cost);
            }
        });
    }

    /// Adds institutions that the text leads to with all its words written as one, if not all of them lead there.
    pub(crate) fn widen(&mut self, visit: impl FnOnce(&mut dyn FnMut(u32, Cost))) {
        self.words = self.words.max(1);
        let (words, states) = (self.words, &mut self.states);
        visit(&mut |document, cost| {
            if let Some(state) = states.get_mut(document as usize) {
                let joined = State { reached: words, before: Cost::JOINED, last: cost };
                if state.reached < words || joined.before + joined.last < state.before + state.last {
                    *state = joined;
                }
            }
        });
    }

    /// The institutions that all words lead to.
    fn iter(&self) -> impl Iterator<Item = (u32, Cost)> {
        let reached = (0..).zip(&self.states).filter(|(_, state)| state.reached == self.words);
        reached.map(|(document, state)| (document, state.before + state.last))
    }
}

/// The institutions that a text leads to, in one reading or another.
pub(crate) struct Found(Vec<Option<Quality>>);

impl Found {
    pub(crate) fn new(documents: usize) -> Self {
        Self(vec![None; documents])
    }

    /// Adds what a reading leads to that takes so many mistakes for granted; the best reading counts.
    pub(crate) fn add(&mut self, reached: &Reached, mistakes: u8) {
        for (document, cost) in reached.iter() {
            self.improve(document, Quality::of_words(cost.with_mistakes(mistakes)));
        }
    }

    /// Adds the institutions of which the text is a whole name.
    pub(crate) fn add_called_so(&mut self, documents: impl Iterator<Item = u32>) {
        for document in documents {
            self.improve(document, Quality::WHOLE);
        }
    }

    fn improve(&mut self, document: u32, quality: Quality) {
        if let Some(found) = self.0.get_mut(document as usize)
            && found.is_none_or(|found| quality < found)
        {
            *found = Some(quality);
        }
    }

    /// All of them, each once.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Quality)> {
        (0..).zip(&self.0).filter_map(|(document, quality)| quality.map(|quality| (document, quality)))
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
    const WHOLE: Self = Self { fit: Fit::Whole, cost: Cost { mistakes: 0, is_weak: false, penalty: 0 } };

    fn of_words(cost: Cost) -> Self {
        Self { fit: if cost == Cost::default() { Fit::Beginning } else { Fit::Part }, cost }
    }

    /// The same match where the name begins with the text, of which the last word may be unfinished.
    pub(crate) fn of_beginning(self, finished: bool) -> Self {
        let fit = match self.fit {
            Fit::Part if finished => Fit::Beginning,
            fit => fit,
        };
        Self { fit, cost: Cost::default() }
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
