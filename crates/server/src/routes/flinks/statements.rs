//! `GetStatements` and the way to poll for them (`vendor-apis.md`, 1.5).

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use banklink_domain::{accounts::Statement, app::App};
use banklink_protocol::ids::{AccountId, SessionId};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{
    body::Body,
    error::FlinksError,
    no_store,
    reading::{self, Later, Poll},
    shapes::{Institution, Login},
};
use crate::{
    problem::ApiError,
    services::{
        connections,
        data_requests::{self, Authorised},
    },
    state::AppState,
};

const POLL: Poll = Poll { rel: "GetStatementsAsync", href: "/GetStatementsAsync" };

/// What a caller asks for, kept where it comes later.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Asked {
    /// How many of the last months.
    statements: u8,
    /// Only these accounts; empty: all.
    accounts: Vec<AccountId>,
}

/// `NumberOfStatements`
const NUMBERS: [(&str, u8); 3] = [("MostRecent", 1), ("Months3", 3), ("Months12", 12)];

impl Asked {
    fn of(body: &Body) -> Result<Self, FlinksError> {
        let number = body.text("NumberOfStatements")?.unwrap_or("MostRecent");
        let known = NUMBERS.iter().find(|(name, _)| *name == number).map(|(_, months)| *months);
        let wrong = || FlinksError::field("NumberOfStatements", "MostRecent, Months3 or Months12");
        let accounts = body.texts("AccountsFilter")?.into_iter().map(AccountId::new).collect();
        Ok(Self { statements: known.ok_or_else(wrong)?, accounts })
    }
}

/// The statements, or that they come later.
pub(super) async fn get(state: &AppState, app: &App, body: &Body) -> Result<Response, FlinksError> {
    let authorised = reading::authorised(state, app, body.required("RequestId")?).await?;
    let asked = Asked::of(body)?;
    if let Some(later) = Later::of(state, app, &authorised)? {
        let kept = serde_json::to_string(&asked).map_err(ApiError::internal)?;
        data_requests::ask(state, &authorised, kept).await?;
        return Ok(later.answer(&POLL, &authorised.id));
    }
    told(state, &authorised, &asked).await
}

/// What was asked for before, if it is there by now.
pub(super) async fn poll(state: &AppState, app: &App, id: &str) -> Result<Response, FlinksError> {
    let authorised = reading::authorised(state, app, id).await?;
    if let Some(later) = Later::of(state, app, &authorised)? {
        return Ok(later.answer(&POLL, &authorised.id));
    }
    let kept = authorised.asked.as_deref().and_then(|asked| serde_json::from_str(asked).ok());
    told(state, &authorised, &kept.unwrap_or(Asked { statements: 1, accounts: Vec::new() })).await
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatementsReply<'a> {
    http_status_code: u16,
    statements_by_account: Vec<OfAccount>,
    institution_name: &'a str,
    login: Login,
    institution_id: u32,
    institution: &'a str,
    request_id: &'a SessionId,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OfAccount {
    account_number: String,
    statements: Vec<StatementShape>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatementShape {
    unique_id: String,
    file_type: &'static str,
    base64_bytes: String,
}

impl From<Statement> for StatementShape {
    fn from(statement: Statement) -> Self {
        let base64_bytes = STANDARD.encode(&statement.pdf);
        Self { unique_id: statement.id.as_str().to_owned(), file_type: "pdf", base64_bytes }
    }
}

async fn told(state: &AppState, authorised: &Authorised, asked: &Asked) -> Result<Response, FlinksError> {
    let connection = &authorised.connection;
    let institution = Institution::of_connection(state, connection).await?;
    let mut accounts = connections::accounts(state, connection).await?;
    accounts.retain(|account| asked.accounts.is_empty() || asked.accounts.contains(&account.id));
    let mut told = Vec::new();
    for account in accounts {
        let found = connections::statements(state, connection, &account.id, asked.statements).await?;
        let statements = found.into_iter().map(StatementShape::from).collect();
        told.push(OfAccount { account_number: account.number, statements });
    }
    let reply = StatementsReply {
        http_status_code: 200,
        statements_by_account: told,
        institution_name: &institution.name,
        login: Login::of(state, connection)?,
        institution_id: institution.number,
        institution: &institution.id,
        request_id: &authorised.id,
    };
    Ok((StatusCode::OK, no_store(), Json(reply)).into_response())
}
