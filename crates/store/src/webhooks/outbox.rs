//! What webhooks are to be told, written in the transaction of what happened.

use std::collections::HashSet;

use banklink_domain::{
    connection::Connection,
    ids::{AppId, WebhookId},
    sealed::Sealed,
    session::{End, Outcome},
    webhook::{ConnectionEvent, EventKind, SessionEvent},
};
use banklink_protocol::failures::FailureCode;
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use serde::Serialize;

use super::deliveries::Lane;
use crate::{
    columns::{Columns, to_json},
    entities::{
        webhook::{self, events},
        webhook_message,
    },
    error::StoreError,
    link_sessions::{OpenedBy, SessionRow},
};

/// Something that happened, for those who want to hear of it.
pub(crate) struct Happened<'a, T> {
    pub(crate) app: AppId,
    pub(crate) kind: EventKind,
    pub(crate) at: Timestamp,
    /// What is told about the same is told in order.
    pub(crate) lane: &'a str,
    pub(crate) data: T,
    pub(crate) secret: Option<&'a Sealed>,
}

/// Tells the app's webhooks that want to hear of it.
pub(crate) async fn tell<T: Serialize>(
    database: &impl ConnectionTrait,
    happened: Happened<'_, T>,
) -> Result<(), StoreError> {
    let webhooks: Vec<(String, Option<String>)> = webhook::Entity::find()
        .filter(webhook::Column::AppId.eq(happened.app.to_string()))
        .select_only()
        .columns([webhook::Column::Id, webhook::Column::Events])
        .into_tuple()
        .all(database)
        .await?;
    for (id, wanted) in webhooks {
        if events(wanted.as_deref())?.includes(happened.kind) {
            write(database, id, &happened).await?;
        }
    }
    Ok(())
}

/// Those of the apps that have webhooks at all.
pub(crate) async fn listening(
    database: &impl ConnectionTrait,
    apps: impl Iterator<Item = AppId>,
) -> Result<HashSet<AppId>, StoreError> {
    let apps: HashSet<String> = apps.map(|app| app.to_string()).collect();
    if apps.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<String> = webhook::Entity::find()
        .filter(webhook::Column::AppId.is_in(apps))
        .select_only()
        .distinct()
        .column(webhook::Column::AppId)
        .into_tuple()
        .all(database)
        .await?;
    found.iter().map(|id| Columns("webhooks").value("app_id", id.parse())).collect()
}

/// Tells one webhook.
pub(crate) async fn tell_one<T: Serialize>(
    database: &impl ConnectionTrait,
    webhook: WebhookId,
    happened: &Happened<'_, T>,
) -> Result<i64, StoreError> {
    write(database, webhook.to_string(), happened).await
}

async fn write<T: Serialize>(
    database: &impl ConnectionTrait,
    webhook: String,
    happened: &Happened<'_, T>,
) -> Result<i64, StoreError> {
    let due = Lane { webhook: &webhook, name: happened.lane }.due(database, happened.at).await?;
    let row = webhook_message::ActiveModel {
        number: NotSet,
        webhook_id: Set(webhook),
        lane: Set(happened.lane.to_owned()),
        kind: Set(happened.kind.as_str().to_owned()),
        at: Set(happened.at.as_millisecond()),
        data: Set(to_json(&happened.data)?),
        sealed_secret: Set(happened.secret.map(|sealed| sealed.as_bytes().to_owned())),
        state: Set("pending".to_owned()),
        state_at: Set(due),
        attempts: Set(0),
        claim: Set(None),
        claimed_until: Set(None),
    };
    Ok(webhook_message::Entity::insert(row).exec(database).await?.last_insert_id)
}

/// A session is over.
pub(crate) async fn session_ended(database: &impl ConnectionTrait, row: &SessionRow) -> Result<(), StoreError> {
    let Some(over) = &row.end else { return Ok(()) };
    let outcome = over.end.outcome();
    let connection = if let End::Linked(connection) = &over.end { Some(connection.clone()) } else { None };
    let reason = over.end.detail().filter(|_| connection.is_none()).map(str::to_owned);
    let link = if let OpenedBy::Link(link) = row.opened_by { Some(link) } else { None };
    let institution = row.place.institution.clone();
    let data = SessionEvent { id: row.id.clone(), outcome: outcome.as_str(), reason, connection, institution, link };
    let kind = match outcome {
        Outcome::Linked => EventKind::SessionLinked,
        Outcome::Exited => EventKind::SessionExited,
        Outcome::Failed => EventKind::SessionFailed,
        Outcome::Expired => EventKind::SessionExpired,
    };
    let lane = data.connection.as_ref().map_or(row.id.as_str(), |connection| connection.as_str()).to_owned();
    tell(database, Happened { app: row.app_id, kind, at: over.at, lane: &lane, data, secret: None }).await
}

/// What some events tell beside the connection itself.
#[derive(Clone, Copy, Default)]
pub(crate) struct Extra<'a> {
    /// Why it could not be refreshed.
    pub(crate) failure: Option<FailureCode>,
    /// The token that brings its person back.
    pub(crate) secret: Option<&'a Sealed>,
}

/// Something happened to a connection.
pub(crate) async fn connection(
    database: &impl ConnectionTrait,
    connection: &Connection,
    kind: EventKind,
    at: Timestamp,
    extra: Extra<'_>,
) -> Result<(), StoreError> {
    let data = ConnectionEvent {
        id: connection.id.clone(),
        institution: connection.institution_id.clone(),
        status: connection.state.as_str(),
        external_id: connection.external_id.as_ref().map(ToString::to_string),
        tag: connection.tag.as_ref().map(ToString::to_string),
        failure: extra.failure.map(FailureCode::as_str),
    };
    let (lane, secret) = (connection.id.as_str(), extra.secret);
    tell(database, Happened { app: connection.app_id, kind, at, lane, data, secret }).await
}
