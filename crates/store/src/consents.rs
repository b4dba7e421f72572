//! Consents.

use banklink_domain::{
    activity::{Action, Change},
    consent::Consent,
    ids::{AppId, ConsentId},
};
use banklink_protocol::ids::ConnectionId;
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::Expr,
};

use crate::{activities::note, connections, entities::consent, error::StoreError, store::Store};

/// The repository of consents. They are written where a session ends, in
/// [`LinkSessions::finish`](crate::LinkSessions::finish).
#[derive(Clone, Copy, Debug)]
pub struct Consents<'store> {
    pub(crate) store: &'store Store,
}

/// What came of revoking a consent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RevokeConsent {
    /// It no longer holds, and what it covered is erased.
    Revoked(Consent),
    /// It was revoked before.
    AlreadyRevoked,
    /// The app has no such consent.
    Unknown,
}

impl Consents<'_> {
    /// The app's consent of this id.
    pub async fn get(&self, app: AppId, id: ConsentId) -> Result<Option<Consent>, StoreError> {
        let row = consent::Entity::find().filter(of(app, id)).one(self.store.reader()).await?;
        row.map(Consent::try_from).transpose()
    }

    /// What people agreed to for a connection, the last first.
    pub async fn of_connection(&self, app: AppId, connection: &ConnectionId) -> Result<Vec<Consent>, StoreError> {
        let rows = consent::Entity::find()
            .filter(consent::Column::AppId.eq(app.to_string()))
            .filter(consent::Column::ConnectionId.eq(connection.as_str()))
            .order_by_desc(consent::Column::Id)
            .all(self.store.reader())
            .await?;
        rows.into_iter().map(Consent::try_from).collect()
    }

    /// Takes a consent back and deletes the connection that it covered, in one.
    pub async fn revoke(&self, app: AppId, id: ConsentId, change: &Change) -> Result<RevokeConsent, StoreError> {
        let transaction = self.store.begin().await?;
        let rows = consent::Entity::update_many()
            .col_expr(consent::Column::RevokedAt, Expr::value(change.at.as_millisecond()))
            .filter(of(app, id))
            .filter(consent::Column::RevokedAt.is_null())
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = rows.into_iter().next() else {
            transaction.rollback().await?;
            let known = self.get(app, id).await?.is_some();
            return Ok(if known { RevokeConsent::AlreadyRevoked } else { RevokeConsent::Unknown });
        };
        let revoked = Consent::try_from(row)?;
        if let Some(connection) = &revoked.connection {
            connections::delete(&transaction, app, connection, change).await?;
        }
        note(&transaction, app, change, Action::ConsentRevoked, id.to_string(), "").await?;
        transaction.commit().await?;
        Ok(RevokeConsent::Revoked(revoked))
    }
}

fn of(app: AppId, id: ConsentId) -> Expr {
    consent::Column::AppId.eq(app.to_string()).and(consent::Column::Id.eq(id.to_string()))
}

/// Takes back what a person agreed to for a connection that is no more.
pub(crate) async fn revoke_all(
    database: &impl ConnectionTrait,
    connection: &ConnectionId,
    now: Timestamp,
) -> Result<(), StoreError> {
    consent::Entity::update_many()
        .col_expr(consent::Column::RevokedAt, Expr::value(now.as_millisecond()))
        .filter(consent::Column::ConnectionId.eq(connection.as_str()))
        .filter(consent::Column::RevokedAt.is_null())
        .exec(database)
        .await?;
    Ok(())
}

/// Adds a consent.
pub(crate) async fn insert(database: &impl ConnectionTrait, new: &Consent) -> Result<(), StoreError> {
    let row = consent::Model::try_from(new)?.into_active_model();
    let inserted = consent::Entity::insert(row).exec_without_returning(database).await;
    inserted.map(drop).map_err(|error| StoreError::from_insert(error, "consent"))
}
