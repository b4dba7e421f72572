//! `webhook_messages`.

use banklink_domain::{
    sealed::Sealed,
    webhook::{DeliveryState, EventKind, Message},
};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError, webhooks::Delivery};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_messages")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub number: i64,
    pub webhook_id: String,
    pub lane: String,
    pub kind: String,
    pub at: i64,
    pub data: String,
    pub sealed_secret: Option<Vec<u8>>,
    pub state: String,
    pub state_at: i64,
    pub attempts: i64,
    pub claim: Option<Vec<u8>>,
    pub claimed_until: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

const COLUMNS: Columns = Columns("webhook_messages");

impl TryFrom<Model> for Delivery {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let at = COLUMNS.time("state_at", row.state_at)?;
        Ok(Self {
            attempts: COLUMNS.value("attempts", u32::try_from(row.attempts))?,
            state: match row.state.as_str() {
                "pending" => DeliveryState::Pending { next: at },
                "delivered" => DeliveryState::Delivered { at },
                "parked" => DeliveryState::Parked { at },
                _ => return Err(COLUMNS.corrupt("state")),
            },
            message: Message {
                number: row.number,
                webhook: COLUMNS.value("webhook_id", row.webhook_id.parse())?,
                kind: COLUMNS.present("kind", EventKind::parse(&row.kind))?,
                at: COLUMNS.time("at", row.at)?,
                data: row.data,
                secret: row.sealed_secret.map(Sealed::new),
            },
        })
    }
}
