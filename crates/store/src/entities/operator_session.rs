//! `operator_sessions`.

use banklink_domain::{operator::OperatorSession, token::TokenHash};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operator_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub operator_id: String,
    pub created_at: i64,
    pub used_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&OperatorSession> for Model {
    fn from(session: &OperatorSession) -> Self {
        Self {
            hash: session.hash.to_string(),
            operator_id: session.operator.to_string(),
            created_at: session.created_at.as_millisecond(),
            used_at: session.used_at.as_millisecond(),
        }
    }
}

impl TryFrom<Model> for OperatorSession {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("operator_sessions");
        Ok(Self {
            hash: columns.value("hash", TokenHash::from_hex(&row.hash))?,
            operator: columns.value("operator_id", row.operator_id.parse())?,
            created_at: columns.time("created_at", row.created_at)?,
            used_at: columns.time("used_at", row.used_at)?,
        })
    }
}
