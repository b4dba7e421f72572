//! Statements: which there are, and the documents themselves.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use banklink_domain::{accounts::Statement, authorization::DataScope};
use banklink_protocol::ids::AccountId;
use jiff::civil::Date;
use serde::Serialize;

use super::{
    accounts,
    error::FdxError,
    paging::{Around, Paging, address},
    reader::{Admitted, needs},
    transactions::Times,
};
use crate::{
    services::{connections, data_recipients::Reader},
    state::AppState,
    wire::{PathOf, Query, private_json},
};

/// How many months back there are statements.
const MONTHS: u8 = 12;

const PDF: &str = "application/pdf";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    account_id: AccountId,
    statement_id: String,
    statement_date: Date,
    description: String,
    status: &'static str,
    links: [Link; 1],
}

#[derive(Serialize)]
struct Link {
    href: String,
    rel: &'static str,
    action: &'static str,
    types: [&'static str; 1],
}

fn shape(state: &AppState, account: &AccountId, statement: &Statement) -> Shape {
    let id = statement.id.as_str();
    let href = address(state, &format!("/api/fdx/5/accounts/{account}/statements/{id}")).into();
    Shape {
        account_id: account.clone(),
        statement_id: id.to_owned(),
        statement_date: statement.to,
        description: format!("{} to {}", statement.from, statement.to),
        status: "AVAILABLE",
        links: [Link { href, rel: "self", action: "GET", types: [PDF] }],
    }
}

async fn all(state: &AppState, reader: &Reader, account: &AccountId) -> Result<Vec<Statement>, FdxError> {
    needs(reader, DataScope::Statements)?;
    accounts::account(state, reader, account).await?;
    Ok(connections::statements(state, &reader.connection, account, MONTHS).await?)
}

#[derive(Serialize)]
struct Statements {
    #[serde(flatten)]
    around: Around,
    statements: Vec<Shape>,
}

/// Those of one account, newest first, by the last day that they tell of.
pub(super) async fn list(
    State(state): State<AppState>,
    Extension(reader): Admitted,
    PathOf(account): PathOf<AccountId>,
    query: Query,
) -> Result<Response, FdxError> {
    let (times, paging) = (Times::of(&query)?, Paging::of(&query)?);
    if times.from.is_some() != times.to.is_some() {
        return Err(FdxError::Dates("Send startTime and endTime, or neither."));
    }
    let mut found = all(&state, &reader, &account).await?;
    found.retain(|statement| times.range().contains(statement.to));
    let cut = paging.cut(found, |statement| statement.id.as_str())?;
    let path = format!("/api/fdx/5/accounts/{account}/statements");
    let around = Around::new(&state, &path, &query, paging, cut.next, cut.total);
    let statements = cut.items.iter().map(|statement| shape(&state, &account, statement)).collect();
    Ok(private_json(Statements { around, statements }))
}

/// The document.
pub(super) async fn download(
    State(state): State<AppState>,
    Extension(reader): Admitted,
    PathOf((account, id)): PathOf<(AccountId, String)>,
    headers: HeaderMap,
) -> Result<Response, FdxError> {
    if !accepts_pdf(&headers) {
        return Err(FdxError::ContentType);
    }
    let found = all(&state, &reader, &account).await?.into_iter().find(|statement| statement.id.as_str() == id);
    let statement = found.ok_or(FdxError::Nothing)?;
    let name = format!("attachment; filename=\"statement-{}.pdf\"", statement.to);
    let headers = [
        (header::CONTENT_TYPE, PDF),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, statement.pdf).into_response())
}

fn accepts_pdf(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) else { return true };
    let kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim());
    kinds.into_iter().any(|kind| matches!(kind, PDF | "application/*" | "*/*" | ""))
}
