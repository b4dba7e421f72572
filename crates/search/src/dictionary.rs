//! Words in order, each with the institutions that it leads to, laid out in a few flat tables.

use core::ops::Range;
use std::collections::HashMap;

use crate::posting::{Place, Posting};

/// Words while they are collected.
#[derive(Debug, Default)]
pub(crate) struct DictionaryBuilder(HashMap<String, Vec<Posting>>);

impl DictionaryBuilder {
    pub(crate) fn add(&mut self, word: String, document: u32, place: Place) {
        if !word.is_empty() {
            self.0.entry(word).or_default().push(Posting::new(document, place));
        }
    }

    pub(crate) fn build(self) -> Dictionary {
        let mut words: Vec<(String, Vec<Posting>)> = self.0.into_iter().collect();
        words.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let mut dictionary = Dictionary {
            letters: String::with_capacity(words.iter().map(|(word, _)| word.len()).sum()),
            ends: Vec::with_capacity(words.len()),
            postings: Vec::with_capacity(words.iter().map(|(_, postings)| postings.len()).sum()),
            postings_ends: Vec::with_capacity(words.len()),
        };
        for (word, mut postings) in words {
            postings.sort_unstable();
            postings.dedup_by_key(|posting| posting.document());
            dictionary.letters.push_str(&word);
            dictionary.ends.push(number(dictionary.letters.len()));
            dictionary.postings.append(&mut postings);
            dictionary.postings_ends.push(number(dictionary.postings.len()));
        }
        dictionary.postings.shrink_to_fit();
        dictionary
    }
}

/// A place in a table. More than four billion letters are no directory of institutions.
pub(crate) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// All words, in order. A word is known by its number, its place in that order.
#[derive(Debug)]
pub(crate) struct Dictionary {
    /// The words, one after the other.
    letters: String,
    /// Where each ends in `letters`; it begins where the one before ends.
    ends: Vec<u32>,
    /// What the words lead to, in the order of the words.
    postings: Vec<Posting>,
    /// Where those of each word end in `postings`.
    postings_ends: Vec<u32>,
}

impl Dictionary {
    /// How many words there are.
    pub(crate) fn len(&self) -> u32 {
        number(self.ends.len())
    }

    /// The word with this number; none where there is no such word.
    pub(crate) fn word(&self, word: u32) -> &str {
        self.letters.get(range(&self.ends, word..word + 1)).unwrap_or_default()
    }

    /// The words that begin with `beginning`. If it is a word itself, that is the first of them.
    pub(crate) fn beginning_with(&self, beginning: &str) -> Range<u32> {
        let from = self.first_where(0..self.len(), |word| word >= beginning);
        from..self.first_where(from..self.len(), |word| !word.starts_with(beginning))
    }

    /// The number of a word.
    pub(crate) fn find(&self, word: &str) -> Option<u32> {
        let place = self.first_where(0..self.len(), |other| other >= word);
        (place < self.len() && self.word(place) == word).then_some(place)
    }

    /// What these words lead to.
    pub(crate) fn postings(&self, words: Range<u32>) -> &[Posting] {
        self.postings.get(range(&self.postings_ends, words)).unwrap_or_default()
    }

    /// Bytes that the tables take.
    pub(crate) fn memory(&self) -> usize {
        self.letters.capacity()
            + size_of::<u32>() * (self.ends.capacity() + self.postings_ends.capacity())
            + size_of::<Posting>() * self.postings.capacity()
    }

    /// The first of `words` for which `is_there` holds, which must hold for all words after it.
    fn first_where(&self, words: Range<u32>, is_there: impl Fn(&str) -> bool) -> u32 {
        let Range { mut start, mut end } = words;
        while start < end {
            let middle = start.midpoint(end);
            if is_there(self.word(middle)) {
                end = middle;
            } else {
                start = middle + 1;
            }
        }
        start
    }
}

/// What the entries `from..to` of a table cover whose entries say where each of them ends.
fn range(ends: &[u32], entries: Range<u32>) -> Range<usize> {
    let end = |count: u32| match count.checked_sub(1) {
        None => 0,
        Some(last) => ends.get(last as usize).copied().unwrap_or_default() as usize,
    };
    end(entries.start)..end(entries.end)
}
