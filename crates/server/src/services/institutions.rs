//! Institutions that an app's people can choose.

use banklink_domain::{
    app::{App, AppMode},
    country::Country,
    institution::Institution,
    session::Visible,
};
use banklink_protocol::{
    ids::InstitutionId, institutions::InstitutionSummary, problem::ProblemCode, session::MAX_FIELD_LENGTH,
};
use banklink_search::Country as Wanted;
use banklink_store::Page;

use crate::{
    directory::{Directory, Shown},
    problem::ApiError,
    services::every_page::{PAGE, every_page},
    state::AppState,
};

/// Some institutions, and the id after which the list goes on.
pub type Found = Page<InstitutionSummary, InstitutionId>;

/// Which of an app's institutions are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that its people see.
    Shown,
    /// Those too that its list leaves out.
    All,
}

impl Which {
    fn of(self, app: &App) -> Shown<'_> {
        let list = Some(&app.settings.institutions).filter(|list| self == Self::Shown && !list.is_everything());
        Shown { visible: visible(app), list }
    }
}

/// What the widget would find.
pub async fn search(
    state: &AppState,
    app: &App,
    which: Which,
    text: &str,
    country: Option<Country>,
    limit: usize,
) -> Result<Found, ApiError> {
    if text.len() > MAX_FIELD_LENGTH {
        return Err(ApiError::invalid("query", "Search for something shorter."));
    }
    let first = app.settings.default_country.as_ref().map(Country::as_str);
    let wanted = country.as_ref().map_or_else(|| first.into(), |country| Wanted::Only(country.as_str()));
    let found = state.directory().await?.search(text, wanted, limit, which.of(app));
    Ok(Page { items: found.institutions, next: None })
}

/// All of them by id, of one country or of all, at most `limit`, after `after`.
pub async fn list(
    state: &AppState,
    app: &App,
    which: Which,
    country: Option<Country>,
    after: Option<&InstitutionId>,
    limit: u64,
) -> Result<Found, ApiError> {
    let directory = state.directory().await?;
    let Page { items, next } = state.store.institutions().page(app.mode, country, after, limit).await?;
    let as_listed = |institution: Institution| {
        let listed = directory.get(&institution.id).map(|listed| listed.summary.clone());
        listed.unwrap_or_else(|| institution.summary())
    };
    let is_meant = |institution: &Institution| {
        let shown = which.of(app);
        shown.list.is_none() || directory.shown(&institution.id, shown).is_some()
    };
    Ok(Page { items: items.into_iter().filter(is_meant).map(as_listed).collect(), next })
}

/// All that its people see, by id, for those who know no pages.
pub async fn all(state: &AppState, app: &App) -> Result<Vec<InstitutionSummary>, ApiError> {
    let page =
        |after: Option<InstitutionId>| async move { list(state, app, Which::Shown, None, after.as_ref(), PAGE).await };
    every_page(page).await
}

/// Those of them that have these ids.
pub async fn of_ids(state: &AppState, app: &App, ids: &[InstitutionId]) -> Result<Found, ApiError> {
    let directory = state.directory().await?;
    let known = ids.iter().filter_map(|id| directory.visible(id, visible(app)));
    Ok(Page { items: known.map(|listed| listed.summary.clone()).collect(), next: None })
}

/// What of a list is no institution of the app's. What stood there before may stay: directories change.
pub fn unknown<'a>(
    directory: &Directory,
    app: &App,
    mut ids: impl Iterator<Item = &'a InstitutionId>,
) -> Option<&'a InstitutionId> {
    let before = app.settings.institutions.parts();
    let was_there = |id| before.chosen.contains(id) || before.hidden.contains(id) || before.popular.contains(id);
    ids.find(|id| directory.visible(id, visible(app)).is_none() && !was_there(id))
}

/// One of them.
pub async fn one(state: &AppState, app: &App, id: &InstitutionId) -> Result<InstitutionSummary, ApiError> {
    let directory = state.directory().await?;
    let listed = directory.visible(id, visible(app)).map(|listed| listed.summary.clone());
    listed.ok_or_else(not_found)
}

/// The first by id that its people see and of which this holds.
pub async fn shown(
    state: &AppState,
    app: &App,
    is_meant: impl Fn(&InstitutionId) -> bool,
) -> Result<InstitutionSummary, ApiError> {
    let directory = state.directory().await?;
    let is_shown = |id: &InstitutionId| is_meant(id) && directory.shown(id, Which::Shown.of(app)).is_some();
    directory.find(is_shown).map(|listed| listed.summary.clone()).ok_or_else(not_found)
}

fn not_found() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "There is no such institution for this app.")
}

const fn visible(app: &App) -> Visible {
    match app.mode {
        AppMode::Sandbox => Visible::Sandbox,
        AppMode::Live => Visible::Live,
    }
}
