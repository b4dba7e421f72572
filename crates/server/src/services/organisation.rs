//! The organisation that runs this deployment, and its apps.

use std::collections::BTreeSet;

use banklink_domain::{
    activity::{Action, Activity, Actor, Change},
    app::{App, AppMode, AppSettings},
    client_secret::ClientSecret,
    ids::{AppId, ClientId, ClientSecretId},
    operator::Operator,
    origin,
    redirect_uri::RedirectUri,
    text::{AppName, OrganisationName},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{boot::AllowedOrigin, problem::ProblemCode, secret::Secret};
use banklink_store::{MAX_ENTRIES, NewApp, Page, Store, StoreError};

use crate::{
    problem::ApiError,
    random,
    services::{operators::SignedIn, origins, redirect_uris, texts},
    state::AppState,
};

/// What the organisation is called, if that was said.
pub async fn name(state: &AppState) -> Result<Option<OrganisationName>, ApiError> {
    Ok(state.store.settings().organisation_name().await?)
}

/// Says what the organisation is called.
pub async fn set_name(state: &AppState, signed_in: &SignedIn, name: &str) -> Result<OrganisationName, ApiError> {
    let name = OrganisationName::parse(name).map_err(|error| texts::refused("name", error))?;
    state.store.settings().set_organisation_name(&name, &signed_in.change(state)).await?;
    Ok(name)
}

/// All apps, oldest first.
pub async fn apps(state: &AppState, after: Option<AppId>, limit: u64) -> Result<Page<App, AppId>, ApiError> {
    Ok(state.store.apps().list(after, limit).await?)
}

/// The app of this id.
pub async fn app(state: &AppState, id: AppId) -> Result<App, ApiError> {
    let found = state.store.apps().get(id).await?;
    found.ok_or_else(|| ApiError::new(ProblemCode::NotFound, "There is no such app."))
}

/// What an app is made of.
#[derive(Clone, Debug)]
pub struct AppPlan {
    /// What people read.
    pub name: AppName,
    /// For ever.
    pub mode: AppMode,
    /// Where people go at the end.
    pub redirect_uris: Vec<RedirectUri>,
    /// Which pages may embed its widget.
    pub origins: Vec<AllowedOrigin>,
    /// What else operators set.
    pub settings: AppSettings,
}

/// A new app, as it is shown once.
#[derive(Clone, Debug)]
pub struct CreatedApp {
    /// The app.
    pub app: App,
    /// Shown now and never again.
    pub client_secret: Secret,
    /// Shown now and never again.
    pub data_key: Secret,
}

/// Makes an app with a secret and a data key.
pub async fn make_app(store: &Store, plan: AppPlan, change: &Change) -> Result<CreatedApp, StoreError> {
    let client_secret = TokenKind::ClientSecret.mint(random::bytes());
    let data_key = TokenKind::DataKey.mint(random::bytes());
    let app = App {
        id: AppId::new(change.at, random::bytes()),
        name: plan.name,
        mode: plan.mode,
        client_id: ClientId::new(random::bytes()),
        data_key: TokenHash::of(&data_key),
        settings: plan.settings,
        created_at: change.at,
    };
    let id = ClientSecretId::new(change.at, random::bytes());
    let secret = ClientSecret::new(id, app.id, TokenHash::of(&client_secret), change.at);
    let new = NewApp { app, secret: Some(secret), redirect_uris: plan.redirect_uris, origins: plan.origins };
    store.apps().create(&new, change.by).await?;
    Ok(CreatedApp { app: new.app, client_secret, data_key })
}

/// Makes an app of what somebody sent.
pub async fn create_app(
    state: &AppState,
    signed_in: &SignedIn,
    name: &str,
    mode: AppMode,
    redirect_uris: &[String],
    origins: &[String],
) -> Result<CreatedApp, ApiError> {
    let most = usize::try_from(MAX_ENTRIES).unwrap_or(usize::MAX);
    for (parameter, given) in [("redirect_uris", redirect_uris), ("origins", origins)] {
        if given.len() > most {
            return Err(ApiError::invalid(parameter, format!("Send at most {most}.")));
        }
    }
    if redirect_uris.is_empty() {
        return Err(ApiError::invalid("redirect_uris", "People have to go somewhere at the end: send one at least."));
    }
    let plan = AppPlan {
        name: AppName::parse(name).map_err(|error| texts::refused("name", error))?,
        mode,
        redirect_uris: redirect_uris
            .iter()
            .map(|uri| redirect_uris::parse("redirect_uris", uri))
            .collect::<Result<_, _>>()?,
        origins: origins
            .iter()
            .map(|text| origin::parse(text, mode).map_err(|error| ApiError::invalid("origins", origins::about(error))))
            .collect::<Result<_, _>>()?,
        settings: AppSettings::default(),
    };
    Ok(make_app(&state.store, plan, &signed_in.change(state)).await?)
}

/// What those are called who changed something.
#[derive(Clone, Debug, Default)]
pub struct ActorNames {
    operators: Vec<Operator>,
    secrets: Vec<ClientSecret>,
}

impl ActorNames {
    /// What this one is called, or is known by.
    pub fn of(&self, actor: Actor) -> Option<String> {
        match actor {
            Actor::CommandLine | Actor::DataKey => None,
            Actor::Operator(id) => {
                self.operators.iter().find(|operator| operator.id == id).map(|operator| operator.name.to_string())
            }
            Actor::ClientSecret(id) => {
                self.secrets.iter().find(|secret| secret.id == id).map(ClientSecret::fingerprint)
            }
        }
    }
}

/// What was changed in an app, or everywhere, newest first, with what those are called who did it.
pub async fn activities(
    state: &AppState,
    app: Option<AppId>,
    action: Option<Action>,
    before: Option<i64>,
    limit: u64,
) -> Result<(Page<Activity, i64>, ActorNames), ApiError> {
    let page = state.store.activities().list(app, action, before, limit).await?;
    let (mut operators, mut secrets) = (BTreeSet::new(), BTreeSet::new());
    for activity in &page.items {
        match activity.change.by {
            Actor::Operator(id) => drop(operators.insert(id)),
            Actor::ClientSecret(id) => drop(secrets.insert(id)),
            Actor::CommandLine | Actor::DataKey => {}
        }
    }
    let operators = state.store.operators().of_ids(operators).await?;
    Ok((page, ActorNames { operators, secrets: state.store.apps().secrets_of_ids(secrets).await? }))
}
