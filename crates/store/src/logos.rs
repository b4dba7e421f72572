//! Logos of institutions.

use std::collections::{HashMap, HashSet};

use banklink_domain::logo::Logo;
use banklink_protocol::ids::{InstitutionId, LogoName};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::{OnConflict, Query},
};

use crate::{
    entities::{institution, institution_logo, logo},
    error::StoreError,
    institutions::bump_directory_version,
    store::Store,
};

/// The repository of logos.
#[derive(Clone, Copy, Debug)]
pub struct Logos<'store> {
    pub(crate) store: &'store Store,
}

impl Logos<'_> {
    /// Gives institutions logos in place of those that they have, all or nothing; a few hundred at most. What nobody has
    /// any more goes. Says of which ids there is no institution.
    pub async fn set_many(&self, logos: &[(InstitutionId, Logo)]) -> Result<Vec<InstitutionId>, StoreError> {
        let transaction = self.store.begin().await?;
        bump_directory_version(&transaction).await?;
        let ids = logos.iter().map(|(id, _)| id.as_str());
        let known: Vec<String> = institution::Entity::find()
            .select_only()
            .column(institution::Column::Id)
            .filter(institution::Column::Id.is_in(ids))
            .into_tuple()
            .all(&transaction)
            .await?;
        let known: HashSet<String> = known.into_iter().collect();
        let is_known = |id: &InstitutionId| known.contains(id.as_str());
        for (id, new) in logos.iter().filter(|(id, _)| is_known(id)) {
            logo::Entity::insert(logo::Model::from(new).into_active_model())
                .on_conflict(OnConflict::column(logo::Column::Name).do_nothing().to_owned())
                .exec_without_returning(&transaction)
                .await?;
            let row = institution_logo::Model { institution_id: id.to_string(), logo: new.name().to_string() };
            let replace = OnConflict::column(institution_logo::Column::InstitutionId)
                .update_column(institution_logo::Column::Logo)
                .to_owned();
            institution_logo::Entity::insert(row.into_active_model())
                .on_conflict(replace)
                .exec_without_returning(&transaction)
                .await?;
        }
        let used = Query::select().column(institution_logo::Column::Logo).from(institution_logo::Entity).to_owned();
        logo::Entity::delete_many().filter(logo::Column::Name.not_in_subquery(used)).exec(&transaction).await?;
        transaction.commit().await?;
        Ok(logos.iter().map(|(id, _)| id).filter(|id| !is_known(id)).cloned().collect())
    }

    /// The logo of this name.
    pub async fn get(&self, name: &LogoName) -> Result<Option<Logo>, StoreError> {
        let row = logo::Entity::find_by_id(name.as_str()).one(self.store.reader()).await?;
        row.map(Logo::try_from).transpose()
    }

    /// Which institutions have one, and which. They change with the directory's version.
    pub async fn all(&self) -> Result<HashMap<InstitutionId, LogoName>, StoreError> {
        let rows = institution_logo::Entity::find().all(self.store.reader()).await?;
        let one = |row: institution_logo::Model| (InstitutionId::new(row.institution_id), LogoName::new(row.logo));
        Ok(rows.into_iter().map(one).collect())
    }
}
