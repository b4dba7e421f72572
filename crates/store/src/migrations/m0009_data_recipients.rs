//! What data recipients asked for, and their refresh tokens.

use sea_orm_migration::prelude::*;

use super::columns::{belongs, index, integer, key, text, text_or_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_data_recipients"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("authorize_tokens", "authorization"),
            ("link_codes", "authorization"),
            ("access_tokens", "refresh_token_hash"),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(text_or_null(column)).to_owned()).await?;
        }
        manager.create_table(refresh_tokens()).await?;
        for index in [
            index("refresh_tokens_of_connection", "refresh_tokens").col("connection_id").to_owned(),
            index("refresh_tokens_of_code", "refresh_tokens").col("code_hash").to_owned(),
            index("refresh_tokens_by_expiry", "refresh_tokens").col("expires_at").to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn refresh_tokens() -> TableCreateStatement {
    Table::create()
        .table("refresh_tokens")
        .col(key("hash"))
        .col(text("app_id"))
        .col(text("connection_id"))
        .col(text("code_hash"))
        .col(text("scopes"))
        .col(text_or_null("correlation_id"))
        .col(integer("created_at"))
        .col(integer("expires_at"))
        .foreign_key(&mut belongs("refresh_tokens", "app_id", "apps", "id"))
        .foreign_key(&mut belongs("refresh_tokens", "connection_id", "connections", "id"))
        .to_owned()
}
