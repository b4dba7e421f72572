//! Operators: who can sign in, who is invited, who is signed in, and who tried too often.

use banklink_domain::{
    activity::{Action, Change},
    ids::OperatorId,
    operator::{Email, Operator, PasswordHash},
    token::TokenHash,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use self::sessions::sign_out_elsewhere;
pub use self::{
    attempts::{Attempted, Limit, Try},
    invitations::{Accept, Accepting, Invite},
};
use crate::{
    activities::note,
    entities::{invitation, operator},
    error::StoreError,
    store::Store,
};

mod attempts;
mod invitations;
mod sessions;

/// The repository of operators.
#[derive(Clone, Copy, Debug)]
pub struct Operators<'store> {
    pub(crate) store: &'store Store,
}

/// What came of removing an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RemoveOperator {
    /// They can't sign in any more, and are signed out everywhere.
    Removed(Operator),
    /// Nobody else could sign in then.
    Last,
    /// There is nobody of this id who can sign in.
    Unknown,
}

impl Operators<'_> {
    /// Whether there is anybody who can sign in.
    pub async fn are_there(&self) -> Result<bool, StoreError> {
        Ok(count(self.store.reader()).await? > 0)
    }

    /// All who can sign in, in the order in which they came.
    pub async fn list(&self) -> Result<Vec<Operator>, StoreError> {
        let rows = operator::Entity::find()
            .filter(operator::Column::RemovedAt.is_null())
            .order_by_asc(operator::Column::Id)
            .all(self.store.reader())
            .await?;
        rows.into_iter().map(Operator::try_from).collect()
    }

    /// Those of these ids, whether or not they can sign in.
    pub async fn of_ids(&self, ids: impl IntoIterator<Item = OperatorId>) -> Result<Vec<Operator>, StoreError> {
        let ids = ids.into_iter().map(|id| id.to_string());
        let rows = operator::Entity::find().filter(operator::Column::Id.is_in(ids)).all(self.store.reader()).await?;
        rows.into_iter().map(Operator::try_from).collect()
    }

    /// Who can sign in with this address.
    pub async fn by_email(&self, email: &Email) -> Result<Option<Operator>, StoreError> {
        let row = operator::Entity::find()
            .filter(operator::Column::Email.eq(email.as_str()))
            .filter(operator::Column::RemovedAt.is_null())
            .one(self.store.reader())
            .await?;
        row.map(Operator::try_from).transpose()
    }

    /// Gives an operator another password in place of the one that was compared, and signs them out everywhere but where
    /// `keep` is signed in. Nobody if they can't sign in any more, or the password is another by now.
    pub async fn change_password(
        &self,
        id: OperatorId,
        compared: &PasswordHash,
        password: &PasswordHash,
        keep: Option<&TokenHash>,
        change: &Change,
    ) -> Result<Option<Operator>, StoreError> {
        let transaction = self.store.begin().await?;
        let Some(operator) = set_password(&transaction, id, Some(compared), password).await? else {
            return Ok(None);
        };
        sign_out_elsewhere(&transaction, id, keep).await?;
        note_operator(&transaction, change, Action::PasswordChanged, &operator).await?;
        transaction.commit().await?;
        Ok(Some(operator))
    }

    /// Ends an operator's access, unless they are the only one.
    pub async fn remove(&self, id: OperatorId, change: &Change) -> Result<RemoveOperator, StoreError> {
        let transaction = self.store.begin().await?;
        lock_all(&transaction).await?;
        let row = operator::Entity::update_many()
            .col_expr(operator::Column::RemovedAt, Expr::value(change.at.as_millisecond()))
            .filter(operator::Column::Id.eq(id.to_string()))
            .filter(operator::Column::RemovedAt.is_null())
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = row.into_iter().next() else { return Ok(RemoveOperator::Unknown) };
        if count(&transaction).await? == 0 {
            return Ok(RemoveOperator::Last);
        }
        sign_out_elsewhere(&transaction, id, None).await?;
        invitation::Entity::delete_many()
            .filter(invitation::Column::OperatorId.eq(id.to_string()))
            .exec(&transaction)
            .await?;
        let operator = row.try_into()?;
        note_operator(&transaction, change, Action::OperatorRemoved, &operator).await?;
        transaction.commit().await?;
        Ok(RemoveOperator::Removed(operator))
    }
}

async fn count(database: &impl ConnectionTrait) -> Result<u64, StoreError> {
    Ok(operator::Entity::find().filter(operator::Column::RemovedAt.is_null()).count(database).await?)
}

/// Takes all who can sign in until the transaction ends, so that two who remove each other don't both. SQLite has one
/// writer anyway.
async fn lock_all(transaction: &DatabaseTransaction) -> Result<(), StoreError> {
    operator::Entity::find().filter(operator::Column::RemovedAt.is_null()).lock_exclusive().all(transaction).await?;
    Ok(())
}

async fn set_password(
    database: &impl ConnectionTrait,
    id: OperatorId,
    compared: Option<&PasswordHash>,
    password: &PasswordHash,
) -> Result<Option<Operator>, StoreError> {
    let mut update = operator::Entity::update_many()
        .col_expr(operator::Column::PasswordHash, Expr::value(password.as_str()))
        .filter(operator::Column::Id.eq(id.to_string()))
        .filter(operator::Column::RemovedAt.is_null());
    if let Some(compared) = compared {
        update = update.filter(operator::Column::PasswordHash.eq(compared.as_str()));
    }
    let rows = update.exec_with_returning(database).await?;
    rows.into_iter().next().map(Operator::try_from).transpose()
}

async fn note_operator(
    database: &impl ConnectionTrait,
    change: &Change,
    action: Action,
    operator: &Operator,
) -> Result<(), StoreError> {
    note(database, None, change, action, operator.id.to_string(), operator.email.as_str()).await
}
