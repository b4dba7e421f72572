//! `refresh_tokens`.

use banklink_domain::{authorization::DataScopes, refresh_token::RefreshToken, token::TokenHash};
use banklink_protocol::ids::ConnectionId;
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub app_id: String,
    pub connection_id: String,
    pub code_hash: String,
    pub scopes: String,
    pub correlation_id: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&RefreshToken> for Model {
    fn from(token: &RefreshToken) -> Self {
        Self {
            hash: token.hash.to_string(),
            app_id: token.app_id.to_string(),
            connection_id: token.connection_id.to_string(),
            code_hash: token.code.to_string(),
            scopes: token.scopes.to_string(),
            correlation_id: token.correlation_id.clone(),
            created_at: token.created_at.as_millisecond(),
            expires_at: token.expires_at.as_millisecond(),
        }
    }
}

impl TryFrom<Model> for RefreshToken {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("refresh_tokens");
        Ok(Self {
            hash: columns.value("hash", TokenHash::from_hex(&row.hash))?,
            app_id: columns.value("app_id", row.app_id.parse())?,
            connection_id: ConnectionId::new(row.connection_id),
            code: columns.value("code_hash", TokenHash::from_hex(&row.code_hash))?,
            scopes: columns.value("scopes", DataScopes::parse(&row.scopes))?,
            correlation_id: row.correlation_id,
            created_at: columns.time("created_at", row.created_at)?,
            expires_at: columns.time("expires_at", row.expires_at)?,
        })
    }
}
