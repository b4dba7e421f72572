//! `logos`.

use banklink_domain::logo::Logo;
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "logos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Logo> for Model {
    fn from(logo: &Logo) -> Self {
        Self { name: logo.name().to_string(), bytes: logo.bytes().to_owned() }
    }
}

impl TryFrom<Model> for Logo {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Columns("logos").value("bytes", Self::read(row.bytes))
    }
}
