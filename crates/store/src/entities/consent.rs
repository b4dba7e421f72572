//! `consents`.

use banklink_domain::consent::{Consent, ConsentState, TextHash};
use banklink_protocol::ids::{ConnectionId, SessionId};
use sea_orm::entity::prelude::*;

use crate::{
    columns::{Columns, to_json},
    error::StoreError,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub app_id: String,
    pub session_id: String,
    pub connection_id: Option<String>,
    pub text_hash: String,
    pub language: String,
    pub scopes: String,
    pub given_at: i64,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&Consent> for Model {
    type Error = StoreError;

    fn try_from(consent: &Consent) -> Result<Self, StoreError> {
        Ok(Self {
            id: consent.id.to_string(),
            app_id: consent.app_id.to_string(),
            session_id: consent.session.to_string(),
            connection_id: consent.connection.as_ref().map(ConnectionId::to_string),
            text_hash: consent.text_hash.to_string(),
            language: consent.language.clone(),
            scopes: to_json(&consent.scopes)?,
            given_at: consent.given_at.as_millisecond(),
            expires_at: consent.expires_at.as_millisecond(),
            revoked_at: match consent.state {
                ConsentState::Given => None,
                ConsentState::Revoked { at } => Some(at.as_millisecond()),
            },
        })
    }
}

impl TryFrom<Model> for Consent {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("consents");
        Ok(Self {
            id: columns.value("id", row.id.parse())?,
            app_id: columns.value("app_id", row.app_id.parse())?,
            session: SessionId::new(row.session_id),
            connection: row.connection_id.map(ConnectionId::new),
            text_hash: columns.value("text_hash", TextHash::from_hex(&row.text_hash))?,
            language: row.language,
            scopes: columns.json("scopes", &row.scopes)?,
            given_at: columns.time("given_at", row.given_at)?,
            expires_at: columns.time("expires_at", row.expires_at)?,
            state: match columns.optional_time("revoked_at", row.revoked_at)? {
                None => ConsentState::Given,
                Some(at) => ConsentState::Revoked { at },
            },
        })
    }
}
