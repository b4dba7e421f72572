//! The app that calls, and what operators set for it.

use axum::{extract::State, response::Response};
use banklink_domain::{
    app::{AccountSelection, App, AppSettings},
    country::Country,
    institution_list::{InstitutionList, Parts},
    settings::{ConsentDays, DocumentUrl, LinkCodeLifetime},
    text::{AppName, CustomerName},
};
use banklink_platform::apps as shape;
use banklink_protocol::ids::InstitutionId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Caller, Editor,
    precondition::{IfMatch, Precondition, tagged},
    shapes,
};
use crate::{
    directory::Directory,
    problem::ApiError,
    services::{apps, institutions, texts},
    state::AppState,
    wire::{Field, Wire},
};

/// What is missing stays as it is; `null` takes away what may be missing.
#[derive(Deserialize, ToSchema)]
#[schema(as = AppChange)]
#[serde(deny_unknown_fields)]
pub(super) struct AppRequest {
    name: Option<String>,
    #[serde(default)]
    settings: SettingsRequest,
}

#[derive(Default, Deserialize, ToSchema)]
#[schema(as = AppSettingsChange)]
#[serde(deny_unknown_fields)]
struct SettingsRequest {
    consent: Option<bool>,
    /// At most 128 bytes.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    customer_name: Field<String>,
    /// `https` only.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    terms_url: Field<String>,
    force_authorize_token: Option<bool>,
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    default_country: Field<String>,
    /// Seconds, 600 to 604,800.
    #[schema(minimum = 600, maximum = 604_800)]
    link_code_lifetime: Option<u32>,
    /// 1 to 365.
    #[schema(minimum = 1, maximum = 365)]
    consent_days: Option<u16>,
    /// `none`, `single` or `multiple`.
    account_selection: Option<String>,
    /// As a whole: what was there before is not kept.
    institutions: Option<shape::InstitutionList>,
}

impl AppRequest {
    fn apply(mut self, app: &mut App, directory: &Directory) -> Result<(), ApiError> {
        if let Some(name) = self.name {
            app.name = AppName::parse(&name).map_err(|error| texts::refused("name", error))?;
        }
        if let Some(list) = self.settings.institutions.take() {
            app.settings.institutions = institution_list(&list, app, directory)?;
        }
        self.settings.apply(&mut app.settings)
    }
}

impl SettingsRequest {
    fn apply(self, settings: &mut AppSettings) -> Result<(), ApiError> {
        settings.consent = self.consent.unwrap_or(settings.consent);
        settings.force_authorize_token = self.force_authorize_token.unwrap_or(settings.force_authorize_token);
        self.customer_name
            .set(&mut settings.customer_name, |name| CustomerName::parse(&name))
            .map_err(|error| texts::refused("settings.customer_name", error))?;
        self.terms_url.set(&mut settings.terms_url, |url| {
            let refused = |_| ApiError::invalid("settings.terms_url", "Send an https address of at most 2000 bytes.");
            DocumentUrl::parse(&url).map_err(refused)
        })?;
        self.default_country.set(&mut settings.default_country, |country| {
            let refused = |_| ApiError::invalid("settings.default_country", "Send a country by its two letters.");
            Country::parse(&country).map_err(refused)
        })?;
        if let Some(seconds) = self.link_code_lifetime {
            let refused =
                |_| ApiError::invalid("settings.link_code_lifetime", "Send a number of seconds from 600 to 604800.");
            settings.link_code_lifetime = LinkCodeLifetime::from_seconds(seconds).map_err(refused)?;
        }
        if let Some(days) = self.consent_days {
            let refused = |_| ApiError::invalid("settings.consent_days", "Send a number of days from 1 to 365.");
            settings.consent_days = ConsentDays::new(days).map_err(refused)?;
        }
        if let Some(selection) = self.account_selection {
            let refused = || ApiError::invalid("settings.account_selection", "Send `none`, `single` or `multiple`.");
            settings.account_selection = AccountSelection::parse(&selection).ok_or_else(refused)?;
        }
        Ok(())
    }
}

fn institution_list(
    list: &shape::InstitutionList,
    app: &App,
    directory: &Directory,
) -> Result<InstitutionList, ApiError> {
    let countries = list.countries.iter().map(|country| Country::parse(country)).collect::<Result<_, _>>();
    let countries = countries
        .map_err(|_| ApiError::invalid("settings.institutions.countries", "Send countries by their two letters."))?;
    let ids = |ids: &[String]| ids.iter().map(|id| InstitutionId::from(id.as_str())).collect();
    let parts = Parts { countries, chosen: ids(&list.chosen), hidden: ids(&list.hidden), popular: ids(&list.popular) };
    for (field, ids) in [("chosen", &parts.chosen), ("hidden", &parts.hidden), ("popular", &parts.popular)] {
        if let Some(id) = institutions::unknown(directory, app, ids.iter()) {
            let detail = format!("There is no institution {id:?} for this app.", id = id.as_str());
            return Err(ApiError::invalid(format!("settings.institutions.{field}"), detail));
        }
    }
    let refused = |error| ApiError::invalid("settings.institutions", format!("The list is refused: {error}."));
    InstitutionList::try_from(parts).map_err(refused)
}

/// Read the app
#[utoipa::path(get, path = "/platform/v1/app", tag = "The app", responses((status = OK, body = shape::App)))]
pub(super) async fn read_app(Caller(app): Caller) -> Result<Response, ApiError> {
    tagged(shapes::app(app))
}

/// Change the app
#[utoipa::path(patch, path = "/platform/v1/app", tag = "The app", params(IfMatch), request_body = AppRequest,
    responses((status = OK, body = shape::App)))]
pub(super) async fn change_app(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    precondition: Precondition,
    Wire(request): Wire<AppRequest>,
) -> Result<Response, ApiError> {
    let directory = state.directory().await?;
    let edit = |app: &mut App| {
        precondition.allows(Some(&shapes::app(app.clone())))?;
        request.apply(app, &directory)
    };
    tagged(shapes::app(apps::change(&state, &app, &change, edit).await?))
}
