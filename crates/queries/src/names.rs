//! How names are read and compared, plainly and without the search.

use std::collections::{BTreeSet, HashMap};

use banklink_search::Entry;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Words that nobody types or counts: legal forms, articles, prepositions, notes of registries.
const UNSAID: &[&str] = &[
    "a",
    "ab",
    "ag",
    "alt",
    "akcyjna",
    "and",
    "as",
    "asa",
    "bv",
    "co",
    "company",
    "corp",
    "d",
    "da",
    "dd",
    "de",
    "del",
    "della",
    "der",
    "des",
    "di",
    "do",
    "du",
    "e",
    "ead",
    "eg",
    "egen",
    "en",
    "et",
    "for",
    "fur",
    "gmbh",
    "i",
    "im",
    "in",
    "inc",
    "jsc",
    "kg",
    "l",
    "la",
    "le",
    "limited",
    "ltd",
    "mbh",
    "nv",
    "o",
    "of",
    "oyj",
    "plc",
    "s",
    "sa",
    "se",
    "spa",
    "sp",
    "spolka",
    "srl",
    "the",
    "u",
    "uab",
    "und",
    "v",
    "van",
    "w",
    "y",
    "z",
    "zu",
    "ао",
    "ат",
    "та",
    "товариство",
    "акціонерне",
    "публічне",
    "філія",
];

/// A word as two people who mean the same would both agree on it: without capitals and accents.
pub(crate) fn plain(word: &str) -> String {
    let letters = word.nfkd().filter(|char| !is_combining_mark(*char)).flat_map(char::to_lowercase);
    let letters = letters.filter(|char| char.is_alphanumeric());
    letters.fold(String::new(), |mut plain, letter| {
        match letter {
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ı' => plain.push('i'),
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            other => plain.push(other),
        }
        plain
    })
}

/// The words of a text, as they are written. Dots join what they abbreviate: `S.A.` is one word.
pub(crate) fn written_words(text: &str) -> Vec<String> {
    let words = text.split(|char: char| !(char.is_alphanumeric() || is_combining_mark(char) || char == '.'));
    let words = words.map(|word| word.trim_matches('.')).filter(|word| word.chars().any(char::is_alphanumeric));
    words.map(ToOwned::to_owned).collect()
}

/// The words of a name that people say, as they are written.
pub(crate) fn said_words(name: &str) -> Vec<String> {
    let mut words = written_words(name);
    words.retain(|word| !UNSAID.contains(&plain(word).as_str()));
    words
}

/// An institution as it is compared with others.
struct Known {
    country: String,
    words: Vec<String>,
    /// All words of its name, in order.
    name: Vec<String>,
    /// Everything that it is called.
    called: BTreeSet<Vec<String>>,
    acronyms: BTreeSet<String>,
    bic: Option<String>,
}

/// Where rivals of an institution are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Among<'a> {
    /// In this country.
    Country(&'a str),
    /// Everywhere.
    All,
}

/// Everything that there is to find.
pub(crate) struct Names {
    known: Vec<Known>,
    by_country: HashMap<String, Vec<usize>>,
}

impl Names {
    pub(crate) fn of(entries: &[Entry]) -> Self {
        let known: Vec<Known> = entries.iter().map(known).collect();
        let mut by_country: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, known) in known.iter().enumerate() {
            by_country.entry(known.country.clone()).or_default().push(number);
        }
        Self { known, by_country }
    }

    /// The institutions of which each of these words begins some word.
    pub(crate) fn with_words<'a>(&'a self, words: &[String], among: Among<'_>) -> impl Iterator<Item = usize> + 'a {
        let words: Vec<String> = words.iter().map(|word| plain(word)).collect();
        self.numbers(among).filter(move |number| {
            words.iter().all(|word| self.known[*number].words.iter().any(|own| own.starts_with(word.as_str())))
        })
    }

    /// The institutions of the same country whose names can't be told apart.
    pub(crate) fn twins(&self, number: usize) -> impl Iterator<Item = usize> {
        let own = &self.known[number];
        self.numbers(Among::Country(&own.country)).filter(|other| self.known[*other].name == own.name)
    }

    /// The institutions of a country that are called so.
    pub(crate) fn called(&self, name: &str, country: &str) -> impl Iterator<Item = usize> {
        let name: Vec<String> = written_words(name).iter().map(|word| plain(word)).collect();
        self.numbers(Among::Country(country)).filter(move |number| self.known[*number].called.contains(&name))
    }

    /// The institutions of a country whose first letters these are.
    pub(crate) fn abbreviated(&self, acronym: &str, country: &str) -> impl Iterator<Item = usize> {
        self.numbers(Among::Country(country)).filter(move |number| {
            let known = &self.known[*number];
            known.acronyms.contains(acronym) || known.called.contains(&vec![acronym.to_owned()])
        })
    }

    /// The institutions whose BIC begins so.
    pub(crate) fn with_bic(&self, beginning: &str) -> impl Iterator<Item = usize> {
        self.numbers(Among::All)
            .filter(move |number| self.known[*number].bic.as_deref().is_some_and(|bic| bic.starts_with(beginning)))
    }

    fn numbers(&self, among: Among<'_>) -> Box<dyn Iterator<Item = usize> + '_> {
        match among {
            Among::All => Box::new(0..self.known.len()),
            Among::Country(country) => Box::new(self.by_country.get(country).into_iter().flatten().copied()),
        }
    }
}

fn known(entry: &Entry) -> Known {
    let names = || [Some(&entry.summary.name), entry.short_name.as_ref()].into_iter().flatten();
    let plain_words = |name: &String| -> Vec<String> { written_words(name).iter().map(|word| plain(word)).collect() };
    Known {
        country: entry.summary.country.clone(),
        words: names().flat_map(plain_words).collect(),
        name: plain_words(&entry.summary.name),
        called: names().map(plain_words).collect(),
        acronyms: names().flat_map(|name| [acronym(&written_words(name)), acronym(&said_words(name))]).collect(),
        bic: entry.bic.clone(),
    }
}

/// The first letters of words.
pub(crate) fn acronym(words: &[String]) -> String {
    words.iter().filter_map(|word| plain(word).chars().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_name_has_no_legal_form() {
        assert_eq!(said_words("BANCO DE SABADELL, S.A."), ["BANCO", "SABADELL"]);
        assert_eq!(said_words("Société Générale"), ["Société", "Générale"]);
        assert_eq!(plain("Łódź"), "lodz");
        assert_eq!(acronym(&said_words("Bank of Nova Scotia")), "bns");
    }
}
