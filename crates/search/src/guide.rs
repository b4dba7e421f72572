//! From the words of a reading to the institutions.

use std::collections::HashMap;

use crate::{
    matches::Reached,
    query::Reading,
    terms::{Forgiveness, Leads, Terms},
};

/// Follows the words of readings. Readings of one text share most of their words, which are looked up once.
pub(crate) struct Guide<'a> {
    terms: &'a Terms,
    forgiveness: Forgiveness,
    known: HashMap<String, Leads>,
}

impl<'a> Guide<'a> {
    pub(crate) fn new(terms: &'a Terms, forgiveness: Forgiveness) -> Self {
        Self { terms, forgiveness, known: HashMap::new() }
    }

    /// Finds what all words of a reading lead to, or all of them written as one; false if that can be nothing.
    pub(crate) fn follow(&mut self, reading: &Reading, reached: &mut Reached) -> bool {
        let joined = (reading.words.len() > 1).then(|| reading.words.concat());
        for word in reading.words.iter().chain(&joined) {
            if !self.known.contains_key(word) {
                self.known.insert(word.clone(), self.terms.leads(word, self.forgiveness));
            }
        }
        let leads = |word: &String| self.known.get(word).filter(|leads| !leads.is_empty());
        let all: Option<Vec<&Leads>> = reading.words.iter().map(leads).collect();
        let joined = joined.as_ref().and_then(leads);
        for leads in all.iter().flatten() {
            reached.narrow(|visit| self.terms.visit(leads, visit));
        }
        if let Some(joined) = joined {
            reached.widen(|visit| self.terms.visit(joined, visit));
        }
        all.is_some() || joined.is_some()
    }
}
