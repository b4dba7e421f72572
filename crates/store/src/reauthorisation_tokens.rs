//! Re-authorisation tokens.

use banklink_domain::{
    activity::{Action, Change},
    ids::{AppId, ClientSecretId},
    reauthorisation::ReauthorisationToken,
    token::TokenHash,
};
use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use crate::{activities::note, apps::by_live_secret, entities::reauthorisation_token, error::StoreError, store::Store};

/// The repository of re-authorisation tokens. They are used up where a session ends, in
/// [`LinkSessions::finish`](crate::LinkSessions::finish).
#[derive(Clone, Copy, Debug)]
pub struct ReauthorisationTokens<'store> {
    pub(crate) store: &'store Store,
}

/// As many as are looked at of one connection's: of each purpose, the newest counts.
const MOST_UNUSED: u64 = 100;

impl ReauthorisationTokens<'_> {
    /// Adds a token.
    /// With `change`, it is written down who did.
    pub async fn create(&self, token: &ReauthorisationToken, change: Option<&Change>) -> Result<(), StoreError> {
        let transaction = self.store.begin().await?;
        insert(&transaction, token).await?;
        if let Some(change) = change {
            let (action, purpose) = (Action::ReauthorisationTokenIssued, token.purpose.as_str());
            note(&transaction, token.app_id, change, action, token.connection_id.as_str(), purpose).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The app's token of this hash, whether unused, used or expired, as long as it is remembered; not one that was
    /// asked for with a client secret that is revoked.
    pub async fn find(&self, app: AppId, hash: &TokenHash) -> Result<Option<ReauthorisationToken>, StoreError> {
        let row = reauthorisation_token::Entity::find_by_id(hash.to_string())
            .filter(reauthorisation_token::Column::AppId.eq(app.to_string()))
            .filter(by_live_secret((reauthorisation_token::Entity, reauthorisation_token::Column::ClientSecretId)))
            .one(self.store.reader())
            .await?;
        row.map(ReauthorisationToken::try_from).transpose()
    }

    /// The tokens of a connection that nobody used, newest first; not those that were asked for with a client secret that is
    /// revoked.
    pub async fn unused(&self, app: AppId, connection: &ConnectionId) -> Result<Vec<ReauthorisationToken>, StoreError> {
        use reauthorisation_token::{Column, Entity};
        let rows = Entity::find()
            .filter(Column::AppId.eq(app.to_string()))
            .filter(Column::ConnectionId.eq(connection.as_str()))
            .filter(Column::UsedAt.is_null())
            .filter(by_live_secret((Entity, Column::ClientSecretId)))
            .order_by_desc(Column::CreatedAt)
            .limit(MOST_UNUSED)
            .all(self.store.reader())
            .await?;
        rows.into_iter().map(ReauthorisationToken::try_from).collect()
    }

    /// Forgets tokens that ended [`ReauthorisationToken::RETENTION`] ago; says how many.
    pub async fn forget_old(&self, now: Timestamp) -> Result<u64, StoreError> {
        let before = ReauthorisationToken::forgotten_before(now);
        let deleted = reauthorisation_token::Entity::delete_many()
            .filter(reauthorisation_token::Column::ExpiresAt.lt(before.as_millisecond()))
            .exec(self.store.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

/// Adds a token.
pub(crate) async fn insert(database: &impl ConnectionTrait, token: &ReauthorisationToken) -> Result<(), StoreError> {
    let row = reauthorisation_token::Model::from(token).into_active_model();
    let inserted = reauthorisation_token::Entity::insert(row).exec_without_returning(database).await;
    inserted.map(drop).map_err(|error| StoreError::from_insert(error, "re-authorisation token"))
}

/// Uses a connection's token up; says whether it was unused. Whether it was in time was asked when the session opened;
/// that the client secret that asked for it was not revoked since is asked here.
pub(crate) async fn consume(
    database: &impl ConnectionTrait,
    hash: &TokenHash,
    connection: &ConnectionId,
    session: &SessionId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let updated = reauthorisation_token::Entity::update_many()
        .col_expr(reauthorisation_token::Column::UsedAt, Expr::value(now.as_millisecond()))
        .col_expr(reauthorisation_token::Column::SessionId, Expr::value(session.as_str()))
        .col_expr(reauthorisation_token::Column::Sealed, Expr::value(None::<Vec<u8>>))
        .filter(reauthorisation_token::Column::Hash.eq(hash.to_string()))
        .filter(reauthorisation_token::Column::ConnectionId.eq(connection.as_str()))
        .filter(reauthorisation_token::Column::UsedAt.is_null())
        .filter(by_live_secret((reauthorisation_token::Entity, reauthorisation_token::Column::ClientSecretId)))
        .exec(database)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Drops the tokens of a connection that nobody used: there is nothing left to renew with them.
pub(crate) async fn drop_unused(database: &impl ConnectionTrait, connection: &ConnectionId) -> Result<(), StoreError> {
    reauthorisation_token::Entity::delete_many()
        .filter(reauthorisation_token::Column::ConnectionId.eq(connection.as_str()))
        .filter(reauthorisation_token::Column::UsedAt.is_null())
        .exec(database)
        .await?;
    Ok(())
}

/// Ends the tokens that a client secret asked for and nobody used.
pub(crate) async fn end_of_secret(
    database: &impl ConnectionTrait,
    secret: ClientSecretId,
    now: Timestamp,
) -> Result<(), StoreError> {
    reauthorisation_token::Entity::update_many()
        .col_expr(reauthorisation_token::Column::ExpiresAt, Expr::value(now.as_millisecond()))
        .filter(reauthorisation_token::Column::ExpiresAt.gt(now.as_millisecond()))
        .filter(reauthorisation_token::Column::ClientSecretId.eq(secret.to_string()))
        .filter(reauthorisation_token::Column::UsedAt.is_null())
        .exec(database)
        .await?;
    Ok(())
}
