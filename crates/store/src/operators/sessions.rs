//! Who is signed in, in which browsers.

use banklink_domain::{
    ids::OperatorId,
    operator::{Operator, OperatorSession, PasswordHash},
    time::before,
    token::TokenHash,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, JoinType, QueryFilter, QuerySelect,
    sea_query::Expr,
};

use super::Operators;
use crate::{
    entities::{operator, operator_session},
    error::StoreError,
};

impl Operators<'_> {
    /// Signs an operator in whose password was the one that was compared, if it still is; says whether.
    pub async fn sign_in(&self, session: &OperatorSession, compared: &PasswordHash) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let same = operator::Entity::find_by_id(session.operator.to_string())
            .filter(operator::Column::PasswordHash.eq(compared.as_str()))
            .filter(operator::Column::RemovedAt.is_null())
            .lock_exclusive()
            .one(&transaction)
            .await?;
        if same.is_none() {
            return Ok(false);
        }
        insert_session(&transaction, session).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Who is signed in with this, if the session still counts; whoever asks uses it.
    pub async fn signed_in(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<Operator>, StoreError> {
        let to_operator = operator_session::Entity::belongs_to(operator::Entity)
            .from(operator_session::Column::OperatorId)
            .to(operator::Column::Id)
            .into();
        let found = operator_session::Entity::find_by_id(hash.to_string())
            .join(JoinType::InnerJoin, to_operator)
            .select_also(operator::Entity)
            .filter(operator::Column::RemovedAt.is_null())
            .one(self.store.reader())
            .await?;
        let Some((session, Some(operator))) = found else { return Ok(None) };
        let session = OperatorSession::try_from(session)?;
        if !session.is_live(now) {
            return Ok(None);
        }
        if session.is_due(now) {
            operator_session::Entity::update_many()
                .col_expr(operator_session::Column::UsedAt, Expr::value(now.as_millisecond()))
                .filter(operator_session::Column::Hash.eq(hash.to_string()))
                .exec(self.store.writer())
                .await?;
        }
        Operator::try_from(operator).map(Some)
    }

    /// Signs an operator out in one browser.
    pub async fn sign_out(&self, hash: &TokenHash) -> Result<(), StoreError> {
        operator_session::Entity::delete_by_id(hash.to_string()).exec(self.store.writer()).await?;
        Ok(())
    }

    /// Signs an operator out in all browsers.
    pub async fn sign_out_everywhere(&self, operator: OperatorId) -> Result<(), StoreError> {
        sign_out_elsewhere(self.store.writer(), operator, None).await
    }

    /// Forgets sessions that count no longer, and invitations and attempts whose time is up.
    pub async fn forget_old(&self, now: Timestamp) -> Result<(), StoreError> {
        use crate::entities::{invitation, sign_in_attempt};
        let (idle, old) = (before(now, OperatorSession::IDLE), before(now, OperatorSession::LIFETIME));
        operator_session::Entity::delete_many()
            .filter(
                operator_session::Column::UsedAt
                    .lte(idle.as_millisecond())
                    .or(operator_session::Column::CreatedAt.lte(old.as_millisecond())),
            )
            .exec(self.store.writer())
            .await?;
        invitation::Entity::delete_many()
            .filter(invitation::Column::ExpiresAt.lte(now.as_millisecond()))
            .exec(self.store.writer())
            .await?;
        sign_in_attempt::Entity::delete_many()
            .filter(sign_in_attempt::Column::At.lte(before(now, super::attempts::REMEMBERED).as_millisecond()))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }
}

pub(super) async fn insert_session(
    database: &impl ConnectionTrait,
    session: &OperatorSession,
) -> Result<(), StoreError> {
    let row = operator_session::Model::from(session).into_active_model();
    operator_session::Entity::insert(row).exec_without_returning(database).await?;
    Ok(())
}

/// Signs an operator out everywhere but where `keep` is signed in.
pub(super) async fn sign_out_elsewhere(
    database: &impl ConnectionTrait,
    operator: OperatorId,
    keep: Option<&TokenHash>,
) -> Result<(), StoreError> {
    let mut delete =
        operator_session::Entity::delete_many().filter(operator_session::Column::OperatorId.eq(operator.to_string()));
    if let Some(keep) = keep {
        delete = delete.filter(operator_session::Column::Hash.ne(keep.to_string()));
    }
    delete.exec(database).await?;
    Ok(())
}
