//! `data_requests`.

use banklink_domain::{data_request::DataRequest, text::Tag};
use banklink_protocol::ids::{ConnectionId, SessionId};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub app_id: String,
    pub connection_id: String,
    pub tag: Option<String>,
    pub asked: Option<String>,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&DataRequest> for Model {
    fn from(request: &DataRequest) -> Self {
        Self {
            id: request.id.to_string(),
            app_id: request.app_id.to_string(),
            connection_id: request.connection_id.to_string(),
            tag: request.tag.as_ref().map(Tag::to_string),
            asked: request.asked.clone(),
            created_at: request.created_at.as_millisecond(),
        }
    }
}

impl TryFrom<Model> for DataRequest {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("data_requests");
        Ok(Self {
            id: SessionId::new(row.id),
            app_id: columns.value("app_id", row.app_id.parse())?,
            connection_id: ConnectionId::new(row.connection_id),
            tag: columns.value("tag", row.tag.as_deref().map(Tag::parse).transpose())?,
            asked: row.asked,
            created_at: columns.time("created_at", row.created_at)?,
        })
    }
}
