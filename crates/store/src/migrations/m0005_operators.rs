//! The people who sign in to the dashboard.

use sea_orm_migration::prelude::*;

use super::columns::{belongs, counter, index, integer, integer_or_null, key, text, text_or_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_operators"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [operators(), invitations(), operator_sessions(), sign_in_attempts()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn operators() -> TableCreateStatement {
    Table::create()
        .table("operators")
        .col(key("id"))
        .col(text("email"))
        .col(text("name"))
        .col(text("password_hash"))
        .col(integer("created_at"))
        .col(integer_or_null("removed_at"))
        .to_owned()
}

fn invitations() -> TableCreateStatement {
    Table::create()
        .table("invitations")
        .col(key("id"))
        .col(text("hash").unique_key())
        // Who is new, or who recovers; neither for the first operator.
        .col(text_or_null("email"))
        .col(text_or_null("operator_id"))
        .col(integer("created_at"))
        .col(integer("expires_at"))
        .foreign_key(&mut belongs("invitations", "operator_id", "operators", "id"))
        .to_owned()
}

fn operator_sessions() -> TableCreateStatement {
    Table::create()
        .table("operator_sessions")
        .col(key("hash"))
        .col(text("operator_id"))
        .col(integer("created_at"))
        .col(integer("used_at"))
        .foreign_key(&mut belongs("operator_sessions", "operator_id", "operators", "id"))
        .to_owned()
}

/// One row for each attempt that may have failed, under each name that it counts for.
fn sign_in_attempts() -> TableCreateStatement {
    Table::create().table("sign_in_attempts").col(counter("number")).col(text("subject")).col(integer("at")).to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        // Who was removed can be invited again.
        index("operators_by_email", "operators")
            .unique()
            .col("email")
            .and_where(Expr::col("removed_at").is_null())
            .to_owned(),
        index("invitations_of_operator", "invitations").col("operator_id").to_owned(),
        index("operator_sessions_of_operator", "operator_sessions").col("operator_id").to_owned(),
        index("operator_sessions_by_use", "operator_sessions").col("used_at").to_owned(),
        index("sign_in_attempts_of_subject", "sign_in_attempts").col("subject").col("at").to_owned(),
        index("sign_in_attempts_by_time", "sign_in_attempts").col("at").to_owned(),
    ]
}
