//! What single words lead to, and what several of them lead to together.

use crate::{best::Best, posting::Cost};

/// The institutions that a word leads to, in order, each with the least that it costs.
#[derive(Debug, Default)]
pub(crate) struct Hits(Vec<(u32, Cost)>);

impl Hits {
    /// What `other` leads to as well.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let (few, many) = if self.0.len() < other.0.len() { (self, other) } else { (other, self) };
        let mut rest = many.0.as_slice();
        let mut both = Vec::new();
        for &(document, cost) in &few.0 {
            rest = skip_to(rest, document);
            if let Some(&(found, other)) = rest.first()
                && found == document
            {
                both.push((document, cost + other));
            }
        }
        Self(both)
    }

    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Cost)> {
        self.0.iter().copied()
    }
}

/// What is left from `document` on: first by steps that double, then by halves.
fn skip_to(hits: &[(u32, Cost)], document: u32) -> &[(u32, Cost)] {
    let is_before = |place: usize| hits.get(place).is_some_and(|hit| hit.0 < document);
    let mut step = 1;
    while is_before(step - 1) {
        step *= 2;
    }
    let (from, to) = (step / 2, hits.len().min(step));
    let within = hits.get(from..to).unwrap_or_default();
    let to_skip = from + within.partition_point(|hit| hit.0 < document);
    hits.get(to_skip..).unwrap_or_default()
}

/// Where hits are collected: room for each institution, used again for each word.
pub(crate) struct Collector(Best<Cost>);

impl Default for Collector {
    fn default() -> Self {
        Self(Best::of(0))
    }
}

impl Collector {
    /// Makes room for so many institutions.
    pub(crate) fn make_room(&mut self, documents: usize) {
        self.0.make_room(documents);
    }

    /// Adds a hit; of several for one institution the cheapest counts.
    pub(crate) fn add(&mut self, document: u32, cost: Cost) {
        self.0.add(document, cost);
    }

    /// The hits so far, in order. The next ones are of another word.
    pub(crate) fn take(&mut self) -> Hits {
        Hits(self.0.take())
    }
}
