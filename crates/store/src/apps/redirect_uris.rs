//! Where apps' people may go.

use banklink_domain::{
    activity::{Action, Change},
    ids::AppId,
    redirect_uri::RedirectUri,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, SqlErr,
    TryInsertResult,
    sea_query::{Expr, Query},
};

use super::{AddEntry, Apps, MAX_ENTRIES, lock};
use crate::{
    activities::note,
    columns::Columns,
    entities::{link, redirect_uri},
    error::StoreError,
};

/// What came of removing a redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RemoveRedirectUri {
    /// It is gone.
    Removed,
    /// The app has no such URI.
    Unknown,
    /// A link leads there: delete the link first.
    InUse,
    /// It is the app's only one: add another first.
    Last,
}

impl Apps<'_> {
    /// Where the app's people may go, in the order in which the URIs were added.
    pub async fn redirect_uris(&self, id: AppId) -> Result<Vec<RedirectUri>, StoreError> {
        let rows = redirect_uri::Entity::find()
            .filter(redirect_uri::Column::AppId.eq(id.to_string()))
            .order_by_asc(redirect_uri::Column::Position)
            .all(self.store.reader())
            .await?;
        let columns = Columns("redirect_uris");
        rows.into_iter().map(|row| columns.value("uri", RedirectUri::parse(&row.uri))).collect()
    }

    /// Adds a redirect URI, unless the app has as many as it may; one that is there already stays where it is.
    pub async fn add_redirect_uri(
        &self,
        id: AppId,
        uri: &RedirectUri,
        change: &Change,
    ) -> Result<AddEntry, StoreError> {
        let transaction = self.store.begin().await?;
        lock(&transaction, id).await?;
        if !insert_redirect_uri(&transaction, id, uri, change.at).await? {
            return Ok(AddEntry::Present);
        }
        if count(&transaction, id).await? > MAX_ENTRIES {
            return Ok(AddEntry::TooMany);
        }
        note(&transaction, id, change, Action::RedirectUriAdded, uri.as_str(), "").await?;
        transaction.commit().await?;
        Ok(AddEntry::Added)
    }

    /// Removes a redirect URI, unless a link leads there or it is the only one.
    pub async fn remove_redirect_uri(
        &self,
        id: AppId,
        uri: &RedirectUri,
        change: &Change,
    ) -> Result<RemoveRedirectUri, StoreError> {
        let transaction = self.store.begin().await?;
        lock(&transaction, id).await?;
        let (app, uri) = (id.to_string(), uri.to_string());
        let used = Query::select()
            .expr(Expr::value(1))
            .from(link::Entity)
            .and_where(link::Column::AppId.eq(app.as_str()))
            .and_where(link::Column::RedirectUri.eq(uri.as_str()))
            .to_owned();
        let deleted = redirect_uri::Entity::delete_many()
            .filter(redirect_uri::Column::AppId.eq(app.as_str()))
            .filter(redirect_uri::Column::Uri.eq(uri.as_str()))
            .filter(Expr::exists(used).not())
            .exec(&transaction)
            .await;
        let deleted = match deleted {
            Ok(deleted) => deleted,
            // A link that was added meanwhile.
            Err(error) if matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) => {
                return Ok(RemoveRedirectUri::InUse);
            }
            Err(error) => return Err(error.into()),
        };
        if deleted.rows_affected > 0 {
            if count(&transaction, id).await? == 0 {
                return Ok(RemoveRedirectUri::Last);
            }
            note(&transaction, id, change, Action::RedirectUriRemoved, uri, "").await?;
            transaction.commit().await?;
            return Ok(RemoveRedirectUri::Removed);
        }
        let still_there = redirect_uri::Entity::find()
            .filter(redirect_uri::Column::AppId.eq(app))
            .filter(redirect_uri::Column::Uri.eq(uri))
            .count(&transaction)
            .await?;
        Ok(if still_there > 0 { RemoveRedirectUri::InUse } else { RemoveRedirectUri::Unknown })
    }
}

async fn count(database: &impl ConnectionTrait, app: AppId) -> Result<u64, StoreError> {
    let own = redirect_uri::Entity::find().filter(redirect_uri::Column::AppId.eq(app.to_string()));
    Ok(own.count(database).await?)
}

pub(super) async fn insert_redirect_uri(
    database: &impl ConnectionTrait,
    app: AppId,
    uri: &RedirectUri,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = redirect_uri::ActiveModel {
        position: NotSet,
        app_id: Set(app.to_string()),
        uri: Set(uri.to_string()),
        created_at: Set(now.as_millisecond()),
    };
    let inserted = redirect_uri::Entity::insert(row)
        .on_conflict_do_nothing_on([redirect_uri::Column::AppId, redirect_uri::Column::Uri])
        .exec_without_returning(database)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}
