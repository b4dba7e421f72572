//! What can go wrong in the database itself. What a caller can expect to happen is in the result of each method.

use sea_orm::{ConnAcquireErr, DbErr};
use thiserror::Error;

use crate::dialect;

/// The database failed, or holds what it can't.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A file name that SQLite can't be told.
    #[error("the file's name is not valid UTF-8")]
    FileName,
    /// The file is not there and can't be made.
    #[error("the file can't be made")]
    Create(#[source] std::io::Error),
    /// The database can't be opened.
    #[error("it can't be opened")]
    Open(#[source] DbErr),
    /// The file holds another program's tables.
    #[error("it belongs to another program")]
    Foreign,
    /// The tables can't be brought up to date, or are of a newer version than this program.
    #[error("it can't be migrated")]
    Migrate(#[source] DbErr),
    /// Too many statements wait for their turn, or another process holds the database: try again shortly.
    #[error("the database is busy")]
    Busy,
    /// A statement failed.
    #[error("the database failed")]
    Database(#[source] DbErr),
    /// A new row's id, token or name is taken.
    #[error("{entity} exists already")]
    AlreadyExists {
        /// Which kind of entity.
        entity: &'static str,
    },
    /// A row holds a value that this program never writes.
    #[error("{table}.{column} holds a value that can't be read")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// In which column.
        column: &'static str,
    },
    /// A value can't be written as JSON.
    #[error("a value can't be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if matches!(error, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)) || dialect::is_busy(&error) {
            Self::Busy
        } else {
            Self::Database(error)
        }
    }
}

impl StoreError {
    /// An error of an insert, told apart where a unique column already holds the new value.
    pub(crate) fn from_insert(error: DbErr, entity: &'static str) -> Self {
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Self::AlreadyExists { entity },
            _ => error.into(),
        }
    }
}
