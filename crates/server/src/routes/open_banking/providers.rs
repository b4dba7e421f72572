//! Data providers: the institutions that people of the data recipient can choose.

use axum::{
    extract::{FromRequestParts, State},
    http::request::Parts,
    response::Response,
};
use banklink_connectors::sandbox::FLINKS_CAPITAL;
use banklink_domain::{app::App, authorization::DataScope, country::Country};
use banklink_protocol::{ids::InstitutionId, institutions::InstitutionSummary};
use serde::{Deserialize, Serialize};

use super::error::OAuthProblem;
use crate::{
    problem::ApiError,
    routes::{headers::bearer, institution_numbers::number_of},
    services::{data_recipients, institutions},
    state::AppState,
    wire::{PathOf, Query, private_json},
};

/// The data recipient that asks, by an access token of its own.
pub(super) struct Recipient(App);

impl FromRequestParts<AppState> for Recipient {
    type Rejection = OAuthProblem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, OAuthProblem> {
        let token = bearer(&parts.headers).ok_or_else(OAuthProblem::unauthorized)?;
        Ok(Self(data_recipients::recipient(state, &token).await?))
    }
}

/// A provider as callers name it: by its number, or by the institution's id.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct ProviderId(String);

impl ProviderId {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    fn is(&self, id: &InstitutionId) -> bool {
        id.as_str() == self.0 || self.0.parse() == Ok(number(id))
    }
}

/// The number of an institution, which is 1000 for Flinks Capital.
fn number(id: &InstitutionId) -> u32 {
    if id.as_str() == FLINKS_CAPITAL { 1000 } else { number_of(id) }
}

/// The institution that is meant, if the app's people see it.
pub(super) async fn find(state: &AppState, app: &App, id: &ProviderId) -> Result<InstitutionSummary, ApiError> {
    institutions::shown(state, app, |institution| id.is(institution)).await
}

#[derive(Serialize)]
struct Listed {
    provider_id: u32,
    name: String,
    country: String,
}

impl From<InstitutionSummary> for Listed {
    fn from(institution: InstitutionSummary) -> Self {
        Self { provider_id: number(&institution.id), name: institution.name, country: institution.country }
    }
}

/// All of them: there are no pages.
pub(super) async fn list(State(state): State<AppState>, Recipient(app): Recipient) -> Result<Response, OAuthProblem> {
    let all = institutions::all(&state, &app).await?;
    Ok(private_json(all.into_iter().map(Listed::from).collect::<Vec<_>>()))
}

#[derive(Serialize)]
struct InDetail {
    provider_id: u32,
    provider_name: String,
    country: String,
    registration_status: &'static str,
}

/// The same with how the data recipient stands with each, of one country or of all.
pub(super) async fn list_in_detail(
    State(state): State<AppState>,
    Recipient(app): Recipient,
    query: Query,
) -> Result<Response, OAuthProblem> {
    let country = query.text("country").map(Country::parse).transpose();
    let country = country.map_err(|_| OAuthProblem::invalid("Send two letters as country, as `CA`."))?;
    let all = institutions::all(&state, &app).await?.into_iter();
    let wanted = all.filter(|one| country.is_none_or(|country| country.as_str() == one.country));
    let shapes = wanted.map(Listed::from).map(|Listed { provider_id, name, country }| InDetail {
        provider_id,
        provider_name: name,
        country,
        registration_status: "ACTIVE",
    });
    Ok(private_json(shapes.collect::<Vec<_>>()))
}

#[derive(Serialize)]
struct Details {
    #[serde(flatten)]
    provider: Listed,
    /// Nobody keeps these here.
    provider_url: Option<String>,
    scopes: [&'static str; 8],
    data_inventory: Inventory,
}

/// The fields that there are to be read.
#[derive(Serialize)]
struct Inventory {
    account: [&'static str; 10],
    customers: [&'static str; 10],
    detailed_accounts: [&'static str; 9],
    lightweight_accounts: [&'static str; 7],
    payments: [&'static str; 6],
    transactions: [&'static str; 10],
}

const INVENTORY: Inventory = Inventory {
    account: [
        "depositAccount.accountId",
        "depositAccount.accountCategory",
        "depositAccount.accountType",
        "depositAccount.accountNumber",
        "depositAccount.accountNumberDisplay",
        "depositAccount.productName",
        "depositAccount.status",
        "depositAccount.currency.currencyCode",
        "depositAccount.currentBalance",
        "depositAccount.availableBalance",
    ],
    customers: [
        "customerId",
        "name.first",
        "name.last",
        "email",
        "addresses.line1",
        "addresses.city",
        "addresses.region",
        "addresses.postalCode",
        "addresses.country",
        "telephones.number",
    ],
    detailed_accounts: [
        "accounts.depositAccount.accountId",
        "accounts.depositAccount.accountType",
        "accounts.depositAccount.accountNumber",
        "accounts.depositAccount.accountNumberDisplay",
        "accounts.depositAccount.routingTransitNumber",
        "accounts.depositAccount.currentBalance",
        "accounts.depositAccount.availableBalance",
        "accounts.depositAccount.balanceAsOf",
        "accounts.depositAccount.transactions",
    ],
    lightweight_accounts: [
        "accounts.depositAccount.accountId",
        "accounts.depositAccount.accountCategory",
        "accounts.depositAccount.accountType",
        "accounts.depositAccount.accountNumberDisplay",
        "accounts.depositAccount.productName",
        "accounts.depositAccount.status",
        "accounts.depositAccount.currency.currencyCode",
    ],
    payments: [
        "paymentNetworks.bankId",
        "paymentNetworks.identifier",
        "paymentNetworks.identifierType",
        "paymentNetworks.type",
        "paymentNetworks.transferIn",
        "paymentNetworks.transferOut",
    ],
    transactions: [
        "page.nextOffset",
        "links.next.href",
        "transactions.depositTransaction.accountId",
        "transactions.depositTransaction.transactionId",
        "transactions.depositTransaction.postedTimestamp",
        "transactions.depositTransaction.transactionTimestamp",
        "transactions.depositTransaction.description",
        "transactions.depositTransaction.debitCreditMemo",
        "transactions.depositTransaction.amount",
        "transactions.depositTransaction.status",
    ],
};

/// One of them, and what can be read there.
pub(super) async fn one(
    State(state): State<AppState>,
    Recipient(app): Recipient,
    PathOf(id): PathOf<ProviderId>,
) -> Result<Response, OAuthProblem> {
    let provider = find(&state, &app, &id).await?.into();
    let scopes = DataScope::ALL.map(DataScope::as_str);
    Ok(private_json(Details { provider, provider_url: None, scopes, data_inventory: INVENTORY }))
}
