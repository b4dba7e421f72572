//! Institutions that an app's people can choose.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::country::Country;
use banklink_protocol::{
    ids::InstitutionId,
    institutions::{Health, InstitutionSummary},
};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::{IntoParams, ToSchema};

use super::{Caller, Items, PageParameters, answer, limit};
use crate::{
    problem::ApiError,
    services::institutions::{self, Found},
    state::AppState,
    wire::{PathOf, Query},
};

#[derive(Serialize, ToSchema)]
#[schema(as = ListedInstitution)]
struct ListedReply {
    id: String,
    /// As the institution spells it.
    name: String,
    /// ISO 3166-1 alpha-2.
    country: String,
    /// What tells it from another of the same name in the same country, as its BIC.
    detail: Option<String>,
    /// Whether linking works there just now: `up`, `degraded` or `down`; `soon`: it will one day.
    health: &'static str,
    /// Where its logo is, if there is one.
    logo_url: Option<String>,
}

impl ListedReply {
    fn new(public_url: &Url, institution: InstitutionSummary) -> Self {
        let InstitutionSummary { id, name, country, detail, logo, health } = institution;
        let logo_url = |name: &str| {
            let mut url = public_url.clone();
            url.set_path(&format!("/logos/{name}"));
            url.into()
        };
        Self {
            id: id.to_string(),
            name,
            country,
            detail,
            health: match health {
                Health::Up => "up",
                Health::Degraded => "degraded",
                Health::Down => "down",
                Health::Soon => "soon",
            },
            logo_url: logo.map(|name| logo_url(name.as_str())),
        }
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct SearchParameters {
    /// What somebody would type. Then there is one page, of at most 50, best first.
    query: Option<String>,
    /// Only those of this country: ISO 3166-1 alpha-2.
    country: Option<String>,
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
    params(SearchParameters, PageParameters), responses((status = OK, body = Items<ListedReply>)))]
pub(super) async fn list_institutions(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let country = query.text("country").map(Country::parse).transpose();
    let country = country.map_err(|_| Query::wrong("country", "a country by its two letters"))?;
    let (after, limit) = (query.text("cursor").map(InstitutionId::from), limit(&query)?);
    let found = match query.text("query").filter(|text| !text.trim().is_empty()) {
        Some(text) => institutions::search(&state, &app, text, country, limit.into()).await?,
        None => institutions::list(&state, &app, country, after.as_ref(), limit.into()).await?,
    };
    let Found { items, next } = found;
    let items = items.into_iter().map(|institution| ListedReply::new(&state.public_url, institution));
    Ok(answer(StatusCode::OK, Items::<ListedReply>::page(items, next)))
}

/// Read an institution
#[utoipa::path(get, path = "/platform/v1/institutions/{institution}", tag = "Institutions",
    params(InstitutionInPath), responses((status = OK, body = ListedReply)))]
pub(super) async fn read_institution(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<InstitutionInPath>,
) -> Result<Response, ApiError> {
    let institution = institutions::one(&state, &app, &path.institution).await?;
    Ok(answer(StatusCode::OK, ListedReply::new(&state.public_url, institution)))
}
