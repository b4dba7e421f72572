//! The institutions, in memory: found, listed and talked to without asking the database each time.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use banklink_connectors::{self as connectors, ConnectorKind, Connectors, InstitutionRef, Language};
use banklink_domain::{
    country::Country as CountryCode,
    institution::Institution,
    institution_list::{InstitutionList, Parts},
    session::{Opening, Visible},
};
use banklink_protocol::{
    ids::{InstitutionId, LogoName},
    institutions::{InstitutionSummary, SearchResults},
};
use banklink_search::{Country, Entry, Index, Origin, Scope, Selection};

/// All institutions as of one version of the database's directory.
#[derive(Debug)]
pub struct Directory {
    /// The version.
    pub version: u64,
    index: Index,
    listed: HashMap<InstitutionId, Listed>,
    /// Lists of apps that somebody looked at lately, as the index knows them.
    selections: Mutex<HashMap<(Visible, InstitutionList), Arc<Selection>>>,
}

/// How many lists are kept. They are made anew in a few milliseconds.
const MAX_SELECTIONS: usize = 64;

/// Which institutions somebody may see.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Which there are.
    pub visible: Visible,
    /// Which of them their app shows; none: all.
    pub list: Option<&'a InstitutionList>,
}

impl Shown<'static> {
    /// All that there are.
    pub const fn all(visible: Visible) -> Self {
        Self { visible, list: None }
    }
}

impl<'a> Shown<'a> {
    /// What the person of a session sees.
    pub fn to(opening: &'a Opening) -> Self {
        let list = Some(&opening.institutions).filter(|list| !list.is_everything());
        Self { visible: opening.visible, list }
    }
}

/// What the server knows of an institution beside its name.
#[derive(Clone, Debug)]
pub struct Listed {
    /// As the list shows it.
    pub summary: InstitutionSummary,
    /// Who talks to it.
    pub connector: ConnectorKind,
    /// One of the sandbox's own.
    pub built_in: bool,
}

impl Directory {
    /// Builds the index.
    pub fn build(version: u64, institutions: &[Institution], logos: &HashMap<InstitutionId, LogoName>) -> Self {
        let namesakes = Namesakes::among(institutions);
        let listed = institutions.iter().map(|institution| {
            let logo = logos.get(&institution.id).cloned();
            let listed = Listed {
                summary: InstitutionSummary { logo, ..namesakes.summary(institution) },
                connector: institution.connector,
                built_in: institution.built_in,
            };
            (institution.id.clone(), listed)
        });
        Self {
            version,
            listed: listed.collect(),
            selections: Mutex::default(),
            index: Index::build(institutions.iter().map(|institution| entry(institution, &namesakes))),
        }
    }

    /// The institution with this id.
    pub fn get(&self, id: &InstitutionId) -> Option<&Listed> {
        self.listed.get(id)
    }

    /// The first institution, by id, of which this holds.
    pub fn find(&self, is_meant: impl Fn(&InstitutionId) -> bool) -> Option<&Listed> {
        let meant = self.listed.iter().filter(|(id, _)| is_meant(id));
        meant.min_by_key(|(id, _)| id.as_str()).map(|(_, listed)| listed)
    }

    /// The institution with this id, if the session may see it.
    pub fn visible(&self, id: &InstitutionId, visible: Visible) -> Option<&Listed> {
        self.get(id).filter(|listed| match visible {
            Visible::Sandbox => listed.connector == ConnectorKind::Sandbox,
            Visible::Demo => listed.connector == ConnectorKind::Sandbox && listed.built_in,
            Visible::Live => listed.connector != ConnectorKind::Sandbox,
        })
    }

    /// The institution with this id, if it is there and the app shows it.
    pub fn shown(&self, id: &InstitutionId, shown: Shown<'_>) -> Option<&Listed> {
        let listed = self.visible(id, shown.visible)?;
        self.within(shown, |scope| self.index.get(id, scope).is_some())?.then_some(listed)
    }

    /// The institution with this id, name or alias, if the session may see it.
    pub fn resolve(&self, text: &str, country: Option<&str>, shown: Shown<'_>) -> Option<&Listed> {
        let found = self.within(shown, |scope| self.index.resolve(text, scope, country).map(|found| found.id.clone()));
        self.visible(&found??, shown.visible)
    }

    /// What people find by typing.
    pub fn search(&self, text: &str, country: Country<'_>, limit: usize, shown: Shown<'_>) -> SearchResults {
        let found = self.within(shown, |scope| self.index.search(text, scope, country, limit));
        self.with_logos(found)
    }

    /// The most popular ones, and how many there are in all.
    pub fn popular(&self, country: Country<'_>, limit: usize, shown: Shown<'_>) -> SearchResults {
        let popular = self.within(shown, |scope| self.index.popular(scope, country, limit));
        self.with_logos(popular)
    }

    /// Asks the index for what somebody may see; nothing where there is nothing to be seen.
    fn within<T>(&self, shown: Shown<'_>, ask: impl FnOnce(Scope<'_>) -> T) -> Option<T> {
        let scope = scope(shown.visible)?;
        Some(match shown.list {
            Some(list) => ask(Scope::Selected(&self.selection(scope, shown.visible, list))),
            None => ask(scope),
        })
    }

    fn selection(&self, scope: Scope<'_>, visible: Visible, list: &InstitutionList) -> Arc<Selection> {
        // What is in it is whole, whoever broke off while holding it.
        let kept = || self.selections.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (visible, list.clone());
        if let Some(selection) = kept().get(&key) {
            return Arc::clone(selection);
        }
        // Nobody else waits for it. Two that ask for the same one at once both make it.
        let selection = Arc::new(self.select(scope, list.parts()));
        let mut kept = kept();
        if kept.len() >= MAX_SELECTIONS {
            let any = kept.keys().next().cloned();
            any.and_then(|any| kept.remove(&any));
        }
        kept.insert(key, Arc::clone(&selection));
        selection
    }

    fn select(&self, scope: Scope<'_>, list: &Parts) -> Selection {
        let countries: HashSet<&str> = list.countries.iter().map(CountryCode::as_str).collect();
        let (chosen, hidden): (HashSet<_>, HashSet<_>) = (list.chosen.iter().collect(), list.hidden.iter().collect());
        let country_of = |id: &&InstitutionId| self.get(id).map(|listed| listed.summary.country.as_str());
        let narrowed: HashSet<&str> = list.chosen.iter().filter_map(|id| country_of(&id)).collect();
        let is_on_it = |institution: &InstitutionSummary| {
            let country = institution.country.as_str();
            (countries.is_empty() || countries.contains(country))
                && (chosen.contains(&institution.id) || !narrowed.contains(country))
                && !hidden.contains(&institution.id)
        };
        self.index.select(scope, is_on_it, &list.popular)
    }

    /// Nobody looks for logos: the index knows nothing of them.
    fn with_logos(&self, found: Option<SearchResults>) -> SearchResults {
        let mut found = found.unwrap_or(NOTHING);
        for institution in &mut found.institutions {
            institution.logo = self.get(&institution.id).and_then(|listed| listed.summary.logo.clone());
        }
        found
    }

    /// The countries of all institutions that the session may see, ISO 3166-1 alpha-2, in order.
    pub fn countries(&self, shown: Shown<'_>) -> Vec<String> {
        self.within(shown, |scope| self.index.countries(scope)).unwrap_or_default()
    }

    /// How a person gets in at an institution.
    pub fn entry(&self, connectors: &Connectors, id: &InstitutionId, language: &Language) -> Option<connectors::Entry> {
        let listed = self.get(id)?;
        connectors.entry(listed.connector, &institution_ref(&listed.summary), language)
    }
}

/// What connectors need to know of an institution.
pub fn institution_ref(summary: &InstitutionSummary) -> InstitutionRef {
    InstitutionRef { id: summary.id.clone(), name: summary.name.clone(), country: summary.country.clone() }
}

const NOTHING: SearchResults = SearchResults { institutions: Vec::new(), total: 0 };

/// The only connector there is reaches sandbox institutions, so a live app has none to search yet.
const fn scope(visible: Visible) -> Option<Scope<'static>> {
    match visible {
        Visible::Sandbox => Some(Scope::All),
        Visible::Demo => Some(Scope::BuiltIn),
        Visible::Live => None,
    }
}

/// Institutions that people could take for each other: of one name in one country.
struct Namesakes(HashMap<(String, String), usize>);

impl Namesakes {
    fn among(institutions: &[Institution]) -> Self {
        let mut count = HashMap::new();
        for institution in institutions {
            *count.entry(Self::key(institution)).or_default() += 1;
        }
        Self(count)
    }

    fn key(institution: &Institution) -> (String, String) {
        (institution.name.as_str().to_lowercase(), institution.country.to_string())
    }

    /// As the list shows it: with its BIC where another one has its name.
    fn summary(&self, institution: &Institution) -> InstitutionSummary {
        let is_alone = self.0.get(&Self::key(institution)).is_none_or(|count| *count < 2);
        let detail = institution.bic.as_ref().filter(|_| !is_alone).map(|bic| bic.as_str().to_owned());
        InstitutionSummary { detail, ..institution.summary() }
    }
}

fn entry(institution: &Institution, namesakes: &Namesakes) -> Entry {
    Entry {
        summary: namesakes.summary(institution),
        short_name: institution.short_name.as_ref().map(|name| name.as_str().to_owned()),
        bic: institution.bic.as_ref().map(|bic| bic.as_str().to_owned()),
        aliases: institution.aliases.iter().map(|name| name.as_str().to_owned()).collect(),
        popularity: institution.popularity,
        origin: if institution.built_in { Origin::BuiltIn } else { Origin::Imported },
    }
}
