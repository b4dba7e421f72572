//! What is behind a connection: accounts, transactions, who holds them.

use axum::{extract::State, response::Response};
use banklink_connectors::DateRange;
use banklink_domain::{
    accounts::{Account, AccountKind, Holder, Transaction},
    app::App,
    connection::Connection,
};
use banklink_protocol::secret::Secret;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Caller,
    credentials::{OfCredentials, connection},
};
use crate::{
    problem::ApiError,
    services::connections,
    state::AppState,
    wire::{AnyJson, number, private_json},
};

/// What an endpoint is asked for. `ignore_data_error` may be sent: what could not be read is an error here anyhow.
#[derive(Deserialize)]
pub(super) struct DataRequest {
    credentials_token: Secret,
    #[serde(default)]
    query: Filter,
}

/// Which accounts, or whose transactions, and of which days. A filter that is not known is refused: who sends it does not
/// expect everything.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Filter {
    #[serde(rename = "_id")]
    id: Option<OneOrMore>,
    account_id: Option<OneOrMore>,
    iban: Option<OneOrMore>,
    #[serde(rename = "operationDate")]
    operation_date: Option<Days>,
    #[serde(rename = "valueDate")]
    value_date: Option<Days>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
    Among {
        #[serde(rename = "$in")]
        these: Vec<String>,
    },
}

impl OneOrMore {
    fn includes(&self, text: &str) -> bool {
        match self {
            Self::One(one) => one == text,
            Self::More(these) | Self::Among { these } => these.iter().any(|one| one == text),
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Days {
    One(Date),
    Between(Bounds),
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Bounds {
    #[serde(rename = "$gte")]
    from: Option<Date>,
    #[serde(rename = "$gt")]
    after: Option<Date>,
    #[serde(rename = "$lte")]
    to: Option<Date>,
    #[serde(rename = "$lt")]
    before: Option<Date>,
}

impl Days {
    fn range(self) -> DateRange {
        match self {
            Self::One(day) => DateRange { from: day, to: day },
            Self::Between(Bounds { from, after, to, before }) => {
                let after = after.map(|day| day.tomorrow().unwrap_or(Date::MAX));
                let before = before.map(|day| day.yesterday().unwrap_or(Date::MIN));
                DateRange {
                    from: from.max(after).unwrap_or(Date::MIN),
                    to: [to, before].into_iter().flatten().min().unwrap_or(Date::MAX),
                }
            }
        }
    }
}

impl Filter {
    /// The days of which transactions are meant. Each is booked on one day, which is its value date as well.
    fn days(&self) -> DateRange {
        let range = |days: Option<Days>| days.map_or(DateRange::ALL, Days::range);
        let (operation, value) = (range(self.operation_date), range(self.value_date));
        DateRange { from: operation.from.max(value.from), to: operation.to.min(value.to) }
    }

    fn includes_account(&self, account: &Account) -> bool {
        let is_named = |named: &Option<OneOrMore>, text: &str| named.as_ref().is_none_or(|ids| ids.includes(text));
        is_named(&self.account_id, account.id.as_str())
            && is_named(&self.iban, account.routing.iban().map_or("", |iban| iban.as_str()))
    }
}

/// The shared accounts that are meant, and what their institution is called.
async fn read(
    state: &AppState,
    app: &App,
    request: &DataRequest,
) -> Result<(Connection, String, Vec<Account>), ApiError> {
    let connection = connection(state, app, &request.credentials_token).await?;
    let directory = state.directory().await?;
    let listed = directory.get(&connection.institution_id);
    let entity = listed.map_or_else(|| connection.institution_id.to_string(), |listed| listed.summary.name.clone());
    let mut accounts = connections::accounts(state, &connection).await?;
    accounts.retain(|account| request.query.includes_account(account));
    Ok((connection, entity, accounts))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountShape {
    #[serde(rename = "_id")]
    id: String,
    /// As some clients call it.
    #[serde(rename = "account_id")]
    account_id: String,
    iban: Option<String>,
    /// Where there is no IBAN.
    number: String,
    entity: String,
    alias: String,
    name: String,
    balance: f64,
    currency: String,
    description: &'static str,
    is_owner: bool,
    num_owners: u32,
    owners: [String; 1],
}

/// The accounts of every kind.
pub(super) async fn accounts(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    AnyJson(request): AnyJson<DataRequest>,
) -> Result<Response, ApiError> {
    let (_, entity, accounts) = read(&state, &app, &request).await?;
    let is_meant = |account: &Account| request.query.id.as_ref().is_none_or(|ids| ids.includes(account.id.as_str()));
    let shape = |account: Account| AccountShape {
        id: account.id.to_string(),
        account_id: account.id.to_string(),
        iban: account.routing.iban().map(|iban| iban.as_str().to_owned()),
        number: account.number,
        entity: entity.clone(),
        alias: account.name.clone(),
        name: account.name,
        balance: number(account.balance.current),
        currency: account.currency.to_string(),
        description: account.kind.as_str(),
        is_owner: true,
        num_owners: 1,
        owners: [account.holder],
    };
    Ok(private_json(accounts.into_iter().filter(is_meant).map(shape).collect::<Vec<_>>()))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TransactionShape {
    #[serde(rename = "_id")]
    id: String,
    /// As some clients call it.
    #[serde(rename = "transaction_id")]
    transaction_id: String,
    #[serde(rename = "account_id")]
    account_id: String,
    amount: f64,
    balance: f64,
    entity: String,
    card_number: Option<String>,
    category: &'static str,
    currency: String,
    operation_date: Date,
    value_date: Date,
    /// As some clients call it.
    date: Date,
    description: String,
    product_description: String,
    transfer: Transfer,
}

/// Nothing of it is told by institutions as they are read here.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Transfer {
    beneficiary: Option<String>,
    iban_beneficiary: Option<String>,
    payer: Option<String>,
    iban_payer: Option<String>,
}

/// The transactions of the accounts that are meant, each account's newest first.
pub(super) async fn transactions(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    AnyJson(request): AnyJson<DataRequest>,
) -> Result<Response, ApiError> {
    let (connection, entity, accounts) = read(&state, &app, &request).await?;
    let (days, ids) = (request.query.days(), &request.query.id);
    let mut shapes = Vec::new();
    for account in accounts {
        let found = connections::all_transactions(&state, &connection, &account.id, days).await?;
        let meant = found.into_iter().filter(|one| ids.as_ref().is_none_or(|ids| ids.includes(one.id.as_str())));
        shapes.extend(meant.map(|one| transaction(one, &account, &entity)));
    }
    Ok(private_json(shapes))
}

fn transaction(transaction: Transaction, account: &Account, entity: &str) -> TransactionShape {
    TransactionShape {
        id: transaction.id.as_str().to_owned(),
        transaction_id: transaction.id.as_str().to_owned(),
        account_id: account.id.to_string(),
        amount: number(transaction.amount),
        balance: number(transaction.balance),
        entity: entity.to_owned(),
        card_number: (account.kind == AccountKind::CreditCard).then(|| account.number.clone()),
        category: transaction.category.as_str(),
        currency: account.currency.to_string(),
        operation_date: transaction.date,
        value_date: transaction.date,
        date: transaction.date,
        description: transaction.description,
        product_description: account.name.clone(),
        transfer: Transfer::default(),
    }
}

/// Cards, investments, liabilities and what moves on them, of which there is nothing here: accounts of every kind are told
/// as accounts. Whoever asks for all there is gets it once.
pub(super) async fn of_another_kind(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    AnyJson(OfCredentials { credentials_token }): AnyJson<OfCredentials>,
) -> Result<Response, ApiError> {
    connection(&state, &app, &credentials_token).await?;
    Ok(private_json(json!([])))
}

#[derive(Serialize)]
struct HolderShape {
    name: String,
    email: Option<String>,
    phone: Option<String>,
    address: Option<String>,
}

impl From<Holder> for HolderShape {
    fn from(holder: Holder) -> Self {
        let address = holder.address.map(|address| {
            let parts = [Some(address.street), Some(address.postal_code), Some(address.city), address.province];
            parts.into_iter().flatten().chain([address.country]).collect::<Vec<_>>().join(", ")
        });
        Self { name: holder.name, email: holder.email, phone: holder.phone, address }
    }
}

/// Who holds the accounts.
pub(super) async fn holders(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    AnyJson(request): AnyJson<DataRequest>,
) -> Result<Response, ApiError> {
    let connection = connection(&state, &app, &request.credentials_token).await?;
    let holders = connections::holders(&state, &connection).await?;
    Ok(private_json(holders.into_iter().map(HolderShape::from).collect::<Vec<_>>()))
}

/// The person who logged in.
pub(super) async fn identity(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    AnyJson(request): AnyJson<DataRequest>,
) -> Result<Response, ApiError> {
    let connection = connection(&state, &app, &request.credentials_token).await?;
    let first = connections::holders(&state, &connection).await?.into_iter().next();
    Ok(private_json(first.map(HolderShape::from)))
}
