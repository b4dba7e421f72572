//! Apps' own stylesheets.

use banklink_domain::{
    activity::{Action, Change},
    app::AppTheme,
    hash::ContentHash,
    ids::AppId,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, sea_query::OnConflict,
};

use super::Apps;
use crate::{activities::note, entities::theme, error::StoreError};

impl Apps<'_> {
    /// The app's own theme, if it has one.
    pub async fn theme(&self, id: AppId) -> Result<Option<AppTheme>, StoreError> {
        let row = theme::Entity::find_by_id(id.to_string()).one(self.store.reader()).await?;
        row.map(AppTheme::try_from).transpose()
    }

    /// The stylesheet of this content, whichever app has it.
    pub async fn theme_css(&self, hash: &ContentHash) -> Result<Option<String>, StoreError> {
        let row =
            theme::Entity::find().filter(theme::Column::Hash.eq(hash.to_string())).one(self.store.reader()).await?;
        Ok(row.map(|row| row.css))
    }

    /// Gives the app the theme that `edit` makes of the one it has, if it has one; nothing is the default theme. What
    /// `edit` refuses changes nothing.
    pub async fn change_theme<E>(
        &self,
        id: AppId,
        change: &Change,
        edit: impl FnOnce(Option<AppTheme>) -> Result<Option<AppTheme>, E>,
    ) -> Result<Result<(), E>, StoreError> {
        let transaction = self.store.begin().await?;
        let row = theme::Entity::find_by_id(id.to_string()).lock_exclusive().one(&transaction).await?;
        let before = row.map(AppTheme::try_from).transpose()?;
        let had_one = before.is_some();
        match edit(before) {
            Ok(Some(theme)) => put(&transaction, id, &theme, change).await?,
            Ok(None) if had_one => {
                theme::Entity::delete_by_id(id.to_string()).exec(&transaction).await?;
                note(&transaction, id, change, Action::ThemeRestored, "", "").await?;
            }
            Ok(None) => return Ok(Ok(())),
            Err(refused) => return Ok(Err(refused)),
        }
        Ok(Ok(transaction.commit().await?))
    }
}

async fn put(transaction: &DatabaseTransaction, id: AppId, new: &AppTheme, change: &Change) -> Result<(), StoreError> {
    let row = theme::Model {
        app_id: id.to_string(),
        source: new.source.clone(),
        css: new.css.clone(),
        hash: new.hash.to_string(),
        updated_at: change.at.as_millisecond(),
    };
    let replace = OnConflict::column(theme::Column::AppId)
        .update_columns([theme::Column::Source, theme::Column::Css, theme::Column::Hash, theme::Column::UpdatedAt])
        .to_owned();
    theme::Entity::insert(row.into_active_model()).on_conflict(replace).exec_without_returning(transaction).await?;
    note(transaction, id, change, Action::ThemeSet, new.hash.to_string(), "").await
}
