//! What holds for the whole deployment.

use banklink_domain::{
    activity::{Action, Change},
    sealed::Sealed,
    text::OrganisationName,
};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, sea_query::OnConflict};

use crate::{activities::note, columns::Columns, entities::setting, error::StoreError, store::Store};

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
    /// What the database is used for.
    DatabaseUse,
    /// What only the right key opens.
    SealCanary,
}

/// What a database is used for: decided once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseUse {
    /// Real data.
    Deployment,
    /// Demo data, and credentials that everyone knows.
    Sandbox,
}

impl DatabaseUse {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::Sandbox => "sandbox",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Deployment, Self::Sandbox].into_iter().find(|known| known.as_str() == text)
    }
}

impl SettingName {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::OrganisationName => "organisation_name",
            Self::DirectoryVersion => "directory_version",
            Self::DatabaseUse => "database_use",
            Self::SealCanary => "seal_canary",
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
    pub async fn set_organisation_name(&self, name: &OrganisationName, change: &Change) -> Result<(), StoreError> {
        let transaction = self.store.begin().await?;
        set_name(&transaction, name, change).await?;
        Ok(transaction.commit().await?)
    }

    /// Says what the database is used for, unless that is decided; answers what is decided.
    pub async fn decide_use(&self, proposed: DatabaseUse) -> Result<DatabaseUse, StoreError> {
        let decided = decide(self.store.writer(), SettingName::DatabaseUse, proposed.as_str().to_owned()).await?;
        Columns("settings").present("value", DatabaseUse::parse(&decided))
    }

    /// What the key of this database sealed, once there was a key: one that does not open it is another.
    pub async fn seal_canary(&self) -> Result<Option<Sealed>, StoreError> {
        read(self.store.reader(), SettingName::SealCanary).await?.as_deref().map(sealed).transpose()
    }

    /// Keeps what the key sealed, unless there is something already; answers what is kept.
    pub async fn decide_seal_canary(&self, proposed: &Sealed) -> Result<Sealed, StoreError> {
        let proposed = hex::encode(proposed.as_bytes());
        sealed(&decide(self.store.writer(), SettingName::SealCanary, proposed).await?)
    }
}

/// Says what the organisation is called, if nobody did before.
pub(crate) async fn name_first(
    database: &impl ConnectionTrait,
    name: &OrganisationName,
    change: &Change,
) -> Result<(), StoreError> {
    match read(database, SettingName::OrganisationName).await? {
        Some(_) => Ok(()),
        None => set_name(database, name, change).await,
    }
}

async fn set_name(database: &impl ConnectionTrait, name: &OrganisationName, change: &Change) -> Result<(), StoreError> {
    write(database, SettingName::OrganisationName, name.to_string()).await?;
    note(database, None, change, Action::OrganisationNamed, name.as_str(), "").await
}

fn sealed(text: &str) -> Result<Sealed, StoreError> {
    Columns("settings").value("value", hex::decode(text)).map(Sealed::new)
}

/// The value of a setting, if it was ever set.
pub(crate) async fn read(database: &impl ConnectionTrait, name: SettingName) -> Result<Option<String>, StoreError> {
    let row = setting::Entity::find_by_id(name.as_str().to_owned()).one(database).await?;
    Ok(row.map(|row| row.value))
}

/// Sets a setting that was never set, and gives its value, whoever set it.
async fn decide(database: &impl ConnectionTrait, name: SettingName, proposed: String) -> Result<String, StoreError> {
    let row = setting::Model { name: name.as_str().to_owned(), value: proposed };
    setting::Entity::insert(row.into_active_model())
        .on_conflict_do_nothing_on([setting::Column::Name])
        .exec_without_returning(database)
        .await?;
    Columns("settings").present("value", read(database, name).await?)
}

/// Sets a setting.
pub(crate) async fn write(database: &impl ConnectionTrait, name: SettingName, value: String) -> Result<(), StoreError> {
    let row = setting::Model { name: name.as_str().to_owned(), value };
    let replace = OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(row.into_active_model()).on_conflict(replace).exec_without_returning(database).await?;
    Ok(())
}
