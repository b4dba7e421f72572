//! Logos of institutions, by their content: many institutions of one group have the same.

use sea_orm_migration::prelude::*;

use super::columns::{blob, key, text};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_logos"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(logos()).await?;
        manager.create_table(institution_logos()).await
    }
}

fn logos() -> TableCreateStatement {
    Table::create().table("logos").col(key("name")).col(blob("bytes")).to_owned()
}

fn institution_logos() -> TableCreateStatement {
    Table::create()
        .table("institution_logos")
        .col(key("institution_id"))
        .col(text("logo"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_institution_logos_institution")
                .from("institution_logos", "institution_id")
                .to("institutions", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_institution_logos_logo")
                .from("institution_logos", "logo")
                .to("logos", "name"),
        )
        .to_owned()
}
