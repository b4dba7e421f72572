//! Link sessions: who may take the next step, and what is written when it is done.
//!
//! What a session's state means is the server's; here it is sealed bytes with a number. A step goes like this: the
//! server *claims* the session at the number that the person answers, does the work, and *advances* or *finishes*
//! with the claim. The claim is a lease: a server that dies in between delays the session, and one that comes back
//! late finds its claim lost and writes nothing.

use banklink_domain::{
    connection::Connection,
    consent::Consent,
    ids::{AppId, LinkId},
    link::LinkState,
    link_code::LinkCode,
    sealed::Sealed,
    session::{Outcome, RETENTION},
    time::before,
    token::TokenHash,
};
use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, UpdateMany,
    sea_query::{Expr, Query},
};

use crate::{
    authorize_tokens, connections, consents,
    entities::{
        link,
        link_session::{self, OUTCOMES, parse_outcome},
    },
    error::StoreError,
    institutions, link_codes, reauthorisation_tokens,
    store::Store,
};

/// The repository of link sessions.
#[derive(Clone, Copy, Debug)]
pub struct LinkSessions<'store> {
    pub(crate) store: &'store Store,
}

/// A link session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Public; Flinks calls it `RequestId`.
    pub id: SessionId,
    /// For which app.
    pub app_id: AppId,
    /// The hash of the tab's key.
    pub key_hash: TokenHash,
    /// What opened it.
    pub opened_by: OpenedBy,
    /// Counts what the person did.
    pub number: u32,
    /// Counts up with every change of `state`.
    pub revision: u32,
    /// Where it stands, sealed by the server; erased once its time is up.
    pub state: Option<Sealed>,
    /// Until when a step is being carried out, if one is.
    pub busy_until: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was used, claimed or moved last.
    pub last_activity_at: Timestamp,
    /// When it ends if nothing happens.
    pub expires_at: Timestamp,
    /// How it ended, once it has.
    pub end: Option<SessionEnd>,
}

/// What opened a session. Either may be forgotten by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBy {
    /// A one-time token.
    AuthorizeToken(TokenHash),
    /// A static link.
    Link(LinkId),
}

/// How and when a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionEnd {
    /// How.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
}

/// What a session starts with.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// A new id.
    pub id: SessionId,
    /// For which app: the token or link must be its own.
    pub app_id: AppId,
    /// The hash of the tab's key.
    pub key_hash: TokenHash,
    /// Where it stands, at number 0.
    pub state: Sealed,
    /// The hash of what the bank's own page sends the person back with, if they go there first.
    pub return_hash: Option<TokenHash>,
    /// When it ends if nothing happens.
    pub expires_at: Timestamp,
}

/// What came of opening a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Open {
    /// It is open.
    Opened(SessionRow),
    /// The token is unknown, another app's, used or expired; the link is unknown, another app's or paused.
    Invalid,
}

/// Where a session must stand to be claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// At this number: the person answers it.
    Number(u32),
    /// At this revision: it changes by itself, and nobody else may have changed it meanwhile.
    Revision(u32),
}

/// Where a claimed session goes.
#[derive(Clone, Debug)]
pub struct Move {
    /// Where it stands then.
    pub state: Sealed,
    /// Whether the number was answered; else only the revision counts up.
    pub answers: bool,
    /// The hash of what the bank's own page sends the person back with, if they go there next.
    pub return_hash: Option<TokenHash>,
    /// When it ends if nothing happens.
    pub expires_at: Timestamp,
}

/// What came of claiming a session.
#[derive(Debug)]
#[must_use]
pub enum Claim {
    /// The step is this caller's to carry out.
    Claimed(ClaimedSession),
    /// It is not: the session is over or overdue, at another number, or claimed by another. Where it stands:
    NotClaimed(SessionRow),
    /// There is no such session.
    Unknown,
}

/// A session whose next step is this holder's to carry out, as long as the lease lasts. Only
/// [`LinkSessions::claim`] makes one, and each is good for one move: the database refuses another.
#[derive(Debug)]
pub struct ClaimedSession {
    row: SessionRow,
    lease: i64,
}

impl ClaimedSession {
    /// The session as it was claimed.
    pub fn row(&self) -> &SessionRow {
        &self.row
    }
}

/// What came of moving a claimed session on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Advance {
    /// It stands at the next number.
    Advanced(SessionRow),
    /// The lease ran out and another took over, or the session ended meanwhile: nothing was written.
    ClaimLost,
}

/// What came of ending a claimed session.
#[derive(Debug)]
#[must_use]
pub enum Finish {
    /// It is over, and its effects are written.
    Finished(SessionRow),
    /// The lease ran out and another took over, or the session ended meanwhile: nothing was written.
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
    /// Uses an authorize token up and opens a session with it, both or neither. Of any number of callers, exactly one
    /// opens.
    pub async fn open_with_authorize_token(
        &self,
        new: &NewSession,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Open, StoreError> {
        let transaction = self.store.begin().await?;
        let consumed = authorize_tokens::consume(&transaction, token, Some(new.app_id), &new.id, now).await?;
        if consumed.is_none() {
            transaction.rollback().await?;
            return Ok(Open::Invalid);
        }
        let row = insert(&transaction, new, OpenedBy::AuthorizeToken(*token), now).await?;
        transaction.commit().await?;
        Ok(Open::Opened(row))
    }

    /// Opens a session with a link, if it is active.
    pub async fn open_with_link(&self, new: &NewSession, link: LinkId, now: Timestamp) -> Result<Open, StoreError> {
        let transaction = self.store.begin().await?;
        let active = link::Entity::find_by_id(link.to_string())
            .filter(link::Column::AppId.eq(new.app_id.to_string()))
            .filter(link::Column::State.eq(LinkState::Active.as_str()))
            .lock_shared()
            .one(&transaction)
            .await?;
        if active.is_none() {
            transaction.rollback().await?;
            return Ok(Open::Invalid);
        }
        let row = insert(&transaction, new, OpenedBy::Link(link), now).await?;
        transaction.commit().await?;
        Ok(Open::Opened(row))
    }

    /// The session of this id.
    pub async fn get(&self, id: &SessionId) -> Result<Option<SessionRow>, StoreError> {
        let row = link_session::Entity::find_by_id(id.to_string()).one(self.store.reader()).await?;
        row.map(SessionRow::try_from).transpose()
    }

    /// The session of the tab that holds this key.
    pub async fn by_key_hash(&self, hash: &TokenHash) -> Result<Option<SessionRow>, StoreError> {
        let row = link_session::Entity::find()
            .filter(link_session::Column::KeyHash.eq(hash.to_string()))
            .one(self.store.reader())
            .await?;
        row.map(SessionRow::try_from).transpose()
    }

    /// The session whose person comes back from the bank's own page with this.
    pub async fn by_return_hash(&self, hash: &TokenHash) -> Result<Option<SessionRow>, StoreError> {
        let row = link_session::Entity::find()
            .filter(link_session::Column::ReturnHash.eq(hash.to_string()))
            .one(self.store.reader())
            .await?;
        row.map(SessionRow::try_from).transpose()
    }

    /// Gives a session to a tab with another key. The old one's holder can do nothing more.
    pub async fn hand_over(&self, id: &SessionId, key_hash: &TokenHash) -> Result<(), StoreError> {
        link_session::Entity::update_many()
            .col_expr(link_session::Column::KeyHash, Expr::value(key_hash.to_string()))
            .filter(link_session::Column::Id.eq(id.as_str()))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Uses an authorize token up to go on with a session that stands at this revision, in a tab with another key: the
    /// old one's holder can do nothing more. Nothing if the token is no good, or the session another app's, over or
    /// further on.
    pub async fn adopt(
        &self,
        session: &SessionRow,
        key_hash: &TokenHash,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        use link_session::Column;
        let transaction = self.store.begin().await?;
        let consumed = authorize_tokens::consume(&transaction, token, Some(session.app_id), &session.id, now).await?;
        if consumed.is_none() {
            transaction.rollback().await?;
            return Ok(None);
        }
        let rows = link_session::Entity::update_many()
            .col_expr(Column::KeyHash, Expr::value(key_hash.to_string()))
            .col_expr(Column::AuthorizeTokenHash, Expr::value(token.to_string()))
            .col_expr(Column::LinkId, Expr::value(None::<String>))
            .filter(Column::Id.eq(session.id.as_str()))
            .filter(Column::Revision.eq(i64::from(session.revision)))
            .filter(Column::Outcome.is_null())
            .filter(Column::ExpiresAt.gt(now.as_millisecond()))
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = rows.into_iter().next() else {
            transaction.rollback().await?;
            return Ok(None);
        };
        transaction.commit().await?;
        row.try_into().map(Some)
    }

    /// Ends a session because the person left, whoever is carrying a step of it out: that claim is lost. Nothing if it
    /// had ended already.
    pub async fn leave(
        &self,
        id: &SessionId,
        state: &Sealed,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        use link_session::Column;
        let left = link_session::Entity::update_many()
            .col_expr(Column::Number, Expr::col(Column::Number).add(1))
            .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
            .col_expr(Column::State, Expr::value(state.as_bytes()))
            .col_expr(Column::BusyUntil, Expr::value(None::<i64>))
            .col_expr(Column::ReturnHash, Expr::value(None::<String>))
            .col_expr(Column::LastActivityAt, Expr::value(now.as_millisecond()))
            .col_expr(Column::Outcome, Expr::value(outcome.as_str()))
            .col_expr(Column::OutcomeAt, Expr::value(now.as_millisecond()))
            .filter(Column::Id.eq(id.as_str()))
            .filter(Column::Outcome.is_null())
            .exec_with_returning(self.store.writer())
            .await?;
        left.into_iter().next().map(SessionRow::try_from).transpose()
    }

    /// Notes that a session is used, and puts its end off to `expires_at`; says whether it did. One that is over, or
    /// ends later anyway, stays as it is.
    pub async fn touch(&self, id: &SessionId, expires_at: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        use link_session::Column;
        let (now, expires_at) = (now.as_millisecond(), expires_at.as_millisecond());
        let updated = link_session::Entity::update_many()
            .col_expr(Column::ExpiresAt, Expr::value(expires_at))
            .col_expr(Column::LastActivityAt, Expr::value(now))
            .filter(Column::Id.eq(id.as_str()))
            .filter(Column::Outcome.is_null())
            .filter(Column::ExpiresAt.gt(now))
            .filter(Column::ExpiresAt.lt(expires_at))
            .exec(self.store.writer())
            .await?;
        Ok(updated.rows_affected > 0)
    }

    /// Takes the next step of a session that stands `at` this place, until `busy_until`, before which the session does not end. Of any
    /// number of callers, exactly one does; after `busy_until` another may.
    pub async fn claim(
        &self,
        id: &SessionId,
        at: At,
        busy_until: Timestamp,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        use link_session::Column;
        let (now, lease) = (now.as_millisecond(), busy_until.as_millisecond());
        let rows = link_session::Entity::update_many()
            .col_expr(Column::BusyUntil, Expr::value(lease))
            .col_expr(Column::LastActivityAt, Expr::value(now))
            .col_expr(
                Column::ExpiresAt,
                Expr::case(Column::ExpiresAt.lt(lease), lease).finally(Expr::col(Column::ExpiresAt)).into(),
            )
            .filter(Column::Id.eq(id.as_str()))
            .filter(match at {
                At::Number(number) => Column::Number.eq(i64::from(number)),
                At::Revision(revision) => Column::Revision.eq(i64::from(revision)),
            })
            .filter(Column::Outcome.is_null())
            .filter(Column::ExpiresAt.gt(now))
            .filter(Column::BusyUntil.is_null().or(Column::BusyUntil.lt(now)))
            .exec_with_returning(self.store.writer())
            .await?;
        if let Some(row) = rows.into_iter().next() {
            return Ok(Claim::Claimed(ClaimedSession { row: row.try_into()?, lease }));
        }
        Ok(self.get(id).await?.map_or(Claim::Unknown, Claim::NotClaimed))
    }

    /// Moves a session on.
    pub async fn advance(&self, claim: &ClaimedSession, to: &Move, now: Timestamp) -> Result<Advance, StoreError> {
        let rows = move_on(claim, &to.state, to.answers, now)
            .col_expr(link_session::Column::ExpiresAt, Expr::value(to.expires_at.as_millisecond()))
            .col_expr(link_session::Column::ReturnHash, Expr::value(to.return_hash.map(|hash| hash.to_string())))
            .exec_with_returning(self.store.writer())
            .await?;
        match rows.into_iter().next() {
            Some(row) => Ok(Advance::Advanced(row.try_into()?)),
            None => Ok(Advance::ClaimLost),
        }
    }

    /// Gives a claim back without a move, so that the step can be tried again at once.
    pub async fn release(&self, claim: &ClaimedSession) -> Result<(), StoreError> {
        held(claim)
            .col_expr(link_session::Column::BusyUntil, Expr::value(None::<i64>))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Ends a session and writes what it leaves behind, all or nothing.
    pub async fn finish(
        &self,
        claim: &ClaimedSession,
        state: &Sealed,
        outcome: Outcome,
        effects: &Effects,
        now: Timestamp,
    ) -> Result<Finish, StoreError> {
        let transaction = self.store.begin().await?;
        let rows = move_on(claim, state, true, now)
            .col_expr(link_session::Column::ReturnHash, Expr::value(None::<String>))
            .col_expr(link_session::Column::Outcome, Expr::value(outcome.as_str()))
            .col_expr(link_session::Column::OutcomeAt, Expr::value(now.as_millisecond()))
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = rows.into_iter().next() else {
            transaction.rollback().await?;
            return Ok(Finish::ClaimLost);
        };
        match write_connection(&transaction, effects.connection.as_ref(), &claim.row.id, now).await? {
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
        transaction.commit().await?;
        Ok(Finish::Finished(row.try_into()?))
    }

    /// Ends up to `limit` sessions that are overdue, and erases their state. A claim whose lease ran out is lost.
    pub async fn expire_due(&self, limit: u64, now: Timestamp) -> Result<Vec<SessionRow>, StoreError> {
        use link_session::Column;
        let now = now.as_millisecond();
        let due = Query::select()
            .column(Column::Id)
            .from(link_session::Entity)
            .and_where(Column::Outcome.is_null())
            .and_where(Column::ExpiresAt.lte(now))
            .order_by(Column::ExpiresAt, sea_orm::Order::Asc)
            .limit(limit)
            .to_owned();
        let rows = link_session::Entity::update_many()
            .col_expr(Column::Outcome, Expr::value(Outcome::Expired.as_str()))
            .col_expr(Column::OutcomeAt, Expr::value(now))
            .col_expr(Column::BusyUntil, Expr::value(None::<i64>))
            .col_expr(Column::State, Expr::value(None::<Vec<u8>>))
            .filter(Column::Outcome.is_null())
            .filter(Column::Id.in_subquery(due))
            .exec_with_returning(self.store.writer())
            .await?;
        rows.into_iter().map(SessionRow::try_from).collect()
    }

    /// Erases the state of up to `limit` sessions that ended and whose time is up, so that nobody reads it any more;
    /// says how many.
    pub async fn erase_ended(&self, limit: u64, now: Timestamp) -> Result<u64, StoreError> {
        use link_session::Column;
        let ended = Query::select()
            .column(Column::Id)
            .from(link_session::Entity)
            .and_where(Column::State.is_not_null())
            .and_where(Column::Outcome.is_not_null())
            .and_where(Column::ExpiresAt.lte(now.as_millisecond()))
            .limit(limit)
            .to_owned();
        let erased = link_session::Entity::update_many()
            .col_expr(Column::State, Expr::value(None::<Vec<u8>>))
            .filter(Column::Id.in_subquery(ended))
            .exec(self.store.writer())
            .await?;
        Ok(erased.rows_affected)
    }

    /// Forgets up to `limit` sessions that ended and whose time was up [`RETENTION`] ago; says how many.
    pub async fn forget_old(&self, limit: u64, now: Timestamp) -> Result<u64, StoreError> {
        use link_session::Column;
        let old = Query::select()
            .column(Column::Id)
            .from(link_session::Entity)
            .and_where(Column::Outcome.is_in(OUTCOMES.map(Outcome::as_str)))
            .and_where(Column::ExpiresAt.lt(before(now, RETENTION).as_millisecond()))
            .limit(limit)
            .to_owned();
        let deleted =
            link_session::Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(self.store.writer()).await?;
        Ok(deleted.rows_affected)
    }

    /// How many sessions ended in each outcome, and how many have none yet. Outcomes that no session had are left out.
    pub async fn count_by_outcome(&self) -> Result<Vec<(Option<Outcome>, u64)>, StoreError> {
        let counts: Vec<(Option<String>, i64)> = link_session::Entity::find()
            .select_only()
            .column(link_session::Column::Outcome)
            .column_as(link_session::Column::Id.count(), "sessions")
            .group_by(link_session::Column::Outcome)
            .order_by_asc(link_session::Column::Outcome)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        let count = |(outcome, sessions): (Option<String>, i64)| {
            let outcome = outcome.as_deref().map(parse_outcome).transpose()?;
            Ok((outcome, u64::try_from(sessions).unwrap_or_default()))
        };
        counts.into_iter().map(count).collect()
    }
}

async fn insert(
    database: &impl ConnectionTrait,
    new: &NewSession,
    opened_by: OpenedBy,
    now: Timestamp,
) -> Result<SessionRow, StoreError> {
    let (authorize_token_hash, link_id) = match opened_by {
        OpenedBy::AuthorizeToken(hash) => (Some(hash.to_string()), None),
        OpenedBy::Link(link) => (None, Some(link.to_string())),
    };
    let row = link_session::Model {
        id: new.id.to_string(),
        app_id: new.app_id.to_string(),
        key_hash: new.key_hash.to_string(),
        authorize_token_hash,
        link_id,
        number: 0,
        revision: 0,
        return_hash: new.return_hash.map(|hash| hash.to_string()),
        state: Some(new.state.as_bytes().to_owned()),
        busy_until: None,
        created_at: now.as_millisecond(),
        last_activity_at: now.as_millisecond(),
        expires_at: new.expires_at.as_millisecond(),
        outcome: None,
        outcome_at: None,
    };
    let inserted = link_session::Entity::insert(row.clone().into_active_model()).exec_without_returning(database).await;
    inserted.map_err(|error| StoreError::from_insert(error, "link session"))?;
    row.try_into()
}

/// An update of the session as long as the claim on it holds. A later claim has a later lease, since a lease must
/// have run out before another begins.
fn held(claim: &ClaimedSession) -> UpdateMany<link_session::Entity> {
    use link_session::Column;
    link_session::Entity::update_many()
        .filter(Column::Id.eq(claim.row.id.as_str()))
        .filter(Column::Revision.eq(i64::from(claim.row.revision)))
        .filter(Column::BusyUntil.eq(claim.lease))
        .filter(Column::Outcome.is_null())
}

fn move_on(claim: &ClaimedSession, state: &Sealed, answers: bool, now: Timestamp) -> UpdateMany<link_session::Entity> {
    use link_session::Column;
    held(claim)
        .col_expr(Column::Number, Expr::col(Column::Number).add(i64::from(answers)))
        .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
        .col_expr(Column::State, Expr::value(state.as_bytes()))
        .col_expr(Column::BusyUntil, Expr::value(None::<i64>))
        .col_expr(Column::LastActivityAt, Expr::value(now.as_millisecond()))
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
