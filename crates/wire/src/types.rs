//! The types of the link API, field by field in the order of their declaration.

use banklink_protocol::{
    boot::{AllowedOrigin, Boot, EndingMode, Parts},
    failures::FailureCode,
    ids::{AccountId, ChoiceId, ConnectionId, FieldId, InstitutionId, Origin, QuestionId, SessionId},
    institutions::{Health, InstitutionSummary, SearchResults},
    money::Money,
    problem::{Problem, ProblemCode},
    secret::Secret,
    session::{
        AccountSummary, AccountsStep, Autocomplete, Challenge, ChallengeStep, Choice, CodeSource, ConsentStep,
        CredentialsStep, Ending, ExitReason, FailureStep, Field, FieldKind, InstitutionsStep, OneTimeCode, Opened,
        Question, Rejection, SessionOutcome, SessionState, Step,
    },
};

use crate::read::{Read, Reader};

/// Texts of a type of their own.
macro_rules! texts {
    ($($name:ident)*) => {
        $(impl Read for $name {
            fn read(from: &mut Reader<'_>) -> Self {
                Self::new(from.text())
            }
        })*
    };
}

/// Structures. The compiler sees to it that no field is missing.
macro_rules! structures {
    ($($name:ident { $($field:ident)* })*) => {
        $(impl Read for $name {
            fn read(from: &mut Reader<'_>) -> Self {
                $(let $field = Read::read(from);)*
                Self { $($field),* }
            }
        })*
    };
}

/// Variants without content. The compiler sees to it that every listed one exists.
macro_rules! variants {
    ($($name:ident { $($variant:ident)* })*) => {
        $(impl Read for $name {
            fn read(from: &mut Reader<'_>) -> Self {
                const ALL: &[$name] = &[$($name::$variant),*];
                #[expect(clippy::cast_possible_truncation, reason = "there are a handful")]
                let variant = from.variant(ALL.len() as u32);
                ALL[variant as usize]
            }
        })*
    };
}

texts! { AccountId ChoiceId ConnectionId FieldId InstitutionId Origin QuestionId SessionId Secret }

structures! {
    Boot { wire_version language app_name allowed_origins ending parts first invalid_parameters }
    Parts { header back close }
    InstitutionSummary { id name country health }
    SearchResults { institutions total }
    Money { amount currency }
    Problem { kind title status code detail parameter request_id }
    Opened { session state }
    SessionState { number step can_go_back expires_in }
    ConsentStep { customer_name paragraphs scopes terms_url text_hash }
    InstitutionsStep { popular total not_found }
    CredentialsStep { institution fields forgotten_password_url rejected }
    Field { id label kind autocomplete hint pattern max_length optional }
    Choice { id label }
    Rejection { code field }
    ChallengeStep { institution challenge attempts_left expires_in rejected }
    OneTimeCode { source sent_to length digits_only }
    Question { id prompt options }
    AccountsStep { institution accounts multiple }
    AccountSummary { id name last_digits balance }
    FailureStep { institution code }
    Ending { url code login_id institution accounts tag }
}

variants! {
    EndingMode { Top Inner MessageOnly }
    Health { Up Degraded Down Soon }
    Autocomplete { Username CurrentPassword Email Telephone On }
    CodeSource { Sms Email Call App Authenticator CardReader Device Unspecified }
    ExitReason { Closed ConsentDenied InstitutionNotFound Failed TokenInvalid SessionExpired Unsupported }
    FailureCode {
        InvalidCredentials InvalidSca AttemptsExhausted DisabledLogin RetryLater ScaTypeNotAllowed
        CredentialsAlreadyExist UserInteractionNeeded DataError InternalError
    }
    ProblemCode {
        InvalidRequest InvalidParameter Unauthorized Forbidden NotFound MethodNotAllowed Conflict PayloadTooLarge
        UnsupportedMediaType TokenInvalid SessionExpired StepInProgress CodeInvalid TooManyRequests VersionMismatch
        Unavailable Internal
    }
}

impl Read for AllowedOrigin {
    fn read(from: &mut Reader<'_>) -> Self {
        if from.variant(2) == 0 { Self::Exact(Read::read(from)) } else { Self::Localhost }
    }
}

impl Read for FieldKind {
    fn read(from: &mut Reader<'_>) -> Self {
        match from.variant(6) {
            0 => Self::Text,
            1 => Self::Password,
            2 => Self::Number,
            3 => Self::Email,
            4 => Self::Telephone,
            _ => Self::Select(Read::read(from)),
        }
    }
}

impl Read for Challenge {
    fn read(from: &mut Reader<'_>) -> Self {
        if from.variant(2) == 0 { Self::OneTimeCode(Read::read(from)) } else { Self::Questions(Read::read(from)) }
    }
}

impl Read for SessionOutcome {
    fn read(from: &mut Reader<'_>) -> Self {
        match from.variant(3) {
            0 => Self::Exited(Read::read(from)),
            1 => Self::Failed(Read::read(from)),
            _ => Self::Expired,
        }
    }
}

impl Read for Step {
    fn read(from: &mut Reader<'_>) -> Self {
        match from.variant(8) {
            0 => Self::Consent(Read::read(from)),
            1 => Self::Institutions(Read::read(from)),
            2 => Self::Credentials(Read::read(from)),
            3 => Self::Challenge(Read::read(from)),
            4 => Self::Accounts(Read::read(from)),
            5 => Self::Failed(Read::read(from)),
            6 => Self::Linked(Read::read(from)),
            _ => Self::Ended(Read::read(from)),
        }
    }
}
