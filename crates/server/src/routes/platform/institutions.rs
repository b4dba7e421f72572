//! Institutions that an app's people can choose.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::country::Country;
use banklink_platform::institutions::{ListedInstitution, MOST_IDS};
use banklink_protocol::ids::InstitutionId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Caller, Items, PageParameters, answer, limit, shapes};
use crate::{
    problem::ApiError,
    services::institutions::{self, Found, Which},
    state::AppState,
    wire::{PathOf, Query},
};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct SearchParameters {
    /// What somebody would type. Then there is one page, of at most 50, best first.
    query: Option<String>,
    /// Only those of this country: ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Those of these ids, at most 100 with commas between. Then nothing else counts.
    ids: Option<String>,
    /// `true`: those too that the app's list leaves out.
    all: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct InstitutionInPath {
    /// The institution's id.
    #[param(value_type = String)]
    institution: InstitutionId,
}

/// List or find institutions
///
/// By id, or what the widget would find.
#[utoipa::path(get, path = "/platform/v1/institutions", tag = "Institutions",
    params(SearchParameters, PageParameters), responses((status = OK, body = Items<ListedInstitution>)))]
pub(super) async fn list_institutions(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let country = query.text("country").map(Country::parse).transpose();
    let country = country.map_err(|_| Query::wrong("country", "a country by its two letters"))?;
    let (after, limit) = (query.text("cursor").map(InstitutionId::from), limit(&query)?);
    let all = query.get::<bool>("all", "`true` or `false`")?.unwrap_or(false);
    let which = if all { Which::All } else { Which::Shown };
    let text = query.text("query").filter(|text| !text.trim().is_empty());
    let found = match (ids(&query)?, text) {
        (Some(ids), _) => institutions::of_ids(&state, &app, &ids).await?,
        (None, Some(text)) => institutions::search(&state, &app, which, text, country, limit.into()).await?,
        (None, None) => institutions::list(&state, &app, which, country, after.as_ref(), limit.into()).await?,
    };
    let Found { items, next } = found;
    let items = items.into_iter().map(|institution| shapes::listed(&state.public_url, institution));
    Ok(answer(StatusCode::OK, Items::<ListedInstitution>::page(items, next)))
}

fn ids(query: &Query) -> Result<Option<Vec<InstitutionId>>, ApiError> {
    let ids = query.text("ids").map(|text| text.split(',').map(InstitutionId::from).collect::<Vec<_>>());
    if ids.as_ref().is_some_and(|ids| ids.len() > MOST_IDS) {
        return Err(Query::wrong("ids", "at most 100 ids with commas between"));
    }
    Ok(ids)
}

/// Read an institution
#[utoipa::path(get, path = "/platform/v1/institutions/{institution}", tag = "Institutions",
    params(InstitutionInPath), responses((status = OK, body = ListedInstitution)))]
pub(super) async fn read_institution(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<InstitutionInPath>,
) -> Result<Response, ApiError> {
    let institution = institutions::one(&state, &app, &path.institution).await?;
    Ok(answer(StatusCode::OK, shapes::listed(&state.public_url, institution)))
}
