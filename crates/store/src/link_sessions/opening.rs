//! Opening sessions, and giving them to tabs.

use banklink_domain::{
    ids::{AppId, LinkId},
    link::LinkState,
    sealed::Sealed,
    session::Place,
    token::TokenHash,
};
use banklink_protocol::ids::SessionId;
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QuerySelect, sea_query::Expr,
};

use super::{LinkSessions, OpenedBy, SessionRow, steps::standing};
use crate::{
    authorize_tokens,
    entities::{link, link_session},
    error::StoreError,
};

/// What a session starts with.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// A new id.
    pub id: SessionId,
    /// For which app: the token or link must be its own.
    pub app_id: AppId,
    /// The hash of the tab's key.
    pub key_hash: TokenHash,
    /// Where it stands, at number 0.
    pub state: Sealed,
    /// Where the person is.
    pub place: Place,
    /// The hash of what the bank's own page sends the person back with, if they go there first.
    pub return_hash: Option<TokenHash>,
    /// When it ends if nothing happens.
    pub expires_at: Timestamp,
}

/// What came of opening a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Open {
    /// It is open.
    Opened(SessionRow),
    /// The token is unknown, another app's, used or expired; the link is unknown, another app's or paused.
    Invalid,
}

/// What came of taking a session over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Adopt {
    /// It is the new tab's.
    Adopted(SessionRow),
    /// The token is unknown, another app's, used or expired.
    Invalid,
    /// A step of it is being carried out, or it stands elsewhere by now, or is over: nothing was written.
    Moving,
}

impl LinkSessions<'_> {
    /// Uses an authorize token up and opens a session with it, both or neither. Of any number of callers, exactly one
    /// opens.
    pub async fn open_with_authorize_token(
        &self,
        new: &NewSession,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Open, StoreError> {
        let transaction = self.store.begin().await?;
        let consumed = authorize_tokens::consume(&transaction, token, Some(new.app_id), &new.id, now).await?;
        if consumed.is_none() {
            transaction.rollback().await?;
            return Ok(Open::Invalid);
        }
        let row = insert(&transaction, new, OpenedBy::AuthorizeToken(*token), now).await?;
        transaction.commit().await?;
        Ok(Open::Opened(row))
    }

    /// Opens a session with a link, if it is active.
    pub async fn open_with_link(&self, new: &NewSession, link: LinkId, now: Timestamp) -> Result<Open, StoreError> {
        let transaction = self.store.begin().await?;
        let active = link::Entity::find_by_id(link.to_string())
            .filter(link::Column::AppId.eq(new.app_id.to_string()))
            .filter(link::Column::State.eq(LinkState::Active.as_str()))
            .lock_shared()
            .one(&transaction)
            .await?;
        if active.is_none() {
            transaction.rollback().await?;
            return Ok(Open::Invalid);
        }
        let row = insert(&transaction, new, OpenedBy::Link(link), now).await?;
        transaction.commit().await?;
        Ok(Open::Opened(row))
    }

    /// Gives a session to a tab with another key. The old one's holder can do nothing more.
    pub async fn hand_over(&self, id: &SessionId, key_hash: &TokenHash) -> Result<(), StoreError> {
        link_session::Entity::update_many()
            .col_expr(link_session::Column::KeyHash, Expr::value(key_hash.to_string()))
            .filter(link_session::Column::Id.eq(id.as_str()))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Uses an authorize token up to go on with a session that stands as in `seen`, in a tab with another key: the old
    /// one's holder can do nothing more. It stays the session of whatever opened it.
    pub async fn adopt(
        &self,
        seen: &SessionRow,
        key_hash: &TokenHash,
        state: &Sealed,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Adopt, StoreError> {
        use link_session::Column;
        let transaction = self.store.begin().await?;
        let consumed = authorize_tokens::consume(&transaction, token, Some(seen.app_id), &seen.id, now).await?;
        if consumed.is_none() {
            transaction.rollback().await?;
            return Ok(Adopt::Invalid);
        }
        let rows = standing(seen, now)
            .col_expr(Column::KeyHash, Expr::value(key_hash.to_string()))
            .col_expr(Column::State, Expr::value(state.as_bytes()))
            .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
            .filter(Column::BusyUntil.is_null().or(Column::BusyUntil.lt(now.as_millisecond())))
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = rows.into_iter().next() else {
            transaction.rollback().await?;
            return Ok(Adopt::Moving);
        };
        transaction.commit().await?;
        Ok(Adopt::Adopted(row.try_into()?))
    }
}

async fn insert(
    database: &impl ConnectionTrait,
    new: &NewSession,
    opened_by: OpenedBy,
    now: Timestamp,
) -> Result<SessionRow, StoreError> {
    let (authorize_token_hash, link_id) = match opened_by {
        OpenedBy::AuthorizeToken(hash) => (Some(hash.to_string()), None),
        OpenedBy::Link(link) => (None, Some(link.to_string())),
    };
    let row = link_session::Model {
        id: new.id.to_string(),
        app_id: new.app_id.to_string(),
        key_hash: new.key_hash.to_string(),
        authorize_token_hash,
        link_id,
        number: 0,
        revision: 0,
        return_hash: new.return_hash.map(|hash| hash.to_string()),
        state: Some(new.state.as_bytes().to_owned()),
        busy_until: None,
        created_at: now.as_millisecond(),
        last_activity_at: now.as_millisecond(),
        expires_at: new.expires_at.as_millisecond(),
        screen: new.place.screen.as_str().to_owned(),
        institution_id: new.place.institution.as_ref().map(ToString::to_string),
        outcome: None,
        outcome_detail: None,
        outcome_at: None,
        searched: None,
    };
    let inserted = link_session::Entity::insert(row.clone().into_active_model()).exec_without_returning(database).await;
    inserted.map_err(|error| StoreError::from_insert(error, "link session"))?;
    row.try_into()
}
