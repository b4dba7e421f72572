//! How often somebody may be wrong about a password.
//!
//! An attempt is written down before the password is looked at, and taken back when it was right: of many that are made
//! at once no more are looked at than may be.

use banklink_domain::{hash::ContentHash, time::before};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::Operators;
use crate::{
    entities::sign_in_attempt::{ActiveModel, Column, Entity},
    error::StoreError,
};

/// How long attempts are remembered: longer than any limit looks back.
pub(super) const REMEMBERED: SignedDuration = SignedDuration::from_hours(2);

/// How many attempts may be wrong under one name, and within which time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is counted: all that is kept is its hash.
    pub subject: String,
    /// So many.
    pub most: u64,
    /// Within this time.
    pub within: SignedDuration,
}

/// An attempt that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempted(Vec<i64>);

/// What came of asking to try.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Try {
    /// It may be tried; it counts as wrong unless it is taken back.
    May(Attempted),
    /// There were too many within this time.
    TooOften(SignedDuration),
}

impl Limit {
    fn hash(&self) -> String {
        ContentHash::of(self.subject.as_bytes()).to_string()
    }
}

impl Operators<'_> {
    /// Counts an attempt under all of these names, if every limit allows one more.
    pub async fn may_try(&self, limits: &[Limit], now: Timestamp) -> Result<Try, StoreError> {
        use sea_orm::ActiveValue::{NotSet, Set};
        let transaction = self.store.begin_beside().await?;
        for limit in limits {
            let since = before(now, limit.within).as_millisecond();
            let attempts = Entity::find().filter(Column::Subject.eq(limit.hash())).filter(Column::At.gt(since));
            if attempts.count(&transaction).await? >= limit.most {
                return Ok(Try::TooOften(limit.within));
            }
        }
        let mut numbers = Vec::with_capacity(limits.len());
        for limit in limits {
            let row = ActiveModel { number: NotSet, subject: Set(limit.hash()), at: Set(now.as_millisecond()) };
            numbers.push(Entity::insert(row).exec(&transaction).await?.last_insert_id);
        }
        transaction.commit().await?;
        Ok(Try::May(Attempted(numbers)))
    }

    /// Takes an attempt back: it was right, or nobody looked at it.
    pub async fn take_back(&self, attempted: Attempted) -> Result<(), StoreError> {
        Entity::delete_many().filter(Column::Number.is_in(attempted.0)).exec(self.store.writer()).await?;
        Ok(())
    }

    /// Forgets what was counted under these names: the password was right.
    pub async fn was_right(&self, limits: &[Limit]) -> Result<(), StoreError> {
        let subjects = limits.iter().map(Limit::hash);
        Entity::delete_many().filter(Column::Subject.is_in(subjects)).exec(self.store.writer()).await?;
        Ok(())
    }
}
