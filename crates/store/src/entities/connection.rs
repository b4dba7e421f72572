//! `connections`.

use banklink_domain::{
    connection::{Access, Connection, ConnectionState, IdentityHash, Reading, SharedAccounts, TransactionDays},
    refresh::Refresh,
    sealed::Sealed,
    text::{ExternalId, Tag},
    token::TokenHash,
};
use banklink_protocol::{
    failures::FailureCode,
    ids::{AccountId, ConnectionId, InstitutionId},
};
use jiff::Timestamp;
use sea_orm::entity::prelude::*;

use crate::{
    columns::{Columns, to_json},
    error::StoreError,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub app_id: String,
    pub institution_id: String,
    /// Empty where there is none.
    pub external_id: String,
    pub tag: Option<String>,
    pub identity: String,
    pub days_of_transactions: Option<i64>,
    pub with_transactions: bool,
    pub schedule_refresh: bool,
    pub refresh_due_at: Option<i64>,
    pub refreshed_at: Option<i64>,
    pub refresh_failure: Option<String>,
    pub refresh_claim: Option<Vec<u8>>,
    pub refresh_until: Option<i64>,
    pub consent_id: Option<String>,
    pub state: String,
    pub token_hash: Option<String>,
    pub sealed_token: Option<Vec<u8>>,
    pub sealed_state: Option<Vec<u8>>,
    pub sealed_username: Option<Vec<u8>>,
    /// A JSON array of account ids, or `null` for all of them; nothing once the connection is deleted.
    pub accounts: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

const COLUMNS: Columns = Columns("connections");

/// An external id as its column holds it.
pub(crate) fn external_id_column(id: Option<&ExternalId>) -> &str {
    id.map_or("", ExternalId::as_str)
}

impl TryFrom<&Connection> for Model {
    type Error = StoreError;

    fn try_from(connection: &Connection) -> Result<Self, StoreError> {
        let access = connection.access();
        Ok(Self {
            id: connection.id.to_string(),
            app_id: connection.app_id.to_string(),
            institution_id: connection.institution_id.to_string(),
            external_id: external_id_column(connection.external_id.as_ref()).to_owned(),
            tag: connection.tag.as_ref().map(Tag::to_string),
            identity: connection.identity.to_string(),
            days_of_transactions: connection.reading.days.map(|days| u16::from(days).into()),
            with_transactions: connection.reading.transactions,
            schedule_refresh: connection.reading.scheduled,
            refresh_due_at: connection.refresh.due.map(Timestamp::as_millisecond),
            refreshed_at: connection.refresh.last.map(Timestamp::as_millisecond),
            refresh_failure: connection.refresh.failure.map(|code| code.as_str().to_owned()),
            // Whoever refreshes what it was has nothing to say any more.
            refresh_claim: None,
            refresh_until: None,
            consent_id: connection.consent_id.map(|id| id.to_string()),
            state: connection.state.as_str().to_owned(),
            token_hash: access.map(|access| access.token.to_string()),
            sealed_token: access.map(|access| access.sealed_token.as_bytes().to_owned()),
            sealed_state: access.map(|access| access.sealed_state.as_bytes().to_owned()),
            sealed_username: access.map(|access| access.sealed_username.as_bytes().to_owned()),
            accounts: access.map(|access| accounts_column(&access.accounts)).transpose()?,
            created_at: connection.created_at.as_millisecond(),
            updated_at: connection.updated_at.as_millisecond(),
        })
    }
}

fn accounts_column(accounts: &SharedAccounts) -> Result<String, StoreError> {
    match accounts {
        SharedAccounts::All => to_json(&None::<()>),
        SharedAccounts::Chosen(chosen) => to_json(chosen),
    }
}

impl TryFrom<Model> for Connection {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let external_id = (!row.external_id.is_empty()).then(|| ExternalId::parse(&row.external_id));
        let consent_id = row.consent_id.as_deref().map(str::parse);
        Ok(Self {
            app_id: COLUMNS.value("app_id", row.app_id.parse())?,
            external_id: COLUMNS.value("external_id", external_id.transpose())?,
            tag: COLUMNS.value("tag", row.tag.as_deref().map(Tag::parse).transpose())?,
            identity: COLUMNS.value("identity", IdentityHash::from_hex(&row.identity))?,
            reading: Reading {
                days: row.days_of_transactions.map(days).transpose()?,
                transactions: row.with_transactions,
                scheduled: row.schedule_refresh,
            },
            refresh: Refresh {
                due: COLUMNS.optional_time("refresh_due_at", row.refresh_due_at)?,
                last: COLUMNS.optional_time("refreshed_at", row.refreshed_at)?,
                failure: row.refresh_failure.as_deref().map(failure).transpose()?,
            },
            consent_id: COLUMNS.value("consent_id", consent_id.transpose())?,
            created_at: COLUMNS.time("created_at", row.created_at)?,
            updated_at: COLUMNS.time("updated_at", row.updated_at)?,
            state: match row.state.as_str() {
                "active" => ConnectionState::Active(access(&row)?),
                "needs_reauthorisation" => ConnectionState::NeedsReauthorisation(access(&row)?),
                "deleted" => ConnectionState::Deleted { at: COLUMNS.time("updated_at", row.updated_at)? },
                _ => return Err(COLUMNS.corrupt("state")),
            },
            id: ConnectionId::new(row.id),
            institution_id: InstitutionId::new(row.institution_id),
        })
    }
}

fn failure(name: &str) -> Result<FailureCode, StoreError> {
    let known = FailureCode::ALL.into_iter().find(|code| code.as_str() == name);
    COLUMNS.present("refresh_failure", known)
}

fn days(number: i64) -> Result<TransactionDays, StoreError> {
    let number = COLUMNS.value("days_of_transactions", u16::try_from(number))?;
    COLUMNS.value("days_of_transactions", TransactionDays::new(number))
}

fn access(row: &Model) -> Result<Access, StoreError> {
    let token = COLUMNS.present("token_hash", row.token_hash.as_deref())?;
    let accounts = COLUMNS.present("accounts", row.accounts.as_deref())?;
    let sealed = |column, bytes: &Option<Vec<u8>>| COLUMNS.present(column, bytes.clone()).map(Sealed::new);
    Ok(Access {
        token: COLUMNS.value("token_hash", TokenHash::from_hex(token))?,
        sealed_token: sealed("sealed_token", &row.sealed_token)?,
        sealed_state: sealed("sealed_state", &row.sealed_state)?,
        sealed_username: sealed("sealed_username", &row.sealed_username)?,
        accounts: match COLUMNS.json::<Option<Vec<AccountId>>>("accounts", accounts)? {
            None => SharedAccounts::All,
            Some(chosen) => SharedAccounts::Chosen(chosen),
        },
    })
}
