//! Which pages may embed apps' widgets.

use banklink_domain::{
    activity::{Action, Change},
    ids::AppId,
    origin,
};
use banklink_protocol::boot::AllowedOrigin;
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, TryInsertResult,
};

use super::{AddEntry, Apps, MAX_ENTRIES, lock};
use crate::{activities::note, columns::Columns, entities::allowed_origin, error::StoreError};

impl Apps<'_> {
    /// Which pages may embed the app's widget, in the order in which they were added.
    pub async fn origins(&self, id: AppId) -> Result<Vec<AllowedOrigin>, StoreError> {
        let mode = self.get(id).await?.map(|app| app.mode);
        let rows = allowed_origin::Entity::find()
            .filter(allowed_origin::Column::AppId.eq(id.to_string()))
            .order_by_asc(allowed_origin::Column::Position)
            .all(self.store.reader())
            .await?;
        let columns = Columns("allowed_origins");
        let mode = if rows.is_empty() { return Ok(Vec::new()) } else { columns.present("app_id", mode)? };
        rows.into_iter().map(|row| columns.value("origin", origin::parse(&row.origin, mode))).collect()
    }

    /// Adds an origin, unless the app has as many as it may; one that is there already stays where it is.
    pub async fn add_origin(&self, id: AppId, origin: &AllowedOrigin, change: &Change) -> Result<AddEntry, StoreError> {
        let transaction = self.store.begin().await?;
        lock(&transaction, id).await?;
        if !insert_origin(&transaction, id, origin, change.at).await? {
            return Ok(AddEntry::Present);
        }
        let own = allowed_origin::Entity::find().filter(allowed_origin::Column::AppId.eq(id.to_string()));
        if own.count(&transaction).await? > MAX_ENTRIES {
            return Ok(AddEntry::TooMany);
        }
        note(&transaction, id, change, Action::OriginAdded, origin::as_text(origin), "").await?;
        transaction.commit().await?;
        Ok(AddEntry::Added)
    }

    /// Removes an origin; says whether it was there.
    pub async fn remove_origin(&self, id: AppId, origin: &AllowedOrigin, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let deleted = allowed_origin::Entity::delete_many()
            .filter(allowed_origin::Column::AppId.eq(id.to_string()))
            .filter(allowed_origin::Column::Origin.eq(origin::as_text(origin)))
            .exec(&transaction)
            .await?;
        if deleted.rows_affected == 0 {
            return Ok(false);
        }
        note(&transaction, id, change, Action::OriginRemoved, origin::as_text(origin), "").await?;
        transaction.commit().await?;
        Ok(true)
    }
}

pub(super) async fn insert_origin(
    database: &impl ConnectionTrait,
    app: AppId,
    origin: &AllowedOrigin,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = allowed_origin::ActiveModel {
        position: NotSet,
        app_id: Set(app.to_string()),
        origin: Set(origin::as_text(origin).to_owned()),
        created_at: Set(now.as_millisecond()),
    };
    let inserted = allowed_origin::Entity::insert(row)
        .on_conflict_do_nothing_on([allowed_origin::Column::AppId, allowed_origin::Column::Origin])
        .exec_without_returning(database)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}
