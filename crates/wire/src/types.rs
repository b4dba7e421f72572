//! The types of the link API, field by field in the order of their declaration.

use banklink_protocol::{
    boot::{BankPageMode, Boot, EndingMode, Parts},
    challenge::{
        Approval, BankPage, Challenge, ChallengeStep, CodeSource, CoordinateCard, CoordinateCell, Image, Method,
        MethodKind, OneTimeCode, Picture, PictureChoice, PictureTask, QrCode, Question,
    },
    failures::FailureCode,
    ids::{AccountId, ChoiceId, ConnectionId, FieldId, InstitutionId, LogoName, QuestionId, SessionId},
    institutions::{Health, InstitutionSummary, SearchResults},
    money::Money,
    problem::{Problem, ProblemCode},
    secret::Secret,
    session::{
        AccountSummary, AccountsStep, Autocomplete, Choice, ConsentDocument, ConsentStep, CredentialsStep, Ended,
        Ending, FailureStep, Field, FieldKind, InstitutionsStep, LeaveReason, Opened, ReauthorisePurpose,
        ReauthoriseStep, Rejection, SessionOutcome, SessionState, Step,
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

/// Variants without content. The compiler sees to it that every one is listed.
macro_rules! variants {
    ($($name:ident { $($variant:ident)* })*) => {
        $(impl Read for $name {
            fn read(from: &mut Reader<'_>) -> Self {
                const ALL: &[$name] = &[$($name::$variant),*];
                #[expect(clippy::cast_possible_truncation, reason = "there are a handful")]
                let variant = from.variant(ALL.len() as u32);
                let read = ALL[variant as usize];
                match read {
                    $($name::$variant)|* => read,
                }
            }
        })*
    };
}

/// Something in a pattern, whatever its type.
macro_rules! anything {
    ($type:ty) => {
        _
    };
}

/// Variants, some with content. The compiler sees to it that every one is listed.
macro_rules! choices {
    ($($name:ident { $($variant:ident $(($content:ty))?)* })*) => {
        $(impl Read for $name {
            fn read(from: &mut Reader<'_>) -> Self {
                const NAMES: &[&str] = &[$(stringify!($variant)),*];
                #[expect(clippy::cast_possible_truncation, reason = "there are a handful")]
                let variant = from.variant(NAMES.len() as u32);
                let mut next = 0..;
                $(if next.next() == Some(variant) {
                    return Self::$variant $((<$content>::read(from)))?;
                })*
                // The reader gives no other number; a failed one reads the first variant.
                from.fail();
                Self::read(from)
            }
        }

        const _: fn(&$name) = |value| match value {
            $($name::$variant $((anything!($content)))?)|* => {}
        };)*
    };
}

texts! { AccountId ChoiceId Image ConnectionId FieldId InstitutionId LogoName QuestionId SessionId Secret }

structures! {
    Boot { wire_version language app_name page reopens ending bank_page parts first invalid_parameters }
    Parts { header back close }
    InstitutionSummary { id name country detail logo health }
    SearchResults { institutions total }
    Money { amount currency }
    Problem { kind title status code detail parameter request_id }
    Opened { session state }
    SessionState { number revision step can_go_back expires_in }
    ConsentStep { customer_name paragraphs scopes terms privacy text_hash }
    ConsentDocument { label url }
    InstitutionsStep { popular total countries not_found }
    CredentialsStep { institution fields forgotten_password_url rejected }
    Field { id label kind autocomplete hint pattern max_length optional }
    Choice { id label }
    Rejection { code field }
    ReauthoriseStep { institution purpose }
    ChallengeStep {
        institution round challenge attempts_left expires_in resend_in resent can_switch rejected
    }
    Method { id kind detail }
    CoordinateCard { card cells }
    CoordinateCell { id position }
    Picture { prompt task }
    PictureChoice { id image label }
    QrCode { size path app_link }
    Approval { device shows app_link }
    BankPage { url }
    OneTimeCode { source sent_to length digits_only }
    Question { id prompt options }
    AccountsStep { institution accounts multiple }
    AccountSummary { id name last_digits balance }
    FailureStep { institution code }
    Ending { url code login_id institution accounts tag }
    Ended { outcome url }
}

variants! {
    EndingMode { Top Inner MessageOnly }
    BankPageMode { Popup FullPage HandOver }
    ReauthorisePurpose { Access Transactions }
    LeaveReason { Closed ConsentDenied InstitutionNotFound Failed }
    MethodKind {
        Sms Email Call AppCode Approval Authenticator CardReader Device CoordinateCard Qr Questions
    }
    Health { Up Degraded Down Soon }
    Autocomplete { Username CurrentPassword Email Telephone On }
    CodeSource { Sms Email Call App Authenticator CardReader Device Unspecified }
    FailureCode {
        InvalidCredentials InvalidSca AttemptsExhausted DisabledLogin RetryLater ScaTypeNotAllowed
        CredentialsAlreadyExist Denied NotApproved UserInteractionNeeded DataError InternalError
    }
    ProblemCode {
        InvalidRequest InvalidParameter Unauthorized Forbidden NotFound MethodNotAllowed Conflict PayloadTooLarge
        UnsupportedMediaType TokenInvalid SessionExpired StepInProgress CodeInvalid TooManyRequests VersionMismatch
        Unavailable Internal DataUnreadable PreconditionFailed
    }
}

choices! {
    FieldKind { Text Password Number Email Telephone Select(Vec<Choice>) }
    Challenge {
        OneTimeCode(OneTimeCode) Questions(Vec<Question>) Method(Vec<Method>) Coordinates(CoordinateCard)
        Picture(Picture) Qr(QrCode) Approval(Approval) BankPage(BankPage)
    }
    PictureTask { Read(Image) PickOne(Vec<PictureChoice>) PickSeveral(Vec<PictureChoice>) }
    SessionOutcome { Exited(LeaveReason) Failed(FailureCode) Expired }
    Step {
        Consent(ConsentStep) Institutions(InstitutionsStep) Reauthorise(ReauthoriseStep) Credentials(CredentialsStep)
        Challenge(ChallengeStep) Accounts(AccountsStep) Failed(FailureStep) Linked(Ending) Ended(Ended)
    }
}
