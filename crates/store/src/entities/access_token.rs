//! `access_tokens`.

use banklink_domain::{
    access_token::{AccessToken, Grant},
    token::TokenHash,
};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub app_id: String,
    pub client_secret_id: String,
    pub audience: String,
    pub scopes: Option<String>,
    pub refresh_token_hash: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&AccessToken> for Model {
    fn from(token: &AccessToken) -> Self {
        Self {
            hash: token.hash.to_string(),
            app_id: token.app_id.to_string(),
            client_secret_id: token.client_secret.to_string(),
            audience: token.grant.audience().as_str().to_owned(),
            scopes: token.grant.scopes(),
            refresh_token_hash: token.grant.refresh_token().map(|hash| hash.to_string()),
            created_at: token.created_at.as_millisecond(),
            expires_at: token.expires_at.as_millisecond(),
        }
    }
}

impl TryFrom<Model> for AccessToken {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("access_tokens");
        let refresh_token = row.refresh_token_hash.as_deref().map(TokenHash::from_hex).transpose();
        let refresh_token = columns.value("refresh_token_hash", refresh_token)?;
        Ok(Self {
            hash: columns.value("hash", TokenHash::from_hex(&row.hash))?,
            app_id: columns.value("app_id", row.app_id.parse())?,
            client_secret: columns.value("client_secret_id", row.client_secret_id.parse())?,
            grant: columns.present("audience", Grant::parse(&row.audience, row.scopes.as_deref(), refresh_token))?,
            created_at: columns.time("created_at", row.created_at)?,
            expires_at: columns.time("expires_at", row.expires_at)?,
        })
    }
}
