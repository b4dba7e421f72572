//! What a text may mean: its words as they stand, and as they may have been meant.

use crate::{fold, script, terms::Terms};

/// How much of a text is looked at, in characters and in words: no institution needs more, and a longer text must not
/// cost more.
const MAX_TEXT: usize = 128;
const MAX_WORDS: usize = 8;

/// Shortest word that is taken apart, in letters, and shortest part.
const MIN_GLUED: usize = 6;
const MIN_PART: usize = 2;

/// How many words may have been written as one, and in how many ways a word is taken apart at most.
const MAX_PARTS: usize = 4;
const MAX_WAYS: usize = 3;

/// Lengths of a BIC with and without its branch.
const BIC: usize = 11;
const BIC_WITHOUT_BRANCH: usize = 8;

/// What was typed.
pub(crate) struct Query {
    text: String,
    words: Vec<String>,
}

/// Words to look for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Never empty.
    pub(crate) words: Vec<String>,
    /// What was put right to come to them.
    pub(crate) mistakes: u8,
}

impl Query {
    /// `None` if there is no word in the text.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text: String = text.chars().take(MAX_TEXT).collect();
        let mut words = fold::words(&text);
        words.truncate(MAX_WORDS);
        (!words.is_empty()).then_some(Self { text, words })
    }

    /// The words as they stand.
    pub(crate) fn as_typed(&self) -> Reading {
        Reading { words: self.words.clone(), mistakes: 0 }
    }

    /// The whole text, folded.
    pub(crate) fn phrase(&self) -> String {
        self.words.join(" ")
    }

    /// How many words there are by which people look for a bank.
    pub(crate) fn word_count(&self) -> u8 {
        let count = self.words.iter().filter(|word| fold::is_large(word)).count();
        u8::try_from(count).unwrap_or(u8::MAX)
    }

    /// Every other way to read it.
    pub(crate) fn other_readings(&self, terms: &Terms) -> Vec<Reading> {
        let spelt = [fold::words_written_out(&self.text), self.in_latin()].into_iter().flatten();
        let spaced = self.glued(terms).chain(self.taken_apart(terms));
        let otherwise = spelt.chain(spaced).chain(self.without_branch(terms)).map(|words| (words, 1));
        // That words are superfluous is the last thing to suppose.
        let otherwise = otherwise.chain(self.telling().map(|words| (words, 2)));
        let readings = otherwise.filter(|(words, _)| !words.is_empty()).map(|(mut words, mistakes)| {
            words.truncate(MAX_WORDS);
            Reading { words, mistakes }
        });
        readings.collect()
    }

    fn in_latin(&self) -> Option<Vec<String>> {
        script::in_latin(&self.text).map(|latin| fold::words(&latin))
    }

    /// Two words written as one, where that begins a word or one of them doesn't.
    fn glued<'a>(&'a self, terms: &'a Terms) -> impl Iterator<Item = Vec<String>> + 'a {
        (1..self.words.len()).filter_map(|second| {
            let (before, rest) = self.words.split_at(second - 1);
            let [left, right, after @ ..] = rest else { return None };
            let glued = format!("{left}{right}");
            let may_be_one = terms.has_beginning(&glued) || !terms.has_beginning(left) || !terms.has_beginning(right);
            may_be_one.then(|| [before, &[glued], after].concat())
        })
    }

    /// A word taken apart into words of names.
    fn taken_apart<'a>(&'a self, terms: &'a Terms) -> impl Iterator<Item = Vec<String>> + 'a {
        (0..).zip(&self.words).flat_map(move |(place, word)| {
            let mut ways = Vec::new();
            if word.chars().nth(MIN_GLUED - 1).is_some() {
                for parts in 2..=MAX_PARTS {
                    take_apart(word, parts, terms, &mut Vec::new(), &mut ways);
                }
            }
            let (before, after) = (&self.words[..place], &self.words[place + 1..]);
            ways.into_iter().map(move |parts| [before, &parts, after].concat())
        })
    }

    /// The words that tell a bank from others, where more were typed than its name has.
    fn telling(&self) -> Option<Vec<String>> {
        let is_telling = |word: &&String| fold::is_large(word) && !fold::is_generic(word);
        let telling: Vec<String> = self.words.iter().filter(is_telling).cloned().collect();
        (telling.len() < self.words.len()).then_some(telling)
    }

    /// The bank of a BIC of some branch.
    fn without_branch(&self, terms: &Terms) -> Option<Vec<String>> {
        let [word] = self.words.as_slice() else { return None };
        let bank = word.get(..BIC_WITHOUT_BRANCH).filter(|bank| word.len() == BIC && terms.has_bic(bank))?;
        Some(vec![bank.to_owned()])
    }
}

/// Adds the ways to read `word` as that many words, the longest words first; `before` are those to the left of it.
fn take_apart(word: &str, parts: usize, terms: &Terms, before: &mut Vec<String>, ways: &mut Vec<Vec<String>>) {
    if parts == 1 {
        if terms.has_beginning(word) {
            ways.push([before.as_slice(), &[word.to_owned()]].concat());
        }
        return;
    }
    let seams: Vec<usize> = word.char_indices().map(|(at, _)| at).skip(MIN_PART).collect();
    let inner = seams.len().saturating_sub(MIN_PART - 1);
    for (left, right) in seams.into_iter().take(inner).rev().map(|seam| word.split_at(seam)) {
        if ways.len() >= MAX_WAYS {
            return;
        }
        if terms.has_word(left) {
            before.push(left.to_owned());
            take_apart(right, parts - 1, terms, before, ways);
            before.pop();
        }
    }
}
