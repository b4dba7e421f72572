//! `/platform/v1/…`: the complete API of an app, `Authorization: Bearer <client secret>`.

use std::{collections::BTreeMap, str::FromStr};

use axum::{
    Json, Router,
    extract::{FromRequestParts, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use banklink_connectors::DateRange;
use banklink_domain::{
    accounts::{Account, Transaction},
    app::App,
    connection::Connection,
    ids::LinkId,
    link::Link,
};
use banklink_protocol::{
    ids::{AccountId, ConnectionId, InstitutionId},
    problem::ProblemCode,
    secret::Secret,
};
use banklink_store::Cursor;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    directory::Directory,
    problem::ApiError,
    routes::link_api::bearer,
    services::{
        apps,
        codes::{self, UnusedCode},
        connections::{self, TransactionCursor},
        links,
        tokens::{self, TokenShape},
    },
    state::AppState,
    wire::{PathOf, Query, Wire},
};

mod consents;
mod institution_searches;
mod link_sessions;
mod reauthorising;

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/platform/v1/authorize_tokens", post(create_authorize_token))
        .route("/platform/v1/links", get(list_links).post(create_link))
        .route("/platform/v1/link_codes", get(unused_codes))
        .route("/platform/v1/link_codes/exchange", post(exchange))
        .route("/platform/v1/institution_searches", get(institution_searches::list))
        .route("/platform/v1/link_sessions", get(link_sessions::list))
        .route("/platform/v1/link_sessions/{session}", get(link_sessions::read))
        .route("/platform/v1/connections/{connection}", get(connection).delete(delete_connection))
        .route("/platform/v1/connections/{connection}/consent", get(consents::of_connection))
        .route("/platform/v1/connections/{connection}/reauthorisation_tokens", post(reauthorising::create_token))
        .route("/platform/v1/connections/{connection}/accounts", get(accounts))
        .route("/platform/v1/connections/{connection}/accounts/{account}/transactions", get(transactions))
        .route("/platform/v1/consents/{consent}", get(consents::read))
        .route("/platform/v1/consents/{consent}/revoke", post(consents::revoke))
}

/// The app that calls, known by its client secret.
struct Caller(App);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let secret = bearer(&parts.headers).ok_or_else(|| {
            ApiError::new(ProblemCode::Unauthorized, "Send the client secret as `Authorization: Bearer <secret>`.")
        })?;
        apps::by_client_secret(state, &secret).await.map(Self)
    }
}

/// The connection that the address names, of the app that calls.
struct Named(Connection);

#[derive(Deserialize)]
struct ConnectionInPath {
    connection: ConnectionId,
}

impl FromRequestParts<AppState> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Caller(app) = Caller::from_request_parts(parts, state).await?;
        let PathOf(path) = PathOf::<ConnectionInPath>::from_request_parts(parts, state).await?;
        connections::of_app(state, &app, &path.connection).await.map(Self)
    }
}

/// A list, or as much of it as fits.
#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
    /// For `cursor` in the request of the next page; none on the last.
    next: Option<String>,
}

impl<T> Items<T> {
    /// A list that is never long.
    fn all(items: impl IntoIterator<Item: Into<T>>) -> Self {
        Self { items: items.into_iter().map(Into::into).collect(), next: None }
    }

    fn page(items: impl IntoIterator<Item: Into<T>>, next: Option<impl ToString>) -> Self {
        Self { next: next.map(|next| next.to_string()), ..Self::all(items) }
    }
}

/// Most items in one answer, and how many there are unless the caller says otherwise.
const MAX_ITEMS: u16 = 500;

/// How many items the caller wants: `limit`, from 1 to [`MAX_ITEMS`].
fn limit(query: &Query) -> Result<u16, ApiError> {
    const EXPECTED: &str = "a number from 1 to 500";
    let limit = query.get("limit", EXPECTED)?.unwrap_or(MAX_ITEMS);
    if (1..=MAX_ITEMS).contains(&limit) { Ok(limit) } else { Err(Query::wrong("limit", EXPECTED)) }
}

/// Where a page of a list begins: what was `next` on the page before.
fn cursor<C: FromStr>(query: &Query) -> Result<Option<C>, ApiError> {
    query.get("cursor", "what was `next` on the page before")
}

fn answer<T: Serialize>(status: StatusCode, value: T) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(value)).into_response()
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorizeTokenRequest {
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct AuthorizeTokenReply {
    token: Secret,
    expires_at: Timestamp,
}

async fn create_authorize_token(
    State(state): State<AppState>,
    Caller(app): Caller,
    Wire(request): Wire<AuthorizeTokenRequest>,
) -> Result<Response, ApiError> {
    let issued = tokens::issue_authorize_token(&state, &app, TokenShape::Prefixed, request.parameters).await?;
    Ok(answer(StatusCode::CREATED, AuthorizeTokenReply { token: issued.token, expires_at: issued.expires_at }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkRequest {
    name: String,
    redirect_uri: String,
}

#[derive(Serialize)]
struct LinkReply {
    id: LinkId,
    token: String,
    url: String,
    name: String,
    redirect_uri: String,
    state: &'static str,
    created_at: Timestamp,
}

impl LinkReply {
    fn new(state: &AppState, link: &Link) -> Self {
        let mut url = state.public_url.clone();
        url.set_path("/link");
        url.query_pairs_mut().append_pair("token", link.token.as_str());
        Self {
            id: link.id,
            token: link.token.to_string(),
            url: url.into(),
            name: link.name.as_str().to_owned(),
            redirect_uri: link.redirect_uri.to_string(),
            state: link.state.as_str(),
            created_at: link.created_at,
        }
    }
}

async fn create_link(
    State(state): State<AppState>,
    Caller(app): Caller,
    Wire(request): Wire<LinkRequest>,
) -> Result<Response, ApiError> {
    let link = links::create(&state, &app, &request.name, &request.redirect_uri).await?;
    Ok(answer(StatusCode::CREATED, LinkReply::new(&state, &link)))
}

async fn list_links(State(state): State<AppState>, Caller(app): Caller) -> Result<Response, ApiError> {
    let links = links::of_app(&state, &app).await?;
    let links = links.iter().map(|link| LinkReply::new(&state, link));
    Ok(answer(StatusCode::OK, Items::<LinkReply>::all(links)))
}

#[derive(Serialize)]
struct UnusedCodeReply {
    code: Secret,
    link_id: Option<LinkId>,
    connection_id: ConnectionId,
    extra: BTreeMap<String, String>,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl From<UnusedCode> for UnusedCodeReply {
    fn from(code: UnusedCode) -> Self {
        let UnusedCode { code, link_id, connection_id, extra, created_at, expires_at } = code;
        Self { code, link_id, connection_id, extra, created_at, expires_at }
    }
}

async fn unused_codes(State(state): State<AppState>, Caller(app): Caller, query: Query) -> Result<Response, ApiError> {
    let link = query.get::<LinkId>("link_id", "the id of a link")?;
    let (after, limit) = (cursor::<Cursor>(&query)?, limit(&query)?);
    let page = codes::unused(&state, &app, link, after.as_ref(), limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<UnusedCodeReply>::page(page.items, page.next)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExchangeRequest {
    code: Secret,
}

#[derive(Serialize)]
struct ExchangeReply {
    connection: ConnectionReply,
    connection_token: Secret,
    extra: BTreeMap<String, String>,
}

async fn exchange(
    State(state): State<AppState>,
    Caller(app): Caller,
    Wire(request): Wire<ExchangeRequest>,
) -> Result<Response, ApiError> {
    let exchanged = codes::exchange(&state, &app, &request.code).await?;
    let connection = ConnectionReply::new(&state, &exchanged.connection).await?;
    let reply = ExchangeReply { connection, connection_token: exchanged.connection_token, extra: exchanged.extra };
    Ok(answer(StatusCode::OK, reply))
}

#[derive(Serialize)]
struct InstitutionReply {
    id: String,
    name: String,
    country: String,
}

impl InstitutionReply {
    /// As the directory has it; by its id alone where it has it no more.
    fn new(directory: &Directory, id: &InstitutionId) -> Self {
        let listed = directory.get(id).map(|listed| &listed.summary);
        let (name, country) = listed.map_or((id.as_str(), ""), |summary| (&summary.name, &summary.country));
        Self { id: id.to_string(), name: name.to_owned(), country: country.to_owned() }
    }
}

#[derive(Serialize)]
struct ConnectionReply {
    id: ConnectionId,
    institution: InstitutionReply,
    status: &'static str,
    external_id: Option<String>,
    tag: Option<String>,
    /// How many days back transactions are read; none: as many as there are.
    days_of_transactions: Option<u16>,
    with_transactions: bool,
    schedule_refresh: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ConnectionReply {
    async fn new(state: &AppState, connection: &Connection) -> Result<Self, ApiError> {
        let directory = state.directory().await?;
        Ok(Self {
            id: connection.id.clone(),
            institution: InstitutionReply::new(&directory, &connection.institution_id),
            status: connection.state.as_str(),
            external_id: connection.external_id.as_ref().map(|id| id.as_str().to_owned()),
            tag: connection.tag.as_ref().map(|tag| tag.as_str().to_owned()),
            days_of_transactions: connection.reading.days.map(u16::from),
            with_transactions: connection.reading.transactions,
            schedule_refresh: connection.reading.scheduled,
            created_at: connection.created_at,
            updated_at: connection.updated_at,
        })
    }
}

async fn connection(State(state): State<AppState>, Named(connection): Named) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, ConnectionReply::new(&state, &connection).await?))
}

/// What it held is gone at once, and what the person agreed to is revoked.
async fn delete_connection(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<ConnectionInPath>,
) -> Result<StatusCode, ApiError> {
    connections::delete(&state, &app, &path.connection).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct BalanceReply {
    current: String,
    available: Option<String>,
    limit: Option<String>,
}

#[derive(Serialize)]
struct AccountReply {
    id: AccountId,
    name: String,
    kind: &'static str,
    currency: String,
    number: String,
    last_digits: String,
    holder: String,
    balance: BalanceReply,
}

impl From<Account> for AccountReply {
    fn from(account: Account) -> Self {
        let summary = account.summary();
        let money = |amount: rust_decimal::Decimal| amount.to_string();
        Self {
            last_digits: summary.last_digits,
            currency: account.currency.to_string(),
            balance: BalanceReply {
                current: money(account.balance.current),
                available: account.balance.available.map(money),
                limit: account.balance.limit.map(money),
            },
            id: account.id,
            name: account.name,
            kind: account.kind.as_str(),
            number: account.number,
            holder: account.holder,
        }
    }
}

async fn accounts(State(state): State<AppState>, Named(connection): Named) -> Result<Response, ApiError> {
    let accounts = connections::accounts(&state, &connection).await?;
    Ok(answer(StatusCode::OK, Items::<AccountReply>::all(accounts)))
}

#[derive(Deserialize)]
struct AccountInPath {
    account: AccountId,
}

#[derive(Serialize)]
struct TransactionReply {
    id: String,
    date: Date,
    description: String,
    amount: String,
    balance: String,
}

async fn transactions(
    State(state): State<AppState>,
    Named(connection): Named,
    PathOf(AccountInPath { account }): PathOf<AccountInPath>,
    query: Query,
) -> Result<Response, ApiError> {
    const DATE: &str = "a date, as 2026-01-31";
    let from = query.get::<Date>("from", DATE)?.unwrap_or(DateRange::ALL.from);
    let to = query.get::<Date>("to", DATE)?.unwrap_or(DateRange::ALL.to);
    let (after, limit) = (cursor::<TransactionCursor>(&query)?, limit(&query)?);
    let dates = DateRange { from, to };
    let page = connections::transactions(&state, &connection, &account, dates, after.as_ref(), limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<TransactionReply>::page(page.items, page.next)))
}

impl From<Transaction> for TransactionReply {
    fn from(transaction: Transaction) -> Self {
        Self {
            id: transaction.id.as_str().to_owned(),
            date: transaction.date,
            description: transaction.description,
            amount: transaction.amount.to_string(),
            balance: transaction.balance.to_string(),
        }
    }
}
