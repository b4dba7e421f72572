//! Connections.

use banklink_domain::{
    activity::{Action, Change},
    connection::{Connection, ConnectionStage, ConnectionState, IdentityHash},
    ids::AppId,
    sealed::Sealed,
    text::ExternalId,
    token::TokenHash,
    webhook::EventKind,
};
use banklink_protocol::ids::{ConnectionId, InstitutionId};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult,
    sea_query::{Expr, OnConflict},
};

use crate::{
    activities::note,
    consents,
    cursor::{Cursor, Order, Page},
    entities::connection::{self, external_id_column},
    error::StoreError,
    link_codes, reauthorisation_tokens, refresh_tokens, requests,
    store::Store,
    webhooks::outbox::{self, Extra},
};

/// The repository of connections. They are made and renewed where a session ends, in
/// [`LinkSessions::finish`](crate::LinkSessions::finish).
#[derive(Clone, Copy, Debug)]
pub struct Connections<'store> {
    pub(crate) store: &'store Store,
}

pub use refreshes::{RefreshClaim, TakeToRefresh};

mod refreshes;

/// Which connections of an app are looked for: all where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionSearch {
    /// Those of one person.
    pub external_id: Option<ExternalId>,
    /// Those that are like this.
    pub stage: Option<ConnectionStage>,
    /// Those at one institution.
    pub institution: Option<InstitutionId>,
    /// From which end they are listed.
    pub order: Order,
}

/// What came of deleting a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum DeleteConnection {
    /// What it held is erased.
    Deleted(Connection),
    /// It was deleted before.
    AlreadyDeleted,
    /// The app has no such connection.
    Unknown,
}

impl Connections<'_> {
    /// The app's connection of this id, deleted or not.
    pub async fn get(&self, app: AppId, id: &ConnectionId) -> Result<Option<Connection>, StoreError> {
        self.one(of(app, id)).await
    }

    /// The connection of this token. A deleted one has none.
    pub async fn by_token(&self, hash: &TokenHash) -> Result<Option<Connection>, StoreError> {
        self.one(connection::Column::TokenHash.eq(hash.to_string())).await
    }

    /// The connection that this person has already at this institution, if it is not deleted.
    pub async fn of_person(
        &self,
        app: AppId,
        institution: &InstitutionId,
        identity: &IdentityHash,
        external_id: Option<&ExternalId>,
    ) -> Result<Option<Connection>, StoreError> {
        self.one(of_person(app, institution, identity, external_id)).await
    }

    /// The app's connections that are not deleted and that are looked for, at most `limit`, after `after`.
    pub async fn list(
        &self,
        app: AppId,
        search: &ConnectionSearch,
        after: Option<&Cursor>,
        limit: u64,
    ) -> Result<Page<Connection>, StoreError> {
        use connection::Column;
        let mut select = connection::Entity::find().filter(Column::AppId.eq(app.to_string()));
        select = match search.stage {
            None => select.filter(live()),
            Some(stage) => select.filter(Column::State.eq(stage.as_str())),
        };
        if let Some(external_id) = &search.external_id {
            select = select.filter(Column::ExternalId.eq(external_id.as_str()));
        }
        if let Some(institution) = &search.institution {
            select = select.filter(Column::InstitutionId.eq(institution.as_str()));
        }
        if let Some(cursor) = after {
            select = select.filter(cursor.beyond_in(search.order, Column::CreatedAt, Column::Id));
        }
        // One more than asked for tells whether there is another page.
        let rows = select
            .order_by(Column::CreatedAt, search.order.of_rows())
            .order_by(Column::Id, search.order.of_rows())
            .limit(limit.saturating_add(1))
            .all(self.store.reader())
            .await?;
        let connections = rows.into_iter().map(Connection::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(connections, limit, |last| Cursor::new(last.created_at, last.id.to_string())))
    }

    /// The app's connections that are not deleted, oldest first: those of one page of `size`, counted from 0, and how many
    /// there are on all.
    pub async fn numbered_page(&self, app: AppId, page: u64, size: u64) -> Result<(Vec<Connection>, u64), StoreError> {
        use connection::Column;
        let select = connection::Entity::find().filter(Column::AppId.eq(app.to_string())).filter(live());
        let total = select.clone().count(self.store.reader()).await?;
        let rows = select
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .offset(Ord::min(page.saturating_mul(size), total))
            .limit(size)
            .all(self.store.reader())
            .await?;
        let connections = rows.into_iter().map(Connection::try_from).collect::<Result<_, _>>()?;
        Ok((connections, total))
    }

    /// Deletes a connection: its tokens, its sealed state, its chosen accounts and its unused codes are erased, and what
    /// the person agreed to for it is revoked.
    pub async fn delete(&self, app: AppId, id: &ConnectionId, change: &Change) -> Result<DeleteConnection, StoreError> {
        let transaction = self.store.begin().await?;
        let deleted = delete(&transaction, app, id, change).await?;
        transaction.commit().await?;
        match deleted {
            Some(connection) => Ok(DeleteConnection::Deleted(connection)),
            None if self.get(app, id).await?.is_some() => Ok(DeleteConnection::AlreadyDeleted),
            None => Ok(DeleteConnection::Unknown),
        }
    }

    /// Says whether the app wants a connection refreshed by itself, and when first; the connection as it is then, if there
    /// is one.
    pub async fn schedule(
        &self,
        app: AppId,
        id: &ConnectionId,
        due: Option<Timestamp>,
        change: &Change,
    ) -> Result<Option<Connection>, StoreError> {
        let transaction = self.store.begin().await?;
        let select = connection::Entity::find().filter(of(app, id)).filter(live());
        let Some(before) = select.one(&transaction).await? else { return Ok(None) };
        let rows = connection::Entity::update_many()
            .col_expr(connection::Column::ScheduleRefresh, Expr::value(due.is_some()))
            .col_expr(connection::Column::RefreshDueAt, Expr::value(due.map(Timestamp::as_millisecond)))
            .col_expr(connection::Column::UpdatedAt, Expr::value(change.at.as_millisecond()))
            .filter(of(app, id))
            .filter(live())
            .exec_with_returning(&transaction)
            .await?;
        if before.schedule_refresh != due.is_some() {
            note(&transaction, app, change, Action::ConnectionChanged, id.as_str(), "schedule_refresh").await?;
        }
        transaction.commit().await?;
        rows.into_iter().next().map(Connection::try_from).transpose()
    }

    /// Replaces what a connector keeps of a connection, if that is still what it was, and says whether it did. A refresh
    /// that is under way has not the last word then.
    pub async fn replace_saved(
        &self,
        app: AppId,
        id: &ConnectionId,
        [before, after]: [&Sealed; 2],
        what: &str,
        change: &Change,
    ) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let replaced = connection::Entity::update_many()
            .col_expr(connection::Column::SealedState, Expr::value(after.as_bytes()))
            .col_expr(connection::Column::RefreshClaim, Expr::value(None::<Vec<u8>>))
            .col_expr(connection::Column::RefreshUntil, Expr::value(None::<i64>))
            .col_expr(connection::Column::UpdatedAt, Expr::value(change.at.as_millisecond()))
            .filter(of(app, id))
            .filter(live())
            .filter(connection::Column::SealedState.eq(before.as_bytes().to_vec()))
            .exec(&transaction)
            .await?;
        if replaced.rows_affected == 0 {
            return Ok(false);
        }
        note(&transaction, app, change, Action::ConnectionChanged, id.as_str(), what).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn one(&self, condition: Expr) -> Result<Option<Connection>, StoreError> {
        let row = connection::Entity::find().filter(condition).one(self.store.reader()).await?;
        row.map(Connection::try_from).transpose()
    }
}

fn of(app: AppId, id: &ConnectionId) -> Expr {
    connection::Column::AppId.eq(app.to_string()).and(connection::Column::Id.eq(id.as_str()))
}

fn live() -> Expr {
    connection::Column::State.ne("deleted")
}

fn of_person(
    app: AppId,
    institution: &InstitutionId,
    identity: &IdentityHash,
    external_id: Option<&ExternalId>,
) -> Expr {
    connection::Column::AppId
        .eq(app.to_string())
        .and(connection::Column::InstitutionId.eq(institution.as_str()))
        .and(connection::Column::Identity.eq(identity.to_string()))
        .and(connection::Column::ExternalId.eq(external_id_column(external_id)))
        .and(live())
}

/// What came of adding a connection.
pub(crate) enum Insert {
    /// It is there.
    Inserted,
    /// The person has one already.
    Duplicate(ConnectionId),
}

/// Adds a connection, unless the person has one already.
pub(crate) async fn insert(database: &impl ConnectionTrait, new: &Connection) -> Result<Insert, StoreError> {
    let row = connection::Model::try_from(new)?.into_active_model();
    let inserted = connection::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(database)
        .await?;
    if matches!(inserted, TryInsertResult::Inserted(1..)) {
        return Ok(Insert::Inserted);
    }
    let same = of_person(new.app_id, &new.institution_id, &new.identity, new.external_id.as_ref());
    match connection::Entity::find().filter(same).one(database).await? {
        Some(existing) => Ok(Insert::Duplicate(ConnectionId::new(existing.id))),
        // Not the person, then, but the id or the token.
        None => Err(StoreError::AlreadyExists { entity: "connection" }),
    }
}

/// Writes what may change of a connection; says whether there is one that is not deleted.
pub(crate) async fn update(database: &impl ConnectionTrait, changed: &Connection) -> Result<bool, StoreError> {
    let row = connection::Model::try_from(changed)?;
    let updated = connection::Entity::update_many()
        .col_expr(connection::Column::Tag, Expr::value(row.tag))
        .col_expr(connection::Column::DaysOfTransactions, Expr::value(row.days_of_transactions))
        .col_expr(connection::Column::WithTransactions, Expr::value(row.with_transactions))
        .col_expr(connection::Column::ScheduleRefresh, Expr::value(row.schedule_refresh))
        .col_expr(connection::Column::RefreshDueAt, Expr::value(row.refresh_due_at))
        .col_expr(connection::Column::RefreshedAt, Expr::value(row.refreshed_at))
        .col_expr(connection::Column::RefreshFailure, Expr::value(row.refresh_failure))
        .col_expr(connection::Column::RefreshClaim, Expr::value(row.refresh_claim))
        .col_expr(connection::Column::RefreshUntil, Expr::value(row.refresh_until))
        .col_expr(connection::Column::ConsentId, Expr::value(row.consent_id))
        .col_expr(connection::Column::State, Expr::value(row.state))
        .col_expr(connection::Column::TokenHash, Expr::value(row.token_hash))
        .col_expr(connection::Column::SealedToken, Expr::value(row.sealed_token))
        .col_expr(connection::Column::SealedState, Expr::value(row.sealed_state))
        .col_expr(connection::Column::SealedUsername, Expr::value(row.sealed_username))
        .col_expr(connection::Column::Accounts, Expr::value(row.accounts))
        .col_expr(connection::Column::UpdatedAt, Expr::value(row.updated_at))
        .filter(of(changed.app_id, &changed.id))
        .filter(live())
        .exec(database)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Deletes a connection with what hangs on it, if it is not deleted yet.
pub(crate) async fn delete(
    database: &impl ConnectionTrait,
    app: AppId,
    id: &ConnectionId,
    change: &Change,
) -> Result<Option<Connection>, StoreError> {
    let now = change.at;
    let state = ConnectionState::Deleted { at: now };
    let rows = connection::Entity::update_many()
        .col_expr(connection::Column::State, Expr::value(state.as_str()))
        .col_expr(connection::Column::TokenHash, Expr::value(None::<String>))
        .col_expr(connection::Column::SealedToken, Expr::value(None::<Vec<u8>>))
        .col_expr(connection::Column::SealedState, Expr::value(None::<Vec<u8>>))
        .col_expr(connection::Column::SealedUsername, Expr::value(None::<Vec<u8>>))
        .col_expr(connection::Column::Accounts, Expr::value(None::<String>))
        .col_expr(connection::Column::UpdatedAt, Expr::value(now.as_millisecond()))
        .filter(of(app, id))
        .filter(live())
        .exec_with_returning(database)
        .await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let deleted = Connection::try_from(row)?;
    let institution = deleted.institution_id.as_str();
    note(database, app, change, Action::ConnectionDeleted, id.as_str(), institution).await?;
    link_codes::drop_unused(database, id).await?;
    reauthorisation_tokens::drop_unused(database, id).await?;
    refresh_tokens::end_of_connection(database, id).await?;
    requests::drop_answers(database, id).await?;
    consents::revoke_all(database, id, now).await?;
    outbox::connection(database, &deleted, EventKind::ConnectionDeleted, now, Extra::default()).await?;
    Ok(Some(deleted))
}
