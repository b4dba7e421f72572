//! Link sessions: who may take the next step, and what is written when it is done.
//!
//! What a session's state means is the server's; here it is sealed bytes with a number. A step goes like this: the
//! server *claims* the session at the number that the person answers, does the work, and *advances* or *finishes*
//! with the claim. The claim is a lease: a server that dies in between delays the session, and one that comes back
//! late finds its claim lost and writes nothing.
//!
//! [`opening`] makes sessions and gives them to tabs, [`steps`] claims and moves them, [`ends`] ends them with what they
//! leave behind, [`housekeeping`] ends, erases and forgets those whose time is up.

use banklink_domain::{
    ids::{AppId, LinkId},
    sealed::Sealed,
    session::{End, Place},
    token::TokenHash,
};
use banklink_protocol::ids::SessionId;
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    cursor::{Cursor, Page},
    entities::link_session,
    error::StoreError,
    store::Store,
};

pub use ends::{ConnectionChange, Effects, Finish};
pub(crate) use housekeeping::end_of_secret;
pub use opening::{Adopt, NewSession, Open};
pub use steps::{Advance, At, Claim, ClaimedSession, Move};

mod ends;
mod housekeeping;
mod opening;
mod steps;

/// The repository of link sessions.
#[derive(Clone, Copy, Debug)]
pub struct LinkSessions<'store> {
    pub(crate) store: &'store Store,
}

/// A link session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Public; Flinks calls it `RequestId`.
    pub id: SessionId,
    /// For which app.
    pub app_id: AppId,
    /// The hash of the tab's key.
    pub key_hash: TokenHash,
    /// What opened it.
    pub opened_by: OpenedBy,
    /// Counts what the person did.
    pub number: u32,
    /// Counts up with every change of `state`.
    pub revision: u32,
    /// Where it stands, sealed by the server; erased once its time is up.
    pub state: Option<Sealed>,
    /// Until when a step is being carried out, if one is.
    pub busy_until: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was used, claimed or moved last.
    pub last_activity_at: Timestamp,
    /// When it ends if nothing happens.
    pub expires_at: Timestamp,
    /// Where the person is, or was when it ended.
    pub place: Place,
    /// How it ended, once that is written.
    pub end: Option<SessionEnd>,
    /// What the person searched for who left because their institution was missing, sealed by the server.
    pub searched: Option<Sealed>,
}

impl SessionRow {
    /// How it ended, as of `now`: one whose time is up expired then, whether or not anybody wrote that yet, since
    /// nothing else can end it any more.
    pub fn ended(&self, now: Timestamp) -> Option<SessionEnd> {
        let expired = || (self.expires_at <= now).then_some(SessionEnd { end: End::Expired, at: self.expires_at });
        self.end.clone().or_else(expired)
    }
}

/// What opened a session. Either may be forgotten by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBy {
    /// A one-time token.
    AuthorizeToken(TokenHash),
    /// A static link.
    Link(LinkId),
}

/// How and when a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEnd {
    /// How.
    pub end: End,
    /// When.
    pub at: Timestamp,
}

impl LinkSessions<'_> {
    /// The session of this id.
    pub async fn get(&self, id: &SessionId) -> Result<Option<SessionRow>, StoreError> {
        let row = link_session::Entity::find_by_id(id.to_string()).one(self.store.reader()).await?;
        row.map(SessionRow::try_from).transpose()
    }

    /// The app's sessions that are remembered, on the way or over, oldest first, at most `limit`, after `after`.
    pub async fn list(&self, app: AppId, after: Option<&Cursor>, limit: u64) -> Result<Page<SessionRow>, StoreError> {
        use link_session::Column;
        let mut select = link_session::Entity::find().filter(Column::AppId.eq(app.to_string()));
        if let Some(cursor) = after {
            select = select.filter(cursor.beyond(Column::CreatedAt, Column::Id));
        }
        // One more than asked for tells whether there is another page.
        let rows = select
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .limit(limit.saturating_add(1))
            .all(self.store.reader())
            .await?;
        let sessions = rows.into_iter().map(SessionRow::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(sessions, limit, |last| Cursor::new(last.created_at, last.id.to_string())))
    }

    /// Those of the app's sessions that hold a search, in the order in which they ended, at most `limit`, after `after`.
    pub async fn with_search(
        &self,
        app: AppId,
        after: Option<&Cursor>,
        limit: u64,
    ) -> Result<Page<SessionRow>, StoreError> {
        use link_session::Column;
        let mut select = link_session::Entity::find()
            .filter(Column::AppId.eq(app.to_string()))
            .filter(Column::Searched.is_not_null());
        if let Some(cursor) = after {
            select = select.filter(cursor.beyond(Column::OutcomeAt, Column::Id));
        }
        let rows = select
            .order_by_asc(Column::OutcomeAt)
            .order_by_asc(Column::Id)
            .limit(limit.saturating_add(1))
            .all(self.store.reader())
            .await?;
        let sessions = rows.into_iter().map(SessionRow::try_from).collect::<Result<_, _>>()?;
        let ended_at = |row: &SessionRow| row.end.as_ref().map_or(row.expires_at, |end| end.at);
        Ok(Page::of(sessions, limit, |last| Cursor::new(ended_at(last), last.id.to_string())))
    }

    /// The session of the tab that holds this key.
    pub async fn by_key_hash(&self, hash: &TokenHash) -> Result<Option<SessionRow>, StoreError> {
        let row = link_session::Entity::find()
            .filter(link_session::Column::KeyHash.eq(hash.to_string()))
            .one(self.store.reader())
            .await?;
        row.map(SessionRow::try_from).transpose()
    }

    /// The session whose person comes back from the bank's own page with this.
    pub async fn by_return_hash(&self, hash: &TokenHash) -> Result<Option<SessionRow>, StoreError> {
        let row = link_session::Entity::find()
            .filter(link_session::Column::ReturnHash.eq(hash.to_string()))
            .one(self.store.reader())
            .await?;
        row.map(SessionRow::try_from).transpose()
    }
}
