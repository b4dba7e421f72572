//! Leaves to read connections.

use banklink_domain::{
    data_request::{DataRequest, READABLE, REMEMBERED},
    ids::AppId,
    time::before,
    token::TokenHash,
};
use banklink_protocol::ids::SessionId;
use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict};

use crate::{authorize_tokens, entities::data_request, error::StoreError, store::Store};

/// The repository of leaves to read connections.
#[derive(Clone, Copy, Debug)]
pub struct DataRequests<'store> {
    pub(crate) store: &'store Store,
}

impl DataRequests<'_> {
    /// Adds requests, all or none.
    pub async fn create(&self, requests: &[DataRequest]) -> Result<(), StoreError> {
        let transaction = self.store.begin().await?;
        for request in requests {
            insert(&transaction, request).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Uses an authorize token up and adds a request with it, both or neither. Whether it did: of any number of callers,
    /// one does.
    pub async fn create_with_authorize_token(
        &self,
        request: &DataRequest,
        token: &TokenHash,
    ) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let (app, now) = (Some(request.app_id), request.created_at);
        if authorize_tokens::consume(&transaction, token, app, &request.id, now).await?.is_none() {
            transaction.rollback().await?;
            return Ok(false);
        }
        insert(&transaction, request).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Notes what is asked for with an id, whether it is a request's or a session's.
    pub async fn ask(&self, request: &DataRequest) -> Result<(), StoreError> {
        use data_request::Column;
        let again = OnConflict::column(Column::Id).update_column(Column::Asked).to_owned();
        data_request::Entity::insert(data_request::Model::from(request).into_active_model())
            .on_conflict(again)
            .exec_without_returning(self.store.writer())
            .await?;
        Ok(())
    }

    /// The app's request of this id, as long as it is remembered.
    pub async fn get(&self, app: AppId, id: &SessionId) -> Result<Option<DataRequest>, StoreError> {
        let row = data_request::Entity::find_by_id(id.to_string())
            .filter(data_request::Column::AppId.eq(app.to_string()))
            .one(self.store.reader())
            .await?;
        row.map(DataRequest::try_from).transpose()
    }

    /// Forgets those that were over [`REMEMBERED`] ago; says how many.
    pub async fn forget_old(&self, now: Timestamp) -> Result<u64, StoreError> {
        let made_before = before(before(now, REMEMBERED), READABLE);
        let deleted = data_request::Entity::delete_many()
            .filter(data_request::Column::CreatedAt.lt(made_before.as_millisecond()))
            .exec(self.store.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

async fn insert(database: &impl ConnectionTrait, request: &DataRequest) -> Result<(), StoreError> {
    let row = data_request::Model::from(request).into_active_model();
    let inserted = data_request::Entity::insert(row).exec_without_returning(database).await;
    inserted.map(drop).map_err(|error| StoreError::from_insert(error, "data request"))
}
