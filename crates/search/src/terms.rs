//! The sorted list of words, each with the institutions that it leads to.

use std::collections::HashMap;

/// An institution that a word leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting {
    /// Number of the institution.
    pub(crate) document: u32,
    /// Where the word stands.
    pub(crate) place: Place,
}

/// Where a word stands, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// It is the first word of the name, the short name or an alias.
    First,
    /// It is another word of them.
    Later,
    /// It is an article, a preposition or the like in one of them.
    Small,
    /// It is a legal form behind one of them.
    LegalForm,
    /// It is all words of one of them, written as one.
    Joined,
    /// It is the BIC.
    Bic,
    /// It is the first letters of the name's words.
    Acronym,
}

/// Penalty of a match that is not with a word that people look for: worse than any sum of the others.
pub(crate) const WEAK: u16 = 256;

/// Greatest penalty of a match with the first word of a name, whole or not.
pub(crate) const BEGINS_FIRST_WORD: u16 = 1;

/// Shortest beginning of a BIC or of joined words that counts, in letters; below, nearly everything would match.
const MIN_WEAK_PREFIX: usize = 4;

impl Posting {
    /// How badly a typed word fits a word that it begins; `None` where it does not count.
    fn penalty(self, typed: Typed, whole: bool) -> Option<u16> {
        // One letter is the beginning of a word even where it is one: `B.` is no better an answer to `b` than `Banco`.
        let begins = u16::from(!whole || typed.is_letter);
        match self.place {
            Place::First => Some(begins),
            Place::Later => Some(begins + 2),
            Place::Small => Some(begins + 5),
            Place::LegalForm => Some(WEAK + begins),
            Place::Joined | Place::Bic => (whole || typed.is_long).then_some(WEAK + begins),
            Place::Acronym => whole.then_some(WEAK + 1),
        }
    }
}

/// What the length of a typed word means.
#[derive(Clone, Copy)]
struct Typed {
    is_letter: bool,
    /// Whether it counts as the beginning of a BIC or of joined words.
    is_long: bool,
}

impl Typed {
    fn new(word: &str) -> Self {
        Self { is_letter: word.chars().nth(1).is_none(), is_long: word.chars().nth(MIN_WEAK_PREFIX - 1).is_some() }
    }
}

/// Words while they are collected.
#[derive(Debug, Default)]
pub(crate) struct TermsBuilder(HashMap<String, Vec<Posting>>);

impl TermsBuilder {
    pub(crate) fn add(&mut self, word: String, document: u32, place: Place) {
        if !word.is_empty() {
            self.0.entry(word).or_default().push(Posting { document, place });
        }
    }

    pub(crate) fn build(self) -> Terms {
        let mut words: Vec<(String, Vec<Posting>)> = self.0.into_iter().collect();
        words.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let mut terms = Terms { words: Vec::with_capacity(words.len()), starts: vec![0], postings: Vec::new() };
        for (word, mut postings) in words {
            postings.sort_unstable();
            postings.dedup_by_key(|posting| posting.document);
            terms.words.push(word.into_boxed_str());
            terms.postings.append(&mut postings);
            terms.starts.push(terms.postings.len());
        }
        terms
    }
}

/// All words, sorted. The postings of word `n` are `postings[starts[n]..starts[n + 1]]`.
#[derive(Debug)]
pub(crate) struct Terms {
    words: Vec<Box<str>>,
    starts: Vec<usize>,
    postings: Vec<Posting>,
}

impl Terms {
    /// Calls `visit` with each institution that a word beginning with `typed` leads to, and the penalty of that match.
    /// One institution may come several times.
    pub(crate) fn visit(&self, typed: &str, mut visit: impl FnMut(u32, u16)) {
        let from = self.words.partition_point(|word| **word < *typed);
        let words = self.words.iter().zip(self.starts.windows(2)).skip(from);
        let length = Typed::new(typed);
        for (word, range) in words.take_while(|(word, _)| word.starts_with(typed)) {
            let whole = word.len() == typed.len();
            for posting in self.postings.get(range[0]..range[1]).unwrap_or_default() {
                if let Some(penalty) = posting.penalty(length, whole) {
                    visit(posting.document, penalty);
                }
            }
        }
    }
}
