//! `themes`.

use banklink_domain::{app::AppTheme, hash::ContentHash};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "themes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub app_id: String,
    pub source: String,
    pub css: String,
    pub hash: String,
    pub updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for AppTheme {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let hash = Columns("themes").value("hash", ContentHash::from_hex(&row.hash))?;
        Ok(Self { source: row.source, css: row.css, hash })
    }
}
