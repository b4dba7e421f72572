//! `client_secrets`.

use banklink_domain::{
    app::{ClientSecret, ClientSecretState},
    token::TokenHash,
};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "client_secrets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub app_id: String,
    pub hash: String,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&ClientSecret> for Model {
    fn from(secret: &ClientSecret) -> Self {
        Self {
            id: secret.id.to_string(),
            app_id: secret.app_id.to_string(),
            hash: secret.hash.to_string(),
            created_at: secret.created_at.as_millisecond(),
            revoked_at: match secret.state {
                ClientSecretState::Live => None,
                ClientSecretState::Revoked { at } => Some(at.as_millisecond()),
            },
        }
    }
}

impl TryFrom<Model> for ClientSecret {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("client_secrets");
        Ok(Self {
            id: columns.value("id", row.id.parse())?,
            app_id: columns.value("app_id", row.app_id.parse())?,
            hash: columns.value("hash", TokenHash::from_hex(&row.hash))?,
            created_at: columns.time("created_at", row.created_at)?,
            state: match columns.optional_time("revoked_at", row.revoked_at)? {
                None => ClientSecretState::Live,
                Some(at) => ClientSecretState::Revoked { at },
            },
        })
    }
}
