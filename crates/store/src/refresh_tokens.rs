//! Refresh tokens, and the access tokens that end with them.

use banklink_domain::{access_token::AccessToken, refresh_token::RefreshToken, token::TokenHash};
use banklink_protocol::ids::ConnectionId;
use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};

use crate::{access_tokens, entities::refresh_token, error::StoreError, link_codes, store::Store};

/// The repository of refresh tokens.
#[derive(Clone, Copy, Debug)]
pub struct RefreshTokens<'store> {
    pub(crate) store: &'store Store,
}

impl RefreshTokens<'_> {
    /// Adds a token and its first access token in the place of the code that they are got for; nothing, and false, where
    /// that is unknown, another app's, used, or expired.
    pub async fn create_for_code(
        &self,
        token: &RefreshToken,
        access: &AccessToken,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        if link_codes::exchange(&transaction, &token.code, token.app_id, now).await?.is_none() {
            return Ok(false);
        }
        let row = refresh_token::Model::from(token).into_active_model();
        let inserted = refresh_token::Entity::insert(row).exec_without_returning(&transaction).await;
        inserted.map_err(|error| StoreError::from_insert(error, "refresh token"))?;
        access_tokens::insert(&transaction, access).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The token of this hash that works at `now`.
    pub async fn find(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<RefreshToken>, StoreError> {
        let row = refresh_token::Entity::find_by_id(hash.to_string())
            .filter(refresh_token::Column::ExpiresAt.gt(now.as_millisecond()))
            .one(self.store.reader())
            .await?;
        row.map(RefreshToken::try_from).transpose()
    }

    /// Adds an access token for a refresh token, which stays good for longer by it; nothing, and false, where that is over
    /// by now.
    pub async fn use_for(&self, hash: &TokenHash, access: &AccessToken, now: Timestamp) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let used = refresh_token::Entity::update_many()
            .col_expr(refresh_token::Column::ExpiresAt, Expr::value(RefreshToken::expiry(now).as_millisecond()))
            .filter(refresh_token::Column::Hash.eq(hash.to_string()))
            .filter(refresh_token::Column::ExpiresAt.gt(now.as_millisecond()))
            .exec(&transaction)
            .await?;
        if used.rows_affected == 0 {
            return Ok(false);
        }
        access_tokens::insert(&transaction, access).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Ends a token.
    pub async fn end(&self, hash: &TokenHash) -> Result<(), StoreError> {
        refresh_token::Entity::delete_by_id(hash.to_string()).exec(self.store.writer()).await?;
        Ok(())
    }

    /// Ends the token that was got for this code, if one was.
    pub async fn end_of_code(&self, code: &TokenHash) -> Result<(), StoreError> {
        refresh_token::Entity::delete_many()
            .filter(refresh_token::Column::CodeHash.eq(code.to_string()))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Ends all tokens that let a connection be read.
    pub async fn end_of_connection(&self, connection: &ConnectionId) -> Result<(), StoreError> {
        end_of_connection(self.store.writer(), connection).await
    }

    /// Forgets tokens that are over; says how many.
    pub async fn forget_old(&self, now: Timestamp) -> Result<u64, StoreError> {
        let deleted = refresh_token::Entity::delete_many()
            .filter(refresh_token::Column::ExpiresAt.lte(now.as_millisecond()))
            .exec(self.store.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

/// Ends all tokens that let a connection be read.
pub(crate) async fn end_of_connection(
    database: &impl ConnectionTrait,
    connection: &ConnectionId,
) -> Result<(), StoreError> {
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::ConnectionId.eq(connection.as_str()))
        .exec(database)
        .await?;
    Ok(())
}
