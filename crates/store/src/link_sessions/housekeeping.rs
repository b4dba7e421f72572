//! Sessions whose time is up.

use banklink_domain::{
    ids::ClientSecretId,
    session::{Outcome, RETENTION, TOTAL_SECONDS},
    time::before,
};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::{Expr, Query},
};

use super::{LinkSessions, SessionRow};
use crate::{
    entities::{
        authorize_token,
        link_session::{self, parse_outcome},
    },
    error::StoreError,
    webhooks::outbox,
};

impl LinkSessions<'_> {
    /// Ends up to `limit` sessions that are overdue, as of when their time was up, and erases their state. A claim whose
    /// lease ran out is lost.
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
        let transaction = self.store.begin().await?;
        let rows = expired(Expr::col(Column::ExpiresAt))
            .filter(Column::Id.in_subquery(due))
            .exec_with_returning(&transaction)
            .await?;
        let rows = told(&transaction, rows).await?;
        transaction.commit().await?;
        Ok(rows)
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
            .and_where(Column::Outcome.is_in(Outcome::ALL.map(Outcome::as_str)))
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

/// The update that ends sessions which are on their way, as of `at`.
fn expired(at: Expr) -> UpdateMany<link_session::Entity> {
    use link_session::Column;
    link_session::Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(Outcome::Expired.as_str()))
        .col_expr(Column::OutcomeAt, at)
        .col_expr(Column::BusyUntil, Expr::value(None::<i64>))
        .col_expr(Column::State, Expr::value(None::<Vec<u8>>))
        .filter(Column::Outcome.is_null())
}

/// The sessions that just ended, once those who want to hear of it are told.
async fn told(database: &impl ConnectionTrait, rows: Vec<link_session::Model>) -> Result<Vec<SessionRow>, StoreError> {
    // One that can't be read is over all the same.
    let rows: Vec<_> = rows.into_iter().filter_map(|row| SessionRow::try_from(row).ok()).collect();
    let listening = outbox::listening(database, rows.iter().map(|row| row.app_id)).await?;
    for row in rows.iter().filter(|row| listening.contains(&row.app_id)) {
        outbox::session_ended(database, row).await?;
    }
    Ok(rows)
}

/// Ends the sessions that were opened with tokens of a client secret.
pub(crate) async fn end_of_secret(
    database: &impl ConnectionTrait,
    secret: ClientSecretId,
    now: Timestamp,
) -> Result<(), StoreError> {
    use link_session::Column;
    let tokens = Query::select()
        .column(authorize_token::Column::Hash)
        .from(authorize_token::Entity)
        .and_where(authorize_token::Column::ClientSecretId.eq(secret.to_string()))
        // Those of older ones are over anyway.
        .and_where(
            authorize_token::Column::ExpiresAt
                .gt(before(now, SignedDuration::from_secs(TOTAL_SECONDS)).as_millisecond()),
        )
        .to_owned();
    let rows = expired(Expr::value(now.as_millisecond()))
        .col_expr(Column::ExpiresAt, Expr::value(now.as_millisecond()))
        .filter(Column::ExpiresAt.gt(now.as_millisecond()))
        .filter(Column::AuthorizeTokenHash.in_subquery(tokens))
        .exec_with_returning(database)
        .await?;
    told(database, rows).await.map(drop)
}
