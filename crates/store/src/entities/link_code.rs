//! `link_codes`.

use banklink_domain::{
    link_code::{LinkCode, LinkCodeState},
    sealed::Sealed,
    token::TokenHash,
};
use banklink_protocol::ids::ConnectionId;
use sea_orm::entity::prelude::*;

use crate::{
    columns::{Columns, to_json},
    error::StoreError,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub app_id: String,
    pub link_id: Option<String>,
    pub connection_id: String,
    pub extra: String,
    pub authorization: Option<String>,
    pub sealed: Option<Vec<u8>>,
    pub created_at: i64,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&LinkCode> for Model {
    type Error = StoreError;

    fn try_from(code: &LinkCode) -> Result<Self, StoreError> {
        let (sealed, used_at) = match &code.state {
            LinkCodeState::Unused { sealed } => (Some(sealed.as_bytes().to_owned()), None),
            LinkCodeState::Used { at } => (None, Some(at.as_millisecond())),
        };
        Ok(Self {
            hash: code.hash.to_string(),
            app_id: code.app_id.to_string(),
            link_id: code.link_id.map(|id| id.to_string()),
            connection_id: code.connection_id.to_string(),
            extra: to_json(&code.extra)?,
            authorization: code.authorization.as_ref().map(to_json).transpose()?,
            sealed,
            created_at: code.created_at.as_millisecond(),
            expires_at: code.expires_at.as_millisecond(),
            used_at,
        })
    }
}

impl TryFrom<Model> for LinkCode {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("link_codes");
        let link_id = row.link_id.as_deref().map(str::parse);
        Ok(Self {
            hash: columns.value("hash", TokenHash::from_hex(&row.hash))?,
            app_id: columns.value("app_id", row.app_id.parse())?,
            link_id: columns.value("link_id", link_id.transpose())?,
            connection_id: ConnectionId::new(row.connection_id),
            extra: columns.json("extra", &row.extra)?,
            authorization: columns.optional_json("authorization", row.authorization.as_deref())?,
            created_at: columns.time("created_at", row.created_at)?,
            expires_at: columns.time("expires_at", row.expires_at)?,
            state: match columns.optional_time("used_at", row.used_at)? {
                Some(at) => LinkCodeState::Used { at },
                None => LinkCodeState::Unused { sealed: Sealed::new(columns.present("sealed", row.sealed)?) },
            },
        })
    }
}
