//! Apps with their secrets, redirect URIs, allowed origins and themes.

use banklink_domain::{
    activity::{Action, Change},
    app::{App, AppTheme, ClientSecret, RedirectUri},
    hash::ContentHash,
    ids::{AppId, ClientId, ClientSecretId},
    origin,
    token::TokenHash,
};
use banklink_protocol::boot::AllowedOrigin;
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult,
    sea_query::{Expr, OnConflict, Query},
};

use crate::{
    activities::note,
    columns::{Columns, to_json},
    entities::{allowed_origin, app, client_secret, link, redirect_uri, theme},
    error::StoreError,
    store::Store,
};

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

/// What came of removing a redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RemoveRedirectUri {
    /// It is gone.
    Removed,
    /// The app has no such URI.
    Unknown,
    /// A link leads there: delete the link first.
    InUse,
}

impl Apps<'_> {
    /// Adds an app with what it starts with: all of it or nothing. A client id, data key or secret that another app
    /// has is [`StoreError::AlreadyExists`].
    pub async fn create(&self, new: &NewApp) -> Result<(), StoreError> {
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

    /// The app of this data key.
    pub async fn by_data_key(&self, hash: &TokenHash) -> Result<Option<App>, StoreError> {
        self.one(app::Column::DataKeyHash.eq(hash.to_string())).await
    }

    /// The app of this client secret, and the secret's id, if it still works.
    pub async fn by_client_secret(&self, hash: &TokenHash) -> Result<Option<(App, ClientSecretId)>, StoreError> {
        let row = client_secret::Entity::find()
            .filter(client_secret::Column::Hash.eq(hash.to_string()))
            .filter(client_secret::Column::RevokedAt.is_null())
            .one(self.store.reader())
            .await?;
        let Some(secret) = row.map(ClientSecret::try_from).transpose()? else { return Ok(None) };
        Ok(self.get(secret.app_id).await?.map(|app| (app, secret.id)))
    }

    /// All apps, oldest first.
    pub async fn list(&self) -> Result<Vec<App>, StoreError> {
        let rows = app::Entity::find().order_by_asc(app::Column::Id).all(self.store.reader()).await?;
        rows.into_iter().map(App::try_from).collect()
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
        app::Entity::update_many()
            .col_expr(app::Column::Name, Expr::value(after.name.as_str()))
            .col_expr(app::Column::Settings, Expr::value(to_json(&after.settings)?))
            .filter(app::Column::Id.eq(id.to_string()))
            .exec(&transaction)
            .await?;
        note(&transaction, id, change, Action::AppChanged, changed.join(", ")).await?;
        transaction.commit().await?;
        Ok(ChangeApp::Changed(after))
    }

    /// The secrets of an app, revoked ones too, oldest first.
    pub async fn secrets(&self, id: AppId) -> Result<Vec<ClientSecret>, StoreError> {
        let rows = client_secret::Entity::find()
            .filter(client_secret::Column::AppId.eq(id.to_string()))
            .order_by_asc(client_secret::Column::Id)
            .all(self.store.reader())
            .await?;
        rows.into_iter().map(ClientSecret::try_from).collect()
    }

    /// Adds a secret, unless the app has as many as it may.
    pub async fn add_secret(&self, secret: &ClientSecret, change: &Change) -> Result<AddSecret, StoreError> {
        let transaction = self.store.begin().await?;
        // Held until the end: of two that add the fifth secret, the second counts the first one's. SQLite has one
        // writer anyway.
        let app = app::Entity::find_by_id(secret.app_id.to_string()).lock_exclusive().one(&transaction).await?;
        if app.is_none() {
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
        note(&transaction, secret.app_id, change, Action::ClientSecretAdded, secret.id.to_string()).await?;
        transaction.commit().await?;
        Ok(AddSecret::Added)
    }

    /// Ends a secret for good.
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
        note(&transaction, app, change, Action::ClientSecretRevoked, secret.to_string()).await?;
        transaction.commit().await?;
        Ok(RevokeSecret::Revoked(row.try_into()?))
    }

    /// Where the app's people may go, in the order in which the URIs were added.
    pub async fn redirect_uris(&self, id: AppId) -> Result<Vec<RedirectUri>, StoreError> {
        let rows = redirect_uri::Entity::find()
            .filter(redirect_uri::Column::AppId.eq(id.to_string()))
            .order_by_asc(redirect_uri::Column::Position)
            .all(self.store.reader())
            .await?;
        let columns = Columns("redirect_uris");
        rows.into_iter().map(|row| columns.value("uri", RedirectUri::parse(&row.uri))).collect()
    }

    /// Adds a redirect URI; one that is there already stays where it is. Says whether it is new.
    pub async fn add_redirect_uri(&self, id: AppId, uri: &RedirectUri, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let is_new = insert_redirect_uri(&transaction, id, uri, change.at).await?;
        if is_new {
            note(&transaction, id, change, Action::RedirectUriAdded, uri.as_str()).await?;
        }
        transaction.commit().await?;
        Ok(is_new)
    }

    /// Removes a redirect URI, unless a link leads there.
    pub async fn remove_redirect_uri(
        &self,
        id: AppId,
        uri: &RedirectUri,
        change: &Change,
    ) -> Result<RemoveRedirectUri, StoreError> {
        let transaction = self.store.begin().await?;
        let (app, uri) = (id.to_string(), uri.to_string());
        let used = Query::select()
            .expr(Expr::value(1))
            .from(link::Entity)
            .and_where(link::Column::AppId.eq(app.as_str()))
            .and_where(link::Column::RedirectUri.eq(uri.as_str()))
            .to_owned();
        let deleted = redirect_uri::Entity::delete_many()
            .filter(redirect_uri::Column::AppId.eq(app.as_str()))
            .filter(redirect_uri::Column::Uri.eq(uri.as_str()))
            .filter(Expr::exists(used).not())
            .exec(&transaction)
            .await?;
        if deleted.rows_affected > 0 {
            note(&transaction, id, change, Action::RedirectUriRemoved, uri).await?;
            transaction.commit().await?;
            return Ok(RemoveRedirectUri::Removed);
        }
        let still_there = redirect_uri::Entity::find()
            .filter(redirect_uri::Column::AppId.eq(app))
            .filter(redirect_uri::Column::Uri.eq(uri))
            .count(&transaction)
            .await?;
        Ok(if still_there > 0 { RemoveRedirectUri::InUse } else { RemoveRedirectUri::Unknown })
    }

    /// Which pages may embed the app's widget, in the order in which they were added.
    pub async fn origins(&self, id: AppId) -> Result<Vec<AllowedOrigin>, StoreError> {
        let mode = self.get(id).await?.map(|app| app.mode);
        let rows = allowed_origin::Entity::find()
            .filter(allowed_origin::Column::AppId.eq(id.to_string()))
            .order_by_asc(allowed_origin::Column::Position)
            .all(self.store.reader())
            .await?;
        let columns = Columns("allowed_origins");
        let mode = if rows.is_empty() { return Ok(Vec::new()) } else { columns.present("app_id", mode)? };
        rows.into_iter().map(|row| columns.value("origin", origin::parse(&row.origin, mode))).collect()
    }

    /// Adds an origin; one that is there already stays where it is. Says whether it is new.
    pub async fn add_origin(&self, id: AppId, origin: &AllowedOrigin, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let is_new = insert_origin(&transaction, id, origin, change.at).await?;
        if is_new {
            note(&transaction, id, change, Action::OriginAdded, origin::as_text(origin)).await?;
        }
        transaction.commit().await?;
        Ok(is_new)
    }

    /// Removes an origin; says whether it was there.
    pub async fn remove_origin(&self, id: AppId, origin: &AllowedOrigin, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let deleted = allowed_origin::Entity::delete_many()
            .filter(allowed_origin::Column::AppId.eq(id.to_string()))
            .filter(allowed_origin::Column::Origin.eq(origin::as_text(origin)))
            .exec(&transaction)
            .await?;
        if deleted.rows_affected == 0 {
            return Ok(false);
        }
        note(&transaction, id, change, Action::OriginRemoved, origin::as_text(origin)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The app's own theme, if it has one.
    pub async fn theme(&self, id: AppId) -> Result<Option<AppTheme>, StoreError> {
        let row = theme::Entity::find_by_id(id.to_string()).one(self.store.reader()).await?;
        row.map(AppTheme::try_from).transpose()
    }

    /// The stylesheet of this content, whichever app has it.
    pub async fn theme_css(&self, hash: &ContentHash) -> Result<Option<String>, StoreError> {
        let row =
            theme::Entity::find().filter(theme::Column::Hash.eq(hash.to_string())).one(self.store.reader()).await?;
        Ok(row.map(|row| row.css))
    }

    /// Gives the app a theme in place of the one it has.
    pub async fn set_theme(&self, id: AppId, new: &AppTheme, change: &Change) -> Result<(), StoreError> {
        let transaction = self.store.begin().await?;
        let row = theme::Model {
            app_id: id.to_string(),
            source: new.source.clone(),
            css: new.css.clone(),
            hash: new.hash.to_string(),
            updated_at: change.at.as_millisecond(),
        };
        let replace = OnConflict::column(theme::Column::AppId)
            .update_columns([theme::Column::Source, theme::Column::Css, theme::Column::Hash, theme::Column::UpdatedAt])
            .to_owned();
        theme::Entity::insert(row.into_active_model())
            .on_conflict(replace)
            .exec_without_returning(&transaction)
            .await?;
        note(&transaction, id, change, Action::ThemeSet, new.hash.to_string()).await?;
        Ok(transaction.commit().await?)
    }

    /// Restores the default theme; says whether the app had one of its own.
    pub async fn clear_theme(&self, id: AppId, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let deleted = theme::Entity::delete_by_id(id.to_string()).exec(&transaction).await?;
        if deleted.rows_affected == 0 {
            return Ok(false);
        }
        note(&transaction, id, change, Action::ThemeRestored, "").await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn one(&self, condition: Expr) -> Result<Option<App>, StoreError> {
        let row = app::Entity::find().filter(condition).one(self.store.reader()).await?;
        row.map(App::try_from).transpose()
    }
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

async fn insert_secret(database: &impl ConnectionTrait, secret: &ClientSecret) -> Result<(), StoreError> {
    let row = client_secret::Model::from(secret).into_active_model();
    let inserted = client_secret::Entity::insert(row).exec_without_returning(database).await;
    inserted.map(drop).map_err(|error| StoreError::from_insert(error, "client secret"))
}

async fn insert_redirect_uri(
    database: &impl ConnectionTrait,
    app: AppId,
    uri: &RedirectUri,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = redirect_uri::ActiveModel {
        position: NotSet,
        app_id: Set(app.to_string()),
        uri: Set(uri.to_string()),
        created_at: Set(now.as_millisecond()),
    };
    let inserted = redirect_uri::Entity::insert(row)
        .on_conflict_do_nothing_on([redirect_uri::Column::AppId, redirect_uri::Column::Uri])
        .exec_without_returning(database)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}

async fn insert_origin(
    database: &impl ConnectionTrait,
    app: AppId,
    origin: &AllowedOrigin,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = allowed_origin::ActiveModel {
        position: NotSet,
        app_id: Set(app.to_string()),
        origin: Set(origin::as_text(origin).to_owned()),
        created_at: Set(now.as_millisecond()),
    };
    let inserted = allowed_origin::Entity::insert(row)
        .on_conflict_do_nothing_on([allowed_origin::Column::AppId, allowed_origin::Column::Origin])
        .exec_without_returning(database)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}
