//! Client secrets of apps.

use banklink_domain::{
    activity::{Action, Change},
    client_secret::ClientSecret,
    ids::{AppId, ClientSecretId},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, IntoColumnRef, Query},
};

use super::{Apps, lock};
use crate::{
    access_tokens, activities::note, authorize_tokens, cursor::Page, entities::client_secret, error::StoreError,
    link_sessions, reauthorisation_tokens,
};

/// What came of adding a client secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum AddSecret {
    /// It works.
    Added,
    /// The app has [`ClientSecret::MAX_LIVE`] that work: revoke one first.
    TooMany,
    /// There is no such app.
    UnknownApp,
}

/// What came of revoking a client secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RevokeSecret {
    /// It no longer works.
    Revoked(ClientSecret),
    /// The app has no such secret that worked.
    NotLive,
}

impl Apps<'_> {
    /// The secrets of an app, revoked ones too, oldest first, at most `limit`, after `after`.
    pub async fn secrets(
        &self,
        app: AppId,
        after: Option<ClientSecretId>,
        limit: u64,
    ) -> Result<Page<ClientSecret, ClientSecretId>, StoreError> {
        let mut select = client_secret::Entity::find()
            .filter(client_secret::Column::AppId.eq(app.to_string()))
            .order_by_asc(client_secret::Column::Id);
        if let Some(after) = after {
            select = select.filter(client_secret::Column::Id.gt(after.to_string()));
        }
        let rows = select.limit(limit.saturating_add(1)).all(self.store.reader()).await?;
        let secrets = rows.into_iter().map(ClientSecret::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(secrets, limit, |last: &ClientSecret| last.id))
    }

    /// The secrets of an app that work, at most [`ClientSecret::MAX_LIVE`].
    pub async fn live_secrets(&self, app: AppId) -> Result<Vec<ClientSecret>, StoreError> {
        let select = client_secret::Entity::find()
            .filter(client_secret::Column::AppId.eq(app.to_string()))
            .filter(client_secret::Column::RevokedAt.is_null());
        select.all(self.store.reader()).await?.into_iter().map(ClientSecret::try_from).collect()
    }

    /// The secrets of these ids, of whichever app.
    pub async fn secrets_of_ids(
        &self,
        ids: impl IntoIterator<Item = ClientSecretId>,
    ) -> Result<Vec<ClientSecret>, StoreError> {
        let ids = ids.into_iter().map(|id| id.to_string());
        let select = client_secret::Entity::find().filter(client_secret::Column::Id.is_in(ids));
        select.all(self.store.reader()).await?.into_iter().map(ClientSecret::try_from).collect()
    }

    /// Adds a secret, unless the app has as many as it may.
    pub async fn add_secret(&self, secret: &ClientSecret, change: &Change) -> Result<AddSecret, StoreError> {
        let transaction = self.store.begin().await?;
        if !lock(&transaction, secret.app_id).await? {
            return Ok(AddSecret::UnknownApp);
        }
        let live = client_secret::Entity::find()
            .filter(client_secret::Column::AppId.eq(secret.app_id.to_string()))
            .filter(client_secret::Column::RevokedAt.is_null())
            .count(&transaction)
            .await?;
        if live >= ClientSecret::MAX_LIVE {
            return Ok(AddSecret::TooMany);
        }
        insert_secret(&transaction, secret).await?;
        note(&transaction, secret.app_id, change, Action::ClientSecretAdded, secret.id.to_string(), "").await?;
        transaction.commit().await?;
        Ok(AddSecret::Added)
    }

    /// Ends a secret for good, and with it what it opened: tokens that nobody used yet, and sessions on their way.
    pub async fn revoke_secret(
        &self,
        app: AppId,
        secret: ClientSecretId,
        change: &Change,
    ) -> Result<RevokeSecret, StoreError> {
        let transaction = self.store.begin().await?;
        let rows = client_secret::Entity::update_many()
            .col_expr(client_secret::Column::RevokedAt, Expr::value(change.at.as_millisecond()))
            .filter(client_secret::Column::Id.eq(secret.to_string()))
            .filter(client_secret::Column::AppId.eq(app.to_string()))
            .filter(client_secret::Column::RevokedAt.is_null())
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = rows.into_iter().next() else { return Ok(RevokeSecret::NotLive) };
        authorize_tokens::end_of_secret(&transaction, secret, change.at).await?;
        reauthorisation_tokens::end_of_secret(&transaction, secret, change.at).await?;
        link_sessions::end_of_secret(&transaction, secret, change.at).await?;
        access_tokens::end_of_secret(&transaction, secret).await?;
        note(&transaction, app, change, Action::ClientSecretRevoked, secret.to_string(), "").await?;
        transaction.commit().await?;
        Ok(RevokeSecret::Revoked(row.try_into()?))
    }
}

pub(super) async fn insert_secret(database: &impl ConnectionTrait, secret: &ClientSecret) -> Result<(), StoreError> {
    let row = client_secret::Model::from(secret).into_active_model();
    let inserted = client_secret::Entity::insert(row).exec_without_returning(database).await;
    inserted.map(drop).map_err(|error| StoreError::from_insert(error, "client secret"))
}

/// Not asked for with a client secret that was revoked, were it while it was being asked for. `asked_with` is the column
/// that names the secret.
pub(crate) fn by_live_secret(asked_with: impl IntoColumnRef) -> Expr {
    let revoked = Query::select()
        .column(client_secret::Column::Id)
        .from(client_secret::Entity)
        .and_where(client_secret::Column::RevokedAt.is_not_null())
        .and_where(Expr::col((client_secret::Entity, client_secret::Column::Id)).eq(Expr::col(asked_with)))
        .to_owned();
    Expr::not_exists(revoked)
}
