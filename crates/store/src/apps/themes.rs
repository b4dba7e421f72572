//! Apps' own stylesheets.

use banklink_domain::{
    activity::{Action, Change},
    app::AppTheme,
    hash::ContentHash,
    ids::AppId,
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict};

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

    /// Gives the app a theme in place of the one it has.
    pub async fn set_theme(&self, id: AppId, new: &AppTheme, change: &Change) -> Result<(), StoreError> {
        let transaction = self.store.begin().await?;
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
        theme::Entity::insert(row.into_active_model())
            .on_conflict(replace)
            .exec_without_returning(&transaction)
            .await?;
        note(&transaction, id, change, Action::ThemeSet, new.hash.to_string(), "").await?;
        Ok(transaction.commit().await?)
    }

    /// Restores the default theme; says whether the app had one of its own.
    pub async fn clear_theme(&self, id: AppId, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let deleted = theme::Entity::delete_by_id(id.to_string()).exec(&transaction).await?;
        if deleted.rows_affected == 0 {
            return Ok(false);
        }
        note(&transaction, id, change, Action::ThemeRestored, "", "").await?;
        transaction.commit().await?;
        Ok(true)
    }
}
