//! The people who sign in to the dashboard.

use sea_orm_migration::prelude::*;

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

fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().to_owned()
}

fn integer(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().to_owned()
}

fn of_operator(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_operator"))
        .from(table, "operator_id")
        .to("operators", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn operators() -> TableCreateStatement {
    Table::create()
        .table("operators")
        .col(text("id").primary_key())
        .col(text("email"))
        .col(text("name"))
        .col(text("password_hash"))
        .col(integer("created_at"))
        .col(ColumnDef::new("removed_at").big_integer().null())
        .to_owned()
}

fn invitations() -> TableCreateStatement {
    Table::create()
        .table("invitations")
        .col(text("id").primary_key())
        .col(text("hash").unique_key())
        // Who is new, or who recovers; neither for the first operator.
        .col(ColumnDef::new("email").text().null())
        .col(ColumnDef::new("operator_id").text().null())
        .col(integer("created_at"))
        .col(integer("expires_at"))
        .foreign_key(&mut of_operator("invitations"))
        .to_owned()
}

fn operator_sessions() -> TableCreateStatement {
    Table::create()
        .table("operator_sessions")
        .col(text("hash").primary_key())
        .col(text("operator_id"))
        .col(integer("created_at"))
        .col(integer("used_at"))
        .foreign_key(&mut of_operator("operator_sessions"))
        .to_owned()
}

/// One row for each attempt that may have failed, under each name that it counts for.
fn sign_in_attempts() -> TableCreateStatement {
    Table::create()
        .table("sign_in_attempts")
        .col(ColumnDef::new("number").big_integer().not_null().auto_increment().primary_key())
        .col(text("subject"))
        .col(integer("at"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &'static str, table: &'static str| Index::create().name(name).table(table).to_owned();
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
