//! `institutions`.

use banklink_domain::{
    country::Country,
    institution::{Bic, ConnectorKind, Institution, InstitutionName},
};
use banklink_protocol::{ids::InstitutionId, institutions::Health};
use sea_orm::entity::prelude::*;

use crate::{
    columns::{Columns, to_json},
    error::StoreError,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "institutions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub country: String,
    pub bic: Option<String>,
    pub short_name: Option<String>,
    pub aliases: String,
    pub connector: String,
    pub built_in: bool,
    pub health: String,
    pub popularity: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&Institution> for Model {
    type Error = StoreError;

    fn try_from(institution: &Institution) -> Result<Self, StoreError> {
        Ok(Self {
            id: institution.id.to_string(),
            name: institution.name.to_string(),
            country: institution.country.to_string(),
            bic: institution.bic.as_ref().map(|bic| bic.as_str().to_owned()),
            short_name: institution.short_name.as_ref().map(InstitutionName::to_string),
            aliases: to_json(&institution.aliases)?,
            connector: institution.connector.as_str().to_owned(),
            built_in: institution.built_in,
            health: health_column(institution.health).to_owned(),
            popularity: i64::from(institution.popularity),
        })
    }
}

impl TryFrom<Model> for Institution {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("institutions");
        let short_name = row.short_name.as_deref().map(InstitutionName::parse);
        let health = HEALTHS.into_iter().find(|health| health_column(*health) == row.health);
        Ok(Self {
            name: columns.value("name", InstitutionName::parse(&row.name))?,
            country: columns.value("country", Country::parse(&row.country))?,
            bic: columns.value("bic", row.bic.as_deref().map(Bic::parse).transpose())?,
            short_name: columns.value("short_name", short_name.transpose())?,
            aliases: columns.json("aliases", &row.aliases)?,
            connector: columns.present("connector", ConnectorKind::parse(&row.connector))?,
            built_in: row.built_in,
            health: columns.present("health", health)?,
            popularity: columns.value("popularity", u32::try_from(row.popularity))?,
            id: InstitutionId::new(row.id),
        })
    }
}

const HEALTHS: [Health; 4] = [Health::Up, Health::Degraded, Health::Down, Health::Soon];

/// A health as its column holds it.
pub(crate) const fn health_column(health: Health) -> &'static str {
    match health {
        Health::Up => "up",
        Health::Degraded => "degraded",
        Health::Down => "down",
        Health::Soon => "soon",
    }
}
