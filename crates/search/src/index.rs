//! The index itself.

use core::cmp::Reverse;
use std::collections::HashMap;

use banklink_protocol::{
    ids::InstitutionId,
    institutions::{InstitutionSummary, MAX_RESULTS, SearchResults},
};

use crate::{
    entry::{Entry, Origin, Scope},
    fold,
    matches::Matches,
    terms::{Place, Terms, TermsBuilder},
};

/// How much of a text is looked at, in characters and in words: no institution needs more, and a longer text must not
/// cost more.
const MAX_TEXT: usize = 128;
const MAX_WORDS: usize = 8;

/// Institutions, ready to be found.
#[derive(Debug)]
pub struct Index {
    /// In their order without a search: most popular first, then by name. Numbers of documents are places in it.
    documents: Vec<Document>,
    by_id: HashMap<InstitutionId, u32>,
    /// By country, in order.
    by_country: HashMap<Country, Vec<u32>>,
    /// By the whole of a name, short name, alias, id or BIC, folded.
    by_whole: HashMap<String, Vec<u32>>,
    terms: Terms,
    imported: u32,
}

#[derive(Debug)]
struct Document {
    summary: InstitutionSummary,
    origin: Origin,
    country: Country,
    /// The words of its name, folded.
    folded: String,
    popularity: u32,
    /// How many institutions are more popular, not counting equals twice.
    popularity_rank: u32,
}

/// An ISO 3166-1 alpha-2 code, upper case, or the first bytes of what was given instead.
type Country = [u8; 2];

fn country_of(code: &str) -> Country {
    let mut bytes = code.bytes().map(|byte| byte.to_ascii_uppercase());
    [bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default()]
}

impl Index {
    /// Builds the index. Of several entries with one id the last counts.
    pub fn build(entries: impl IntoIterator<Item = Entry>) -> Self {
        let unique: HashMap<InstitutionId, Entry> =
            entries.into_iter().map(|entry| (entry.summary.id.clone(), entry)).collect();
        let mut entries: Vec<(String, Entry)> =
            unique.into_values().map(|entry| (fold::words(&entry.summary.name).join(" "), entry)).collect();
        entries.sort_unstable_by(|(left_name, left), (right_name, right)| {
            (Reverse(left.popularity), left_name, &left.summary.id).cmp(&(
                Reverse(right.popularity),
                right_name,
                &right.summary.id,
            ))
        });
        let mut builder = Builder::default();
        for (number, (folded, entry)) in (0..).zip(entries) {
            builder.add(number, folded, entry);
        }
        builder.build()
    }

    /// The institutions that fit `text`, best first, at most `limit` of them and never more than [`MAX_RESULTS`];
    /// `country` (ISO 3166-1 alpha-2) comes first among equals. A text without a word finds what [`Self::popular`] shows.
    pub fn search(&self, text: &str, scope: Scope, country: Option<&str>, limit: usize) -> SearchResults {
        let mut words = fold::words(&text.chars().take(MAX_TEXT).collect::<String>());
        words.truncate(MAX_WORDS);
        if words.is_empty() {
            return self.popular(scope, country, limit);
        }
        let mut matches = Matches::new(self.documents.len());
        for word in &words {
            matches.narrow(|visit| self.terms.visit(word, visit));
        }
        if words.len() > 1 {
            matches.widen(|visit| self.terms.visit(&words.concat(), visit));
        }
        let phrase = words.join(" ");
        matches.exact(self.by_whole.get(&phrase).map(Vec::as_slice).unwrap_or_default());
        let country = country.map(country_of);
        let mut keys: Vec<u64> = matches
            .iter()
            .filter_map(|(number, quality)| {
                let document = self.document(number).filter(|document| scope.includes(document.origin))?;
                let foreign = country.is_some_and(|country| country != document.country);
                let begins = words.len() > 1 && document.folded.starts_with(&phrase);
                let quality = if begins { quality.of_beginning() } else { quality };
                Some(quality.sort_key(foreign, document.popularity_rank, number))
            })
            .collect();
        let total = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        keep_smallest(&mut keys, limit.min(MAX_RESULTS));
        let numbers = keys.into_iter().map(crate::matches::document_of);
        SearchResults { institutions: self.summaries(numbers), total }
    }

    /// The institutions to show before anything is typed: those of `country` first, most popular first. The total is
    /// that of all institutions within the scope.
    pub fn popular(&self, scope: Scope, country: Option<&str>, limit: usize) -> SearchResults {
        let limit = limit.min(MAX_RESULTS);
        let country = country.map(country_of);
        let own = country.and_then(|country| self.by_country.get(&country)).map(Vec::as_slice).unwrap_or_default();
        let others = (0..).zip(&self.documents).filter(|(_, document)| Some(document.country) != country);
        let in_scope = |number: &u32| self.document(*number).is_some_and(|document| scope.includes(document.origin));
        let numbers = own.iter().copied().chain(others.map(|(number, _)| number)).filter(in_scope).take(limit);
        SearchResults { institutions: self.summaries(numbers), total: self.count(scope) }
    }

    /// How many institutions there are within the scope.
    pub fn count(&self, scope: Scope) -> u32 {
        let all = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        match scope {
            Scope::All => all,
            Scope::Imported => self.imported,
            Scope::BuiltIn => all - self.imported,
        }
    }

    /// The institution with exactly this id.
    pub fn get(&self, id: &InstitutionId, scope: Scope) -> Option<&InstitutionSummary> {
        let document = self.document(*self.by_id.get(id)?)?;
        scope.includes(document.origin).then_some(&document.summary)
    }

    /// The institution that a page's URL means: by its id, or by the whole of a name, short name, alias or BIC, with case,
    /// accents and punctuation forgiven. Among several, one of `country`, then the most popular; none where two of them
    /// are equal in that, since a guess would lead people to the wrong form.
    pub fn resolve(&self, text: &str, scope: Scope, country: Option<&str>) -> Option<&InstitutionSummary> {
        if let Some(found) = self.get(&InstitutionId::from(text), scope) {
            return Some(found);
        }
        let country = country.map(country_of);
        let numbers = self.by_whole.get(&fold::words(text).join(" "))?;
        let mut candidates: Vec<(bool, u32, &Document)> = numbers
            .iter()
            .filter_map(|&number| self.document(number).filter(|document| scope.includes(document.origin)))
            .map(|document| (country.is_some_and(|code| code != document.country), document.popularity_rank, document))
            .collect();
        candidates.sort_by_key(|&(foreign, rank, _)| (foreign, rank));
        match candidates.as_slice() {
            [best, second, ..] if (best.0, best.1) == (second.0, second.1) => None,
            [best, ..] => Some(&best.2.summary),
            [] => None,
        }
    }

    fn document(&self, number: u32) -> Option<&Document> {
        self.documents.get(number as usize)
    }

    fn summaries(&self, numbers: impl Iterator<Item = u32>) -> Vec<InstitutionSummary> {
        numbers.filter_map(|number| self.document(number)).map(|document| document.summary.clone()).collect()
    }
}

/// Where a word of a name stands.
fn place_of(word: &str, first: bool) -> Place {
    if first {
        Place::First
    } else if fold::is_small(word) {
        Place::Small
    } else if fold::is_legal_form(word) {
        Place::LegalForm
    } else {
        Place::Later
    }
}

/// Leaves the `count` smallest, sorted.
fn keep_smallest(keys: &mut Vec<u64>, count: usize) {
    if count == 0 {
        keys.clear();
    } else if keys.len() > count {
        keys.select_nth_unstable(count - 1);
        keys.truncate(count);
    }
    keys.sort_unstable();
}

#[derive(Default)]
struct Builder {
    documents: Vec<Document>,
    by_id: HashMap<InstitutionId, u32>,
    by_country: HashMap<Country, Vec<u32>>,
    by_whole: HashMap<String, Vec<u32>>,
    terms: TermsBuilder,
    imported: u32,
}

impl Builder {
    fn add(&mut self, number: u32, folded: String, entry: Entry) {
        let country = country_of(&entry.summary.country);
        let names = [Some(&entry.summary.name), entry.short_name.as_ref()];
        for name in names.into_iter().flatten().chain(&entry.aliases) {
            self.add_name(name, number);
        }
        self.add_whole(fold::words(entry.summary.id.as_str()).join(" "), number);
        if let Some(bic) = &entry.bic {
            self.add_bic(bic, number);
        }
        self.imported += u32::from(entry.origin == Origin::Imported);
        self.by_id.insert(entry.summary.id.clone(), number);
        self.by_country.entry(country).or_default().push(number);
        let popularity_rank = match self.documents.last() {
            None => 0,
            Some(before) => before.popularity_rank + u32::from(before.popularity != entry.popularity),
        };
        let Entry { summary, origin, popularity, .. } = entry;
        self.documents.push(Document { summary, origin, country, folded, popularity, popularity_rank });
    }

    fn add_name(&mut self, name: &str, number: u32) {
        for (word, first) in fold::forms(name) {
            let place = place_of(&word, first);
            self.terms.add(word, number, place);
        }
        let words = fold::words(name);
        if words.len() > 1 {
            self.terms.add(words.concat(), number, Place::Joined);
        }
        let is_main = |(place, word): &(usize, &String)| place_of(word, *place == 0) <= Place::Later;
        let main_words: Vec<String> = words.iter().enumerate().filter(is_main).map(|(_, word)| word.clone()).collect();
        for acronym in [fold::acronym(&words), fold::acronym(&main_words)].into_iter().flatten() {
            self.terms.add(acronym, number, Place::Acronym);
        }
        self.add_whole(words.join(" "), number);
        let without_form = words.iter().rposition(|word| !fold::is_legal_form(word)).map_or(0, |last| last + 1);
        self.add_whole(words.get(..without_form).unwrap_or_default().join(" "), number);
    }

    /// A BIC counts with and without its branch, which is `XXX` for the head office.
    fn add_bic(&mut self, bic: &str, number: u32) {
        let bic = fold::words(bic).concat();
        if let Some(head) = bic.get(..8).filter(|head| head.len() < bic.len()) {
            self.add_whole(head.to_owned(), number);
        }
        self.add_whole(bic.clone(), number);
        self.terms.add(bic, number, Place::Bic);
    }

    fn add_whole(&mut self, whole: String, number: u32) {
        let numbers = self.by_whole.entry(whole).or_default();
        if numbers.last() != Some(&number) {
            numbers.push(number);
        }
    }

    fn build(self) -> Index {
        let Self { documents, by_id, by_country, mut by_whole, terms, imported } = self;
        by_whole.remove("");
        Index { documents, by_id, by_country, by_whole, terms: terms.build(), imported }
    }
}
