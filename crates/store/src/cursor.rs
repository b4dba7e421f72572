//! Long lists, a page at a time: each page says where the next begins, so that rows which come or go meanwhile make none
//! of the others appear twice or not at all.

use core::{fmt, str::FromStr};

use jiff::Timestamp;
use sea_orm::{ColumnTrait, Condition, ExprTrait};
use thiserror::Error;

/// Some of a list, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C = Cursor> {
    /// In the list's order.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// The first `limit` of `items`, which holds one more where the list goes on.
    pub(crate) fn of(mut items: Vec<T>, limit: u64, cursor: impl FnOnce(&T) -> C) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

/// From which end a list is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The oldest first.
    #[default]
    Oldest,
    /// The newest first.
    Newest,
}

impl Order {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Oldest, Self::Newest];

    /// As callers say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oldest => "oldest",
            Self::Newest => "newest",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.as_str() == name)
    }

    /// For the database.
    pub(crate) fn of_rows(self) -> sea_orm::Order {
        match self {
            Self::Oldest => sea_orm::Order::Asc,
            Self::Newest => sea_orm::Order::Desc,
        }
    }
}

/// A place in a list: just after the row it was made from, even if that is gone by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    created_at: Timestamp,
    key: String,
}

/// The text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a cursor of a list")]
pub struct InvalidCursor;

impl Cursor {
    pub(crate) const fn new(created_at: Timestamp, key: String) -> Self {
        Self { created_at, key }
    }

    /// The rows after the place, in the order of these columns.
    pub(crate) fn beyond(&self, created_at: impl ColumnTrait, key: impl ColumnTrait) -> Condition {
        self.beyond_in(Order::Oldest, created_at, key)
    }

    /// The same, read from this end.
    pub(crate) fn beyond_in(&self, order: Order, created_at: impl ColumnTrait, key: impl ColumnTrait) -> Condition {
        let (millis, place) = (self.created_at.as_millisecond(), self.key.as_str());
        let (later, same) = match order {
            Order::Oldest => (created_at.gt(millis), key.gt(place)),
            Order::Newest => (created_at.lt(millis), key.lt(place)),
        };
        Condition::any().add(later).add(created_at.eq(millis).and(same))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.created_at.as_millisecond(), self.key)
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (millis, key) = text.split_once('.').ok_or(InvalidCursor)?;
        let millis = millis.parse().map_err(|_| InvalidCursor)?;
        let created_at = Timestamp::from_millisecond(millis).map_err(|_| InvalidCursor)?;
        Ok(Self { created_at, key: key.to_owned() })
    }
}
