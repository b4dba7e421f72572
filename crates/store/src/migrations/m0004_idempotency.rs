//! Requests by the key that their caller gave them, and what was answered.

use sea_orm_migration::prelude::*;

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
        .col(ColumnDef::new("asker").text().not_null())
        .col(ColumnDef::new("key_hash").text().not_null())
        // Of what was asked.
        .col(ColumnDef::new("hash").text().not_null())
        // Whose it is to carry it out.
        .col(ColumnDef::new("claim").blob().not_null())
        // Whose data the answer holds, where it holds some: it goes with that.
        .col(ColumnDef::new("connection_id").text().null())
        // None while it is carried out.
        .col(ColumnDef::new("sealed_answer").blob().null())
        .col(ColumnDef::new("busy_until").big_integer().not_null())
        .col(ColumnDef::new("expires_at").big_integer().not_null())
        .primary_key(Index::create().col("asker").col("key_hash"))
        .to_owned()
}
