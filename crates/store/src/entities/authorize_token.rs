//! `authorize_tokens`.

use banklink_domain::{
    authorize_token::{AuthorizeToken, AuthorizeTokenState},
    token::TokenHash,
};
use banklink_protocol::ids::SessionId;
use sea_orm::entity::prelude::*;

use crate::{
    columns::{Columns, to_json},
    error::StoreError,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authorize_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub app_id: String,
    pub parameters: String,
    pub reauthorisation_hash: Option<String>,
    pub authorization: Option<String>,
    pub client_secret_id: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
    pub used_at: Option<i64>,
    pub session_id: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&AuthorizeToken> for Model {
    type Error = StoreError;

    fn try_from(token: &AuthorizeToken) -> Result<Self, StoreError> {
        let (used_at, session_id) = match &token.state {
            AuthorizeTokenState::Unused => (None, None),
            AuthorizeTokenState::Used { at, session } => (Some(at.as_millisecond()), Some(session.to_string())),
        };
        Ok(Self {
            hash: token.hash.to_string(),
            app_id: token.app_id.to_string(),
            parameters: to_json(&token.parameters)?,
            reauthorisation_hash: token.reauthorisation.map(|hash| hash.to_string()),
            authorization: token.authorization.as_ref().map(to_json).transpose()?,
            client_secret_id: token.client_secret.map(|id| id.to_string()),
            created_at: token.created_at.as_millisecond(),
            expires_at: token.expires_at.as_millisecond(),
            used_at,
            session_id,
        })
    }
}

impl TryFrom<Model> for AuthorizeToken {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("authorize_tokens");
        Ok(Self {
            hash: columns.value("hash", TokenHash::from_hex(&row.hash))?,
            app_id: columns.value("app_id", row.app_id.parse())?,
            parameters: columns.json("parameters", &row.parameters)?,
            reauthorisation: columns.value(
                "reauthorisation_hash",
                row.reauthorisation_hash.as_deref().map(TokenHash::from_hex).transpose(),
            )?,
            authorization: columns.optional_json("authorization", row.authorization.as_deref())?,
            client_secret: columns
                .value("client_secret_id", row.client_secret_id.as_deref().map(str::parse).transpose())?,
            created_at: columns.time("created_at", row.created_at)?,
            expires_at: columns.time("expires_at", row.expires_at)?,
            state: match columns.optional_time("used_at", row.used_at)? {
                None => AuthorizeTokenState::Unused,
                Some(at) => {
                    let session = columns.present("session_id", row.session_id)?;
                    AuthorizeTokenState::Used { at, session: SessionId::new(session) }
                }
            },
        })
    }
}
