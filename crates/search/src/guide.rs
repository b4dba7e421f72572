//! From the words of a reading to the institutions.

use std::collections::{HashMap, HashSet, hash_map};

use crate::{
    hits::{Collector, Hits},
    matches::Found,
    posting::Cost,
    query::Reading,
    terms::{Forgiveness, Terms},
};

/// Follows the words of readings. Readings of one text share most of their words, each of which is followed once.
pub(crate) struct Guide<'a> {
    terms: &'a Terms,
    forgiveness: Forgiveness,
    documents: usize,
    collector: Collector,
    known: HashMap<String, Hits>,
    joined: HashSet<String>,
}

impl<'a> Guide<'a> {
    /// A guide to so many institutions.
    pub(crate) fn new(terms: &'a Terms, forgiveness: Forgiveness, documents: usize) -> Self {
        Self {
            terms,
            forgiveness,
            documents,
            collector: Collector::default(),
            known: HashMap::new(),
            joined: HashSet::new(),
        }
    }

    /// Adds what all words of a reading lead to, and all of them written as one.
    pub(crate) fn follow(&mut self, reading: &Reading, found: &mut Found) {
        if let [word] = reading.words.as_slice() {
            let leads = self.terms.leads(word, self.forgiveness);
            return self
                .terms
                .visit(&leads, |document, cost| found.add(document, cost.with_mistakes(reading.mistakes)));
        }
        for (document, cost) in self.hits_of_all(&reading.words).iter() {
            found.add(document, cost.with_mistakes(reading.mistakes));
        }
        // Where only the spaces are others than in a reading before, so is what it leads to without them.
        let joined = reading.words.concat();
        if !self.joined.insert(joined.clone()) {
            return;
        }
        // A name as one word begins like many others: two mistakes in it would take too long to find.
        let leads = self.terms.leads(&joined, self.forgiveness.min(Forgiveness::Mild));
        self.terms.visit(&leads, |document, cost| {
            found.add(document, (Cost::JOINED + cost).with_mistakes(reading.mistakes));
        });
    }

    /// What all the words lead to, none if one of them leads nowhere.
    fn hits_of_all(&mut self, words: &[String]) -> Hits {
        for word in words {
            if self.hits(word).len() == 0 {
                return Hits::default();
            }
        }
        let mut each: Vec<&Hits> = words.iter().filter_map(|word| self.known.get(word)).collect();
        each.sort_unstable_by_key(|hits| hits.len());
        match each.as_slice() {
            [first, second, rest @ ..] => rest.iter().fold(first.and(second), |all, hits| all.and(hits)),
            _ => Hits::default(),
        }
    }

    fn hits(&mut self, word: &str) -> &Hits {
        match self.known.entry(word.to_owned()) {
            hash_map::Entry::Occupied(known) => known.into_mut(),
            hash_map::Entry::Vacant(new) => {
                self.collector.make_room(self.documents);
                let leads = self.terms.leads(word, self.forgiveness);
                self.terms.visit(&leads, |document, cost| self.collector.add(document, cost));
                new.insert(self.collector.take())
            }
        }
    }
}
