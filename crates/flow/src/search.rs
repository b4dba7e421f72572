//! The search box: what is typed, versioned, so that results of an older text are dropped; and what is known so
//! far, filtered at once while the server's answer is on its way.

mod fold;

use banklink_protocol::institutions::{InstitutionSummary, SearchResults};

use crate::event::SearchVersion;

/// How often a search is tried before the person has to type again.
const MOST_FAILURES: u8 = 3;

#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    text: String,
    /// ISO 3166-1 alpha-2 of the one country whose institutions are wanted.
    country: Option<String>,
    version: SearchVersion,
    answered: SearchVersion,
    /// The newest results, which stay useful to the filter while newer ones are on their way.
    results: Option<SearchResults>,
    failures: u8,
    /// Whether an answer is on its way.
    asked: bool,
}

impl Search {
    const fn next(&self) -> SearchVersion {
        SearchVersion(self.version.0 + 1)
    }

    /// Takes what is typed. Whether there is something new to ask the server.
    pub(crate) fn typed(&mut self, text: &str) -> bool {
        let text = text.trim();
        if text == self.text {
            return false;
        }
        text.clone_into(&mut self.text);
        self.changed()
    }

    /// Takes the country that is chosen. Whether there is something new to ask the server.
    pub(crate) fn narrowed(&mut self, country: Option<String>) -> bool {
        self.country = country;
        self.changed()
    }

    fn changed(&mut self) -> bool {
        self.version = self.next();
        self.failures = 0;
        self.asked = false;
        if self.is_blank() {
            self.answered = self.version;
        }
        !self.is_blank()
    }

    /// Whether nothing is asked for: the list shows what is popular.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty() && self.country.is_none()
    }

    /// The country that is chosen.
    pub(crate) fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    /// What to ask the server for.
    pub(crate) fn query(&self) -> (SearchVersion, String, Option<String>) {
        (self.version, self.text.clone(), self.country.clone())
    }

    /// Takes results. Whether they are of the text that is typed now.
    pub(crate) fn found(&mut self, version: SearchVersion, results: SearchResults) -> bool {
        let current = version == self.version && self.waits();
        if current {
            self.answered = version;
            self.results = Some(results);
            self.asked = false;
        }
        current
    }

    /// Notes that a search failed. The number of the try to make next, if it is worth one.
    pub(crate) fn failed(&mut self, version: SearchVersion) -> Option<u8> {
        if version != self.version || !self.waits() {
            return None;
        }
        self.asked = false;
        self.failures = self.failures.saturating_add(1);
        (self.failures <= MOST_FAILURES).then_some(self.failures)
    }

    /// The server is asked for the current text.
    pub(crate) fn ask(&mut self) {
        self.asked = true;
    }

    /// Whether the server is to be asked for the current text.
    pub(crate) fn is_due(&self) -> bool {
        self.waits() && !self.asked
    }

    /// The person tries again what failed too often.
    pub(crate) fn again(&mut self) {
        self.failures = 0;
    }

    /// Whether the server was asked too often in vain.
    pub(crate) fn has_failed(&self) -> bool {
        self.waits() && self.failures > MOST_FAILURES
    }

    /// Whether the current text has no answer yet.
    pub(crate) fn waits(&self) -> bool {
        self.answered != self.version
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Length of the text in characters.
    pub(crate) fn length(&self) -> u32 {
        u32::try_from(self.text.chars().count()).unwrap_or(u32::MAX)
    }

    /// The server's answer to the current text.
    pub(crate) fn answer(&self) -> Option<&SearchResults> {
        if self.waits() || self.is_blank() { None } else { self.results.as_ref() }
    }

    /// What to show: everything popular, the answer, or what is known and fits.
    pub(crate) fn rows<'a>(&'a self, popular: &'a [InstitutionSummary]) -> Vec<&'a InstitutionSummary> {
        if self.is_blank() {
            return popular.iter().collect();
        }
        if let Some(answer) = self.answer() {
            return answer.institutions.iter().collect();
        }
        let text = fold::fold(&self.text);
        let mut rows: Vec<&InstitutionSummary> = Vec::new();
        let known = self.results.iter().flat_map(|results| &results.institutions);
        for institution in known.chain(popular) {
            let name = fold::fold(&institution.name);
            let is_there = self.country.as_ref().is_none_or(|country| *country == institution.country);
            let fits = is_there && text.split(' ').all(|word| contains(name.as_bytes(), word.as_bytes()));
            if fits && rows.iter().all(|row| row.id != institution.id) {
                rows.push(institution);
            }
        }
        rows
    }
}

/// Whether `part` stands somewhere in `whole`. The standard library's search is faster on texts longer than a name,
/// and larger.
fn contains(whole: &[u8], part: &[u8]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}
