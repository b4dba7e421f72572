//! `reauthorisation_tokens`.

use banklink_domain::{
    reauthorisation::{ReauthorisationPurpose, ReauthorisationToken, ReauthorisationTokenState},
    sealed::Sealed,
    token::TokenHash,
};
use banklink_protocol::ids::{ConnectionId, SessionId};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reauthorisation_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub app_id: String,
    pub connection_id: String,
    pub client_secret_id: Option<String>,
    pub purpose: String,
    pub sealed: Option<Vec<u8>>,
    pub created_at: i64,
    pub expires_at: i64,
    pub used_at: Option<i64>,
    pub session_id: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&ReauthorisationToken> for Model {
    fn from(token: &ReauthorisationToken) -> Self {
        let (sealed, used_at, session_id) = match &token.state {
            ReauthorisationTokenState::Unused { sealed } => {
                (sealed.as_ref().map(|sealed| sealed.as_bytes().to_owned()), None, None)
            }
            ReauthorisationTokenState::Used { at, session } => {
                (None, Some(at.as_millisecond()), Some(session.to_string()))
            }
        };
        Self {
            hash: token.hash.to_string(),
            app_id: token.app_id.to_string(),
            connection_id: token.connection_id.to_string(),
            client_secret_id: token.client_secret.map(|id| id.to_string()),
            purpose: token.purpose.as_str().to_owned(),
            sealed,
            created_at: token.created_at.as_millisecond(),
            expires_at: token.expires_at.as_millisecond(),
            used_at,
            session_id,
        }
    }
}

impl TryFrom<Model> for ReauthorisationToken {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("reauthorisation_tokens");
        Ok(Self {
            hash: columns.value("hash", TokenHash::from_hex(&row.hash))?,
            app_id: columns.value("app_id", row.app_id.parse())?,
            connection_id: ConnectionId::new(row.connection_id),
            client_secret: columns
                .value("client_secret_id", row.client_secret_id.as_deref().map(str::parse).transpose())?,
            purpose: columns.present("purpose", ReauthorisationPurpose::parse(&row.purpose))?,
            created_at: columns.time("created_at", row.created_at)?,
            expires_at: columns.time("expires_at", row.expires_at)?,
            state: match columns.optional_time("used_at", row.used_at)? {
                None => ReauthorisationTokenState::Unused { sealed: row.sealed.map(Sealed::new) },
                Some(at) => {
                    let session = columns.present("session_id", row.session_id)?;
                    ReauthorisationTokenState::Used { at, session: SessionId::new(session) }
                }
            },
        })
    }
}
