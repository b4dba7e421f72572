//! From institutions to the index.

use core::cmp::Reverse;
use std::collections::HashMap;

use banklink_protocol::{ids::InstitutionId, institutions::InstitutionSummary};

use crate::{
    dictionary::DictionaryBuilder,
    document::{Code, Document, Standing, code_of},
    entry::{Entry, Origin},
    fold,
    index::Index,
    posting::Place,
    script,
    terms::Terms,
    well_known,
};

/// Builds the index. Of several entries with one id the last counts.
pub(crate) fn build(entries: impl IntoIterator<Item = Entry>) -> Index {
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
        builder.add(number, standing, &folded, entry);
    }
    builder.build()
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

#[derive(Default)]
struct Builder {
    documents: Vec<Document>,
    summaries: Vec<InstitutionSummary>,
    last_standing: Option<Standing>,
    rank: u32,

    by_country: HashMap<Code, Vec<u32>>,
    by_whole: DictionaryBuilder,
    terms: DictionaryBuilder,
    imported: u32,
}

impl Builder {
    fn add(&mut self, number: u32, standing: Standing, folded: &str, entry: Entry) {
        let country = code_of(&entry.summary.country);
        let names = [Some(&entry.summary.name), entry.short_name.as_ref()];
        for name in names.into_iter().flatten().chain(&entry.aliases) {
            self.add_name(name, number);
            if let Some(latin) = script::in_latin(name) {
                self.add_name(&latin, number);
            }
        }
        self.add_whole(fold::words(entry.summary.id.as_str()).join(" "), number);
        if let Some(bic) = &entry.bic {
            self.add_bic(bic, number);
        }
        self.imported += u32::from(entry.origin == Origin::Imported);
        self.by_country.entry(country).or_default().push(number);
        self.rank += u32::from(self.last_standing.is_some_and(|before| before != standing));
        self.last_standing = Some(standing);
        let words = folded.split(' ').filter(|word| fold::is_large(word)).count();
        let words = u8::try_from(words).unwrap_or(u8::MAX);
        let Entry { summary, origin, .. } = entry;
        let (renown, popularity_rank) = (standing.renown(), self.rank);
        self.documents.push(Document { origin, country, words, renown, popularity_rank });
        self.summaries.push(summary);
    }

    fn add_name(&mut self, name: &str, number: u32) {
        for (word, first) in fold::forms(name) {
            let place = place_of(&word, first);
            self.terms.add(word, number, place);
        }
        let words = fold::words(name);
        let proper: Vec<String> = words.iter().filter(|word| !fold::is_legal_form(word)).cloned().collect();
        let large: Vec<String> = proper.iter().filter(|word| !fold::is_small(word)).cloned().collect();
        for words in [&words, &proper, &large].into_iter().filter(|words| words.len() > 1) {
            self.terms.add(fold::acronym(words), number, Place::Acronym);
        }
        for words in [&words, &large].into_iter().filter(|words| words.len() > 1) {
            self.terms.add(words.concat(), number, Place::Joined);
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
        self.by_whole.add(whole, number, Place::First);
    }

    fn build(self) -> Index {
        let Self { mut documents, mut summaries, mut by_country, by_whole, terms, imported, .. } = self;
        documents.shrink_to_fit();
        summaries.shrink_to_fit();
        by_country.values_mut().for_each(Vec::shrink_to_fit);
        let mut by_id: Vec<(&InstitutionId, u32)> = summaries.iter().map(|summary| &summary.id).zip(0..).collect();
        by_id.sort_unstable();
        let by_id = by_id.into_iter().map(|(_, number)| number).collect();
        let (by_whole, terms) = (by_whole.build(), Terms::build(terms));
        Index { documents, summaries, by_id, by_country, by_whole, terms, imported }
    }
}
