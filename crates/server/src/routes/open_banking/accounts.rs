//! Accounts, as FDX 5 has them.

use axum::{Extension, extract::State, response::Response};
use banklink_connectors::DateRange;
use banklink_domain::{
    accounts::{Account, AccountKind, Routing},
    authorization::DataScope,
    connection::Connection,
};
use banklink_protocol::ids::AccountId;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    error::FdxError,
    paging::{Around, Paging},
    reader::{Admitted, needs},
    transactions::{self, Entry},
};
use crate::{
    services::{connections, data_recipients::Reader},
    state::AppState,
    wire::{PathOf, Query, number, private_json},
};

/// An account under the name of its category.
#[derive(Serialize)]
enum Shape {
    #[serde(rename = "depositAccount")]
    Deposit(Fields),
    #[serde(rename = "locAccount")]
    Credit(Fields),
    #[serde(rename = "loanAccount")]
    Loan(Fields),
    #[serde(rename = "investmentAccount")]
    Investment(Fields),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    account_id: AccountId,
    account_category: &'static str,
    account_type: &'static str,
    account_number_display: String,
    product_name: String,
    nickname: Option<String>,
    status: &'static str,
    description: Option<String>,
    currency: Currency,
    #[serde(flatten)]
    numbers: Option<Numbers>,
    #[serde(flatten)]
    details: Option<Details>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Currency {
    currency_code: String,
}

/// By what payments find the account.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    account_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    routing_transit_number: Option<String>,
}

/// What the account holds. Amounts have the sign that they have everywhere here: what is owed is below zero.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    balance_type: &'static str,
    balance_as_of: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_balance: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_balance: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_credit: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_line: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_balance: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_value: Option<f64>,
    transactions_included: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    transactions: Option<Vec<Entry>>,
}

/// How much is told of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ResultType {
    Lightweight,
    Details,
}

impl ResultType {
    fn of(query: &Query) -> Result<Self, FdxError> {
        match query.text("resultType") {
            None | Some("" | "lightweight") => Ok(Self::Lightweight),
            Some("details") => Ok(Self::Details),
            Some(_) => Err(FdxError::Input("Send lightweight or details as resultType.")),
        }
    }
}

/// The accounts that the reader may know of.
pub(super) async fn known(state: &AppState, reader: &Reader) -> Result<Vec<Account>, FdxError> {
    let mut accounts = connections::accounts(state, &reader.connection).await?;
    accounts
        .retain(|account| account.kind != AccountKind::Investment || reader.scopes.contains(DataScope::Investments));
    Ok(accounts)
}

/// One of them.
pub(super) async fn account(state: &AppState, reader: &Reader, id: &AccountId) -> Result<Account, FdxError> {
    known(state, reader).await?.into_iter().find(|account| account.id == *id).ok_or(FdxError::Account)
}

#[derive(Serialize)]
struct Accounts {
    #[serde(flatten)]
    around: Around,
    accounts: Vec<Shape>,
}

/// All of them, or those that are asked for.
pub(super) async fn list(
    State(state): State<AppState>,
    Extension(reader): Admitted,
    query: Query,
) -> Result<Response, FdxError> {
    let (result_type, paging) = (ResultType::of(&query)?, Paging::of(&query)?);
    if result_type == ResultType::Details {
        needs(&reader, DataScope::AccountDetailed)?;
    }
    let mut found = known(&state, &reader).await?;
    if let Some(ids) = query.text("accountIds").or(query.text("accountId")).filter(|ids| !ids.is_empty()) {
        let ids: Vec<&str> = ids.split(',').map(str::trim).collect();
        found.retain(|account| ids.contains(&account.id.as_str()));
    }
    let cut = paging.cut(found, |account| account.id.as_str())?;
    let mut accounts = Vec::new();
    for account in cut.items {
        accounts.push(shape(&state, &reader, account, result_type).await?);
    }
    let around = Around::new(&state, "/api/fdx/5/accounts", &query, paging, cut.next, cut.total);
    Ok(private_json(Accounts { around, accounts }))
}

/// One of them, with all details.
pub(super) async fn one(
    State(state): State<AppState>,
    Extension(reader): Admitted,
    PathOf(id): PathOf<AccountId>,
) -> Result<Response, FdxError> {
    needs(&reader, DataScope::AccountDetailed)?;
    let account = account(&state, &reader, &id).await?;
    Ok(private_json(shape(&state, &reader, account, ResultType::Details).await?))
}

async fn shape(
    state: &AppState,
    reader: &Reader,
    account: Account,
    result_type: ResultType,
) -> Result<Shape, FdxError> {
    let is_detailed = result_type == ResultType::Details;
    let transactions = if is_detailed && reader.scopes.contains(DataScope::Transactions) {
        Some(lately(state, reader, &account).await?)
    } else {
        None
    };
    let details = is_detailed.then(|| details(&reader.connection, &account, transactions));
    let has_numbers = is_detailed && reader.scopes.contains(DataScope::AccountPayments);
    let numbers = has_numbers.then(|| Numbers {
        account_number: account.number.clone(),
        routing_transit_number: transit_number(&account.routing),
    });
    let (account_category, account_type, under): (_, _, fn(Fields) -> Shape) = match account.kind {
        AccountKind::Chequing => ("DEPOSIT_ACCOUNT", "CHECKING", Shape::Deposit),
        AccountKind::Savings => ("DEPOSIT_ACCOUNT", "SAVINGS", Shape::Deposit),
        AccountKind::CreditCard => ("LOC_ACCOUNT", "CREDITCARD", Shape::Credit),
        AccountKind::LineOfCredit => ("LOC_ACCOUNT", "LINEOFCREDIT", Shape::Credit),
        AccountKind::Loan => ("LOAN_ACCOUNT", "LOAN", Shape::Loan),
        AccountKind::Mortgage => ("LOAN_ACCOUNT", "MORTGAGE", Shape::Loan),
        AccountKind::Investment => ("INVESTMENT_ACCOUNT", "BROKERAGEPRODUCT", Shape::Investment),
    };
    Ok(under(Fields {
        account_number_display: account.last_digits(),
        account_id: account.id,
        account_category,
        account_type,
        product_name: account.name,
        nickname: None,
        status: "OPEN",
        description: None,
        currency: Currency { currency_code: account.currency.to_string() },
        numbers,
        details,
    }))
}

fn details(connection: &Connection, account: &Account, transactions: Option<Vec<Entry>>) -> Details {
    let (kind, balance) = (account.kind, account.balance);
    let is_credit = matches!(kind, AccountKind::CreditCard | AccountKind::LineOfCredit);
    let is_loan = matches!(kind, AccountKind::Loan | AccountKind::Mortgage);
    let is_investment = kind == AccountKind::Investment;
    let told = |told: bool, amount: Option<Decimal>| amount.filter(|_| told).map(number);
    Details {
        balance_type: if is_credit || is_loan { "LIABILITY" } else { "ASSET" },
        balance_as_of: connection.refresh.last.unwrap_or(connection.updated_at),
        current_balance: told(!is_loan && !is_investment, Some(balance.current)),
        available_balance: told(!is_credit && !is_loan && !is_investment, balance.available),
        available_credit: told(is_credit, balance.available),
        credit_line: told(is_credit, balance.limit),
        principal_balance: told(is_loan, Some(balance.current)),
        current_value: told(is_investment, Some(balance.current)),
        transactions_included: transactions.is_some(),
        transactions,
    }
}

/// How many days back the transactions go that are told with an account.
const DAYS: i64 = 90;

async fn lately(state: &AppState, reader: &Reader, account: &Account) -> Result<Vec<Entry>, FdxError> {
    if !reader.connection.reading.transactions {
        return Ok(Vec::new());
    }
    let today = state.clock.now().to_zoned(TimeZone::UTC).date();
    let dates = DateRange { from: today.saturating_sub(SignedDuration::from_hours(24 * DAYS)), ..DateRange::ALL };
    let found = connections::all_transactions(state, &reader.connection, &account.id, dates).await?;
    Ok(found.into_iter().map(|one| transactions::entry(one, account)).collect())
}

/// The number that payments within the country need beside the account's: in Canada a zero, institution and transit number.
pub(super) fn transit_number(routing: &Routing) -> Option<String> {
    match routing {
        Routing::Canada { institution_number, transit_number } => {
            Some(format!("0{institution_number}{transit_number}"))
        }
        Routing::UnitedStates { routing_number } => Some(routing_number.clone()),
        Routing::UnitedKingdom { sort_code, .. } => Some(sort_code.clone()),
        Routing::Iban(_) | Routing::None => None,
    }
}
