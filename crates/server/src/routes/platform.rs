//! `/platform/v1/…`: the complete API of an app, `Authorization: Bearer <client secret>`.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Query, State},
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
    ids::{AccountId, ConnectionId},
    problem::ProblemCode,
    secret::Secret,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    problem::ApiError,
    routes::link_api::bearer,
    services::{
        apps, codes, connections, links,
        tokens::{self, TokenShape},
    },
    state::AppState,
    wire::Wire,
};

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/platform/v1/authorize_tokens", post(create_authorize_token))
        .route("/platform/v1/links", get(list_links).post(create_link))
        .route("/platform/v1/link_codes", get(unused_codes))
        .route("/platform/v1/link_codes/exchange", post(exchange))
        .route("/platform/v1/connections/{connection}", get(connection))
        .route("/platform/v1/connections/{connection}/accounts", get(accounts))
        .route("/platform/v1/connections/{connection}/accounts/{account}/transactions", get(transactions))
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

/// A list; more than fits comes with a cursor once lists can be long.
#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
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
    let items = links.iter().map(|link| LinkReply::new(&state, link)).collect();
    Ok(answer(StatusCode::OK, Items { items }))
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

#[derive(Deserialize)]
struct UnusedCodesQuery {
    link_id: Option<LinkId>,
}

async fn unused_codes(
    State(state): State<AppState>,
    Caller(app): Caller,
    Query(query): Query<UnusedCodesQuery>,
) -> Result<Response, ApiError> {
    let codes = codes::unused(&state, &app, query.link_id).await?;
    let items = codes.into_iter().map(|code| UnusedCodeReply {
        code: code.code,
        link_id: code.link_id,
        connection_id: code.connection_id,
        extra: code.extra,
        created_at: code.created_at,
        expires_at: code.expires_at,
    });
    Ok(answer(StatusCode::OK, Items { items: items.collect() }))
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

#[derive(Serialize)]
struct ConnectionReply {
    id: ConnectionId,
    institution: InstitutionReply,
    status: &'static str,
    external_id: Option<String>,
    tag: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ConnectionReply {
    async fn new(state: &AppState, connection: &Connection) -> Result<Self, ApiError> {
        let directory = state.directory().await?;
        let listed = directory.get(&connection.institution_id);
        let id = connection.institution_id.as_str().to_owned();
        let (name, country) = listed.map_or_else(
            || (id.clone(), String::new()),
            |listed| (listed.summary.name.clone(), listed.summary.country.clone()),
        );
        Ok(Self {
            id: connection.id.clone(),
            institution: InstitutionReply { id, name, country },
            status: connection.state.as_str(),
            external_id: connection.external_id.as_ref().map(|id| id.as_str().to_owned()),
            tag: connection.tag.as_ref().map(|tag| tag.as_str().to_owned()),
            created_at: connection.created_at,
            updated_at: connection.updated_at,
        })
    }
}

async fn connection(
    State(state): State<AppState>,
    Caller(app): Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let found = connections::of_app(&state, &app, &ConnectionId::new(id)).await?;
    Ok(answer(StatusCode::OK, ConnectionReply::new(&state, &found).await?))
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

async fn accounts(
    State(state): State<AppState>,
    Caller(app): Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let connection = connections::of_app(&state, &app, &ConnectionId::new(id)).await?;
    let accounts = connections::accounts(&state, &connection).await?;
    Ok(answer(StatusCode::OK, Items { items: accounts.into_iter().map(AccountReply::from).collect() }))
}

#[derive(Deserialize)]
struct TransactionsQuery {
    from: Option<jiff::civil::Date>,
    to: Option<jiff::civil::Date>,
    limit: Option<usize>,
}

#[derive(Serialize)]
struct TransactionReply {
    id: String,
    date: jiff::civil::Date,
    description: String,
    amount: String,
    balance: String,
}

/// Most transactions in one answer.
const MAX_TRANSACTIONS: usize = 500;

async fn transactions(
    State(state): State<AppState>,
    Caller(app): Caller,
    Path((id, account)): Path<(String, String)>,
    Query(query): Query<TransactionsQuery>,
) -> Result<Response, ApiError> {
    let connection = connections::of_app(&state, &app, &ConnectionId::new(id)).await?;
    let dates =
        DateRange { from: query.from.unwrap_or(DateRange::ALL.from), to: query.to.unwrap_or(DateRange::ALL.to) };
    let limit = query.limit.unwrap_or(MAX_TRANSACTIONS).clamp(1, MAX_TRANSACTIONS);
    let found = connections::transactions(&state, &connection, &AccountId::new(account), dates).await?;
    let items = found.into_iter().take(limit).map(TransactionReply::from).collect();
    Ok(answer(StatusCode::OK, Items { items }))
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
