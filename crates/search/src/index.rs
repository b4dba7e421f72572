//! The index itself.

use std::collections::HashMap;

use banklink_protocol::{
    ids::InstitutionId,
    institutions::{InstitutionSummary, MAX_RESULTS, SearchResults},
};

use crate::{
    builder,
    dictionary::Dictionary,
    document::{Code, Document, Renown, code_of},
    entry::{Country, Entry, Scope, Selection},
    fold,
    guide::Guide,
    matches::Found,
    query::{Query, Reading},
    ranking::{self, Leniency, Ranking},
    terms::{Forgiveness, Terms},
};

const NOTHING: SearchResults = SearchResults { institutions: Vec::new(), total: 0 };

/// Institutions, ready to be found.
#[derive(Debug)]
pub struct Index {
    /// In their order without a search: most popular first, then well-known ones, then by name. Numbers of documents are
    /// places in it.
    pub(crate) documents: Vec<Document>,
    /// What a result shows of each.
    pub(crate) summaries: Vec<InstitutionSummary>,
    /// By id.
    pub(crate) by_id: Vec<u32>,
    /// By country, in order.
    pub(crate) by_country: HashMap<Code, Vec<u32>>,
    /// By the whole of a name, short name, alias, id or BIC, folded.
    pub(crate) by_whole: Dictionary,
    pub(crate) terms: Terms,
    pub(crate) imported: u32,
}

impl Index {
    /// Builds the index. Of several entries with one id the last counts.
    pub fn build(entries: impl IntoIterator<Item = Entry>) -> Self {
        builder::build(entries)
    }

    /// The institutions that fit `text`, best first, at most `limit` of them and never more than [`MAX_RESULTS`];
    /// the `country` comes first among equals, or is the only one. An empty text finds what [`Self::popular`] shows, and
    /// one without a letter or digit nothing.
    pub fn search<'a>(
        &self,
        text: &str,
        scope: Scope<'_>,
        country: impl Into<Country<'a>>,
        limit: usize,
    ) -> SearchResults {
        let country = country.into();
        let Some(query) = Query::read(text) else {
            let is_blank = text.chars().all(char::is_whitespace);
            return if is_blank { self.popular(scope, country, limit) } else { NOTHING };
        };
        let ranking = Ranking::new(self, &query, scope, country);
        let mut found = Found::new(self.documents.len());
        self.follow(&[query.as_typed()], Forgiveness::Strict, &mut found);
        self.add_names(&query, &mut found);
        let mut keys = ranking.keys(&found);
        for leniency in Leniency::ALL {
            if ranking::is_enough(&keys, leniency) {
                break;
            }
            let (readings, forgiveness) = match leniency {
                Leniency::Typo => (vec![query.as_typed()], Forgiveness::Mild),
                Leniency::OtherReading => (query.other_readings(&self.terms), Forgiveness::Mild),
                Leniency::TwoTypos => (vec![query.as_typed()], Forgiveness::Generous),
            };
            self.follow(&readings, forgiveness, &mut found);
            keys = ranking.keys(&found);
        }
        let total = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let numbers = ranking::best(keys, limit.min(MAX_RESULTS));
        SearchResults { institutions: self.summaries(numbers), total }
    }

    /// Adds what the readings of a text lead to.
    fn follow(&self, readings: &[Reading], forgiveness: Forgiveness, found: &mut Found) {
        let mut guide = Guide::new(&self.terms, forgiveness, self.documents.len());
        for reading in readings {
            guide.follow(reading, found);
        }
    }

    /// Adds the institutions of which the text is a whole name, or several words that a name begins with.
    fn add_names(&self, query: &Query, found: &mut Found) {
        let phrase = query.phrase();
        let names = self.by_whole.beginning_with(&phrase);
        if phrase.contains(' ') {
            for name in names.clone() {
                let is_word_over =
                    self.by_whole.word(name).get(phrase.len()..).is_some_and(|rest| rest.starts_with(' '));
                for posting in self.by_whole.postings(name..name + 1) {
                    found.add_beginning(posting.document(), is_word_over);
                }
            }
        }
        for document in self.called_so(&phrase) {
            found.add_whole(document);
        }
    }

    /// The institutions of which this is a whole name, folded.
    pub(crate) fn called_so(&self, phrase: &str) -> impl Iterator<Item = u32> {
        let words = self.by_whole.find(phrase).map_or(0..0, |word| word..word + 1);
        self.by_whole.postings(words).iter().map(|posting| posting.document())
    }

    /// The institutions to show before anything is typed: those of `country` that are popular, then its well-known ones,
    /// then those that are popular elsewhere. Nothing else is called popular, so there may be fewer than `limit`; but a
    /// list that can be shown whole is, be it that of the country or that of all. The total is that of all institutions
    /// within the scope. Where the country is the only one that is wanted, they are its first ones.
    ///
    /// What a selection says that comes first comes first, those of `country` before the others.
    pub fn popular<'a>(&self, scope: Scope<'_>, country: impl Into<Country<'a>>, limit: usize) -> SearchResults {
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
        let of_country = own().filter(|(_, document)| own_is_short || document.renown != Renown::Unknown);
        let elsewhere = (0..)
            .zip(self.documents.iter().copied())
            .filter(|(number, document)| scope.includes(*number, document.origin) && Some(document.country) != country)
            .filter(|(_, document)| is_short || document.renown == Renown::Popular);
        let others = of_country.chain(elsewhere).map(|(number, _)| number);
        let numbers = self.with_first(scope, country, others).take(limit);
        SearchResults { institutions: self.summaries(numbers), total }
    }

    /// The others, after what comes first: those of the country, then those of others.
    fn with_first(
        &self,
        scope: Scope<'_>,
        country: Option<Code>,
        others: impl Iterator<Item = u32>,
    ) -> impl Iterator<Item = u32> {
        let first = scope.first().iter().filter_map(|&number| self.in_scope(number, scope));
        let mut first: Vec<(u32, Document)> = first.collect();
        first.sort_by_key(|(_, document)| document.is_foreign_to(country));
        let first: Vec<u32> = first.into_iter().map(|(number, _)| number).collect();
        let before = first.clone();
        first.into_iter().chain(others.filter(move |number| !before.contains(number)))
    }

    fn of_country(&self, scope: Scope<'_>, country: Code, limit: usize) -> SearchResults {
        let numbers = self.by_country.get(&country).map(Vec::as_slice).unwrap_or_default();
        let own = || numbers.iter().filter_map(|&number| self.in_scope(number, scope)).map(|(number, _)| number);
        let total = u32::try_from(own().count()).unwrap_or(u32::MAX);
        let first = scope.first().iter().copied().filter(|number| own().any(|listed| listed == *number));
        let first: Vec<u32> = first.collect();
        let rest = own().filter(|number| !first.contains(number));
        SearchResults { institutions: self.summaries(first.iter().copied().chain(rest).take(limit)), total }
    }

    /// The countries that there are institutions of within the scope, ISO 3166-1 alpha-2, in order.
    pub fn countries(&self, scope: Scope<'_>) -> Vec<String> {
        let has_some = |numbers: &[u32]| numbers.iter().any(|&number| self.in_scope(number, scope).is_some());
        let codes = self.by_country.iter().filter(|(_, numbers)| has_some(numbers)).map(|(code, _)| code);
        let mut codes: Vec<String> = codes.filter_map(|code| String::from_utf8(code.to_vec()).ok()).collect();
        codes.sort_unstable();
        codes
    }

    /// How many institutions there are within the scope.
    pub fn count(&self, scope: Scope<'_>) -> u32 {
        let all = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        match scope {
            Scope::All => all,
            Scope::Imported => self.imported,
            Scope::BuiltIn => all - self.imported,
            Scope::Selected(selection) => selection.count,
        }
    }

    /// The institution with exactly this id.
    pub fn get(&self, id: &InstitutionId, scope: Scope<'_>) -> Option<&InstitutionSummary> {
        let (number, _) = self.in_scope(self.number_of(id)?, scope)?;
        self.summary(number)
    }

    fn number_of(&self, id: &InstitutionId) -> Option<u32> {
        let id_of = |number: &u32| self.summary(*number).map(|summary| &summary.id);
        let place = self.by_id.binary_search_by(|number| id_of(number).cmp(&Some(id))).ok()?;
        self.by_id.get(place).copied()
    }

    /// A list of those within the scope that `is_on_it`. Before anything is typed, `first` come first, in that order.
    pub fn select(
        &self,
        scope: Scope<'_>,
        is_on_it: impl Fn(&InstitutionSummary) -> bool,
        first: &[InstitutionId],
    ) -> Selection {
        let numbers = (0..).take(self.documents.len());
        let is_shown = |number| self.in_scope(number, scope).is_some() && self.summary(number).is_some_and(&is_on_it);
        let shown: Vec<bool> = numbers.map(is_shown).collect();
        let count = u32::try_from(shown.iter().filter(|is_shown| **is_shown).count()).unwrap_or(u32::MAX);
        Selection { shown, count, first: first.iter().filter_map(|id| self.number_of(id)).collect() }
    }

    /// The institution that a page's URL means: by its id, or by the whole of a name, short name, alias or BIC, with case,
    /// accents and punctuation forgiven. Among several, one of `country`, then the most popular; none where two of them
    /// are equal in that, since a guess would lead people to the wrong form.
    pub fn resolve(&self, text: &str, scope: Scope<'_>, country: Option<&str>) -> Option<&InstitutionSummary> {
        if let Some(found) = self.get(&InstitutionId::from(text), scope) {
            return Some(found);
        }
        let country = country.map(code_of);
        let mut candidates: Vec<(bool, u32, u32)> = self
            .called_so(&fold::words(text).join(" "))
            .filter_map(|number| self.in_scope(number, scope))
            .map(|(number, document)| (document.is_foreign_to(country), document.popularity_rank, number))
            .collect();
        candidates.sort_unstable();
        match candidates.as_slice() {
            [best, second, ..] if (best.0, best.1) == (second.0, second.1) => None,
            [best, ..] => self.summary(best.2),
            [] => None,
        }
    }

    pub(crate) fn in_scope(&self, number: u32, scope: Scope<'_>) -> Option<(u32, Document)> {
        let document =
            self.documents.get(number as usize).filter(|document| scope.includes(number, document.origin))?;
        Some((number, *document))
    }

    fn summary(&self, number: u32) -> Option<&InstitutionSummary> {
        self.summaries.get(number as usize)
    }

    fn summaries(&self, numbers: impl Iterator<Item = u32>) -> Vec<InstitutionSummary> {
        numbers.filter_map(|number| self.summary(number)).cloned().collect()
    }

    /// Bytes that the index takes, its spare room included: what the text of institutions and its tables need, without
    /// what the allocator adds.
    pub fn memory(&self) -> usize {
        let texts = |summary: &InstitutionSummary| {
            let InstitutionSummary { id, name, country, detail, logo: _, health: _ } = summary;
            id.as_str().len() + name.capacity() + country.capacity() + detail.as_ref().map_or(0, String::capacity)
        };
        let numbers = |numbers: &Vec<u32>| size_of::<u32>() * numbers.capacity();
        size_of::<Self>()
            + size_of::<Document>() * self.documents.capacity()
            + size_of::<InstitutionSummary>() * self.summaries.capacity()
            + self.summaries.iter().map(texts).sum::<usize>()
            + numbers(&self.by_id)
            + self.by_country.values().map(numbers).sum::<usize>()
            + size_of::<(Code, Vec<u32>)>() * self.by_country.capacity()
            + self.by_whole.memory()
            + self.terms.memory()
    }
}
