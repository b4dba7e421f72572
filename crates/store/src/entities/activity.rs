//! `activities`.

use banklink_domain::activity::{Action, Activity, Change};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activities")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub number: i64,
    pub app_id: Option<String>,
    pub at: i64,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Activity {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("activities");
        Ok(Self {
            number: row.number,
            app: columns.value("app_id", row.app_id.as_deref().map(str::parse).transpose())?,
            change: Change { by: columns.value("actor", row.actor.parse())?, at: columns.time("at", row.at)? },
            action: columns.present("action", Action::parse(&row.action))?,
            subject: row.subject,
            detail: row.detail,
        })
    }
}
