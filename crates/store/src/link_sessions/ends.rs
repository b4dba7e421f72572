//! The end of a session, and what it leaves behind.

use banklink_domain::{
    connection::Connection, consent::Consent, link_code::LinkCode, sealed::Sealed, session::End, token::TokenHash,
    webhook::EventKind,
};
use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;
use sea_orm::{DatabaseTransaction, UpdateMany, sea_query::Expr};

use super::{
    LinkSessions, SessionRow,
    steps::{ClaimedSession, move_on, moved, standing},
};
use crate::{
    connections, consents,
    entities::link_session,
    error::StoreError,
    institutions, link_codes, reauthorisation_tokens,
    webhooks::outbox::{self, Extra},
};

/// What came of ending a claimed session.
#[derive(Debug)]
#[must_use]
pub enum Finish {
    /// It is over, and its effects are written.
    Finished(SessionRow),
    /// The lease ran out and another took over, or the session is over by now: nothing was written.
    ClaimLost,
    /// The person has this connection already: nothing was written. Update that one instead; the claim stands.
    AlreadyConnected(ConnectionId),
    /// The connection to update was deleted meanwhile: nothing was written. Insert a new one instead; the claim stands.
    ConnectionGone,
    /// The re-authorisation token was used meanwhile: nothing was written; the claim stands.
    TokenUsed,
}

/// What a session leaves behind, written together with its end.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// The connection that was made or renewed.
    pub connection: Option<ConnectionChange>,
    /// What the person agreed to.
    pub consent: Option<Consent>,
    /// What the app's server exchanges.
    pub link_code: Option<LinkCode>,
}

/// How a session changes connections.
#[derive(Clone, Debug)]
pub enum ConnectionChange {
    /// A new one.
    Insert(Connection),
    /// One that is there, as [`Connection::reauthorise`] gives it.
    Update(Connection),
    /// The same, using this re-authorisation token up.
    Reauthorise(Connection, TokenHash),
}

impl LinkSessions<'_> {
    /// Ends a session that stands as in `seen` because the person left, whoever is carrying a step of it out: that claim
    /// is lost. What they had searched for is kept with it, if anything. Nothing if it is over, or stands elsewhere by
    /// now.
    pub async fn leave(
        &self,
        seen: &SessionRow,
        state: &Sealed,
        end: &End,
        searched: Option<&Sealed>,
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        let transaction = self.store.begin().await?;
        let left = ended(moved(standing(seen, now), state, true, now), end, now)
            .col_expr(
                link_session::Column::Searched,
                Expr::value(searched.map(|searched| searched.as_bytes().to_owned())),
            )
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = left.into_iter().next().map(SessionRow::try_from).transpose()? else { return Ok(None) };
        outbox::session_ended(&transaction, &row).await?;
        transaction.commit().await?;
        Ok(Some(row))
    }

    /// Ends a session and writes what it leaves behind, all or nothing.
    pub async fn finish(
        &self,
        claim: &ClaimedSession,
        state: &Sealed,
        end: &End,
        effects: &Effects,
        now: Timestamp,
    ) -> Result<Finish, StoreError> {
        let transaction = self.store.begin().await?;
        let rows = ended(move_on(claim, state, true, now), end, now).exec_with_returning(&transaction).await?;
        let Some(row) = rows.into_iter().next() else {
            transaction.rollback().await?;
            return Ok(Finish::ClaimLost);
        };
        match write_connection(&transaction, effects.connection.as_ref(), &claim.row().id, now).await? {
            WriteConnection::Written => {}
            WriteConnection::Duplicate(existing) => {
                transaction.rollback().await?;
                return Ok(Finish::AlreadyConnected(existing));
            }
            WriteConnection::Gone => {
                transaction.rollback().await?;
                return Ok(Finish::ConnectionGone);
            }
            WriteConnection::TokenUsed => {
                transaction.rollback().await?;
                return Ok(Finish::TokenUsed);
            }
        }
        if let Some(consent) = &effects.consent {
            consents::insert(&transaction, consent).await?;
        }
        if let Some(code) = &effects.link_code {
            link_codes::insert(&transaction, code).await?;
        }
        let row = row.try_into()?;
        tell(&transaction, effects.connection.as_ref(), &row, now).await?;
        transaction.commit().await?;
        Ok(Finish::Finished(row))
    }
}

/// Tells of the connection first: whoever hears that the session linked can read it.
async fn tell(
    transaction: &DatabaseTransaction,
    change: Option<&ConnectionChange>,
    row: &SessionRow,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (connection, kind) = match change {
        Some(ConnectionChange::Insert(connection)) => (connection, EventKind::ConnectionCreated),
        Some(ConnectionChange::Update(connection) | ConnectionChange::Reauthorise(connection, _)) => {
            (connection, EventKind::ConnectionUpdated)
        }
        None => return outbox::session_ended(transaction, row).await,
    };
    for kind in [kind, EventKind::ConnectionDataReady] {
        outbox::connection(transaction, connection, kind, now, Extra::default()).await?;
    }
    outbox::session_ended(transaction, row).await
}

/// The update that ends a session.
fn ended(update: UpdateMany<link_session::Entity>, end: &End, at: Timestamp) -> UpdateMany<link_session::Entity> {
    use link_session::Column;
    update
        .col_expr(Column::ReturnHash, Expr::value(None::<String>))
        .col_expr(Column::Outcome, Expr::value(end.outcome().as_str()))
        .col_expr(Column::OutcomeDetail, Expr::value(end.detail()))
        .col_expr(Column::OutcomeAt, Expr::value(at.as_millisecond()))
}

enum WriteConnection {
    Written,
    Duplicate(ConnectionId),
    Gone,
    TokenUsed,
}

async fn write_connection(
    transaction: &DatabaseTransaction,
    change: Option<&ConnectionChange>,
    session: &SessionId,
    now: Timestamp,
) -> Result<WriteConnection, StoreError> {
    match change {
        None => Ok(WriteConnection::Written),
        Some(ConnectionChange::Insert(new)) => match connections::insert(transaction, new).await? {
            connections::Insert::Duplicate(existing) => Ok(WriteConnection::Duplicate(existing)),
            connections::Insert::Inserted => {
                institutions::count_connection(transaction, &new.institution_id).await?;
                Ok(WriteConnection::Written)
            }
        },
        Some(ConnectionChange::Update(changed)) => write_changed(transaction, changed).await,
        Some(ConnectionChange::Reauthorise(changed, token)) => {
            // The connection first: a deleted one has taken its tokens along.
            match write_changed(transaction, changed).await? {
                WriteConnection::Written => {}
                other => return Ok(other),
            }
            let unused = reauthorisation_tokens::consume(transaction, token, &changed.id, session, now).await?;
            Ok(if unused { WriteConnection::Written } else { WriteConnection::TokenUsed })
        }
    }
}

async fn write_changed(transaction: &DatabaseTransaction, changed: &Connection) -> Result<WriteConnection, StoreError> {
    let is_there = connections::update(transaction, changed).await?;
    Ok(if is_there { WriteConnection::Written } else { WriteConnection::Gone })
}
