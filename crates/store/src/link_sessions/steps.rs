//! The steps of a session: one caller takes each, and moves the session on.

use banklink_domain::{sealed::Sealed, session::Place, token::TokenHash};
use banklink_protocol::ids::{InstitutionId, SessionId};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, UpdateMany, sea_query::Expr};

use super::{LinkSessions, SessionRow};
use crate::{entities::link_session, error::StoreError};

/// Where a session must stand to be claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// At this number: the person answers it.
    Number(u32),
    /// At this revision: it changes by itself, and nobody else may have changed it meanwhile.
    Revision(u32),
}

/// Where a claimed session goes.
#[derive(Clone, Debug)]
pub struct Move {
    /// Where it stands then.
    pub state: Sealed,
    /// Where the person is then.
    pub place: Place,
    /// Whether the number was answered; else only the revision counts up.
    pub answers: bool,
    /// The hash of what the bank's own page sends the person back with, if they go there next.
    pub return_hash: Option<TokenHash>,
    /// When it ends if nothing happens.
    pub expires_at: Timestamp,
}

/// What came of claiming a session.
#[derive(Debug)]
#[must_use]
pub enum Claim {
    /// The step is this caller's to carry out.
    Claimed(ClaimedSession),
    /// It is not: the session is over or overdue, at another number, or claimed by another. Where it stands:
    NotClaimed(SessionRow),
    /// There is no such session.
    Unknown,
}

/// A session whose next step is this holder's to carry out, as long as the lease lasts. Only
/// [`LinkSessions::claim`] makes one, and each is good for one move: the database refuses another.
#[derive(Debug)]
pub struct ClaimedSession {
    row: SessionRow,
    lease: i64,
    after_lost_step: bool,
}

impl ClaimedSession {
    /// The session as it was claimed.
    pub fn row(&self) -> &SessionRow {
        &self.row
    }

    /// Whether another held the session before, and neither moved it on nor gave it back in its time: it died in the
    /// middle of a step, and how far it came nobody knows.
    pub const fn follows_lost_step(&self) -> bool {
        self.after_lost_step
    }
}

/// What came of moving a claimed session on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Advance {
    /// It stands at the next number.
    Advanced(SessionRow),
    /// The lease ran out and another took over, or the session is over by now: nothing was written.
    ClaimLost,
}

impl LinkSessions<'_> {
    /// Notes that a session is used, and puts its end off to `expires_at`; says whether it did. One that is over, or
    /// ends later anyway, stays as it is.
    pub async fn touch(&self, id: &SessionId, expires_at: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        use link_session::Column;
        let (now, expires_at) = (now.as_millisecond(), expires_at.as_millisecond());
        let updated = link_session::Entity::update_many()
            .col_expr(Column::ExpiresAt, Expr::value(expires_at))
            .col_expr(Column::LastActivityAt, Expr::value(now))
            .filter(Column::Id.eq(id.as_str()))
            .filter(Column::Outcome.is_null())
            .filter(Column::ExpiresAt.gt(now))
            .filter(Column::ExpiresAt.lt(expires_at))
            .exec(self.store.writer())
            .await?;
        Ok(updated.rows_affected > 0)
    }

    /// Takes the next step of a session that stands `at` this place, until `busy_until`, before which its time is not
    /// up. Of any number of callers, exactly one does; after `busy_until` another may.
    pub async fn claim(
        &self,
        id: &SessionId,
        at: At,
        busy_until: Timestamp,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        use link_session::Column;
        let (now, lease) = (now.as_millisecond(), busy_until.as_millisecond());
        let free = Column::BusyUntil.is_null();
        let lost = Column::BusyUntil.lt(now);
        for (claimable, after_lost_step) in [(free, false), (lost, true)] {
            let rows = link_session::Entity::update_many()
                .col_expr(Column::BusyUntil, Expr::value(lease))
                .col_expr(Column::LastActivityAt, Expr::value(now))
                .col_expr(
                    Column::ExpiresAt,
                    Expr::case(Column::ExpiresAt.lt(lease), lease).finally(Expr::col(Column::ExpiresAt)).into(),
                )
                .filter(Column::Id.eq(id.as_str()))
                .filter(match at {
                    At::Number(number) => Column::Number.eq(i64::from(number)),
                    At::Revision(revision) => Column::Revision.eq(i64::from(revision)),
                })
                .filter(Column::Outcome.is_null())
                .filter(Column::ExpiresAt.gt(now))
                .filter(claimable)
                .exec_with_returning(self.store.writer())
                .await?;
            if let Some(row) = rows.into_iter().next() {
                return Ok(Claim::Claimed(ClaimedSession { row: row.try_into()?, lease, after_lost_step }));
            }
        }
        Ok(self.get(id).await?.map_or(Claim::Unknown, Claim::NotClaimed))
    }

    /// Moves a session on.
    pub async fn advance(&self, claim: &ClaimedSession, to: &Move, now: Timestamp) -> Result<Advance, StoreError> {
        use link_session::Column;
        let institution = to.place.institution.as_ref().map(InstitutionId::as_str);
        let rows = move_on(claim, &to.state, to.answers, now)
            .col_expr(Column::ExpiresAt, Expr::value(to.expires_at.as_millisecond()))
            .col_expr(Column::ReturnHash, Expr::value(to.return_hash.map(|hash| hash.to_string())))
            .col_expr(Column::Screen, Expr::value(to.place.screen.as_str()))
            .col_expr(Column::InstitutionId, Expr::value(institution))
            .exec_with_returning(self.store.writer())
            .await?;
        match rows.into_iter().next() {
            Some(row) => Ok(Advance::Advanced(row.try_into()?)),
            None => Ok(Advance::ClaimLost),
        }
    }

    /// Gives a claim back without a move, so that the step can be tried again at once.
    pub async fn release(&self, claim: &ClaimedSession) -> Result<(), StoreError> {
        held(claim)
            .col_expr(link_session::Column::BusyUntil, Expr::value(None::<i64>))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }
}

/// An update of the session as long as the claim on it holds. A later claim has a later lease, since a lease must
/// have run out before another begins.
fn held(claim: &ClaimedSession) -> UpdateMany<link_session::Entity> {
    use link_session::Column;
    link_session::Entity::update_many()
        .filter(Column::Id.eq(claim.row.id.as_str()))
        .filter(Column::Revision.eq(i64::from(claim.row.revision)))
        .filter(Column::BusyUntil.eq(claim.lease))
        .filter(Column::Outcome.is_null())
}

/// The same with what a move writes, unless the session's time is up: whoever asks hears by then that it is over.
pub(super) fn move_on(
    claim: &ClaimedSession,
    state: &Sealed,
    answers: bool,
    now: Timestamp,
) -> UpdateMany<link_session::Entity> {
    let in_time = held(claim).filter(link_session::Column::ExpiresAt.gt(now.as_millisecond()));
    moved(in_time, state, answers, now)
}

/// What every move writes.
pub(super) fn moved(
    update: UpdateMany<link_session::Entity>,
    state: &Sealed,
    answers: bool,
    now: Timestamp,
) -> UpdateMany<link_session::Entity> {
    use link_session::Column;
    update
        .col_expr(Column::Number, Expr::col(Column::Number).add(i64::from(answers)))
        .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
        .col_expr(Column::State, Expr::value(state.as_bytes()))
        .col_expr(Column::BusyUntil, Expr::value(None::<i64>))
        .col_expr(Column::LastActivityAt, Expr::value(now.as_millisecond()))
}

/// An update of a session that stands as it was seen, and is not over.
pub(super) fn standing(seen: &SessionRow, now: Timestamp) -> UpdateMany<link_session::Entity> {
    use link_session::Column;
    link_session::Entity::update_many()
        .filter(Column::Id.eq(seen.id.as_str()))
        .filter(Column::Revision.eq(i64::from(seen.revision)))
        .filter(Column::Outcome.is_null())
        .filter(Column::ExpiresAt.gt(now.as_millisecond()))
}
