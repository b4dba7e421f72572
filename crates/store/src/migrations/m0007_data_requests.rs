//! Leaves to read connections.

use sea_orm_migration::prelude::*;

use super::columns::{belongs, integer, key, text, text_or_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_data_requests"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(data_requests()).await?;
        let by_age = Index::create().name("data_requests_by_age").table("data_requests").col("created_at").to_owned();
        manager.create_index(by_age).await
    }
}

fn data_requests() -> TableCreateStatement {
    Table::create()
        .table("data_requests")
        .col(key("id"))
        .col(text("app_id"))
        .col(text("connection_id"))
        .col(text_or_null("tag"))
        .col(text_or_null("asked"))
        .col(integer("created_at"))
        .foreign_key(&mut belongs("data_requests", "app_id", "apps", "id"))
        .to_owned()
}
