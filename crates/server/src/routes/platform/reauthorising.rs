//! Re-authorisation tokens.

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use banklink_domain::reauthorisation::ReauthorisationPurpose;
use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, schema::Type},
};

use super::{
    Editor, answer,
    connections::{ConnectionInPath, Named},
    once::HoldsDataOf,
};
use crate::{problem::ApiError, services::reauthorisation, state::AppState, wire::Wire};

/// What for, as the API names it.
fn purposes() -> ObjectBuilder {
    let names = ReauthorisationPurpose::ALL.map(ReauthorisationPurpose::as_str);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewReauthorisationToken)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    #[schema(schema_with = purposes)]
    purpose: ReauthorisationPurpose,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReauthorisationToken)]
struct TokenReply {
    /// For one use. Shown here only.
    #[schema(value_type = String)]
    token: Secret,
    #[schema(schema_with = purposes)]
    purpose: ReauthorisationPurpose,
    /// What a page's address takes to use it, beside what opens the page; or an authorize token, bound.
    #[schema(value_type = BTreeMap<String, String>)]
    parameters: BTreeMap<&'static str, Secret>,
    expires_at: Timestamp,
}

/// Create a re-authorisation token
///
/// It opens the widget for what a connection that is there already needs: access again, other credentials, or older
/// transactions. The connection keeps its id and its token.
#[utoipa::path(post, path = "/platform/v1/connections/{connection}/reauthorisation_tokens", tag = "Connections",
    params(ConnectionInPath), request_body = TokenRequest, responses((status = CREATED, body = TokenReply)))]
pub(super) async fn create_token(
    State(state): State<AppState>,
    Named(connection): Named,
    Editor { change, .. }: Editor,
    Wire(TokenRequest { purpose }): Wire<TokenRequest>,
) -> Result<Response, ApiError> {
    let issued = reauthorisation::issue(&state, &connection, change.by, purpose).await?;
    let parameters = reauthorisation::page_parameters(&connection, purpose, &issued.token);
    let reply = TokenReply { token: issued.token, purpose, parameters, expires_at: issued.expires_at };
    Ok((Extension(HoldsDataOf(connection.id)), answer(StatusCode::CREATED, reply)).into_response())
}
