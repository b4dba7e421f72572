//! Links.

use banklink_domain::{
    activity::{Action, Change},
    ids::{AppId, LinkId},
    link::{Agreement, Link, LinkToken},
    settings::DocumentUrl,
    text::CustomerName,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, SqlErr,
    sea_query::{Expr, Query},
};

use crate::{
    activities::note,
    cursor::Page,
    entities::{link, link_code},
    error::StoreError,
    link_codes,
    store::Store,
};

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

/// What came of deleting a link whose codes are to be collected first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum DeleteLink {
    /// It is gone.
    Deleted,
    /// It led to codes that nobody exchanged yet.
    HasUnusedCodes,
    /// The app has no such link.
    Unknown,
}

/// What came of changing a link.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ChangeLink<E> {
    /// As it is now.
    Changed(Link),
    /// It was so already.
    Unchanged(Link),
    /// Its redirect URI is none of the app's: register it first.
    RedirectUriNotRegistered,
    /// The change was not possible, and nothing was changed.
    Refused(E),
    /// The app has no such link.
    Unknown,
}

impl Links<'_> {
    /// Adds a link. Its token is taken: [`StoreError::AlreadyExists`].
    pub async fn create(&self, new: &Link, change: &Change) -> Result<CreateLink, StoreError> {
        let transaction = self.store.begin().await?;
        let row = link::Model::from(new).into_active_model();
        if let Err(error) = link::Entity::insert(row).exec_without_returning(&transaction).await {
            return match error.sql_err() {
                Some(SqlErr::ForeignKeyConstraintViolation(_)) => Ok(CreateLink::RedirectUriNotRegistered),
                _ => Err(StoreError::from_insert(error, "link")),
            };
        }
        note(&transaction, new.app_id, change, Action::LinkCreated, new.id.to_string(), new.name.as_str()).await?;
        transaction.commit().await?;
        Ok(CreateLink::Created)
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

    /// The app's links, oldest first, at most `limit`, after the one of id `after`.
    pub async fn list(&self, app: AppId, after: Option<LinkId>, limit: u64) -> Result<Page<Link, LinkId>, StoreError> {
        let mut select = link::Entity::find().filter(link::Column::AppId.eq(app.to_string()));
        if let Some(after) = after {
            select = select.filter(link::Column::Id.gt(after.to_string()));
        }
        let rows =
            select.order_by_asc(link::Column::Id).limit(limit.saturating_add(1)).all(self.store.reader()).await?;
        let links = rows.into_iter().map(Link::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(links, limit, |last: &Link| last.id))
    }

    /// Changes a link's name, redirect URI, state and agreement as `edit` says. Nobody else changes them meanwhile.
    pub async fn change<E>(
        &self,
        app: AppId,
        id: LinkId,
        change: &Change,
        edit: impl FnOnce(Link) -> Result<Link, E>,
    ) -> Result<ChangeLink<E>, StoreError> {
        let transaction = self.store.begin().await?;
        let row = link::Entity::find().filter(of(app, id)).lock_exclusive().one(&transaction).await?;
        let Some(before) = row.map(Link::try_from).transpose()? else { return Ok(ChangeLink::Unknown) };
        let after = match edit(before.clone()) {
            Ok(after) if after == before => return Ok(ChangeLink::Unchanged(after)),
            Ok(after) => after,
            Err(error) => return Ok(ChangeLink::Refused(error)),
        };
        let Agreement { company_name, terms_url, privacy_url } = &after.agreement;
        let updated = link::Entity::update_many()
            .col_expr(link::Column::Name, Expr::value(after.name.as_str()))
            .col_expr(link::Column::RedirectUri, Expr::value(after.redirect_uri.as_str()))
            .col_expr(link::Column::State, Expr::value(after.state.as_str()))
            .col_expr(link::Column::CompanyName, Expr::value(company_name.as_ref().map(CustomerName::as_str)))
            .col_expr(link::Column::TermsUrl, Expr::value(terms_url.as_ref().map(DocumentUrl::as_str)))
            .col_expr(link::Column::PrivacyUrl, Expr::value(privacy_url.as_ref().map(DocumentUrl::as_str)))
            .filter(of(app, id))
            .exec(&transaction)
            .await;
        if let Err(error) = updated {
            return match error.sql_err() {
                Some(SqlErr::ForeignKeyConstraintViolation(_)) => Ok(ChangeLink::RedirectUriNotRegistered),
                _ => Err(error.into()),
            };
        }
        note(&transaction, app, change, Action::LinkChanged, id.to_string(), changed_names(&before, &after)).await?;
        transaction.commit().await?;
        Ok(ChangeLink::Changed(after))
    }

    /// Deletes a link; says whether there was one. Codes that it led to can still be exchanged.
    pub async fn delete(&self, app: AppId, id: LinkId, change: &Change) -> Result<bool, StoreError> {
        self.delete_where(of(app, id), app, change).await
    }

    /// Deletes a link, unless it led to codes that can still be exchanged.
    pub async fn delete_without_codes(
        &self,
        app: AppId,
        id: LinkId,
        change: &Change,
    ) -> Result<DeleteLink, StoreError> {
        let waiting = Query::select()
            .column(link_code::Column::LinkId)
            .from(link_code::Entity)
            .and_where(link_code::Column::LinkId.eq(id.to_string()))
            .and_where(link_codes::unused_at(change.at))
            .to_owned();
        if self.delete_where(of(app, id).and(link::Column::Id.not_in_subquery(waiting)), app, change).await? {
            return Ok(DeleteLink::Deleted);
        }
        Ok(if self.get(app, id).await?.is_some() { DeleteLink::HasUnusedCodes } else { DeleteLink::Unknown })
    }

    async fn delete_where(&self, which: Expr, app: AppId, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let deleted = link::Entity::delete_many().filter(which).exec_with_returning(&transaction).await?;
        let Some(link) = deleted.into_iter().next() else { return Ok(false) };
        note(&transaction, app, change, Action::LinkDeleted, link.id, link.name).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// What of a link differs.
fn changed_names(before: &Link, after: &Link) -> String {
    let changed = [
        ("name", before.name != after.name),
        ("redirect_uri", before.redirect_uri != after.redirect_uri),
        ("state", before.state != after.state),
        ("agreement", before.agreement != after.agreement),
    ];
    changed.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect::<Vec<_>>().join(", ")
}

fn of(app: AppId, id: LinkId) -> Expr {
    link::Column::AppId.eq(app.to_string()).and(link::Column::Id.eq(id.to_string()))
}
