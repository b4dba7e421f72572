//! The database, and the way to every repository.

use std::path::Path;

use sea_orm::{DatabaseConnection, DatabaseTransaction};
use sea_orm_migration::MigratorTrait;

use crate::{
    access_tokens::AccessTokens,
    activities::Activities,
    apps::Apps,
    authorize_tokens::AuthorizeTokens,
    connections::Connections,
    consents::Consents,
    data_requests::DataRequests,
    dialect,
    error::StoreError,
    institutions::Institutions,
    link_codes::LinkCodes,
    link_sessions::LinkSessions,
    links::Links,
    logos::Logos,
    migrations::Migrator,
    operators::Operators,
    reauthorisation_tokens::ReauthorisationTokens,
    refresh_tokens::RefreshTokens,
    requests::{self, Requests},
    settings::Settings,
    webhooks::Webhooks,
};

/// The database. Cloning it is cheap and gives the same one.
#[derive(Clone, Debug)]
pub struct Store {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

/// What has to survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Whatever was acknowledged, even where the power fails.
    Durable,
    /// Whatever was acknowledged, as long as the machine runs: for a sandbox that is thrown away.
    Ephemeral,
}

impl Store {
    /// Opens the database in `file`, creates it for this user alone if it is not there, and brings its tables up to
    /// date. Other processes may have it open too. The file of another program is refused as it is.
    pub async fn open(file: impl AsRef<Path>, durability: Durability) -> Result<Self, StoreError> {
        let file = dialect::file(file.as_ref())?;
        let writer = dialect::connect_writer(&file, durability).await?;
        migrate(&writer).await?;
        let reader = dialect::connect_reader(&file).await?;
        Ok(Self { writer, reader })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.reader.ping().await?)
    }

    /// Copies the database to a file that is not there yet, whole and as of one moment, for this user alone. Others can
    /// go on writing, in this process or another.
    pub async fn backup(&self, to: impl AsRef<Path>) -> Result<(), StoreError> {
        dialect::backup(&self.writer, to.as_ref()).await
    }

    /// Closes the database once what is under way is done. Any later use fails.
    pub async fn close(&self) -> Result<(), StoreError> {
        // The reader first: the last connection to close tidies the write-ahead log up, and must be able to write.
        self.reader.close_by_ref().await?;
        self.writer.close_by_ref().await?;
        Ok(())
    }

    /// Apps with their secrets, redirect URIs, origins and themes.
    pub fn apps(&self) -> Apps<'_> {
        Apps { store: self }
    }

    /// What apps show to vendors' APIs.
    pub fn access_tokens(&self) -> AccessTokens<'_> {
        AccessTokens { store: self }
    }

    /// What was changed in apps.
    pub fn activities(&self) -> Activities<'_> {
        Activities { store: self }
    }

    /// Who signs in.
    pub fn operators(&self) -> Operators<'_> {
        Operators { store: self }
    }

    /// Links.
    pub fn links(&self) -> Links<'_> {
        Links { store: self }
    }

    /// Authorize tokens.
    pub fn authorize_tokens(&self) -> AuthorizeTokens<'_> {
        AuthorizeTokens { store: self }
    }

    /// Re-authorisation tokens.
    pub fn reauthorisation_tokens(&self) -> ReauthorisationTokens<'_> {
        ReauthorisationTokens { store: self }
    }

    /// Data recipients' lasting leaves to read.
    pub fn refresh_tokens(&self) -> RefreshTokens<'_> {
        RefreshTokens { store: self }
    }

    /// Link sessions.
    pub fn sessions(&self) -> LinkSessions<'_> {
        LinkSessions { store: self }
    }

    /// Connections.
    pub fn connections(&self) -> Connections<'_> {
        Connections { store: self }
    }

    /// Consents.
    pub fn consents(&self) -> Consents<'_> {
        Consents { store: self }
    }

    /// Leaves to read connections.
    pub fn data_requests(&self) -> DataRequests<'_> {
        DataRequests { store: self }
    }

    /// Link codes.
    pub fn link_codes(&self) -> LinkCodes<'_> {
        LinkCodes { store: self }
    }

    /// Institutions.
    pub fn institutions(&self) -> Institutions<'_> {
        Institutions { store: self }
    }

    /// Logos of institutions.
    pub fn logos(&self) -> Logos<'_> {
        Logos { store: self }
    }

    /// Requests by the key that their caller gave them.
    pub fn requests(&self) -> Requests<'_> {
        Requests { store: self }
    }

    /// Webhooks, and what they are told.
    pub fn webhooks(&self) -> Webhooks<'_> {
        Webhooks { store: self }
    }

    /// What holds for the whole deployment.
    pub fn settings(&self) -> Settings<'_> {
        Settings { store: self }
    }

    /// For statements that only read.
    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For a single statement that writes.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// For several statements that are done all or not at all. Dropped without a commit, it is rolled back.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let transaction = self.begin_beside().await?;
        requests::carry_out(&transaction).await?;
        Ok(transaction)
    }

    /// The same, for what a request does beside what it asks for: it is not carried out by that.
    pub(crate) async fn begin_beside(&self) -> Result<DatabaseTransaction, StoreError> {
        Ok(dialect::begin_write(&self.writer).await?)
    }
}

/// Brings the tables up to date in one transaction, so that of several processes that start at once one does it and
/// the others find it done.
async fn migrate(writer: &DatabaseConnection) -> Result<(), StoreError> {
    let transaction = dialect::begin_write(writer).await.map_err(StoreError::Migrate)?;
    dialect::mark_as_own(&transaction).await.map_err(StoreError::Migrate)?;
    Migrator::up(&transaction, None).await.map_err(StoreError::Migrate)?;
    transaction.commit().await.map_err(StoreError::Migrate)
}
