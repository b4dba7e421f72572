//! Signing in, and being invited.

use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{InvitationId, OperatorId};

/// Fewest characters of an operator's password.
pub const PASSWORD_MIN: usize = 15;

/// Somebody who signs in to the dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Operator {
    /// Names them.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: OperatorId,
    /// What they sign in with.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Since when they are one.
    pub created_at: Timestamp,
}

/// What signing in takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The operator's address.
    pub email: String,
    /// Their password.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub password: Secret,
}

/// Who is signed in, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OperatorSession {
    /// Who.
    pub operator: Operator,
    /// What the organisation is called, if somebody said.
    pub organisation: Option<String>,
}

/// An invitation's token alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationToken {
    /// What stands behind `#` in the invitation's address.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub token: Secret,
}

/// Whom an invitation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Guest {
    /// The first operator of all.
    First,
    /// Somebody who is invited.
    New,
    /// Somebody who lost their password.
    Recovering,
}

/// What an invitation says before it is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Welcome {
    /// Whom it is for.
    pub guest: Guest,
    /// What they sign in with; none where they choose.
    pub email: Option<String>,
    /// What they are called, if that is known.
    pub name: Option<String>,
    /// What the organisation is called, if somebody said.
    pub organisation: Option<String>,
}

/// What accepting an invitation takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// What stands behind `#` in the invitation's address.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub token: Secret,
    /// At least 15 characters.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub password: Secret,
    /// Of the first operator; others are invited under theirs.
    pub email: Option<String>,
    /// Of who is new.
    pub name: Option<String>,
    /// What the organisation is called, if nobody said before.
    pub organisation: Option<String>,
}

/// A permission to become an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Names it, to take it back.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: InvitationId,
    /// What they will sign in with.
    pub email: String,
    /// Since when it can be accepted.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What inviting somebody takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// What they will sign in with. Nothing is sent there: pass the address of the page on yourself.
    pub email: String,
}

/// A new invitation, with what is shown this once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CreatedInvitation {
    /// What will be listed.
    pub invitation: Invitation,
    /// The address of the page where it is accepted, once, within a week. Shown here only.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub url: Secret,
}

/// What changing one's password takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The one that is good now.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub password: Secret,
    /// At least 15 characters.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub new_password: Secret,
}
