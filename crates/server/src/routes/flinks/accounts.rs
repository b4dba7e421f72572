//! `GetAccountsSummary`, `GetAccountsDetail` and the way to poll for them (`vendor-apis.md`, 1.5).

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use banklink_connectors::DateRange;
use banklink_domain::{
    accounts::{self, AccountKind, Holder},
    app::App,
    connection::Connection,
    text::Tag,
};
use banklink_protocol::{
    ids::{AccountId, SessionId},
    problem::ProblemCode,
};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    body::Body,
    error::FlinksError,
    no_store,
    reading::{self, Later, Poll},
    shapes::{AUTHORIZED_LINKS, Institution, Link, Login},
};
use crate::{
    problem::ApiError,
    services::{
        connections,
        data_requests::{self, Authorised},
    },
    state::AppState,
    wire::number,
};

/// How much is told of each account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Depth {
    /// `GetAccountsSummary`
    Summary,
    /// `GetAccountsDetail`
    Detail,
}

impl Depth {
    /// Where it is polled for.
    const fn poll(self) -> Poll {
        match self {
            Self::Summary => Poll { rel: "GetAccountsSummaryAsync", href: "/GetAccountsSummaryAsync" },
            Self::Detail => Poll { rel: "GetAccountsDetailAsync", href: "/GetAccountsDetailAsync" },
        }
    }
}

/// What a caller can leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Part {
    /// `WithAccountIdentity`: the numbers by which payments find the account.
    Identity,
    /// `WithKYC`: who holds it.
    Holder,
    /// `WithBalance`
    Balance,
    /// `WithTransactions`; a summary has none.
    Transactions,
}

impl Part {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Identity, "WithAccountIdentity"),
        (Self::Holder, "WithKYC"),
        (Self::Balance, "WithBalance"),
        (Self::Transactions, "WithTransactions"),
    ];
}

/// What a caller asks for. It is kept where the data comes later, since polling has no body.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Asked {
    depth: Depth,
    parts: Vec<Part>,
    from: Date,
    to: Date,
    /// Only these accounts; empty: all.
    accounts: Vec<AccountId>,
    /// Only what came after these transactions.
    since: Vec<(AccountId, String)>,
}

/// How far back transactions are read unless it is said.
const DAYS: i64 = 90;

impl Asked {
    fn all(depth: Depth, now: Timestamp) -> Self {
        let parts = Part::ALL.map(|(part, _)| part).into();
        let (from, to) = (days_before(now, DAYS), Date::MAX);
        Self { depth, parts, from, to, accounts: Vec::new(), since: Vec::new() }
    }

    fn of(depth: Depth, body: &Body, now: Timestamp) -> Result<Self, FlinksError> {
        let mut parts = Vec::new();
        for (part, name) in Part::ALL {
            if body.flag(name)?.unwrap_or(true) {
                parts.push(part);
            }
        }
        let days = match body.text("DaysOfTransactions")? {
            None | Some("Days90") => DAYS,
            // Older integrations say 360.
            Some("Days365" | "Days360") => 365,
            Some(_) => return Err(FlinksError::field("DaysOfTransactions", "Days90 or Days365")),
        };
        let ids = |names: Vec<&str>| names.into_iter().map(AccountId::new).collect();
        let since = body.pairs("RefreshDelta", ["AccountId", "TransactionId"])?;
        Ok(Self {
            depth,
            parts,
            from: date(body, "DateFrom")?.unwrap_or_else(|| days_before(now, days)),
            to: date(body, "DateTo")?.unwrap_or(Date::MAX),
            accounts: ids(body.texts("AccountsFilter")?),
            since: since.into_iter().map(|(account, id)| (AccountId::new(account), id.to_owned())).collect(),
        })
    }

    fn wants(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn includes(&self, account: &AccountId) -> bool {
        self.accounts.is_empty() || self.accounts.contains(account)
    }
}

fn days_before(now: Timestamp, days: i64) -> Date {
    now.to_zoned(TimeZone::UTC).date().saturating_sub(SignedDuration::from_hours(24 * days))
}

/// A date, or the date of a time.
fn date(body: &Body, name: &str) -> Result<Option<Date>, FlinksError> {
    let Some(text) = body.text(name)? else { return Ok(None) };
    let day = text.get(..10).unwrap_or(text);
    day.parse().map(Some).map_err(|_| FlinksError::field(name, "a date such as 2026-01-31"))
}

/// The accounts, or that they come later.
pub(super) async fn get(state: &AppState, app: &App, depth: Depth, body: &Body) -> Result<Response, FlinksError> {
    let authorised = reading::authorised(state, app, body.required("RequestId")?).await?;
    let asked = Asked::of(depth, body, state.clock.now())?;
    if let Some(later) = Later::of(state, app, &authorised)? {
        let kept = serde_json::to_string(&asked).map_err(ApiError::internal)?;
        data_requests::ask(state, &authorised, kept).await?;
        return Ok(later.answer(&depth.poll(), &authorised.id));
    }
    told(state, &authorised, &asked).await
}

/// What was asked for before, if it is there by now.
pub(super) async fn poll(state: &AppState, app: &App, depth: Depth, id: &str) -> Result<Response, FlinksError> {
    let authorised = reading::authorised(state, app, id).await?;
    if let Some(later) = Later::of(state, app, &authorised)? {
        return Ok(later.answer(&depth.poll(), &authorised.id));
    }
    let kept = authorised.asked.as_deref().and_then(|asked| serde_json::from_str::<Asked>(asked).ok());
    let asked = kept.filter(|asked| asked.depth == depth);
    let asked = asked.unwrap_or_else(|| Asked::all(depth, state.clock.now()));
    told(state, &authorised, &asked).await
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccountsReply<'a> {
    http_status_code: u16,
    accounts: Vec<AccountShape>,
    institution_name: &'a str,
    login: Login,
    institution_id: u32,
    institution: &'a str,
    request_id: &'a SessionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
    links: [Link; 3],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccountShape {
    #[serde(skip_serializing_if = "Option::is_none")]
    transactions: Option<Vec<Transaction>>,
    transit_number: Option<String>,
    institution_number: Option<String>,
    overdraft_limit: f64,
    title: String,
    account_number: Option<String>,
    last_four_digits: Option<String>,
    balance: Balance,
    category: &'static str,
    r#type: &'static str,
    currency: String,
    holder: Option<HolderShape>,
    account_type: &'static str,
    id: AccountId,
    #[serde(flatten)]
    ratios: Option<Ratios>,
}

/// How likely it is that money can be sent from the account, 0 to 1; a summary has them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Ratios {
    eft_eligible_ratio: f64,
    #[serde(rename = "ETransferEligibleRatio")]
    e_transfer_eligible_ratio: f64,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Balance {
    available: Option<f64>,
    current: Option<f64>,
    limit: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Transaction {
    date: Date,
    code: Option<()>,
    description: String,
    debit: Option<f64>,
    credit: Option<f64>,
    balance: f64,
    id: String,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct HolderShape {
    name: String,
    address: Option<AddressShape>,
    email: Option<String>,
    phone_number: Option<String>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AddressShape {
    civic_address: String,
    city: String,
    province: Option<String>,
    postal_code: String,
    #[serde(rename = "POBox")]
    po_box: Option<()>,
    country: String,
}

/// All details of a connection, as a webhook is told them (`vendor-apis.md`, 1.11).
pub(super) async fn notification(state: &AppState, authorised: &Authorised) -> Result<Value, FlinksError> {
    let mut told = reply(state, authorised, &Asked::all(Depth::Detail, state.clock.now())).await?;
    told["ResponseType"] = Value::from("GetAccountsDetail");
    Ok(told)
}

async fn told(state: &AppState, authorised: &Authorised, asked: &Asked) -> Result<Response, FlinksError> {
    Ok((StatusCode::OK, no_store(), Json(reply(state, authorised, asked).await?)).into_response())
}

/// What was asked for.
async fn reply(state: &AppState, authorised: &Authorised, asked: &Asked) -> Result<Value, FlinksError> {
    let connection = &authorised.connection;
    let institution = Institution::of_connection(state, connection).await?;
    let found = connections::accounts(state, connection).await?;
    let holders = if asked.wants(Part::Holder) { holders(state, connection).await? } else { Vec::new() };
    let mut accounts = Vec::new();
    for account in found.into_iter().filter(|account| asked.includes(&account.id)) {
        let transactions = match asked.depth {
            Depth::Summary => None,
            Depth::Detail if !asked.wants(Part::Transactions) => Some(Vec::new()),
            Depth::Detail => Some(transactions(state, connection, &account.id, asked).await?),
        };
        accounts.push(shape(account, transactions, &holders, asked));
    }
    let reply = AccountsReply {
        http_status_code: 200,
        accounts,
        institution_name: &institution.name,
        login: Login::of(state, connection)?,
        institution_id: institution.number,
        institution: &institution.id,
        request_id: &authorised.id,
        tag: authorised.tag.as_ref().map(Tag::as_str),
        links: AUTHORIZED_LINKS,
    };
    Ok(serde_json::to_value(reply).map_err(ApiError::internal)?)
}

/// None where the consent does not name them.
async fn holders(state: &AppState, connection: &Connection) -> Result<Vec<Holder>, FlinksError> {
    match connections::holders(state, connection).await {
        Err(error) if error.code() == ProblemCode::Conflict => Ok(Vec::new()),
        holders => Ok(holders?),
    }
}

/// Newest first, down to the one that the caller has.
async fn transactions(
    state: &AppState,
    connection: &Connection,
    account: &AccountId,
    asked: &Asked,
) -> Result<Vec<Transaction>, FlinksError> {
    if !connection.reading.transactions {
        return Ok(Vec::new());
    }
    let dates = DateRange { from: asked.from, to: asked.to };
    let found = connections::all_transactions(state, connection, account, dates).await?;
    let known = asked.since.iter().find(|(of, _)| of == account).map(|(_, id)| id.as_str());
    let new = found.into_iter().take_while(|transaction| Some(transaction.id.as_str()) != known);
    Ok(new.map(transaction).collect())
}

fn transaction(transaction: accounts::Transaction) -> Transaction {
    let amount = transaction.amount;
    Transaction {
        date: transaction.date,
        code: None,
        description: transaction.description,
        debit: (amount < Decimal::ZERO).then(|| number(-amount)),
        credit: (amount >= Decimal::ZERO).then(|| number(amount)),
        balance: number(transaction.balance),
        id: transaction.id.as_str().to_owned(),
    }
}

fn shape(
    account: accounts::Account,
    transactions: Option<Vec<Transaction>>,
    holders: &[Holder],
    asked: &Asked,
) -> AccountShape {
    let last_digits = account.last_digits();
    let identity = |text: Option<String>| text.filter(|_| asked.wants(Part::Identity));
    let is_chequing = account.kind == AccountKind::Chequing;
    let limit = account.balance.limit;
    let holder = holders.iter().find(|holder| holder.name == account.holder).or(holders.first());
    let balance = Balance {
        available: account.balance.available.map(number),
        current: Some(number(account.balance.current)),
        limit: limit.map(number),
    };
    let can_pay = if matches!(account.kind, AccountKind::Chequing | AccountKind::Savings) { 1.0 } else { 0.0 };
    AccountShape {
        transactions,
        transit_number: identity(account.routing.transit_number().map(ToOwned::to_owned)),
        institution_number: identity(account.routing.institution_number().map(ToOwned::to_owned)),
        overdraft_limit: limit.filter(|_| is_chequing).map_or(0.0, number),
        title: account.name,
        account_number: identity(Some(account.number)),
        last_four_digits: Some(last_digits),
        balance: if asked.wants(Part::Balance) { balance } else { Balance::default() },
        category: account.kind.category().as_str(),
        r#type: kind(account.kind),
        currency: account.currency.to_string(),
        holder: holder.map(holder_shape),
        account_type: "Personal",
        id: account.id,
        ratios: (asked.depth == Depth::Summary)
            .then_some(Ratios { eft_eligible_ratio: can_pay, e_transfer_eligible_ratio: can_pay }),
    }
}

const fn kind(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Chequing => "Chequing",
        AccountKind::Savings => "Savings",
        AccountKind::CreditCard => "CreditCard",
        AccountKind::LineOfCredit => "LineOfCredit",
        AccountKind::Loan => "Loan",
        AccountKind::Mortgage => "Mortgage",
        AccountKind::Investment => "Investment",
    }
}

fn holder_shape(holder: &Holder) -> HolderShape {
    let address = holder.address.as_ref().map(|address| AddressShape {
        civic_address: address.street.clone(),
        city: address.city.clone(),
        province: address.province.clone(),
        postal_code: address.postal_code.clone(),
        po_box: None,
        country: address.country.clone(),
    });
    HolderShape { name: holder.name.clone(), address, email: holder.email.clone(), phone_number: holder.phone.clone() }
}
