//! Access tokens.

use banklink_domain::{
    access_token::{AccessToken, Audience},
    ids::ClientSecretId,
    token::TokenHash,
};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::{apps::by_live_secret, entities::access_token, error::StoreError, store::Store};

/// The repository of access tokens.
#[derive(Clone, Copy, Debug)]
pub struct AccessTokens<'store> {
    pub(crate) store: &'store Store,
}

impl AccessTokens<'_> {
    /// Adds a token.
    pub async fn create(&self, token: &AccessToken) -> Result<(), StoreError> {
        insert(self.store.writer(), token).await
    }

    /// Adds a token in the place of all others of its audience that its client secret asked for.
    pub async fn create_in_place(&self, token: &AccessToken) -> Result<(), StoreError> {
        let transaction = self.store.begin().await?;
        access_token::Entity::delete_many()
            .filter(access_token::Column::ClientSecretId.eq(token.client_secret.to_string()))
            .filter(access_token::Column::Audience.eq(token.grant.audience().as_str()))
            .exec(&transaction)
            .await?;
        insert(&transaction, token).await?;
        Ok(transaction.commit().await?)
    }

    /// The token of this hash that works at `now` for this audience; not one whose client secret is revoked, were it while
    /// the token was being asked for.
    pub async fn find(
        &self,
        hash: &TokenHash,
        audience: Audience,
        now: Timestamp,
    ) -> Result<Option<AccessToken>, StoreError> {
        let row = access_token::Entity::find_by_id(hash.to_string())
            .filter(access_token::Column::Audience.eq(audience.as_str()))
            .filter(access_token::Column::ExpiresAt.gt(now.as_millisecond()))
            .filter(by_live_secret((access_token::Entity, access_token::Column::ClientSecretId)))
            .one(self.store.reader())
            .await?;
        row.map(AccessToken::try_from).transpose()
    }

    /// Ends a token.
    pub async fn end(&self, hash: &TokenHash) -> Result<(), StoreError> {
        access_token::Entity::delete_by_id(hash.to_string()).exec(self.store.writer()).await?;
        Ok(())
    }

    /// Forgets tokens that are over; says how many.
    pub async fn forget_old(&self, now: Timestamp) -> Result<u64, StoreError> {
        let deleted = access_token::Entity::delete_many()
            .filter(access_token::Column::ExpiresAt.lte(now.as_millisecond()))
            .exec(self.store.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

pub(crate) async fn insert(database: &impl ConnectionTrait, token: &AccessToken) -> Result<(), StoreError> {
    let row = access_token::Model::from(token).into_active_model();
    let inserted = access_token::Entity::insert(row).exec_without_returning(database).await;
    inserted.map(drop).map_err(|error| StoreError::from_insert(error, "access token"))
}

/// Ends the tokens that a client secret asked for.
pub(crate) async fn end_of_secret(database: &impl ConnectionTrait, secret: ClientSecretId) -> Result<(), StoreError> {
    access_token::Entity::delete_many()
        .filter(access_token::Column::ClientSecretId.eq(secret.to_string()))
        .exec(database)
        .await?;
    Ok(())
}
