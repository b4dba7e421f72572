//! What was changed in apps and in the organisation, and by whom. Each entry is written in the transaction of its change.

use banklink_domain::{
    activity::{Action, Activity, Change},
    ids::AppId,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{cursor::Page, entities::activity, error::StoreError, store::Store};

/// The repository of what was changed.
#[derive(Clone, Copy, Debug)]
pub struct Activities<'store> {
    pub(crate) store: &'store Store,
}

impl Activities<'_> {
    /// What was changed in an app, or everywhere, newest first, at most `limit`, before the entry of number `before`; only
    /// what was done like that, if something is named.
    pub async fn list(
        &self,
        app: Option<AppId>,
        action: Option<Action>,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Page<Activity, i64>, StoreError> {
        let mut select = activity::Entity::find();
        if let Some(app) = app {
            select = select.filter(activity::Column::AppId.eq(app.to_string()));
        }
        if let Some(action) = action {
            select = select.filter(activity::Column::Action.eq(action.as_str()));
        }
        if let Some(before) = before {
            select = select.filter(activity::Column::Number.lt(before));
        }
        let rows = select
            .order_by_desc(activity::Column::Number)
            .limit(limit.saturating_add(1))
            .all(self.store.reader())
            .await?;
        let activities = rows.into_iter().map(Activity::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(activities, limit, |last: &Activity| last.number))
    }
}

/// Writes down what was changed in an app, or in the organisation as a whole.
pub(crate) async fn note(
    database: &impl ConnectionTrait,
    app: impl Into<Option<AppId>>,
    change: &Change,
    action: Action,
    subject: impl Into<String>,
    detail: impl Into<String>,
) -> Result<(), StoreError> {
    let row = activity::ActiveModel {
        number: NotSet,
        app_id: Set(app.into().map(|app| app.to_string())),
        at: Set(change.at.as_millisecond()),
        actor: Set(change.by.to_string()),
        action: Set(action.as_str().to_owned()),
        subject: Set(subject.into()),
        detail: Set(detail.into()),
    };
    activity::Entity::insert(row).exec_without_returning(database).await?;
    Ok(())
}
