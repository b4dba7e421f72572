//! Queries and what they mean.

use std::collections::BTreeSet;

use banklink_protocol::{ids::InstitutionId, institutions::InstitutionSummary};
use banklink_search::Entry;

use crate::{
    kinds::Kind,
    names::{Among, Names, acronym, plain, said_words},
    random::Random,
    romanised::romanised,
    spoil,
};

/// So many others may fit a text as well as the institution that is meant, before it is spoilt: as many as leave it a
/// place among three. A text that fits more would be no question that an order can answer.
pub const MAX_RIVALS: usize = 2;

/// How many attempts a query takes at most.
const ATTEMPTS: usize = 1000;

/// What a person typed, and meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What makes it hard.
    pub kind: Kind,
    /// As typed.
    pub text: String,
    /// Where the person is (ISO 3166-1 alpha-2): in most cases where the institution is, sometimes elsewhere or unknown.
    pub country: Option<String>,
    /// Each of them is what was meant.
    pub answers: BTreeSet<InstitutionId>,
}

/// So many queries of each kind, or fewer where the institutions don't have as many different ones.
pub fn queries(entries: &[Entry], seed: u64, of_each_kind: usize) -> Vec<Query> {
    let mut maker = Maker { entries, names: Names::of(entries), random: Random::new(seed) };
    let mut queries: Vec<Query> = Vec::new();
    for kind in Kind::ALL {
        let mut seen = BTreeSet::new();
        for _ in 0..of_each_kind.saturating_mul(ATTEMPTS) {
            if seen.len() == of_each_kind {
                break;
            }
            if let Some(query) = maker.query(kind)
                && seen.insert(query.text.clone())
            {
                queries.push(query);
            }
        }
    }
    queries
}

struct Maker<'a> {
    entries: &'a [Entry],
    names: Names,
    random: Random,
}

/// An institution that somebody means, and words that tell it from others.
struct Meant<'a> {
    number: usize,
    entry: &'a Entry,
    country: Option<String>,
    words: Vec<String>,
}

impl<'a> Maker<'a> {
    fn query(&mut self, kind: Kind) -> Option<Query> {
        match kind {
            Kind::Acronym => self.acronym(),
            Kind::ShortName => self.short_name(),
            Kind::Bic => self.bic(),
            Kind::Script => self.script(),
            Kind::Typo | Kind::Order | Kind::Accent | Kind::Prefix | Kind::Spaces | Kind::Mixed => self.name(kind),
        }
    }

    /// A part of the name, spoilt.
    fn name(&mut self, kind: Kind) -> Option<Query> {
        let number = self.random.below(self.entries.len());
        let mut meant = self.meant(number)?;
        let random = &mut self.random;
        match kind {
            Kind::Typo => {
                self.leave_unfinished(&mut meant);
                spoil::typo(&mut meant.words, &mut self.random)?;
            }
            Kind::Order => spoil::order(&mut meant.words, random)?,
            // In most cases a name that has accents.
            Kind::Accent => {
                let has_accents = meant.words.iter().any(|word| !word.is_ascii());
                if !has_accents && random.percent(80) {
                    return None;
                }
                spoil::accents(&mut meant.words, random)?;
            }
            Kind::Prefix => self.abbreviate(&mut meant)?,
            Kind::Spaces => spoil::spaces(&mut meant.words, random)?,
            _ => self.spoil_twice(&mut meant)?,
        }
        let answers = self.names.twins(meant.number).collect();
        Some(self.ask(kind, &meant.words.join(" "), meant.country, answers))
    }

    /// A person who means this institution, and as many words of its name as leave few rivals, or all of them.
    fn meant(&mut self, number: usize) -> Option<Meant<'a>> {
        let entry = self.entries.get(number)?;
        let home = &entry.summary.country;
        let country = match self.random.below(100) {
            0..5 => None,
            5..15 => Some(self.random.pick(self.entries)?.summary.country.clone()),
            _ => Some(home.clone()),
        };
        let said = said_words(&entry.summary.name);
        let mut meant = Meant { number, entry, country, words: Vec::new() };
        for word in said {
            meant.words.push(word);
            if meant.words.len() > 1 && self.has_few_rivals(&meant, &meant.words) {
                break;
            }
        }
        (!meant.words.is_empty()).then_some(meant)
    }

    /// Whether few others fit these words: of the same country for a person who is there, else of all.
    fn has_few_rivals(&self, meant: &Meant<'_>, words: &[String]) -> bool {
        let home = meant.entry.summary.country.as_str();
        let among = if meant.country.as_deref() == Some(home) { Among::Country(home) } else { Among::All };
        let twins: Vec<usize> = self.names.twins(meant.number).collect();
        let rivals = self.names.with_words(words, among).filter(|number| !twins.contains(number));
        rivals.take(MAX_RIVALS + 1).count() <= MAX_RIVALS
    }

    /// Cuts the last word short in some cases, as it is while somebody types.
    fn leave_unfinished(&mut self, meant: &mut Meant<'_>) {
        if !self.random.percent(40) {
            return;
        }
        let mut words = meant.words.clone();
        let Some(last) = words.last_mut() else { return };
        let letters = last.chars().count();
        *last = last.chars().take(4 + self.random.below(letters.saturating_sub(4))).collect();
        if self.has_few_rivals(meant, &words) {
            meant.words = words;
        }
    }

    /// The beginning of each word, just long enough.
    fn abbreviate(&mut self, meant: &mut Meant<'_>) -> Option<()> {
        let longest = meant.words.iter().map(|word| word.chars().count()).max()?;
        for letters in 2 + self.random.below(2)..longest {
            let words: Vec<String> = meant.words.iter().map(|word| word.chars().take(letters).collect()).collect();
            if self.has_few_rivals(meant, &words) {
                meant.words = words;
                return Some(());
            }
        }
        None
    }

    fn spoil_twice(&mut self, meant: &mut Meant<'_>) -> Option<()> {
        let mut ways = [Kind::Typo, Kind::Order, Kind::Accent, Kind::Spaces];
        self.random.shuffle(&mut ways);
        // Words that are not there any more can't change places.
        let ways = &mut ways[..2];
        ways.sort_unstable_by_key(|way| *way == Kind::Spaces);
        if !ways.contains(&Kind::Order) && !ways.contains(&Kind::Spaces) {
            self.leave_unfinished(meant);
        }
        for way in ways {
            let (words, random) = (&mut meant.words, &mut self.random);
            match way {
                Kind::Typo => spoil::typo(words, random)?,
                Kind::Order => spoil::order(words, random)?,
                Kind::Accent => spoil::accents(words, random)?,
                _ => spoil::spaces(words, random)?,
            }
        }
        Some(())
    }

    /// Three to five first letters. Whoever is at home means one of the institutions there of which they are.
    fn acronym(&mut self) -> Option<Query> {
        let entry = self.random.pick(self.entries)?;
        let text = acronym(&said_words(&entry.summary.name));
        if !(3..=5).contains(&text.chars().count()) {
            return None;
        }
        let country = entry.summary.country.clone();
        let answers = self.names.abbreviated(&text, &country).collect();
        Some(self.ask(Kind::Acronym, &text, Some(country), answers))
    }

    /// A short name that is not the name.
    fn short_name(&mut self) -> Option<Query> {
        let entry = self.random.pick(self.entries)?;
        let text = entry.short_name.as_ref()?;
        if plain(text) == plain(&entry.summary.name) {
            return None;
        }
        let country = entry.summary.country.clone();
        let answers = self.names.called(text, &country).collect();
        Some(self.ask(Kind::ShortName, text, Some(country), answers))
    }

    /// Eight or eleven letters that few institutions share.
    fn bic(&mut self) -> Option<Query> {
        let entry = self.random.pick(self.entries)?;
        let bic = entry.bic.as_ref()?;
        let text = if self.random.percent(50) { bic.get(..8)? } else { bic };
        let answers: Vec<usize> = self.names.with_bic(text).collect();
        let country = Some(entry.summary.country.clone());
        (answers.len() <= MAX_RIVALS + 1).then(|| self.ask(Kind::Bic, text, country, answers))
    }

    /// A part of a name in Cyrillic.
    fn script(&mut self) -> Option<Query> {
        let number = self.random.below(self.entries.len());
        let InstitutionSummary { name, country, .. } = &self.entries.get(number)?.summary;
        let in_latin = |word: &String| romanised(word, country);
        said_words(name).iter().find_map(in_latin)?;
        let meant = self.meant(number)?;
        let words: Vec<String> =
            meant.words.iter().map(|word| in_latin(word).unwrap_or_else(|| word.clone())).collect();
        let answers = self.names.twins(number).collect();
        (words != meant.words).then(|| self.ask(Kind::Script, &words.join(" "), meant.country, answers))
    }

    /// Most people don't type capitals.
    fn ask(&mut self, kind: Kind, text: &str, country: Option<String>, answers: Vec<usize>) -> Query {
        let text = if self.random.percent(70) { text.to_lowercase() } else { text.to_owned() };
        let id = |number: usize| self.entries.get(number).map(|entry| entry.summary.id.clone());
        Query { kind, text, country, answers: answers.into_iter().filter_map(id).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::real;

    #[test]
    fn the_same_seed_asks_the_same_and_every_query_has_an_answer() {
        let entries = real().unwrap();
        let asked = queries(&entries, 7, 20);
        assert_eq!(asked, queries(&entries, 7, 20));
        assert_ne!(asked, queries(&entries, 8, 20));
        for kind in Kind::ALL {
            assert_eq!(asked.iter().filter(|query| query.kind == kind).count(), 20, "{kind}");
        }
        for query in &asked {
            assert!(!query.answers.is_empty() && !query.text.trim().is_empty(), "{query:?}");
        }
    }
}
