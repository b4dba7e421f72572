//! Re-authorisation tokens.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use banklink_domain::reauthorisation::ReauthorisationPurpose;
use banklink_platform::connections::{self as shape, NewReauthorisationToken, ReauthorisationToken};

use super::{
    Editor, answer,
    connections::{ConnectionInPath, Named},
    once::HoldsDataOf,
};
use crate::{problem::ApiError, services::reauthorisation, state::AppState, wire::Wire};

const fn purpose(purpose: shape::ReauthorisationPurpose) -> ReauthorisationPurpose {
    match purpose {
        shape::ReauthorisationPurpose::Access => ReauthorisationPurpose::Access,
        shape::ReauthorisationPurpose::Credentials => ReauthorisationPurpose::Credentials,
        shape::ReauthorisationPurpose::Transactions => ReauthorisationPurpose::Transactions,
    }
}

/// Create a re-authorisation token
///
/// It opens the widget for what a connection that is there already needs: access again, other credentials, or older
/// transactions. The connection keeps its id and its token.
#[utoipa::path(post, path = "/platform/v1/connections/{connection}/reauthorisation_tokens", tag = "Connections",
    params(ConnectionInPath), request_body = NewReauthorisationToken,
    responses((status = CREATED, body = ReauthorisationToken)))]
pub(super) async fn create_token(
    State(state): State<AppState>,
    Named(connection): Named,
    Editor { change, .. }: Editor,
    Wire(request): Wire<NewReauthorisationToken>,
) -> Result<Response, ApiError> {
    let purpose = purpose(request.purpose);
    let issued = reauthorisation::issue(&state, &connection, &change, purpose).await?;
    let parameters = reauthorisation::page_parameters(&connection, purpose, &issued.token);
    let parameters = parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let (purpose, expires_at) = (request.purpose, issued.expires_at);
    let reply = ReauthorisationToken { token: issued.token, purpose, parameters, expires_at };
    Ok((Extension(HoldsDataOf(connection.id)), answer(StatusCode::CREATED, reply)).into_response())
}
