//! `invitations`.

use banklink_domain::{
    operator::{Email, Guest, Invitation},
    token::TokenHash,
};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub hash: String,
    pub email: Option<String>,
    pub operator_id: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Invitation> for Model {
    fn from(invitation: &Invitation) -> Self {
        let (email, operator_id) = match &invitation.guest {
            Guest::First => (None, None),
            Guest::New(email) => (Some(email.to_string()), None),
            Guest::Recovering(operator) => (None, Some(operator.to_string())),
        };
        Self {
            id: invitation.id.to_string(),
            hash: invitation.hash.to_string(),
            email,
            operator_id,
            created_at: invitation.created_at.as_millisecond(),
            expires_at: invitation.expires_at.as_millisecond(),
        }
    }
}

impl TryFrom<Model> for Invitation {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("invitations");
        Ok(Self {
            id: columns.value("id", row.id.parse())?,
            hash: columns.value("hash", TokenHash::from_hex(&row.hash))?,
            guest: match (row.email, row.operator_id) {
                (None, None) => Guest::First,
                (Some(email), None) => Guest::New(columns.value("email", Email::parse(&email))?),
                (None, Some(operator)) => Guest::Recovering(columns.value("operator_id", operator.parse())?),
                (Some(_), Some(_)) => return Err(columns.corrupt("operator_id")),
            },
            created_at: columns.time("created_at", row.created_at)?,
            expires_at: columns.time("expires_at", row.expires_at)?,
        })
    }
}
