//! Links.

use banklink_domain::{
    ids::{AppId, LinkId},
    link::{Link, LinkState, LinkToken},
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, SqlErr, sea_query::Expr};

use crate::{entities::link, error::StoreError, store::Store};

/// The repository of links.
#[derive(Clone, Copy, Debug)]
pub struct Links<'store> {
    pub(crate) store: &'store Store,
}

/// What came of adding a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum CreateLink {
    /// It opens sessions.
    Created,
    /// Its redirect URI is none of the app's: register it first.
    RedirectUriNotRegistered,
}

/// What came of pausing or resuming a link.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ChangeLink {
    /// It changed.
    Changed(Link),
    /// It was in that state already.
    Unchanged(Link),
    /// The app has no such link.
    Unknown,
}

impl Links<'_> {
    /// Adds a link. Its token is taken: [`StoreError::AlreadyExists`].
    pub async fn create(&self, new: &Link) -> Result<CreateLink, StoreError> {
        let row = link::Model::from(new).into_active_model();
        match link::Entity::insert(row).exec_without_returning(self.store.writer()).await {
            Ok(_) => Ok(CreateLink::Created),
            Err(error) => match error.sql_err() {
                Some(SqlErr::ForeignKeyConstraintViolation(_)) => Ok(CreateLink::RedirectUriNotRegistered),
                _ => Err(StoreError::from_insert(error, "link")),
            },
        }
    }

    /// The link of this token, paused or not.
    pub async fn by_token(&self, token: &LinkToken) -> Result<Option<Link>, StoreError> {
        let row = link::Entity::find().filter(link::Column::Token.eq(token.as_str())).one(self.store.reader()).await?;
        row.map(Link::try_from).transpose()
    }

    /// The app's link of this id.
    pub async fn get(&self, app: AppId, id: LinkId) -> Result<Option<Link>, StoreError> {
        let row = link::Entity::find().filter(of(app, id)).one(self.store.reader()).await?;
        row.map(Link::try_from).transpose()
    }

    /// The app's links, oldest first.
    pub async fn list(&self, app: AppId) -> Result<Vec<Link>, StoreError> {
        let rows = link::Entity::find()
            .filter(link::Column::AppId.eq(app.to_string()))
            .order_by_asc(link::Column::Id)
            .all(self.store.reader())
            .await?;
        rows.into_iter().map(Link::try_from).collect()
    }

    /// Stops a link from opening sessions.
    pub async fn pause(&self, app: AppId, id: LinkId) -> Result<ChangeLink, StoreError> {
        self.change(app, id, LinkState::Paused).await
    }

    /// Lets a link open sessions again.
    pub async fn resume(&self, app: AppId, id: LinkId) -> Result<ChangeLink, StoreError> {
        self.change(app, id, LinkState::Active).await
    }

    /// Deletes a link; says whether there was one. Codes that it led to can still be exchanged.
    pub async fn delete(&self, app: AppId, id: LinkId) -> Result<bool, StoreError> {
        let deleted = link::Entity::delete_many().filter(of(app, id)).exec(self.store.writer()).await?;
        Ok(deleted.rows_affected > 0)
    }

    async fn change(&self, app: AppId, id: LinkId, state: LinkState) -> Result<ChangeLink, StoreError> {
        let changed = link::Entity::update_many()
            .col_expr(link::Column::State, Expr::value(state.as_str()))
            .filter(of(app, id))
            .filter(link::Column::State.ne(state.as_str()))
            .exec_with_returning(self.store.writer())
            .await?;
        match changed.into_iter().next() {
            Some(row) => Ok(ChangeLink::Changed(row.try_into()?)),
            None => Ok(self.get(app, id).await?.map_or(ChangeLink::Unknown, ChangeLink::Unchanged)),
        }
    }
}

fn of(app: AppId, id: LinkId) -> Expr {
    link::Column::AppId.eq(app.to_string()).and(link::Column::Id.eq(id.to_string()))
}
