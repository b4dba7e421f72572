//! `/v0/bank/credentials…`: connections, which Flanks calls credentials.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use banklink_connectors::DateRange;
use banklink_domain::{
    app::App,
    connection::{Connection, ConnectionState},
    reauthorisation::ReauthorisationPurpose,
};
use banklink_protocol::secret::Secret;
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tracing::warn;

use super::Caller;
use crate::{
    problem::ApiError,
    services::{connections, reauthorisation},
    state::AppState,
    wire::{AnyJson, private_json},
};

#[derive(Deserialize)]
pub(super) struct OfCredentials {
    pub(super) credentials_token: Secret,
}

/// The app's connection that has this token.
pub(super) async fn connection(state: &AppState, app: &App, token: &Secret) -> Result<Connection, ApiError> {
    connections::by_token(state, app, token).await.map_err(|error| error.parameter("credentials_token"))
}

#[derive(Serialize)]
struct Status {
    pending: bool,
    blocked: bool,
    reset_token: Option<Secret>,
    last_transaction_date: Option<Date>,
    sca_token: Option<Secret>,
    transaction_token: Option<Secret>,
    name: String,
    last_update: String,
    time: String,
    last_update_timestamp: i64,
    created_at_timestamp: i64,
    errored: Value,
    created: Value,
}

/// Of what there is data, or of what there could not be. Accounts of every kind are told as accounts, so the other kinds
/// have nothing. The documents know the second part by two names.
fn parts(there: bool, with_transactions: bool) -> Value {
    let product = json!({ "auth": there, "account": there, "card": false, "portfolio": false, "investment": false,
        "liability": false, "holders": there });
    let movements =
        json!({ "account": there && with_transactions, "card": false, "investment": false, "liability": false });
    json!({ "product": product, "transactions": movements, "transaction": movements })
}

/// How a connection is, and the tokens with which its person can come back.
pub(super) async fn status(
    State(state): State<AppState>,
    Caller { app, change }: Caller,
    AnyJson(OfCredentials { credentials_token }): AnyJson<OfCredentials>,
) -> Result<Response, ApiError> {
    let connection = connection(&state, &app, &credentials_token).await?;
    let mut tokens = reauthorisation::standing(&state, &connection, &change).await?;
    let is_waiting = matches!(connection.state, ConnectionState::NeedsReauthorisation(_));
    let updated = connection.refresh.last.unwrap_or(connection.created_at);
    let read_at = updated.to_zoned(TimeZone::UTC);
    Ok(private_json(Status {
        pending: false,
        blocked: is_waiting && tokens.contains_key(&ReauthorisationPurpose::Credentials),
        reset_token: tokens.remove(&ReauthorisationPurpose::Credentials),
        last_transaction_date: last_transaction(&state, &connection).await,
        sca_token: tokens.remove(&ReauthorisationPurpose::Access),
        transaction_token: tokens.remove(&ReauthorisationPurpose::Transactions),
        name: connection.institution_id.to_string(),
        last_update: read_at.date().to_string(),
        time: read_at.strftime("%H:%M").to_string(),
        last_update_timestamp: updated.as_second(),
        created_at_timestamp: connection.created_at.as_second(),
        errored: parts(connection.refresh.failure.is_some(), connection.reading.transactions),
        created: parts(true, connection.reading.transactions),
    }))
}

/// The day of the newest transaction of the last months; none where there is none, or none can be read just now. A status
/// is asked for often: what is older is not read for it.
async fn last_transaction(state: &AppState, connection: &Connection) -> Option<Date> {
    if !connection.reading.transactions || !matches!(connection.state, ConnectionState::Active(_)) {
        return None;
    }
    let today = state.clock.now().to_zoned(TimeZone::UTC).date();
    let lately = DateRange { from: today.saturating_sub(90.days()), to: Date::MAX };
    let mut newest = None;
    for account in connections::accounts(state, connection).await.ok()? {
        match connections::all_transactions(state, connection, &account.id, lately).await {
            Ok(transactions) => newest = newest.max(transactions.first().map(|transaction| transaction.date)),
            Err(error) => warn!(%error, "an account is left out of a status"),
        }
    }
    newest
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Force {
    Sca,
    Reset,
    Transaction,
}

impl Force {
    /// What the person is wanted for, and what the token is called.
    const fn purpose(self) -> (ReauthorisationPurpose, &'static str) {
        match self {
            Self::Sca => (ReauthorisationPurpose::Access, "sca_token"),
            Self::Reset => (ReauthorisationPurpose::Credentials, "reset_token"),
            Self::Transaction => (ReauthorisationPurpose::Transactions, "transaction_token"),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ForceRequest {
    credentials_token: Secret,
    force: Force,
}

/// A token with which the person can come back, though the institution does not ask for them.
pub(super) async fn force(
    State(state): State<AppState>,
    Caller { app, change }: Caller,
    AnyJson(ForceRequest { credentials_token, force }): AnyJson<ForceRequest>,
) -> Result<Response, ApiError> {
    let connection = connection(&state, &app, &credentials_token).await?;
    let (purpose, name) = force.purpose();
    let token = reauthorisation::standing_or_issued(&state, &connection, &change, purpose).await?;
    Ok(private_json(BTreeMap::from([(name, token)])))
}

#[derive(Serialize)]
struct Deleted {
    message: &'static str,
}

/// The connection, its data and its consent.
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller { app, change }: Caller,
    AnyJson(OfCredentials { credentials_token }): AnyJson<OfCredentials>,
) -> Result<Response, ApiError> {
    let connection = connection(&state, &app, &credentials_token).await?;
    connections::delete(&state, &app, &change, &connection.id).await?;
    Ok(private_json(Deleted { message: "Successfully deleted" }))
}

#[derive(Deserialize)]
pub(super) struct ListRequest {
    page: Option<u64>,
}

#[derive(Serialize)]
struct Listed {
    credentials_token: Secret,
    external_id: Option<String>,
    bank: String,
    status: &'static str,
}

#[derive(Serialize)]
struct List {
    items: Vec<Listed>,
    page: u64,
    pages: u64,
}

/// Connections of one page.
const PAGE: u64 = 100;

/// A page of the app's connections, oldest first. The first is page 1.
pub(super) async fn list(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    AnyJson(request): AnyJson<ListRequest>,
) -> Result<Response, ApiError> {
    let page = request.page.unwrap_or(1).max(1);
    let (found, total) = connections::numbered_page(&state, &app, page - 1, PAGE).await?;
    let items = found.iter().filter_map(|connection| listed(&state, connection)).collect();
    Ok(private_json(List { items, page, pages: total.div_ceil(PAGE).max(1) }))
}

/// As the list has it. One whose token can't be read is left out: it must not keep the others from being seen.
fn listed(state: &AppState, connection: &Connection) -> Option<Listed> {
    let credentials_token = connections::open_token(state, connection.access()?).ok()?;
    Some(Listed {
        credentials_token,
        external_id: connection.external_id.as_ref().map(ToString::to_string),
        bank: connection.institution_id.to_string(),
        status: connection.state.as_str(),
    })
}
