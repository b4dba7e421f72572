//! Apps with their secrets, redirect URIs, allowed origins and themes.

use banklink_domain::{
    activity::{Action, Actor, Change},
    app::{App, ClientSecret, RedirectUri},
    ids::{AppId, ClientId, ClientSecretId},
    token::TokenHash,
};
use banklink_protocol::boot::AllowedOrigin;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

pub(crate) use self::secrets::by_live_secret;
use self::{origins::insert_origin, redirect_uris::insert_redirect_uri, secrets::insert_secret};
pub use self::{
    redirect_uris::RemoveRedirectUri,
    secrets::{AddSecret, RevokeSecret},
};
use crate::{
    activities::note,
    columns::to_json,
    cursor::Page,
    entities::{app, client_secret, redirect_uri},
    error::StoreError,
    store::Store,
};

mod origins;
mod redirect_uris;
mod secrets;
mod themes;

/// The repository of apps.
#[derive(Clone, Copy, Debug)]
pub struct Apps<'store> {
    pub(crate) store: &'store Store,
}

/// An app with what it starts with.
#[derive(Clone, Debug)]
pub struct NewApp {
    /// The app.
    pub app: App,
    /// Its first secret, if it starts with one.
    pub secret: Option<ClientSecret>,
    /// In the order in which they count: the first is where people go if nothing else is said.
    pub redirect_uris: Vec<RedirectUri>,
    /// Which pages may embed its widget.
    pub origins: Vec<AllowedOrigin>,
}

/// What came of changing an app.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ChangeApp<E> {
    /// As it is now.
    Changed(App),
    /// It was so already.
    Unchanged(App),
    /// The change was not possible, and nothing was changed.
    Refused(E),
    /// There is no such app.
    Unknown,
}

/// Most redirect URIs, and most origins, that an app has. The widget's page names all origins in a header.
pub const MAX_ENTRIES: u64 = 50;

/// What came of adding a redirect URI or an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum AddEntry {
    /// It is there now.
    Added,
    /// It was there already.
    Present,
    /// The app has [`MAX_ENTRIES`]: remove one first.
    TooMany,
}

impl Apps<'_> {
    /// Adds an app with what it starts with: all of it or nothing. A client id, data key or secret that another app
    /// has is [`StoreError::AlreadyExists`].
    pub async fn create(&self, new: &NewApp, by: Actor) -> Result<(), StoreError> {
        let transaction = self.store.begin().await?;
        let row = app::Model::try_from(&new.app)?.into_active_model();
        let inserted = app::Entity::insert(row).exec_without_returning(&transaction).await;
        inserted.map_err(|error| StoreError::from_insert(error, "app"))?;
        if let Some(secret) = &new.secret {
            insert_secret(&transaction, secret).await?;
        }
        for uri in &new.redirect_uris {
            insert_redirect_uri(&transaction, new.app.id, uri, new.app.created_at).await?;
        }
        for origin in &new.origins {
            insert_origin(&transaction, new.app.id, origin, new.app.created_at).await?;
        }
        let (app, change) = (&new.app, Change { by, at: new.app.created_at });
        note(&transaction, app.id, &change, Action::AppCreated, app.client_id.to_string(), app.name.as_str()).await?;
        Ok(transaction.commit().await?)
    }

    /// The app of this id.
    pub async fn get(&self, id: AppId) -> Result<Option<App>, StoreError> {
        self.one(app::Column::Id.eq(id.to_string())).await
    }

    /// The app of this client id.
    pub async fn by_client_id(&self, id: ClientId) -> Result<Option<App>, StoreError> {
        self.one(app::Column::ClientId.eq(id.to_string())).await
    }

    /// The apps whose people may go to this address, oldest first; a few of them, where there are many.
    pub async fn by_redirect_uri(&self, uri: &str) -> Result<Vec<App>, StoreError> {
        const MOST: u64 = 100;
        let to_app =
            redirect_uri::Entity::belongs_to(app::Entity).from(redirect_uri::Column::AppId).to(app::Column::Id).into();
        let found = redirect_uri::Entity::find()
            .join(JoinType::InnerJoin, to_app)
            .select_also(app::Entity)
            .filter(redirect_uri::Column::Uri.eq(uri))
            .order_by_asc(app::Column::Id)
            .limit(MOST)
            .all(self.store.reader())
            .await?;
        found.into_iter().filter_map(|(_, app)| app).map(App::try_from).collect()
    }

    /// The app of this data key.
    pub async fn by_data_key(&self, hash: &TokenHash) -> Result<Option<App>, StoreError> {
        self.one(app::Column::DataKeyHash.eq(hash.to_string())).await
    }

    /// The app of this client secret, and the secret's id, if it still works.
    pub async fn by_client_secret(&self, hash: &TokenHash) -> Result<Option<(App, ClientSecretId)>, StoreError> {
        let to_app = client_secret::Entity::belongs_to(app::Entity)
            .from(client_secret::Column::AppId)
            .to(app::Column::Id)
            .into();
        let found = client_secret::Entity::find()
            .join(JoinType::InnerJoin, to_app)
            .select_also(app::Entity)
            .filter(client_secret::Column::Hash.eq(hash.to_string()))
            .filter(client_secret::Column::RevokedAt.is_null())
            .one(self.store.reader())
            .await?;
        let Some((secret, Some(app))) = found else { return Ok(None) };
        Ok(Some((App::try_from(app)?, ClientSecret::try_from(secret)?.id)))
    }

    /// All apps, oldest first, at most `limit`, after `after`.
    pub async fn list(&self, after: Option<AppId>, limit: u64) -> Result<Page<App, AppId>, StoreError> {
        let mut select = app::Entity::find().order_by_asc(app::Column::Id);
        if let Some(after) = after {
            select = select.filter(app::Column::Id.gt(after.to_string()));
        }
        let rows = select.limit(limit.saturating_add(1)).all(self.store.reader()).await?;
        let apps = rows.into_iter().map(App::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(apps, limit, |last: &App| last.id))
    }

    /// Changes an app's name and settings as `edit` says. Nobody else changes them meanwhile.
    pub async fn change<E>(
        &self,
        id: AppId,
        change: &Change,
        edit: impl FnOnce(&mut App) -> Result<(), E>,
    ) -> Result<ChangeApp<E>, StoreError> {
        let transaction = self.store.begin().await?;
        let row = app::Entity::find_by_id(id.to_string()).lock_exclusive().one(&transaction).await?;
        let Some(before) = row.map(App::try_from).transpose()? else { return Ok(ChangeApp::Unknown) };
        let mut after = before.clone();
        if let Err(error) = edit(&mut after) {
            return Ok(ChangeApp::Refused(error));
        }
        let changed = changed_names(&before, &after)?;
        if changed.is_empty() {
            return Ok(ChangeApp::Unchanged(after));
        }
        let mut update = app::Entity::update_many().filter(app::Column::Id.eq(id.to_string()));
        if after.name != before.name {
            update = update.col_expr(app::Column::Name, Expr::value(after.name.as_str()));
        }
        if after.settings != before.settings {
            update = update.col_expr(app::Column::Settings, Expr::value(to_json(&after.settings)?));
        }
        update.exec(&transaction).await?;
        note(&transaction, id, change, Action::AppChanged, "", changed.join(", ")).await?;
        transaction.commit().await?;
        Ok(ChangeApp::Changed(after))
    }

    /// Gives an app another data key; the old one works no more. Nothing if there is no such app.
    pub async fn replace_data_key(&self, id: AppId, hash: &TokenHash, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let updated = app::Entity::update_many()
            .col_expr(app::Column::DataKeyHash, Expr::value(hash.to_string()))
            .filter(app::Column::Id.eq(id.to_string()))
            .exec(&transaction)
            .await?;
        if updated.rows_affected == 0 {
            return Ok(false);
        }
        note(&transaction, id, change, Action::DataKeyReplaced, "", "").await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn one(&self, condition: Expr) -> Result<Option<App>, StoreError> {
        let row = app::Entity::find().filter(condition).one(self.store.reader()).await?;
        row.map(App::try_from).transpose()
    }
}

/// Takes an app's row until the transaction ends, so that of two that count what the app has the second counts what the
/// first added; says whether there is one. SQLite has one writer anyway.
async fn lock(transaction: &DatabaseTransaction, app: AppId) -> Result<bool, StoreError> {
    Ok(app::Entity::find_by_id(app.to_string()).lock_exclusive().one(transaction).await?.is_some())
}

/// What of an app differs: `name`, and the names of settings.
fn changed_names(before: &App, after: &App) -> Result<Vec<String>, StoreError> {
    let settings = |app: &App| serde_json::to_value(&app.settings);
    let (old, new) = (settings(before)?, settings(after)?);
    let names = new.as_object().into_iter().flatten();
    let changed = names.filter(|(name, value)| old.get(name.as_str()) != Some(value)).map(|(name, _)| name.clone());
    let name = (before.name != after.name).then(|| "name".to_owned());
    Ok(name.into_iter().chain(changed).collect())
}
