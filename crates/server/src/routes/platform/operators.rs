//! The people who sign in to the dashboard, and those who are invited.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use banklink_domain::{
    ids::{InvitationId, OperatorId},
    operator::{Guest, Invitation, Operator},
};
use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Items, answer,
    caller::{OperatorCaller, require_own_page},
    session::{self, SessionReply},
};
use crate::{
    problem::ApiError,
    services::operators::{self, Acceptance, Welcome},
    state::AppState,
    wire::{PathOf, Wire},
};

#[derive(Serialize, ToSchema)]
#[schema(as = Operator)]
pub(super) struct OperatorReply {
    #[schema(value_type = String)]
    id: OperatorId,
    email: String,
    name: String,
    created_at: Timestamp,
}

impl From<Operator> for OperatorReply {
    fn from(operator: Operator) -> Self {
        let Operator { id, email, name, created_at, .. } = operator;
        Self { id, email: email.to_string(), name: name.into(), created_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
struct InvitationReply {
    #[schema(value_type = String)]
    id: InvitationId,
    email: String,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl From<Invitation> for InvitationReply {
    fn from(invitation: Invitation) -> Self {
        let email = match &invitation.guest {
            Guest::New(email) => email.to_string(),
            Guest::First | Guest::Recovering(_) => String::new(),
        };
        let Invitation { id, created_at, expires_at, .. } = invitation;
        Self { id, email, created_at, expires_at }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewInvitation)]
#[serde(deny_unknown_fields)]
pub(super) struct InvitationRequest {
    /// What they will sign in with. Nothing is sent there: pass the address of the page on yourself.
    email: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CreatedInvitation)]
struct CreatedInvitationReply {
    invitation: InvitationReply,
    /// The address of the page where it is accepted, once, within a week. Shown here only.
    #[schema(value_type = String)]
    url: Secret,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = InvitationToken)]
#[serde(deny_unknown_fields)]
pub(super) struct WelcomeRequest {
    /// What stands behind `#` in the invitation's address.
    #[schema(value_type = String)]
    token: Secret,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Welcome)]
struct WelcomeReply {
    /// `first` for the first operator, `new` for who is invited, `recovering` for who lost their password.
    guest: &'static str,
    /// What they sign in with; none where they choose.
    email: Option<String>,
    /// What they are called, if that is known.
    name: Option<String>,
    /// What the organisation is called, if somebody said.
    organisation: Option<String>,
}

impl From<Welcome> for WelcomeReply {
    fn from(welcome: Welcome) -> Self {
        let (guest, email) = match welcome.invitation.guest {
            Guest::First => ("first", None),
            Guest::New(email) => ("new", Some(email)),
            Guest::Recovering(_) => ("recovering", welcome.operator.as_ref().map(|operator| operator.email.clone())),
        };
        Self {
            guest,
            email: email.map(|email| email.to_string()),
            name: welcome.operator.map(|operator| operator.name.into()),
            organisation: welcome.organisation.map(Into::into),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = Acceptance)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptRequest {
    /// What stands behind `#` in the invitation's address.
    #[schema(value_type = String)]
    token: Secret,
    /// At least 15 characters.
    #[schema(value_type = String)]
    password: Secret,
    /// Of the first operator; others are invited under theirs.
    email: Option<String>,
    /// Of who is new.
    name: Option<String>,
    /// What the organisation is called, if nobody said before.
    organisation: Option<String>,
}

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
    responses((status = OK, body = Items<OperatorReply>)))]
pub(super) async fn list_operators(
    State(state): State<AppState>,
    OperatorCaller(_): OperatorCaller,
) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, Items::<OperatorReply>::all(state.store.operators().list().await?)))
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
    responses((status = OK, body = Items<InvitationReply>)))]
pub(super) async fn list_invitations(
    State(state): State<AppState>,
    OperatorCaller(_): OperatorCaller,
) -> Result<Response, ApiError> {
    let open = state.store.operators().invitations(state.clock.now()).await?;
    Ok(answer(StatusCode::OK, Items::<InvitationReply>::all(open)))
}

/// Invite somebody
///
/// An earlier invitation of theirs is void.
#[utoipa::path(post, path = "/platform/v1/invitations", tag = "Operators", request_body = InvitationRequest,
    security(("operator" = [])),
    responses((status = CREATED, body = CreatedInvitationReply), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn invite(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Wire(request): Wire<InvitationRequest>,
) -> Result<Response, ApiError> {
    let invited = operators::invite(&state, &signed_in, &request.email).await?;
    let url = invited.url(&state.public_url);
    Ok(answer(StatusCode::CREATED, CreatedInvitationReply { invitation: invited.invitation.into(), url }))
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
#[utoipa::path(post, path = "/platform/v1/invitations/read", tag = "Signing in", request_body = WelcomeRequest,
    security(()), responses((status = OK, body = WelcomeReply), (status = UNAUTHORIZED, description = "`TOKEN_INVALID`")))]
pub(super) async fn read_invitation(
    State(state): State<AppState>,
    headers: HeaderMap,
    Wire(request): Wire<WelcomeRequest>,
) -> Result<Response, ApiError> {
    require_own_page(&headers, &state)?;
    Ok(answer(StatusCode::OK, WelcomeReply::from(operators::welcome(&state, &request.token).await?)))
}

/// Accept an invitation
///
/// Whoever does is signed in: the answer sets a cookie. Who recovers is signed out everywhere else.
#[utoipa::path(post, path = "/platform/v1/invitations/accept", tag = "Signing in", request_body = AcceptRequest,
    security(()),
    responses((status = OK, body = SessionReply), (status = UNAUTHORIZED, description = "`TOKEN_INVALID`"),
        (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn accept_invitation(
    State(state): State<AppState>,
    headers: HeaderMap,
    Wire(request): Wire<AcceptRequest>,
) -> Result<Response, ApiError> {
    require_own_page(&headers, &state)?;
    let AcceptRequest { token, password, email, name, organisation } = request;
    let acceptance = Acceptance { token, password, email, name, organisation };
    session::entered(&state, operators::accept(&state, &acceptance).await?).await
}
