//! Access tokens.

use sea_orm_migration::prelude::*;

use super::columns::{belongs, index, integer, key, text, text_or_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_access_tokens"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(access_tokens()).await?;
        for index in [
            index("access_tokens_of_secret", "access_tokens").col("client_secret_id").to_owned(),
            index("access_tokens_by_expiry", "access_tokens").col("expires_at").to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn access_tokens() -> TableCreateStatement {
    Table::create()
        .table("access_tokens")
        .col(key("hash"))
        .col(text("app_id"))
        .col(text("client_secret_id"))
        .col(text("audience"))
        .col(text_or_null("scopes"))
        .col(integer("created_at"))
        .col(integer("expires_at"))
        .foreign_key(&mut belongs("access_tokens", "app_id", "apps", "id"))
        .foreign_key(&mut belongs("access_tokens", "client_secret_id", "client_secrets", "id"))
        .to_owned()
}
