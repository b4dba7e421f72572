//! What holds for the whole deployment.

use banklink_domain::text::OrganisationName;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, sea_query::OnConflict};

use crate::{columns::Columns, entities::setting, error::StoreError, store::Store};

/// The repository of settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'store> {
    pub(crate) store: &'store Store,
}

/// The settings there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingName {
    /// What the organisation is called.
    OrganisationName,
    /// Counts the changes of the directory of institutions.
    DirectoryVersion,
}

impl SettingName {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::OrganisationName => "organisation_name",
            Self::DirectoryVersion => "directory_version",
        }
    }
}

impl Settings<'_> {
    /// What the organisation that runs this deployment is called, once it said so.
    pub async fn organisation_name(&self) -> Result<Option<OrganisationName>, StoreError> {
        let value = read(self.store.reader(), SettingName::OrganisationName).await?;
        value.map(|name| Columns("settings").value("value", OrganisationName::parse(&name))).transpose()
    }

    /// Says what the organisation is called.
    pub async fn set_organisation_name(&self, name: &OrganisationName) -> Result<(), StoreError> {
        write(self.store.writer(), SettingName::OrganisationName, name.to_string()).await
    }
}

/// The value of a setting, if it was ever set.
pub(crate) async fn read(database: &impl ConnectionTrait, name: SettingName) -> Result<Option<String>, StoreError> {
    let row = setting::Entity::find_by_id(name.as_str().to_owned()).one(database).await?;
    Ok(row.map(|row| row.value))
}

/// Sets a setting.
pub(crate) async fn write(database: &impl ConnectionTrait, name: SettingName, value: String) -> Result<(), StoreError> {
    let row = setting::Model { name: name.as_str().to_owned(), value };
    let replace = OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(row.into_active_model()).on_conflict(replace).exec_without_returning(database).await?;
    Ok(())
}
