//! `requests`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub asker: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_hash: String,
    pub hash: String,
    pub claim: Vec<u8>,
    pub connection_id: Option<String>,
    pub sealed_answer: Option<Vec<u8>>,
    pub is_carried_out: bool,
    pub busy_until: i64,
    pub expires_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
