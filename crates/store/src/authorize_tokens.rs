//! Authorize tokens.

use banklink_domain::{
    activity::{Action, Change},
    authorize_token::AuthorizeToken,
    ids::{AppId, ClientSecretId},
    token::TokenHash,
};
use banklink_protocol::ids::SessionId;
use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};

use crate::{activities::note, apps::by_live_secret, entities::authorize_token, error::StoreError, store::Store};

/// The repository of authorize tokens.
#[derive(Clone, Copy, Debug)]
pub struct AuthorizeTokens<'store> {
    pub(crate) store: &'store Store,
}

/// What came of using an authorize token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Consume {
    /// It is this caller's, and used up.
    Consumed(AuthorizeToken),
    /// It is unknown, used, or expired.
    Invalid,
}

impl AuthorizeTokens<'_> {
    /// Adds a token.
    /// With `change`, it is written down who did.
    pub async fn create(&self, token: &AuthorizeToken, change: Option<&Change>) -> Result<(), StoreError> {
        let row = authorize_token::Model::try_from(token)?.into_active_model();
        let transaction = self.store.begin().await?;
        let inserted = authorize_token::Entity::insert(row).exec_without_returning(&transaction).await;
        inserted.map_err(|error| StoreError::from_insert(error, "authorize token"))?;
        if let Some(change) = change {
            note(&transaction, token.app_id, change, Action::AuthorizeTokenIssued, "", "").await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The token of this hash, whether unused, used or expired, as long as it is remembered.
    pub async fn find(&self, hash: &TokenHash) -> Result<Option<AuthorizeToken>, StoreError> {
        let row = authorize_token::Entity::find_by_id(hash.to_string()).one(self.store.reader()).await?;
        row.map(AuthorizeToken::try_from).transpose()
    }

    /// Uses a token up. Of any number of callers, in any number of processes, exactly one is told that it did.
    pub async fn consume(&self, hash: &TokenHash, session: &SessionId, now: Timestamp) -> Result<Consume, StoreError> {
        let consumed = consume(self.store.writer(), hash, None, session, now).await?;
        Ok(consumed.map_or(Consume::Invalid, Consume::Consumed))
    }

    /// Forgets tokens that ended [`AuthorizeToken::RETENTION`] ago; says how many.
    pub async fn forget_old(&self, now: Timestamp) -> Result<u64, StoreError> {
        let before = AuthorizeToken::forgotten_before(now);
        let deleted = authorize_token::Entity::delete_many()
            .filter(authorize_token::Column::ExpiresAt.lt(before.as_millisecond()))
            .exec(self.store.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

/// Uses a token up, of a given app if one is given.
pub(crate) async fn consume(
    database: &impl ConnectionTrait,
    hash: &TokenHash,
    app: Option<AppId>,
    session: &SessionId,
    now: Timestamp,
) -> Result<Option<AuthorizeToken>, StoreError> {
    let mut update = authorize_token::Entity::update_many()
        .col_expr(authorize_token::Column::UsedAt, Expr::value(now.as_millisecond()))
        .col_expr(authorize_token::Column::SessionId, Expr::value(session.as_str()))
        .filter(authorize_token::Column::Hash.eq(hash.to_string()))
        .filter(authorize_token::Column::UsedAt.is_null())
        .filter(authorize_token::Column::ExpiresAt.gt(now.as_millisecond()))
        .filter(by_live_secret((authorize_token::Entity, authorize_token::Column::ClientSecretId)));
    if let Some(app) = app {
        update = update.filter(authorize_token::Column::AppId.eq(app.to_string()));
    }
    let rows = update.exec_with_returning(database).await?;
    rows.into_iter().next().map(AuthorizeToken::try_from).transpose()
}

/// Ends the tokens that a client secret asked for and nobody used.
pub(crate) async fn end_of_secret(
    database: &impl ConnectionTrait,
    secret: ClientSecretId,
    now: Timestamp,
) -> Result<(), StoreError> {
    authorize_token::Entity::update_many()
        .col_expr(authorize_token::Column::ExpiresAt, Expr::value(now.as_millisecond()))
        .filter(authorize_token::Column::ExpiresAt.gt(now.as_millisecond()))
        .filter(authorize_token::Column::ClientSecretId.eq(secret.to_string()))
        .filter(authorize_token::Column::UsedAt.is_null())
        .exec(database)
        .await?;
    Ok(())
}
