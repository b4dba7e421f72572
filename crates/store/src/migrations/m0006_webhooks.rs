//! Webhooks, what they are to be told, and how often that was tried.

use sea_orm_migration::prelude::*;

use super::columns::{belongs, blob, blob_or_null, counter, index, integer, integer_or_null, key, text, text_or_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_webhooks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [webhooks(), messages(), attempts()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn webhooks() -> TableCreateStatement {
    Table::create()
        .table("webhooks")
        .col(key("id"))
        .col(text("app_id"))
        .col(text("url"))
        // None: all there are, and will be.
        .col(text_or_null("events"))
        .col(text("style"))
        .col(text("key_id"))
        .col(blob("sealed_key"))
        .col(text_or_null("previous_key_id"))
        .col(blob_or_null("sealed_previous_key"))
        .col(integer_or_null("previous_until"))
        .col(integer("created_at"))
        .foreign_key(&mut belongs("webhooks", "app_id", "apps", "id"))
        .to_owned()
}

fn messages() -> TableCreateStatement {
    Table::create()
        .table("webhook_messages")
        .col(counter("number"))
        .col(text("webhook_id"))
        // The connection, or the session: what is told about one is told in order.
        .col(text("lane"))
        .col(text("kind"))
        .col(integer("at"))
        .col(text("data"))
        .col(blob_or_null("sealed_secret"))
        .col(text("state"))
        // When it is tried next, or since when it is what it is.
        .col(integer("state_at"))
        .col(integer("attempts"))
        .col(blob_or_null("claim"))
        .col(integer_or_null("claimed_until"))
        .foreign_key(&mut belongs("webhook_messages", "webhook_id", "webhooks", "id"))
        .to_owned()
}

fn attempts() -> TableCreateStatement {
    Table::create()
        .table("webhook_attempts")
        .col(counter("number"))
        .col(integer("message"))
        .col(integer("at"))
        .col(integer("millis"))
        // An answer has a status and a body; silence has a reason.
        .col(integer_or_null("status"))
        .col(text("said"))
        .foreign_key(&mut belongs("webhook_attempts", "message", "webhook_messages", "number"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let pending = || Expr::col("state").eq("pending");
    vec![
        index("webhooks_of_app", "webhooks").col("app_id").to_owned(),
        index("webhook_messages_due", "webhook_messages")
            .col("webhook_id")
            .col("state_at")
            .and_where(pending())
            .to_owned(),
        index("webhook_messages_in_lane", "webhook_messages")
            .col("webhook_id")
            .col("lane")
            .col("number")
            .and_where(pending())
            .to_owned(),
        index("webhook_messages_of_webhook", "webhook_messages").col("webhook_id").col("number").to_owned(),
        index("webhook_messages_by_time", "webhook_messages").col("at").to_owned(),
        index("webhook_attempts_of_message", "webhook_attempts").col("message").to_owned(),
    ]
}
