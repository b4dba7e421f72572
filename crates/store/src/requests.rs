//! Requests by the key that their caller gave them: each is carried out once.
//!
//! What a request changes and its answer are two transactions, since the answer is there only when all is done. So the
//! first says that it was carried out ([`while_carried_out`]): where the server dies in between, the answer is lost, and
//! nothing is done a second time.

use banklink_domain::{
    hash::ContentHash,
    idempotency::{Asker, Claim, IdempotencyKey, LEASE, RETENTION},
    sealed::Sealed,
};
use banklink_protocol::ids::ConnectionId;
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, TryInsertResult,
    sea_query::{Expr, OnConflict},
};

use crate::{entities::request, error::StoreError, store::Store};

/// The repository of requests that have a key.
#[derive(Clone, Copy, Debug)]
pub struct Requests<'store> {
    pub(crate) store: &'store Store,
}

tokio::task_local! {
    /// The request that is being carried out here.
    static CARRIED_OUT: Claim;
}

/// Carries out a request that was claimed: with the first transaction of it, it is carried out, whatever comes after.
/// What it leaves to other tasks does not count.
pub async fn while_carried_out<F: Future>(claim: Claim, request: F) -> F::Output {
    CARRIED_OUT.scope(claim, request).await
}

/// Says that the request that this transaction belongs to was carried out, if it belongs to one.
pub(crate) async fn carry_out(transaction: &impl ConnectionTrait) -> Result<(), StoreError> {
    let Ok(claim) = CARRIED_OUT.try_with(|claim| *claim) else { return Ok(()) };
    request::Entity::update_many()
        .col_expr(request::Column::IsCarriedOut, Expr::value(true))
        .filter(of(claim))
        .exec(transaction)
        .await?;
    Ok(())
}

/// What came of asking to carry a request out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ClaimRequest {
    /// It is the caller's to carry out.
    Claimed,
    /// It was carried out, and answered so.
    Answered(Sealed),
    /// It is being carried out.
    Busy,
    /// It was carried out, or most of it, and nobody knows how it was answered.
    Lost,
    /// Another request has the key.
    Other,
}

impl Requests<'_> {
    /// Asks to carry a request out. Of several that ask at once, one does.
    pub async fn claim(
        &self,
        asker: Asker,
        key: &IdempotencyKey,
        hash: &ContentHash,
        claim: Claim,
        now: Timestamp,
    ) -> Result<ClaimRequest, StoreError> {
        use request::Column;
        let row = request::ActiveModel {
            asker: Set(asker.to_string()),
            key_hash: Set(key.hash().to_string()),
            hash: Set(hash.to_string()),
            claim: Set(claim.as_bytes().to_vec()),
            connection_id: Set(None),
            sealed_answer: Set(None),
            is_carried_out: Set(false),
            busy_until: Set((now + LEASE).as_millisecond()),
            expires_at: Set((now + RETENTION).as_millisecond()),
        };
        let (millis, table) = (now.as_millisecond(), request::Entity);
        let cut_off = Expr::col((table, Column::SealedAnswer))
            .is_null()
            .and(Expr::col((table, Column::IsCarriedOut)).eq(false))
            .and(Expr::col((table, Column::BusyUntil)).lte(millis))
            .and(Expr::col((table, Column::Hash)).eq(hash.to_string()));
        let take_over = OnConflict::columns([Column::Asker, Column::KeyHash])
            .update_columns([
                Column::Hash,
                Column::Claim,
                Column::ConnectionId,
                Column::SealedAnswer,
                Column::IsCarriedOut,
                Column::BusyUntil,
                Column::ExpiresAt,
            ])
            .action_and_where(Expr::col((table, Column::ExpiresAt)).lte(millis).or(cut_off))
            .to_owned();
        let inserted = request::Entity::insert(row)
            .on_conflict(take_over)
            .try_insert()
            .exec_without_returning(self.store.writer())
            .await?;
        if matches!(inserted, TryInsertResult::Inserted(1..)) {
            return Ok(ClaimRequest::Claimed);
        }
        let found =
            request::Entity::find_by_id((asker.to_string(), key.hash().to_string())).one(self.store.reader()).await?;
        Ok(match found {
            // It was forgotten in between; who asks once more carries it out.
            None => ClaimRequest::Busy,
            Some(row) if row.hash != hash.to_string() => ClaimRequest::Other,
            Some(row) => match row.sealed_answer {
                Some(sealed) => ClaimRequest::Answered(Sealed::new(sealed)),
                None if row.is_carried_out && row.busy_until <= millis => ClaimRequest::Lost,
                None => ClaimRequest::Busy,
            },
        })
    }

    /// Keeps the answer to a request that was claimed, for who asks again; as long as the connection whose data it holds,
    /// if it holds some.
    pub async fn answered(
        &self,
        claim: Claim,
        answer: &Sealed,
        connection: Option<&ConnectionId>,
    ) -> Result<(), StoreError> {
        request::Entity::update_many()
            .col_expr(request::Column::SealedAnswer, Expr::value(answer.as_bytes()))
            .col_expr(request::Column::ConnectionId, Expr::value(connection.map(ConnectionId::as_str)))
            .filter(of(claim))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Gives a request back that was claimed and came to nothing: the next with its key is carried out.
    pub async fn give_back(&self, claim: Claim) -> Result<(), StoreError> {
        request::Entity::delete_many().filter(of(claim)).exec(self.store.writer()).await?;
        Ok(())
    }

    /// Forgets those whose time is up; says how many.
    pub async fn forget_old(&self, now: Timestamp) -> Result<u64, StoreError> {
        let deleted = request::Entity::delete_many()
            .filter(request::Column::ExpiresAt.lte(now.as_millisecond()))
            .exec(self.store.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

fn of(claim: Claim) -> Expr {
    request::Column::Claim.eq(claim.as_bytes().to_vec())
}

/// Drops what was answered with a connection's data.
pub(crate) async fn drop_answers(database: &impl ConnectionTrait, connection: &ConnectionId) -> Result<(), StoreError> {
    request::Entity::delete_many().filter(request::Column::ConnectionId.eq(connection.as_str())).exec(database).await?;
    Ok(())
}
