//! `links`.

use banklink_domain::{
    link::{Agreement, Link, LinkState, LinkToken},
    redirect_uri::RedirectUri,
    settings::DocumentUrl,
    text::{CustomerName, LinkName},
};
use sea_orm::entity::prelude::*;

use crate::{columns::Columns, error::StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub app_id: String,
    pub token: String,
    pub redirect_uri: String,
    pub name: String,
    pub state: String,
    pub company_name: Option<String>,
    pub terms_url: Option<String>,
    pub privacy_url: Option<String>,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Link> for Model {
    fn from(link: &Link) -> Self {
        Self {
            id: link.id.to_string(),
            app_id: link.app_id.to_string(),
            token: link.token.to_string(),
            redirect_uri: link.redirect_uri.to_string(),
            name: link.name.to_string(),
            state: link.state.as_str().to_owned(),
            company_name: link.agreement.company_name.as_ref().map(CustomerName::to_string),
            terms_url: link.agreement.terms_url.clone().map(String::from),
            privacy_url: link.agreement.privacy_url.clone().map(String::from),
            created_at: link.created_at.as_millisecond(),
        }
    }
}

impl TryFrom<Model> for Link {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let columns = Columns("links");
        Ok(Self {
            id: columns.value("id", row.id.parse())?,
            app_id: columns.value("app_id", row.app_id.parse())?,
            token: LinkToken::new(row.token),
            redirect_uri: columns.value("redirect_uri", RedirectUri::parse(&row.redirect_uri))?,
            name: columns.value("name", LinkName::parse(&row.name))?,
            state: columns.present("state", LinkState::parse(&row.state))?,
            agreement: Agreement {
                company_name: columns
                    .value("company_name", row.company_name.as_deref().map(CustomerName::parse).transpose())?,
                terms_url: columns.value("terms_url", row.terms_url.as_deref().map(DocumentUrl::parse).transpose())?,
                privacy_url: columns
                    .value("privacy_url", row.privacy_url.as_deref().map(DocumentUrl::parse).transpose())?,
            },
            created_at: columns.time("created_at", row.created_at)?,
        })
    }
}
