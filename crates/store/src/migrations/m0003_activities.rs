//! What was changed in apps and in the organisation, and by whom.

use sea_orm_migration::prelude::*;

use super::columns::{belongs, counter, integer, text, text_or_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_activities"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(activities()).await?;
        let of_app =
            Index::create().name("activities_of_app").table("activities").col("app_id").col("number").to_owned();
        manager.create_index(of_app).await
    }
}

fn activities() -> TableCreateStatement {
    Table::create()
        .table("activities")
        .col(counter("number"))
        // None for what concerns the organisation as a whole.
        .col(text_or_null("app_id"))
        .col(integer("at"))
        .col(text("actor"))
        .col(text("action"))
        .col(text("subject"))
        .col(text("detail"))
        .foreign_key(&mut belongs("activities", "app_id", "apps", "id"))
        .to_owned()
}
