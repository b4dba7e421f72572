//! Refreshing connections: whose it is to do, and what came of it.

use banklink_domain::{
    activity::{Action, Change},
    connection::Connection,
    idempotency::Claim,
    ids::AppId,
    reauthorisation::ReauthorisationToken,
    refresh::{LEASE, Refreshed},
    sealed::Sealed,
    time::after,
    webhook::EventKind,
};
use banklink_protocol::ids::{ConnectionId, InstitutionId};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::{Expr, Query},
};

use super::{Connections, of};
use crate::{
    activities::note,
    entities::connection::{self, Column},
    error::StoreError,
    reauthorisation_tokens,
    webhooks::outbox::{self, Extra},
};

/// A connection that is the caller's to refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshClaim {
    /// The connection, as it was then.
    pub connection: Connection,
    claim: Claim,
}

/// What came of asking to refresh one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum TakeToRefresh {
    /// It is the caller's to refresh.
    Taken(Box<RefreshClaim>),
    /// Somebody else refreshes it, or it is not active.
    NotNow,
}

impl Connections<'_> {
    /// Institutions at which a connection is due, at most `limit`; those that waited longest first.
    pub async fn institutions_due(&self, limit: u64, now: Timestamp) -> Result<Vec<InstitutionId>, StoreError> {
        let institutions: Vec<String> = connection::Entity::find()
            .filter(Column::RefreshDueAt.lte(now.as_millisecond()))
            .filter(free(now))
            .select_only()
            .column(Column::InstitutionId)
            .group_by(Column::InstitutionId)
            .order_by_asc(Column::RefreshDueAt.min())
            .limit(limit)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        Ok(institutions.iter().map(|id| InstitutionId::from(id.as_str())).collect())
    }

    /// Takes up to `limit` connections of an institution to refresh that are due; those that waited longest first.
    pub async fn take_due(
        &self,
        institution: &InstitutionId,
        limit: u64,
        claim: Claim,
        now: Timestamp,
    ) -> Result<Vec<RefreshClaim>, StoreError> {
        let due = Query::select()
            .column(Column::Id)
            .from(connection::Entity)
            .and_where(Column::InstitutionId.eq(institution.as_str()))
            .and_where(Column::RefreshDueAt.lte(now.as_millisecond()))
            .and_where(free(now))
            .order_by(Column::RefreshDueAt, sea_orm::Order::Asc)
            .limit(limit)
            .to_owned();
        let rows =
            taken(claim, now).filter(Column::Id.in_subquery(due)).exec_with_returning(self.store.writer()).await?;
        // One that can't be read must not keep the rest.
        let readable = rows.into_iter().filter_map(|row| Connection::try_from(row).ok());
        Ok(readable.map(|connection| RefreshClaim { connection, claim }).collect())
    }

    /// Takes one connection to refresh it now.
    pub async fn take_one(
        &self,
        app: AppId,
        id: &ConnectionId,
        claim: Claim,
        now: Timestamp,
        change: Option<&Change>,
    ) -> Result<TakeToRefresh, StoreError> {
        let transaction = self.store.begin().await?;
        let rows = taken(claim, now).filter(of(app, id)).exec_with_returning(&transaction).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(TakeToRefresh::NotNow) };
        if let Some(change) = change {
            note(&transaction, app, change, Action::ConnectionRefreshed, id.as_str(), &*row.institution_id).await?;
        }
        transaction.commit().await?;
        Ok(TakeToRefresh::Taken(Box::new(RefreshClaim { connection: row.try_into()?, claim })))
    }

    /// Writes down what came of a refresh, when the next is due, and for whoever brings the person back the token with
    /// what webhooks are told of it. Nothing where the person logged in meanwhile, the connection is gone, or somebody
    /// else refreshes it by now.
    pub async fn settle_refresh(
        &self,
        taken: &RefreshClaim,
        refreshed: &Refreshed,
        due: Option<Timestamp>,
        token: Option<(&ReauthorisationToken, &Sealed)>,
        now: Timestamp,
    ) -> Result<Option<Connection>, StoreError> {
        let transaction = self.store.begin().await?;
        let millis = now.as_millisecond();
        let mut update = connection::Entity::update_many()
            .col_expr(Column::RefreshClaim, Expr::value(None::<Vec<u8>>))
            .col_expr(Column::RefreshUntil, Expr::value(None::<i64>))
            .col_expr(Column::RefreshDueAt, if_scheduled(due))
            .filter(Column::Id.eq(taken.connection.id.as_str()))
            .filter(Column::RefreshClaim.eq(taken.claim.as_bytes().to_vec()))
            .filter(Column::State.eq("active"));
        update = match refreshed {
            Refreshed::Done(state) => update
                .col_expr(Column::SealedState, Expr::value(state.as_bytes()))
                .col_expr(Column::RefreshedAt, Expr::value(millis))
                .col_expr(Column::RefreshFailure, Expr::value(None::<String>))
                .col_expr(Column::UpdatedAt, Expr::value(millis)),
            Refreshed::NeedsReauthorisation(_) => update
                .col_expr(Column::State, Expr::value("needs_reauthorisation"))
                .col_expr(Column::UpdatedAt, Expr::value(millis)),
            Refreshed::Failed(code) => update.col_expr(Column::RefreshFailure, Expr::value(code.as_str())),
            Refreshed::NotCovered => update,
        };
        let rows = update.exec_with_returning(&transaction).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(None) };
        let connection = Connection::try_from(row)?;
        let (kinds, mut extra): (&[EventKind], _) = match refreshed {
            Refreshed::Done(_) => (&[EventKind::ConnectionUpdated, EventKind::ConnectionDataReady], Extra::default()),
            Refreshed::NotCovered => (&[], Extra::default()),
            Refreshed::NeedsReauthorisation(_) => (&[EventKind::ConnectionNeedsReauthorisation], Extra::default()),
            Refreshed::Failed(code) => {
                (&[EventKind::ConnectionFailed], Extra { failure: Some(*code), ..Extra::default() })
            }
        };
        if let Some((token, secret)) = token {
            reauthorisation_tokens::insert(&transaction, token).await?;
            extra.secret = Some(secret);
        }
        for kind in kinds {
            outbox::connection(&transaction, &connection, *kind, now, extra).await?;
        }
        transaction.commit().await?;
        Ok(Some(connection))
    }
}

/// When the next is due: whether the app wants one is what it says by now.
fn if_scheduled(due: Option<Timestamp>) -> Expr {
    let due = Expr::value(due.map(Timestamp::as_millisecond));
    Expr::case(Column::ScheduleRefresh.eq(true), due).finally(Expr::value(None::<i64>)).into()
}

/// Active, and nobody's to refresh.
fn free(now: Timestamp) -> Expr {
    let is_free = Column::RefreshUntil.is_null().or(Column::RefreshUntil.lte(now.as_millisecond()));
    Column::State.eq("active").and(is_free)
}

/// The update that takes connections which are free.
fn taken(claim: Claim, now: Timestamp) -> UpdateMany<connection::Entity> {
    connection::Entity::update_many()
        .col_expr(Column::RefreshClaim, Expr::value(claim.as_bytes().to_vec()))
        .col_expr(Column::RefreshUntil, Expr::value(after(now, LEASE).as_millisecond()))
        .filter(free(now))
}
