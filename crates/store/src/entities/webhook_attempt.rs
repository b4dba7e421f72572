//! `webhook_attempts`.

use banklink_domain::webhook::{Reply, Silence};
use jiff::SignedDuration;
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError, webhooks::Attempt};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_attempts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub number: i64,
    pub message: i64,
    pub at: i64,
    pub millis: i64,
    pub status: Option<i64>,
    pub said: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Attempt {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("webhook_attempts");
        Ok(Self {
            at: columns.time("at", row.at)?,
            took: SignedDuration::from_millis(row.millis),
            reply: match row.status {
                Some(status) => {
                    Reply::Answered { status: columns.value("status", u16::try_from(status))?, body: row.said }
                }
                None => Reply::Silent(columns.present("said", Silence::parse(&row.said))?),
            },
        })
    }
}
