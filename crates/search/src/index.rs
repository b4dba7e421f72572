//! The index itself.

use core::cmp::Reverse;
use std::collections::HashMap;

use banklink_protocol::{
    ids::InstitutionId,
    institutions::{InstitutionSummary, MAX_RESULTS, SearchResults},
};

use crate::{
    entry::{Country, Entry, Origin, Scope},
    fold,
    matches::{Candidate, Matches, Namesake},
    terms::{Place, Terms, TermsBuilder},
    well_known,
};

/// How much of a text is looked at, in characters and in words: no institution needs more, and a longer text must not
/// cost more.
const MAX_TEXT: usize = 128;
const MAX_WORDS: usize = 8;

const NOTHING: SearchResults = SearchResults { institutions: Vec::new(), total: 0 };

/// Institutions, ready to be found.
#[derive(Debug)]
pub struct Index {
    /// In their order without a search: most popular first, then well-known ones, then by name. Numbers of documents are
    /// places in it.
    documents: Vec<Document>,
    by_id: HashMap<InstitutionId, u32>,
    /// By country, in order.
    by_country: HashMap<Code, Vec<u32>>,
    /// By the whole of a name, short name, alias, id or BIC, folded.
    by_whole: HashMap<String, Vec<u32>>,
    terms: Terms,
    imported: u32,
}

#[derive(Debug)]
struct Document {
    summary: InstitutionSummary,
    origin: Origin,
    country: Code,
    /// The words of its name, folded.
    folded: String,
    standing: Standing,
    /// How many institutions stand higher, not counting equals twice.
    popularity_rank: u32,
}

impl Document {
    /// What it is to a person of `country`.
    fn candidate(&self, number: u32, country: Option<Code>) -> Candidate {
        Candidate {
            is_foreign: self.is_foreign_to(country),
            is_known: self.standing.is_known(),
            popularity_rank: self.popularity_rank,
            document: number,
        }
    }

    fn is_foreign_to(&self, country: Option<Code>) -> bool {
        country.is_some_and(|country| country != self.country)
    }
}

/// How likely people look for an institution before they have typed anything; the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// People connect it: this often.
    Popular(Reverse<u32>),
    /// Nobody did yet, but it is one of the large ones of its country: at this place among them.
    WellKnown(usize),
    /// Nothing says so.
    Unknown,
}

impl Standing {
    fn is_known(self) -> bool {
        self != Self::Unknown
    }

    const fn is_popular(self) -> bool {
        matches!(self, Self::Popular(_))
    }
}

/// An ISO 3166-1 alpha-2 code, upper case, or the first bytes of what was given instead.
type Code = [u8; 2];

fn code_of(code: &str) -> Code {
    let mut bytes = code.bytes().map(|byte| byte.to_ascii_uppercase());
    [bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default()]
}

impl Index {
    /// Builds the index. Of several entries with one id the last counts.
    pub fn build(entries: impl IntoIterator<Item = Entry>) -> Self {
        let unique: HashMap<InstitutionId, Entry> =
            entries.into_iter().map(|entry| (entry.summary.id.clone(), entry)).collect();
        let named: Vec<(String, Entry)> =
            unique.into_values().map(|entry| (fold::words(&entry.summary.name).join(" "), entry)).collect();
        let well_known = well_known::places(&named);
        let standing = |entry: &Entry| match (entry.popularity, well_known.get(&entry.summary.id)) {
            (0, Some(&place)) => Standing::WellKnown(place),
            (0, None) => Standing::Unknown,
            (popularity, _) => Standing::Popular(Reverse(popularity)),
        };
        let mut entries: Vec<(Standing, String, Entry)> =
            named.into_iter().map(|(folded, entry)| (standing(&entry), folded, entry)).collect();
        entries.sort_unstable_by(|(left_standing, left_name, left), (right_standing, right_name, right)| {
            (left_standing, left_name, &left.summary.id).cmp(&(right_standing, right_name, &right.summary.id))
        });
        let mut builder = Builder::default();
        for (number, (standing, folded, entry)) in (0..).zip(entries) {
            builder.add(number, standing, folded, entry);
        }
        builder.build()
    }

    /// The institutions that fit `text`, best first, at most `limit` of them and never more than [`MAX_RESULTS`];
    /// the `country` comes first among equals, or is the only one. An empty text finds what [`Self::popular`] shows, and
    /// one without a letter or digit nothing.
    pub fn search<'a>(&self, text: &str, scope: Scope, country: impl Into<Country<'a>>, limit: usize) -> SearchResults {
        let country = country.into();
        let mut words = fold::words(&text.chars().take(MAX_TEXT).collect::<String>());
        words.truncate(MAX_WORDS);
        if words.is_empty() {
            let is_blank = text.chars().all(char::is_whitespace);
            return if is_blank { self.popular(scope, country, limit) } else { NOTHING };
        }
        let mut matches = Matches::new(self.documents.len());
        for word in &words {
            matches.narrow(|visit| self.terms.visit(word, visit));
        }
        if words.len() > 1 {
            matches.widen(|visit| self.terms.visit(&words.concat(), visit));
        }
        let phrase = words.join(" ");
        let called_so = self.by_whole.get(&phrase).map(Vec::as_slice).unwrap_or_default();
        matches.exact(called_so);
        let only = country.only().map(code_of);
        let country = country.code().map(code_of);
        let namesake = self.namesake(called_so, scope, country);
        let mut keys: Vec<u64> = matches
            .iter()
            .filter_map(|(number, quality)| {
                let (_, document) = self.in_scope(number, scope)?;
                if document.is_foreign_to(only) {
                    return None;
                }
                let rest = document.folded.strip_prefix(&phrase).filter(|_| words.len() > 1);
                let quality = rest.map_or(quality, |rest| quality.of_beginning(rest.starts_with(' ')));
                Some(quality.sort_key(document.candidate(number, country), namesake))
            })
            .collect();
        let total = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        keep_smallest(&mut keys, limit.min(MAX_RESULTS));
        let numbers = keys.into_iter().map(crate::matches::document_of);
        SearchResults { institutions: self.summaries(numbers), total }
    }

    fn namesake(&self, called_so: &[u32], scope: Scope, country: Option<Code>) -> Namesake {
        let mut documents = called_so.iter().filter_map(|&number| self.in_scope(number, scope));
        let is_abroad = documents.any(|(_, document)| document.is_foreign_to(country));
        if is_abroad { Namesake::Abroad } else { Namesake::None }
    }

    /// The institutions to show before anything is typed: those of `country` that are popular, then its well-known ones,
    /// then those that are popular elsewhere. Nothing else is called popular, so there may be fewer than `limit`; but a
    /// list that can be shown whole is, be it that of the country or that of all. The total is that of all institutions
    /// within the scope. Where the country is the only one that is wanted, they are its first ones.
    pub fn popular<'a>(&self, scope: Scope, country: impl Into<Country<'a>>, limit: usize) -> SearchResults {
        let limit = limit.min(MAX_RESULTS);
        let country = country.into();
        if let Country::Only(country) = country {
            return self.of_country(scope, code_of(country), limit);
        }
        let country = country.code().map(code_of);
        let own = country.and_then(|country| self.by_country.get(&country)).map(Vec::as_slice).unwrap_or_default();
        let own = || own.iter().filter_map(|&number| self.in_scope(number, scope));
        let total = self.count(scope);
        let is_short = total as usize <= limit;
        let own_is_short = is_short || own().nth(limit).is_none();
        let of_country = own().filter(|(_, document)| own_is_short || document.standing.is_known());
        let elsewhere = (0..)
            .map_while(|number| self.document(number).map(|document| (number, document)))
            .filter(|(_, document)| scope.includes(document.origin) && Some(document.country) != country)
            .filter(|(_, document)| is_short || document.standing.is_popular());
        let numbers = of_country.chain(elsewhere).map(|(number, _)| number).take(limit);
        SearchResults { institutions: self.summaries(numbers), total }
    }

    fn of_country(&self, scope: Scope, country: Code, limit: usize) -> SearchResults {
        let numbers = self.by_country.get(&country).map(Vec::as_slice).unwrap_or_default();
        let own = || numbers.iter().filter_map(|&number| self.in_scope(number, scope)).map(|(number, _)| number);
        let total = u32::try_from(own().count()).unwrap_or(u32::MAX);
        SearchResults { institutions: self.summaries(own().take(limit)), total }
    }

    /// The countries that there are institutions of within the scope, ISO 3166-1 alpha-2, in order.
    pub fn countries(&self, scope: Scope) -> Vec<String> {
        let has_some = |numbers: &[u32]| numbers.iter().any(|&number| self.in_scope(number, scope).is_some());
        let codes = self.by_country.iter().filter(|(_, numbers)| has_some(numbers)).map(|(code, _)| code);
        let mut codes: Vec<String> = codes.filter_map(|code| String::from_utf8(code.to_vec()).ok()).collect();
        codes.sort_unstable();
        codes
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
        let country = country.map(code_of);
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

    fn in_scope(&self, number: u32, scope: Scope) -> Option<(u32, &Document)> {
        let document = self.document(number).filter(|document| scope.includes(document.origin))?;
        Some((number, document))
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
    by_country: HashMap<Code, Vec<u32>>,
    by_whole: HashMap<String, Vec<u32>>,
    terms: TermsBuilder,
    imported: u32,
}

impl Builder {
    fn add(&mut self, number: u32, standing: Standing, folded: String, entry: Entry) {
        let country = code_of(&entry.summary.country);
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
            Some(before) => before.popularity_rank + u32::from(before.standing != standing),
        };
        let Entry { summary, origin, .. } = entry;
        self.documents.push(Document { summary, origin, country, folded, standing, popularity_rank });
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
