//! Repositories over the database; migrations.
