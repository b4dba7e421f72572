//! What there is to see.

/// A screen in one of its states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// Before the first screen is known.
    Loading,
    /// Consent.
    Consent,
    /// The list as it opens.
    Institutions,
    /// The list with results.
    InstitutionsFound,
    /// The list without any.
    InstitutionsNone,
    /// The list of all countries, of which one can be chosen.
    InstitutionsFilter,
    /// The form.
    Credentials,
    /// The form after a wrong password.
    CredentialsRejected,
    /// The form while Caps Lock is on.
    CapsLock,
    /// The form without a network.
    Offline,
    /// The form a minute before the session ends.
    EndsSoon,
    /// Security questions.
    Questions,
    /// Security questions after a wrong answer.
    QuestionsRejected,
    /// A one-time code.
    Code,
    /// A one-time code after a wrong one.
    CodeRejected,
    /// The ways to authenticate.
    Methods,
    /// Positions of a coordinate card.
    Coordinates,
    /// A picture to read.
    PictureToRead,
    /// Pictures to pick from.
    PicturesToPick,
    /// A code to scan.
    Qr,
    /// Something to approve elsewhere.
    Approval,
    /// The bank's own page.
    BankPage,
    /// Account selection.
    Accounts,
    /// Success.
    Success,
    /// A failure that another try may mend.
    FailureUnavailable,
    /// A failure that only the bank can mend.
    FailureLocked,
    /// The question whether to leave.
    Leaving,
    /// After leaving.
    Left,
    /// The token is of no app we know.
    TokenUnknown,
    /// The token was used.
    TokenUsed,
    /// The session expired.
    SessionExpired,
    /// The browser can't run the widget.
    Unsupported,
}

impl Scene {
    /// Its name in file names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Consent => "consent",
            Self::Institutions => "institutions",
            Self::InstitutionsFound => "institutions-found",
            Self::InstitutionsNone => "institutions-none",
            Self::InstitutionsFilter => "institutions-filter",
            Self::Credentials => "credentials",
            Self::CredentialsRejected => "credentials-rejected",
            Self::CapsLock => "caps-lock",
            Self::Offline => "offline",
            Self::EndsSoon => "ends-soon",
            Self::Questions => "questions",
            Self::QuestionsRejected => "questions-rejected",
            Self::Code => "code",
            Self::CodeRejected => "code-rejected",
            Self::Methods => "methods",
            Self::Coordinates => "coordinates",
            Self::PictureToRead => "picture-to-read",
            Self::PicturesToPick => "pictures-to-pick",
            Self::Qr => "qr",
            Self::Approval => "approval",
            Self::BankPage => "bank-page",
            Self::Accounts => "accounts",
            Self::Success => "success",
            Self::FailureUnavailable => "failure-unavailable",
            Self::FailureLocked => "failure-locked",
            Self::Leaving => "leaving",
            Self::Left => "left",
            Self::TokenUnknown => "token-unknown",
            Self::TokenUsed => "token-used",
            Self::SessionExpired => "session-expired",
            Self::Unsupported => "unsupported",
        }
    }

    /// All of them, in the order of a tour.
    pub const ALL: [Self; 32] = [
        Self::Consent,
        Self::Institutions,
        Self::InstitutionsFound,
        Self::InstitutionsNone,
        Self::Credentials,
        Self::CredentialsRejected,
        Self::Questions,
        Self::QuestionsRejected,
        Self::Success,
        Self::InstitutionsFilter,
        Self::CapsLock,
        Self::Offline,
        Self::EndsSoon,
        Self::Loading,
        Self::Code,
        Self::CodeRejected,
        Self::Accounts,
        Self::Methods,
        Self::Coordinates,
        Self::PictureToRead,
        Self::PicturesToPick,
        Self::Qr,
        Self::Approval,
        Self::BankPage,
        Self::FailureUnavailable,
        Self::FailureLocked,
        Self::Leaving,
        Self::Left,
        Self::SessionExpired,
        Self::TokenUsed,
        Self::TokenUnknown,
        Self::Unsupported,
    ];
}
