//! The people who sign in to the dashboard, and those who are invited.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use banklink_domain::ids::{InvitationId, OperatorId};
use banklink_platform::{
    items::Items,
    operators::{
        Acceptance, CreatedInvitation, Invitation, InvitationToken, NewInvitation, Operator, OperatorSession, Welcome,
    },
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    answer,
    caller::{OperatorCaller, require_own_page},
    session, shapes,
};
use crate::{
    problem::ApiError,
    services::operators,
    state::AppState,
    wire::{PathOf, Wire},
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OperatorInPath {
    #[param(value_type = String)]
    operator: OperatorId,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct InvitationInPath {
    #[param(value_type = String)]
    invitation: InvitationId,
}

/// List operators
#[utoipa::path(get, path = "/platform/v1/operators", tag = "Operators", security(("operator" = [])),
    responses((status = OK, body = Items<Operator>)))]
pub(super) async fn list_operators(
    State(state): State<AppState>,
    OperatorCaller(_): OperatorCaller,
) -> Result<Response, ApiError> {
    Ok(answer(
        StatusCode::OK,
        Items::<Operator>::all(state.store.operators().list().await?.into_iter().map(shapes::operator)),
    ))
}

/// Remove an operator
///
/// They are signed out everywhere and can't sign in any more. What they did stays in the log. The last one stays.
#[utoipa::path(delete, path = "/platform/v1/operators/{operator}", tag = "Operators", params(OperatorInPath),
    security(("operator" = [])),
    responses((status = NO_CONTENT), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn remove_operator(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    PathOf(path): PathOf<OperatorInPath>,
) -> Result<StatusCode, ApiError> {
    operators::remove(&state, &signed_in, path.operator).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List invitations
///
/// Those that can still be accepted.
#[utoipa::path(get, path = "/platform/v1/invitations", tag = "Operators", security(("operator" = [])),
    responses((status = OK, body = Items<Invitation>)))]
pub(super) async fn list_invitations(
    State(state): State<AppState>,
    OperatorCaller(_): OperatorCaller,
) -> Result<Response, ApiError> {
    let open = state.store.operators().invitations(state.clock.now()).await?;
    Ok(answer(StatusCode::OK, Items::<Invitation>::all(open.iter().map(shapes::invitation))))
}

/// Invite somebody
///
/// An earlier invitation of theirs is void.
#[utoipa::path(post, path = "/platform/v1/invitations", tag = "Operators", request_body = NewInvitation,
    security(("operator" = [])),
    responses((status = CREATED, body = CreatedInvitation), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn invite(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Wire(request): Wire<NewInvitation>,
) -> Result<Response, ApiError> {
    let invited = operators::invite(&state, &signed_in, &request.email).await?;
    let url = invited.url(&state.public_url);
    Ok(answer(StatusCode::CREATED, CreatedInvitation { invitation: shapes::invitation(&invited.invitation), url }))
}

/// Take an invitation back
#[utoipa::path(delete, path = "/platform/v1/invitations/{invitation}", tag = "Operators", params(InvitationInPath),
    security(("operator" = [])), responses((status = NO_CONTENT)))]
pub(super) async fn withdraw_invitation(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    PathOf(path): PathOf<InvitationInPath>,
) -> Result<StatusCode, ApiError> {
    operators::withdraw(&state, &signed_in, path.invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read an invitation
#[utoipa::path(post, path = "/platform/v1/invitations/read", tag = "Signing in", request_body = InvitationToken,
    security(()), responses((status = OK, body = Welcome), (status = UNAUTHORIZED, description = "`TOKEN_INVALID`")))]
pub(super) async fn read_invitation(
    State(state): State<AppState>,
    headers: HeaderMap,
    Wire(request): Wire<InvitationToken>,
) -> Result<Response, ApiError> {
    require_own_page(&headers, &state)?;
    Ok(answer(StatusCode::OK, shapes::welcome(operators::welcome(&state, &request.token).await?)))
}

/// Accept an invitation
///
/// Whoever does is signed in: the answer sets a cookie. Who recovers is signed out everywhere else.
#[utoipa::path(post, path = "/platform/v1/invitations/accept", tag = "Signing in", request_body = Acceptance,
    security(()),
    responses((status = OK, body = OperatorSession), (status = UNAUTHORIZED, description = "`TOKEN_INVALID`"),
        (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn accept_invitation(
    State(state): State<AppState>,
    headers: HeaderMap,
    Wire(request): Wire<Acceptance>,
) -> Result<Response, ApiError> {
    require_own_page(&headers, &state)?;
    let Acceptance { token, password, email, name, organisation } = request;
    let acceptance = operators::Acceptance { token, password, email, name, organisation };
    session::entered(&state, operators::accept(&state, &acceptance).await?).await
}
