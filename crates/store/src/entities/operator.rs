//! `operators`.

use banklink_domain::operator::{Email, Operator, OperatorState, PasswordHash};
use banklink_domain::text::OperatorName;
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operators")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub created_at: i64,
    pub removed_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Operator> for Model {
    fn from(operator: &Operator) -> Self {
        Self {
            id: operator.id.to_string(),
            email: operator.email.to_string(),
            name: operator.name.to_string(),
            password_hash: operator.password.as_str().to_owned(),
            created_at: operator.created_at.as_millisecond(),
            removed_at: match operator.state {
                OperatorState::Active => None,
                OperatorState::Removed { at } => Some(at.as_millisecond()),
            },
        }
    }
}

impl TryFrom<Model> for Operator {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("operators");
        Ok(Self {
            id: columns.value("id", row.id.parse())?,
            email: columns.value("email", Email::parse(&row.email))?,
            name: columns.value("name", OperatorName::parse(&row.name))?,
            password: PasswordHash::new(row.password_hash),
            created_at: columns.time("created_at", row.created_at)?,
            state: match columns.optional_time("removed_at", row.removed_at)? {
                None => OperatorState::Active,
                Some(at) => OperatorState::Removed { at },
            },
        })
    }
}
