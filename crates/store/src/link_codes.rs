//! Link codes.

use std::collections::HashMap;

use banklink_domain::{
    ids::{AppId, LinkId},
    link_code::LinkCode,
    time::before,
    token::TokenHash,
};
use banklink_protocol::ids::ConnectionId;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{
    columns::Columns,
    cursor::{Cursor, Page},
    entities::link_code,
    error::StoreError,
    store::Store,
};

/// The repository of link codes.
#[derive(Clone, Copy, Debug)]
pub struct LinkCodes<'store> {
    pub(crate) store: &'store Store,
}

/// What came of exchanging a link code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Exchange {
    /// It is this caller's, and used up.
    Exchanged(LinkCode),
    /// It is unknown, another app's, used, or expired.
    Invalid,
}

/// How long after its end a code is kept, to look into what became of it.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 30);

impl LinkCodes<'_> {
    /// The code of this hash, whether unused, used or expired.
    pub async fn find(&self, hash: &TokenHash) -> Result<Option<LinkCode>, StoreError> {
        let row = link_code::Entity::find_by_id(hash.to_string()).one(self.store.reader()).await?;
        row.map(LinkCode::try_from).transpose()
    }

    /// Uses a code up. Of any number of callers, in any number of processes, exactly one is told that it did.
    pub async fn exchange(&self, hash: &TokenHash, app: AppId, now: Timestamp) -> Result<Exchange, StoreError> {
        let transaction = self.store.begin().await?;
        let Some(code) = exchange(&transaction, hash, app, now).await? else { return Ok(Exchange::Invalid) };
        transaction.commit().await?;
        Ok(Exchange::Exchanged(code))
    }

    /// The app's codes that can be exchanged now, of one link or of all, oldest first, at most `limit`, after `after`.
    pub async fn unused(
        &self,
        app: AppId,
        link: Option<LinkId>,
        after: Option<&Cursor>,
        limit: u64,
        now: Timestamp,
    ) -> Result<Page<LinkCode>, StoreError> {
        let mut select =
            link_code::Entity::find().filter(link_code::Column::AppId.eq(app.to_string())).filter(unused_at(now));
        if let Some(link) = link {
            select = select.filter(link_code::Column::LinkId.eq(link.to_string()));
        }
        if let Some(cursor) = after {
            select = select.filter(cursor.beyond(link_code::Column::CreatedAt, link_code::Column::Hash));
        }
        // One more than asked for tells whether there is another page.
        let rows = select
            .order_by_asc(link_code::Column::CreatedAt)
            .order_by_asc(link_code::Column::Hash)
            .limit(limit.saturating_add(1))
            .all(self.store.reader())
            .await?;
        let codes = rows.into_iter().map(LinkCode::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(codes, limit, |last| Cursor::new(last.created_at, last.hash.to_string())))
    }

    /// How many of the app's codes can be exchanged now, by the link that led to them.
    pub async fn unused_by_link(&self, app: AppId, now: Timestamp) -> Result<HashMap<LinkId, u64>, StoreError> {
        use link_code::Column;
        let counts: Vec<(String, i64)> = link_code::Entity::find()
            .filter(Column::AppId.eq(app.to_string()))
            .filter(Column::LinkId.is_not_null())
            .filter(unused_at(now))
            .select_only()
            .column(Column::LinkId)
            .column_as(Column::Hash.count(), "codes")
            .group_by(Column::LinkId)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        let read = |(link, codes): (String, i64)| {
            let link = Columns("link_codes").value("link_id", link.parse())?;
            Ok((link, u64::try_from(codes).unwrap_or(0)))
        };
        counts.into_iter().map(read).collect()
    }

    /// Forgets codes that expired 30 days ago; says how many.
    pub async fn forget_old(&self, now: Timestamp) -> Result<u64, StoreError> {
        let deleted = link_code::Entity::delete_many()
            .filter(link_code::Column::ExpiresAt.lt(before(now, RETENTION).as_millisecond()))
            .exec(self.store.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

/// Uses a code up, unless it is unknown, another app's, used, or expired.
pub(crate) async fn exchange(
    database: &impl ConnectionTrait,
    hash: &TokenHash,
    app: AppId,
    now: Timestamp,
) -> Result<Option<LinkCode>, StoreError> {
    let rows = link_code::Entity::update_many()
        .col_expr(link_code::Column::UsedAt, Expr::value(now.as_millisecond()))
        .col_expr(link_code::Column::Sealed, Expr::value(None::<Vec<u8>>))
        .filter(link_code::Column::Hash.eq(hash.to_string()))
        .filter(link_code::Column::AppId.eq(app.to_string()))
        .filter(link_code::Column::UsedAt.is_null())
        .filter(link_code::Column::ExpiresAt.gt(now.as_millisecond()))
        .exec_with_returning(database)
        .await?;
    rows.into_iter().next().map(LinkCode::try_from).transpose()
}

/// Those that an app can look for and exchange. Authorization codes are only for whom the person brought them to.
pub(crate) fn unused_at(now: Timestamp) -> Expr {
    let is_usable = link_code::Column::UsedAt.is_null().and(link_code::Column::ExpiresAt.gt(now.as_millisecond()));
    is_usable.and(link_code::Column::Authorization.is_null())
}

/// Adds a code.
pub(crate) async fn insert(database: &impl ConnectionTrait, code: &LinkCode) -> Result<(), StoreError> {
    let row = link_code::Model::try_from(code)?.into_active_model();
    let inserted = link_code::Entity::insert(row).exec_without_returning(database).await;
    inserted.map(drop).map_err(|error| StoreError::from_insert(error, "link code"))
}

/// Drops the codes of a connection that nobody exchanged: there is nothing left to exchange them for.
pub(crate) async fn drop_unused(database: &impl ConnectionTrait, connection: &ConnectionId) -> Result<(), StoreError> {
    link_code::Entity::delete_many()
        .filter(link_code::Column::ConnectionId.eq(connection.as_str()))
        .filter(link_code::Column::UsedAt.is_null())
        .exec(database)
        .await?;
    Ok(())
}
