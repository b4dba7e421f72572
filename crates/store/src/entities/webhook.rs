//! `webhooks`.

use banklink_domain::{
    sealed::Sealed,
    webhook::{EventKind, SignatureStyle, SigningKey, SigningKeys, Subscription, Webhook, WebhookUrl},
};
use sea_orm::entity::prelude::*;

use crate::{
    columns::{Columns, to_json},
    error::StoreError,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub app_id: String,
    pub url: String,
    pub events: Option<String>,
    pub style: String,
    pub key_id: String,
    pub sealed_key: Vec<u8>,
    pub previous_key_id: Option<String>,
    pub sealed_previous_key: Option<Vec<u8>>,
    pub previous_until: Option<i64>,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

const COLUMNS: Columns = Columns("webhooks");

/// Which events, as the column has it.
pub(crate) fn events_column(events: &Subscription) -> Result<Option<String>, StoreError> {
    match events {
        Subscription::All => Ok(None),
        Subscription::Only(kinds) => to_json(kinds).map(Some),
    }
}

/// Which events a column names. A kind of a newer version is none of ours.
pub(crate) fn events(column: Option<&str>) -> Result<Subscription, StoreError> {
    let Some(names) = column.map(|text| COLUMNS.json::<Vec<String>>("events", text)).transpose()? else {
        return Ok(Subscription::All);
    };
    Ok(Subscription::Only(names.iter().filter_map(|name| EventKind::parse(name)).collect()))
}

impl TryFrom<&Webhook> for Model {
    type Error = StoreError;

    fn try_from(webhook: &Webhook) -> Result<Self, StoreError> {
        let previous = webhook.keys.previous.as_ref();
        Ok(Self {
            id: webhook.id.to_string(),
            app_id: webhook.app_id.to_string(),
            url: webhook.url.as_str().to_owned(),
            events: events_column(&webhook.events)?,
            style: webhook.style.as_str().to_owned(),
            key_id: webhook.keys.current.id.to_string(),
            sealed_key: webhook.keys.current.sealed.as_bytes().to_owned(),
            previous_key_id: previous.map(|(key, _)| key.id.to_string()),
            sealed_previous_key: previous.map(|(key, _)| key.sealed.as_bytes().to_owned()),
            previous_until: previous.map(|(_, until)| until.as_millisecond()),
            created_at: webhook.created_at.as_millisecond(),
        })
    }
}

impl TryFrom<Model> for Webhook {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let key = |column, id: &str, sealed| {
            Ok::<_, StoreError>(SigningKey { id: COLUMNS.value(column, id.parse())?, sealed: Sealed::new(sealed) })
        };
        let previous = match (row.previous_key_id, row.sealed_previous_key, row.previous_until) {
            (Some(id), Some(sealed), Some(until)) => {
                Some((key("previous_key_id", &id, sealed)?, COLUMNS.time("previous_until", until)?))
            }
            _ => None,
        };
        Ok(Self {
            id: COLUMNS.value("id", row.id.parse())?,
            app_id: COLUMNS.value("app_id", row.app_id.parse())?,
            url: COLUMNS.value("url", WebhookUrl::read(&row.url))?,
            events: events(row.events.as_deref())?,
            style: COLUMNS.present("style", SignatureStyle::parse(&row.style))?,
            keys: SigningKeys { current: key("key_id", &row.key_id, row.sealed_key)?, previous },
            created_at: COLUMNS.time("created_at", row.created_at)?,
        })
    }
}
