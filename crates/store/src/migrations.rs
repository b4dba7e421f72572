//! Changes of the tables, forward only, in the order of their numbers.

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait::async_trait};

mod columns;
mod m0001_foundation;
mod m0002_logos;
mod m0003_activities;
mod m0004_idempotency;
mod m0005_operators;
mod m0006_webhooks;
mod m0007_data_requests;
mod m0008_access_tokens;
mod m0009_data_recipients;

/// All migrations.
pub(crate) struct Migrator;

#[async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_logos::Migration),
            Box::new(m0003_activities::Migration),
            Box::new(m0004_idempotency::Migration),
            Box::new(m0005_operators::Migration),
            Box::new(m0006_webhooks::Migration),
            Box::new(m0007_data_requests::Migration),
            Box::new(m0008_access_tokens::Migration),
            Box::new(m0009_data_recipients::Migration),
        ]
    }
}
