//! Webhooks: who is told, what, and whether it arrived.
//!
//! What is to be told is written in the transaction of what happened ([`outbox`]), so that neither is ever there without
//! the other. [`deliveries`] hands messages out to whoever sends them: of one connection only the first that has not
//! arrived, so that they arrive in order, and under a claim, so that of two instances one sends.

use banklink_domain::{
    activity::{Action, Change},
    app::{App, AppMode},
    ids::{AppId, SigningKeyId, WebhookId},
    webhook::{SigningKey, SigningKeys, Webhook},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

pub use self::deliveries::{Attempt, Claimed, Delivery, Queue, TestWebhook};
use crate::{
    activities::note,
    entities::{
        app,
        webhook::{self, events_column},
    },
    error::StoreError,
    store::Store,
};

mod deliveries;
pub(crate) mod outbox;

/// The repository of webhooks.
#[derive(Clone, Copy, Debug)]
pub struct Webhooks<'store> {
    pub(crate) store: &'store Store,
}

/// What came of adding a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum AddWebhook {
    /// It is told from now on.
    Added,
    /// The app has [`Webhook::MAX`]: remove one first.
    TooMany,
    /// There is no such app.
    UnknownApp,
}

/// What came of changing a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ChangeWebhook<E> {
    /// As it is now.
    Changed(Webhook),
    /// The change was not possible, and nothing was changed.
    Refused(E),
    /// The app has no such webhook.
    Unknown,
}

impl Webhooks<'_> {
    /// The app's webhooks, in the order in which they were added.
    pub async fn list(&self, app: AppId) -> Result<Vec<Webhook>, StoreError> {
        let rows = webhook::Entity::find()
            .filter(webhook::Column::AppId.eq(app.to_string()))
            .order_by_asc(webhook::Column::Id)
            .all(self.store.reader())
            .await?;
        rows.into_iter().map(Webhook::try_from).collect()
    }

    /// The app's webhook of this id.
    pub async fn get(&self, app: AppId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        let row = webhook::Entity::find().filter(of(app, id)).one(self.store.reader()).await?;
        row.map(Webhook::try_from).transpose()
    }

    /// The webhook of this id, and what its app is for, to send something there.
    pub async fn receiver(&self, id: WebhookId) -> Result<Option<(Webhook, AppMode)>, StoreError> {
        let to_app = webhook::Entity::belongs_to(app::Entity).from(webhook::Column::AppId).to(app::Column::Id).into();
        let found = webhook::Entity::find_by_id(id.to_string())
            .join(JoinType::InnerJoin, to_app)
            .select_also(app::Entity)
            .one(self.store.reader())
            .await?;
        let Some((webhook, Some(app))) = found else { return Ok(None) };
        Ok(Some((webhook.try_into()?, App::try_from(app)?.mode)))
    }

    /// The webhook whose messages are signed with this key, or were until lately.
    pub async fn of_key(&self, key: SigningKeyId) -> Result<Option<Webhook>, StoreError> {
        let is_key = webhook::Column::KeyId.eq(key.to_string()).or(webhook::Column::PreviousKeyId.eq(key.to_string()));
        let row = webhook::Entity::find().filter(is_key).one(self.store.reader()).await?;
        row.map(Webhook::try_from).transpose()
    }

    /// Adds a webhook, unless the app has as many as it may.
    pub async fn add(&self, new: &Webhook, change: &Change) -> Result<AddWebhook, StoreError> {
        let transaction = self.store.begin().await?;
        let app = app::Entity::find_by_id(new.app_id.to_string()).lock_exclusive().one(&transaction).await?;
        if app.is_none() {
            return Ok(AddWebhook::UnknownApp);
        }
        let own = webhook::Entity::find().filter(webhook::Column::AppId.eq(new.app_id.to_string()));
        if own.count(&transaction).await? >= Webhook::MAX {
            return Ok(AddWebhook::TooMany);
        }
        let row = webhook::Model::try_from(new)?.into_active_model();
        webhook::Entity::insert(row).exec_without_returning(&transaction).await?;
        note(&transaction, new.app_id, change, Action::WebhookAdded, new.id.to_string(), new.url.as_str()).await?;
        transaction.commit().await?;
        Ok(AddWebhook::Added)
    }

    /// Changes a webhook, and gives it as it is then. What it was to be told already goes to the new address.
    pub async fn change<E>(
        &self,
        app: AppId,
        id: WebhookId,
        change: &Change,
        edit: impl FnOnce(Webhook) -> Result<Webhook, E>,
    ) -> Result<ChangeWebhook<E>, StoreError> {
        let transaction = self.store.begin().await?;
        let row = webhook::Entity::find().filter(of(app, id)).lock_exclusive().one(&transaction).await?;
        let Some(before) = row.map(Webhook::try_from).transpose()? else { return Ok(ChangeWebhook::Unknown) };
        let after = match edit(before.clone()) {
            Ok(after) => after,
            Err(refused) => return Ok(ChangeWebhook::Refused(refused)),
        };
        let changed = [("url", after.url != before.url), ("events", after.events != before.events)];
        let changed: Vec<_> = changed.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
        if !changed.is_empty() {
            webhook::Entity::update_many()
                .col_expr(webhook::Column::Url, Expr::value(after.url.as_str()))
                .col_expr(webhook::Column::Events, Expr::value(events_column(&after.events)?))
                .filter(of(app, id))
                .exec(&transaction)
                .await?;
            note(&transaction, app, change, Action::WebhookChanged, id.to_string(), changed.join(", ")).await?;
            transaction.commit().await?;
        }
        Ok(ChangeWebhook::Changed(after))
    }

    /// Gives a webhook another signing key; the one before signs too for [`SigningKeys::OVERLAP`]. Where one before signs
    /// already, that goes on: receivers have it, and may never have seen the one in between.
    pub async fn rotate_key(
        &self,
        app: AppId,
        id: WebhookId,
        key: &SigningKey,
        change: &Change,
    ) -> Result<Option<Webhook>, StoreError> {
        use webhook::Column;
        let transaction = self.store.begin().await?;
        let row = webhook::Entity::find().filter(of(app, id)).lock_exclusive().one(&transaction).await?;
        let Some(before) = row.map(Webhook::try_from).transpose()? else { return Ok(None) };
        let still = before.keys.previous.filter(|(_, until)| change.at < *until);
        let (previous, until) = still.unwrap_or((before.keys.current, change.at + SigningKeys::OVERLAP));
        let rows = webhook::Entity::update_many()
            .col_expr(Column::PreviousKeyId, Expr::value(previous.id.to_string()))
            .col_expr(Column::SealedPreviousKey, Expr::value(previous.sealed.as_bytes()))
            .col_expr(Column::PreviousUntil, Expr::value(until.as_millisecond()))
            .col_expr(Column::KeyId, Expr::value(key.id.to_string()))
            .col_expr(Column::SealedKey, Expr::value(key.sealed.as_bytes()))
            .filter(of(app, id))
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = rows.into_iter().next() else { return Ok(None) };
        let rotated = Webhook::try_from(row)?;
        note(&transaction, app, change, Action::WebhookKeyRotated, id.to_string(), rotated.url.as_str()).await?;
        transaction.commit().await?;
        Ok(Some(rotated))
    }

    /// Removes a webhook with all that it was to be told; says whether it was there.
    pub async fn remove(&self, app: AppId, id: WebhookId, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let rows = webhook::Entity::delete_many().filter(of(app, id)).exec_with_returning(&transaction).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(false) };
        note(&transaction, app, change, Action::WebhookRemoved, row.id, row.url).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

fn of(app: AppId, id: WebhookId) -> Expr {
    webhook::Column::AppId.eq(app.to_string()).and(webhook::Column::Id.eq(id.to_string()))
}
