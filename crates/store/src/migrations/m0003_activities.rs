//! What was changed in apps and in the organisation, and by whom.

use sea_orm_migration::prelude::*;

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
        .col(ColumnDef::new("number").big_integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new("app_id").text().null())
        .col(ColumnDef::new("at").big_integer().not_null())
        .col(ColumnDef::new("actor").text().not_null())
        .col(ColumnDef::new("action").text().not_null())
        .col(ColumnDef::new("subject").text().not_null())
        .col(ColumnDef::new("detail").text().not_null())
        .foreign_key(
            ForeignKey::create()
                .name("fk_activities_app")
                .from("activities", "app_id")
                .to("apps", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
