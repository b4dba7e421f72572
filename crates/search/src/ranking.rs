//! The order of what was found.

use crate::{
    document::{Code, code_of},
    entry::{Country, Scope},
    index::Index,
    matches::{Found, Key, Namesake, Quality},
    query::Query,
};

/// So many institutions of other countries are enough where none at home is found.
const ENOUGH: usize = 5;

/// What the order depends on beside what was found.
pub(crate) struct Ranking<'a> {
    index: &'a Index,
    scope: Scope<'a>,
    country: Option<Code>,
    only: Option<Code>,
    words: u8,
    namesake: Namesake,
}

impl<'a> Ranking<'a> {
    pub(crate) fn new(index: &'a Index, query: &Query, scope: Scope<'a>, country: Country<'_>) -> Self {
        let phrase = query.phrase();
        let only = country.only().map(code_of);
        let country = country.code().map(code_of);
        let is_abroad = index
            .called_so(&phrase)
            .filter_map(|number| index.in_scope(number, scope))
            .any(|(_, document)| document.is_foreign_to(country));
        let namesake = if is_abroad { Namesake::Abroad } else { Namesake::None };
        Self { index, scope, country, only, words: query.word_count(), namesake }
    }

    /// Where each institution stands that the person may see.
    pub(crate) fn keys(&self, found: &Found) -> Vec<Key> {
        let key = |(number, quality): (u32, Quality)| {
            let (_, document) = self.index.in_scope(number, self.scope)?;
            let is_seen = !document.is_foreign_to(self.only);
            is_seen.then(|| quality.key(document.candidate(number, self.words, self.country), self.namesake))
        };
        found.iter().filter_map(key).collect()
    }
}

/// What is forgiven where too little is found, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leniency {
    /// A mistake in each word.
    Typo,
    /// Other spaces, another script, words too many.
    OtherReading,
    /// Two mistakes in long words.
    TwoTypos,
}

impl Leniency {
    /// Each of them, in order.
    pub(crate) const ALL: [Self; 3] = [Self::Typo, Self::OtherReading, Self::TwoTypos];
}

/// Whether so much is found that this need not be forgiven, too.
pub(crate) fn is_enough(keys: &[Key], leniency: Leniency) -> bool {
    let plain = || keys.iter().filter(|key| key.is_plain());
    match leniency {
        Leniency::Typo => plain().any(|key| !key.is_foreign()) || plain().nth(ENOUGH - 1).is_some(),
        Leniency::OtherReading => keys.iter().any(|key| !key.is_foreign()),
        Leniency::TwoTypos => !keys.is_empty(),
    }
}

/// The institutions of the `count` smallest keys, in order.
pub(crate) fn best(mut keys: Vec<Key>, count: usize) -> impl Iterator<Item = u32> {
    keep_smallest(&mut keys, count);
    keys.into_iter().map(Key::document)
}

/// Leaves the `count` smallest, sorted.
fn keep_smallest(keys: &mut Vec<Key>, count: usize) {
    if count == 0 {
        keys.clear();
    } else if keys.len() > count {
        keys.select_nth_unstable(count - 1);
        keys.truncate(count);
    }
    keys.sort_unstable();
}
