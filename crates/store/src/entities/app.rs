//! `apps`.

use banklink_domain::{
    app::{App, AppMode},
    text::AppName,
    token::TokenHash,
};
use sea_orm::entity::prelude::*;

use crate::{
    columns::{Columns, to_json},
    error::StoreError,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "apps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub mode: String,
    pub client_id: String,
    pub data_key_hash: String,
    pub settings: String,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&App> for Model {
    type Error = StoreError;

    fn try_from(app: &App) -> Result<Self, StoreError> {
        Ok(Self {
            id: app.id.to_string(),
            name: app.name.to_string(),
            mode: app.mode.as_str().to_owned(),
            client_id: app.client_id.to_string(),
            data_key_hash: app.data_key.to_string(),
            settings: to_json(&app.settings)?,
            created_at: app.created_at.as_millisecond(),
        })
    }
}

impl TryFrom<Model> for App {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("apps");
        Ok(Self {
            id: columns.value("id", row.id.parse())?,
            name: columns.value("name", AppName::parse(&row.name))?,
            mode: columns.present("mode", AppMode::parse(&row.mode))?,
            client_id: columns.value("client_id", row.client_id.parse())?,
            data_key: columns.value("data_key_hash", TokenHash::from_hex(&row.data_key_hash))?,
            settings: columns.json("settings", &row.settings)?,
            created_at: columns.time("created_at", row.created_at)?,
        })
    }
}
