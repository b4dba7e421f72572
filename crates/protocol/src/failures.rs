//! What can go wrong on the way, and what the person can do about it.

use serde::{Deserialize, Serialize};

/// A failure as hosts, the API and the screens know it.
///
/// The names on the wire are those that `rollback` lists already use (`vendor-apis.md`, 2.2 and 1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FailureCode {
    /// User name or password is wrong. Goes back to the form.
    InvalidCredentials,
    /// The code or answer is wrong. Goes back to the challenge.
    InvalidSca,
    /// Too many wrong answers.
    AttemptsExhausted,
    /// The institution locked the person's online access.
    DisabledLogin,
    /// The institution is unavailable just now.
    RetryLater,
    /// The institution wants a kind of SCA that can't be done here.
    ScaTypeNotAllowed,
    /// The person is linked there already.
    CredentialsAlreadyExist,
    /// The person said no at the institution: in its app, or on its own page.
    Denied,
    /// The person did not approve in time.
    NotApproved,
    /// The institution wants the person to do something on its own site first.
    UserInteractionNeeded,
    /// The institution's data could not be read.
    DataError,
    /// Our own fault.
    InternalError,
}

/// What a button on a failure screen does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureAction {
    /// The same institution again, from its form.
    Retry,
    /// Another institution.
    ChooseAnother,
    /// Leave.
    Leave,
}

impl FailureCode {
    /// All of them, for tables and tests.
    pub const ALL: [Self; 12] = [
        Self::InvalidCredentials,
        Self::InvalidSca,
        Self::AttemptsExhausted,
        Self::DisabledLogin,
        Self::RetryLater,
        Self::ScaTypeNotAllowed,
        Self::CredentialsAlreadyExist,
        Self::Denied,
        Self::NotApproved,
        Self::UserInteractionNeeded,
        Self::DataError,
        Self::InternalError,
    ];

    /// As it stands in messages, redirects and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidCredentials => "INVALID_CREDENTIALS",
            Self::InvalidSca => "INVALID_SCA",
            Self::AttemptsExhausted => "MAXIMUM_RETRY_REACHED",
            Self::DisabledLogin => "DISABLED_LOGIN",
            Self::RetryLater => "RETRY_LATER",
            Self::ScaTypeNotAllowed => "SCA_TYPE_NOT_ALLOWED",
            Self::CredentialsAlreadyExist => "CREDENTIALS_ALREADY_EXIST",
            Self::Denied => "ACCESS_DENIED",
            Self::NotApproved => "APPROVAL_EXPIRED",
            Self::UserInteractionNeeded => "USER_INTERACTION_NEEDED",
            Self::DataError => "DATA_ERROR",
            Self::InternalError => "INTERNAL_ERROR",
        }
    }

    /// The main and the second action of its screen. One that can be retried keeps the institution.
    pub const fn actions(self) -> (FailureAction, FailureAction) {
        use FailureAction::{ChooseAnother, Leave, Retry};
        match self {
            Self::InvalidCredentials
            | Self::InvalidSca
            | Self::AttemptsExhausted
            | Self::Denied
            | Self::NotApproved
            | Self::UserInteractionNeeded
            | Self::RetryLater
            | Self::DataError
            | Self::InternalError => (Retry, ChooseAnother),
            Self::DisabledLogin | Self::ScaTypeNotAllowed => (ChooseAnother, Leave),
            Self::CredentialsAlreadyExist => (Leave, ChooseAnother),
        }
    }

    /// Whether its screen offers another institution.
    pub const fn may_choose_another(self) -> bool {
        matches!(self.actions(), (FailureAction::ChooseAnother, _) | (_, FailureAction::ChooseAnother))
    }

    /// Whether trying again at the same institution makes sense.
    pub const fn may_retry(self) -> bool {
        matches!(self.actions().0, FailureAction::Retry)
    }
}
