//! Requests by the key that their caller gave them, and what was answered.

use sea_orm_migration::prelude::*;

use super::columns::{blob, blob_or_null, boolean, integer, text, text_or_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_idempotency"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(requests()).await?;
        let by_expiry = Index::create().name("requests_by_expiry").table("requests").col("expires_at").to_owned();
        manager.create_index(by_expiry).await?;
        let by_claim = Index::create().name("requests_by_claim").table("requests").col("claim").to_owned();
        manager.create_index(by_claim).await?;
        let of_connection =
            Index::create().name("requests_of_connection").table("requests").col("connection_id").to_owned();
        manager.create_index(of_connection).await
    }
}

fn requests() -> TableCreateStatement {
    Table::create()
        .table("requests")
        // The app or the operator.
        .col(text("asker"))
        .col(text("key_hash"))
        // Of what was asked.
        .col(text("hash"))
        // Whose it is to carry it out.
        .col(blob("claim"))
        // Whose data the answer holds, where it holds some: it goes with that.
        .col(text_or_null("connection_id"))
        // None while it is carried out.
        .col(blob_or_null("sealed_answer"))
        // Something was changed by it. Without an answer beside it, that one is lost.
        .col(boolean("is_carried_out"))
        .col(integer("busy_until"))
        .col(integer("expires_at"))
        .primary_key(Index::create().col("asker").col("key_hash"))
        .to_owned()
}
