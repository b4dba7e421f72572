//! How values stand in columns: times as milliseconds since 1970 in UTC, lists and maps as JSON text.

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::StoreError;

/// Reads the columns of one table; what can't be read names the table.
#[derive(Clone, Copy)]
pub(crate) struct Columns(pub(crate) &'static str);

impl Columns {
    /// The error for a column that holds what it can't.
    pub(crate) fn corrupt(self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: self.0, column }
    }

    /// A value that its own type can read, or not.
    pub(crate) fn value<T, E>(self, column: &'static str, value: Result<T, E>) -> Result<T, StoreError> {
        value.map_err(|_| self.corrupt(column))
    }

    /// A value that must be there in this state of the row.
    pub(crate) fn present<T>(self, column: &'static str, value: Option<T>) -> Result<T, StoreError> {
        value.ok_or_else(|| self.corrupt(column))
    }

    /// A time.
    pub(crate) fn time(self, column: &'static str, millis: i64) -> Result<Timestamp, StoreError> {
        self.value(column, Timestamp::from_millisecond(millis))
    }

    /// A time that may not have come.
    pub(crate) fn optional_time(
        self,
        column: &'static str,
        millis: Option<i64>,
    ) -> Result<Option<Timestamp>, StoreError> {
        millis.map(|millis| self.time(column, millis)).transpose()
    }

    /// A list or map.
    pub(crate) fn json<T: DeserializeOwned>(self, column: &'static str, text: &str) -> Result<T, StoreError> {
        self.value(column, serde_json::from_str(text))
    }

    /// A list or map that may not be there.
    pub(crate) fn optional_json<T: DeserializeOwned>(
        self,
        column: &'static str,
        text: Option<&str>,
    ) -> Result<Option<T>, StoreError> {
        text.map(|text| self.json(column, text)).transpose()
    }
}

/// A list or map as its column holds it.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    Ok(serde_json::to_string(value)?)
}
