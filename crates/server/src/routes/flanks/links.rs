//! `/v0/links/…`: the links of an app.

use axum::{extract::State, response::Response};
use banklink_domain::{
    app::App,
    link::{self, LinkState},
};
use serde::{Deserialize, Serialize};

use super::Caller;
use crate::{
    problem::ApiError,
    services::links::{self, AgreementEdit, LinkEdit, LinkPlan},
    state::AppState,
    wire::{AnyJson, Field, private_json},
};

#[derive(Clone, Serialize)]
struct Link {
    token: String,
    name: String,
    redirect_uri: String,
    company_name: String,
    terms_and_conditions_url: Option<String>,
    privacy_policy_url: Option<String>,
    active: bool,
    pending_code_count: u64,
}

impl Link {
    fn of(app: &App, link: link::Link, pending_code_count: u64) -> Self {
        let own_name = app.settings.customer_name.as_ref().map_or(app.name.as_str(), |name| name.as_str());
        let agreement = link.agreement;
        Self {
            token: link.token.to_string(),
            name: link.name.to_string(),
            redirect_uri: link.redirect_uri.to_string(),
            company_name: agreement.company_name.map_or_else(|| own_name.to_owned(), String::from),
            terms_and_conditions_url: agreement.terms_url.or_else(|| app.settings.terms_url.clone()).map(String::from),
            privacy_policy_url: agreement.privacy_url.map(String::from),
            active: link.state == LinkState::Active,
            pending_code_count,
        }
    }
}

#[derive(Serialize)]
struct Links {
    success: bool,
    count: usize,
    items: Vec<Link>,
}

/// All of them, oldest first.
pub(super) async fn list(State(state): State<AppState>, Caller { app, .. }: Caller) -> Result<Response, ApiError> {
    let pending = links::unused_codes(&state, &app).await?;
    let items = links::all_of_app(&state, &app).await?.into_iter().map(|link| {
        let waiting = pending.get(&link.id).copied().unwrap_or(0);
        Link::of(&app, link, waiting)
    });
    let items: Vec<Link> = items.collect();
    Ok(private_json(Links { success: true, count: items.len(), items }))
}

/// A link as the documents have it, in `data`, and as clients read it that look for it beside `success`.
#[derive(Serialize)]
struct OneLink {
    success: bool,
    data: Link,
    #[serde(flatten)]
    link: Link,
}

async fn one(state: &AppState, app: &App, link: link::Link) -> Result<Response, ApiError> {
    let pending = links::unused_codes(state, app).await?.get(&link.id).copied().unwrap_or(0);
    let link = Link::of(app, link, pending);
    Ok(private_json(OneLink { success: true, data: link.clone(), link }))
}

/// With whom people agree, in the words of Flanks.
#[derive(Deserialize)]
struct Agreement {
    #[serde(default)]
    company_name: Field<String>,
    #[serde(default)]
    terms_and_conditions_url: Field<String>,
    #[serde(default)]
    privacy_policy_url: Field<String>,
}

impl From<Agreement> for AgreementEdit {
    fn from(agreement: Agreement) -> Self {
        let Agreement { company_name, terms_and_conditions_url, privacy_policy_url } = agreement;
        Self { company_name, terms_url: terms_and_conditions_url, privacy_url: privacy_policy_url }
    }
}

/// The same error about a field as Flanks calls it.
fn translated(error: ApiError) -> ApiError {
    match error.about() {
        Some("terms_url") => error.parameter("terms_and_conditions_url"),
        Some("privacy_url") => error.parameter("privacy_policy_url"),
        _ => error,
    }
}

#[derive(Deserialize)]
pub(super) struct CreateRequest {
    redirect_uri: String,
    name: Option<String>,
    #[serde(flatten)]
    agreement: Agreement,
}

/// A new link to one of the app's redirect URIs.
pub(super) async fn create(
    State(state): State<AppState>,
    Caller { app, change }: Caller,
    AnyJson(request): AnyJson<CreateRequest>,
) -> Result<Response, ApiError> {
    let CreateRequest { redirect_uri, name, agreement } = request;
    let plan = LinkPlan { name, redirect_uri, agreement: agreement.into() };
    one(&state, &app, links::create(&state, &app, &change, plan).await.map_err(translated)?).await
}

#[derive(Deserialize)]
pub(super) struct EditRequest {
    token: String,
    redirect_uri: Option<String>,
    #[serde(default)]
    name: Field<String>,
    #[serde(flatten)]
    agreement: Agreement,
}

/// Changes what is sent; `null` takes it away.
pub(super) async fn edit(
    State(state): State<AppState>,
    caller: Caller,
    AnyJson(request): AnyJson<EditRequest>,
) -> Result<Response, ApiError> {
    let EditRequest { token, redirect_uri, name, agreement } = request;
    let name = match name {
        Field::Missing => None,
        // A link without a name is called by its token.
        Field::Null => Some(token.clone()),
        Field::Value(name) => Some(name),
    };
    change(&state, caller, &token, LinkEdit { name, redirect_uri, state: None, agreement: agreement.into() }).await
}

#[derive(Deserialize)]
pub(super) struct TokenOfLink {
    token: String,
}

pub(super) async fn pause(
    State(state): State<AppState>,
    caller: Caller,
    AnyJson(TokenOfLink { token }): AnyJson<TokenOfLink>,
) -> Result<Response, ApiError> {
    change(&state, caller, &token, LinkEdit { state: Some(LinkState::Paused), ..LinkEdit::default() }).await
}

pub(super) async fn resume(
    State(state): State<AppState>,
    caller: Caller,
    AnyJson(TokenOfLink { token }): AnyJson<TokenOfLink>,
) -> Result<Response, ApiError> {
    change(&state, caller, &token, LinkEdit { state: Some(LinkState::Active), ..LinkEdit::default() }).await
}

async fn change(state: &AppState, caller: Caller, token: &str, edit: LinkEdit) -> Result<Response, ApiError> {
    let Caller { app, change } = caller;
    let link = links::by_token(state, &app, token).await?;
    let changed = links::change(state, &app, &change, link.id, &edit, |_| Ok(())).await;
    one(state, &app, changed.map_err(translated)?).await
}

#[derive(Serialize)]
struct Deleted {
    success: bool,
}

/// Only a link whose codes were all exchanged can be deleted.
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller { app, change }: Caller,
    AnyJson(TokenOfLink { token }): AnyJson<TokenOfLink>,
) -> Result<Response, ApiError> {
    let link = links::by_token(&state, &app, &token).await?;
    links::delete_without_codes(&state, &app, &change, link.id).await?;
    Ok(private_json(Deleted { success: true }))
}
