//! Institutions.

use banklink_domain::{
    app::AppMode,
    country::Country,
    institution::{ConnectorKind, Institution},
};
use banklink_protocol::{ids::InstitutionId, institutions::Health};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{
    columns::Columns,
    cursor::Page,
    entities::institution::{self, health_column},
    error::StoreError,
    settings::{self, SettingName},
    store::Store,
};

/// The repository of institutions.
#[derive(Clone, Copy, Debug)]
pub struct Institutions<'store> {
    pub(crate) store: &'store Store,
}

/// Rows written by one statement: enough to be quick, few enough for the variables that a statement may have
/// (SQLite 32,766, PostgreSQL 65,535; a row has ten).
const BATCH: usize = 500;

impl Institutions<'_> {
    /// Adds institutions, and brings those that are there up to date but for their popularity, all or nothing. A
    /// built-in one is changed only by its like: no directory can take its id. Says how many were written.
    pub async fn upsert_many(&self, institutions: &[Institution]) -> Result<u64, StoreError> {
        let transaction = self.store.begin().await?;
        // First of all, so that two imports at once stand in line instead of meeting halfway.
        bump_directory_version(&transaction).await?;
        let mut written = 0;
        for batch in institutions.chunks(BATCH) {
            let rows: Vec<_> = batch.iter().map(institution::Model::try_from).collect::<Result<_, _>>()?;
            written += institution::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
                .on_conflict(bring_up_to_date())
                .exec_without_returning(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(written)
    }

    /// All institutions by id.
    pub async fn list(&self) -> Result<Vec<Institution>, StoreError> {
        let rows = institution::Entity::find().order_by_asc(institution::Column::Id).all(self.store.reader()).await?;
        rows.into_iter().map(Institution::try_from).collect()
    }

    /// Institutions that apps of a mode link, of one country or of all, by id, at most `limit`, after the one of id
    /// `after`.
    pub async fn page(
        &self,
        mode: AppMode,
        country: Option<Country>,
        after: Option<&InstitutionId>,
        limit: u64,
    ) -> Result<Page<Institution, InstitutionId>, StoreError> {
        use institution::Column;
        let sandbox = ConnectorKind::Sandbox.as_str();
        let mut select = institution::Entity::find().filter(match mode {
            AppMode::Sandbox => Column::Connector.eq(sandbox),
            AppMode::Live => Column::Connector.ne(sandbox),
        });
        if let Some(country) = country {
            select = select.filter(Column::Country.eq(country.as_str()));
        }
        if let Some(after) = after {
            select = select.filter(Column::Id.gt(after.as_str()));
        }
        let rows = select.order_by_asc(Column::Id).limit(limit.saturating_add(1)).all(self.store.reader()).await?;
        let institutions = rows.into_iter().map(Institution::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(institutions, limit, |last: &Institution| last.id.clone()))
    }

    /// The institution of this id.
    pub async fn get(&self, id: &InstitutionId) -> Result<Option<Institution>, StoreError> {
        let row = institution::Entity::find_by_id(id.to_string()).one(self.store.reader()).await?;
        row.map(Institution::try_from).transpose()
    }

    /// Notes whether linking works at an institution; says whether there is one.
    pub async fn set_health(&self, id: &InstitutionId, health: Health) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        bump_directory_version(&transaction).await?;
        let updated = institution::Entity::update_many()
            .col_expr(institution::Column::Health, Expr::value(health_column(health)))
            .filter(institution::Column::Id.eq(id.as_str()))
            .exec(&transaction)
            .await?;
        if updated.rows_affected == 0 {
            transaction.rollback().await?;
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Counts up with every change that a list of institutions shows, popularity aside: what was read at one version
    /// is current as long as the version is.
    pub async fn directory_version(&self) -> Result<u64, StoreError> {
        parse_version(settings::read(self.store.reader(), SettingName::DirectoryVersion).await?.as_deref())
    }
}

fn bring_up_to_date() -> OnConflict {
    use institution::Column;
    let excluded = |column| Expr::col(("excluded", column));
    let current = |column| Expr::col((institution::Entity, column));
    OnConflict::column(Column::Id)
        .update_columns([
            Column::Name,
            Column::Country,
            Column::Bic,
            Column::ShortName,
            Column::Aliases,
            Column::Connector,
            Column::BuiltIn,
            Column::Health,
        ])
        .action_and_where(current(Column::BuiltIn).eq(false).or(excluded(Column::BuiltIn).eq(true)))
        .to_owned()
}

/// Counts a connection that was made.
pub(crate) async fn count_connection(database: &impl ConnectionTrait, id: &InstitutionId) -> Result<(), StoreError> {
    institution::Entity::update_many()
        .col_expr(institution::Column::Popularity, Expr::col(institution::Column::Popularity).add(1))
        .filter(institution::Column::Id.eq(id.as_str()))
        .exec(database)
        .await?;
    Ok(())
}

pub(crate) async fn bump_directory_version(database: &impl ConnectionTrait) -> Result<(), StoreError> {
    let version = parse_version(settings::read(database, SettingName::DirectoryVersion).await?.as_deref())?;
    settings::write(database, SettingName::DirectoryVersion, (version + 1).to_string()).await
}

fn parse_version(value: Option<&str>) -> Result<u64, StoreError> {
    match value {
        None => Ok(0),
        Some(value) => Columns("settings").value("value", value.parse()),
    }
}
