//! `link_sessions`.

use banklink_domain::{
    sealed::Sealed,
    session::{End, Outcome, Place},
    token::TokenHash,
};
use banklink_protocol::ids::SessionId;
use sea_orm::entity::prelude::*;

use crate::{
    columns::Columns,
    error::StoreError,
    link_sessions::{OpenedBy, SessionEnd, SessionRow},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub app_id: String,
    pub key_hash: String,
    pub authorize_token_hash: Option<String>,
    pub link_id: Option<String>,
    pub number: i64,
    pub revision: i64,
    pub return_hash: Option<String>,
    pub state: Option<Vec<u8>>,
    pub busy_until: Option<i64>,
    pub created_at: i64,
    pub last_activity_at: i64,
    pub expires_at: i64,
    pub screen: String,
    pub institution_id: Option<String>,
    pub outcome: Option<String>,
    pub outcome_detail: Option<String>,
    pub outcome_at: Option<i64>,
    pub searched: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

const COLUMNS: Columns = Columns("link_sessions");

impl TryFrom<Model> for SessionRow {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            app_id: COLUMNS.value("app_id", row.app_id.parse())?,
            key_hash: COLUMNS.value("key_hash", TokenHash::from_hex(&row.key_hash))?,
            opened_by: opened_by(row.authorize_token_hash.as_deref(), row.link_id.as_deref())?,
            number: COLUMNS.value("number", u32::try_from(row.number))?,
            revision: COLUMNS.value("revision", u32::try_from(row.revision))?,
            busy_until: COLUMNS.optional_time("busy_until", row.busy_until)?,
            created_at: COLUMNS.time("created_at", row.created_at)?,
            last_activity_at: COLUMNS.time("last_activity_at", row.last_activity_at)?,
            expires_at: COLUMNS.time("expires_at", row.expires_at)?,
            place: COLUMNS.present("screen", Place::parse(&row.screen, row.institution_id))?,
            end: end(row.outcome.as_deref(), row.outcome_detail.as_deref(), row.outcome_at)?,
            id: SessionId::new(row.id),
            state: row.state.map(Sealed::new),
            searched: row.searched.map(Sealed::new),
        })
    }
}

fn opened_by(authorize_token: Option<&str>, link: Option<&str>) -> Result<OpenedBy, StoreError> {
    match (authorize_token, link) {
        (Some(hash), None) => {
            Ok(OpenedBy::AuthorizeToken(COLUMNS.value("authorize_token_hash", TokenHash::from_hex(hash))?))
        }
        (None, Some(link)) => Ok(OpenedBy::Link(COLUMNS.value("link_id", link.parse())?)),
        _ => Err(COLUMNS.corrupt("link_id")),
    }
}

fn end(outcome: Option<&str>, detail: Option<&str>, at: Option<i64>) -> Result<Option<SessionEnd>, StoreError> {
    let Some(outcome) = outcome else { return Ok(None) };
    let at = COLUMNS.present("outcome_at", at)?;
    let end = COLUMNS.present("outcome", End::parse(outcome, detail))?;
    Ok(Some(SessionEnd { end, at: COLUMNS.time("outcome_at", at)? }))
}

/// The outcome of this name.
pub(crate) fn parse_outcome(name: &str) -> Result<Outcome, StoreError> {
    COLUMNS.present("outcome", Outcome::parse(name))
}
