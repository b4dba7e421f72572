//! The link API: what the server says the person does next, and what the person did.
//!
//! A session is a sequence of numbered steps. A [`Submission`] names the step that it answers; the server carries
//! it out once and answers a repeat with where the session stands now, so a request may be sent again after a lost
//! reply without being done twice.

use serde::{Deserialize, Serialize};

use crate::{
    failures::FailureCode,
    ids::{AccountId, ChoiceId, ConnectionId, FieldId, InstitutionId, QuestionId, SessionId},
    institutions::InstitutionSummary,
    money::Money,
    secret::Secret,
};

/// `POST /link/api/1/open`: opens a session, or resumes the tab's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequest {
    /// `location.pathname` of the page, which may name the institution.
    pub path: String,
    /// `location.search` of the page, with its question mark or without.
    pub query: Secret,
    /// The tab's own key, [`SESSION_KEY_PREFIX`] and 64 random hexadecimal digits, by which it asks for everything
    /// further. The tab makes it, so that a request whose answer was lost can be sent again and finds its session.
    pub session_key: Secret,
}

/// What a session key begins with.
pub const SESSION_KEY_PREFIX: &str = "bl_ses_";

/// The answer to [`OpenRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Public id, repeated in every message to the host.
    pub session: SessionId,
    /// Where the session stands.
    pub state: SessionState,
}

/// Where a session stands. `GET /link/api/1/session` reads it; `POST` with a [`Submission`] moves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionState {
    /// Counts up with every change.
    pub number: u32,
    /// What the person does now.
    pub step: Step,
    /// Whether [`Intent::Back`] leads anywhere.
    pub can_go_back: bool,
    /// Seconds until the session expires if nothing happens.
    pub expires_in: u32,
}

/// `POST /link/api/1/session`: what the person did at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The [`SessionState::number`] that this answers.
    pub number: u32,
    /// What the person did.
    pub intent: Intent,
}

/// What a person can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Intent {
    /// Agree to the consent text with this hash.
    AcceptConsent {
        /// Hash of the text that was on the screen.
        text_hash: String,
    },
    /// Choose an institution.
    ChooseInstitution(InstitutionId),
    /// Send the credentials form.
    SubmitCredentials(Vec<FieldValue>),
    /// Answer the challenge.
    SubmitAnswer(Answer),
    /// Share these accounts.
    ChooseAccounts(Vec<AccountId>),
    /// Try again after a failure that allows it.
    Retry,
    /// Leave the institution and choose another.
    ChooseAnother,
    /// One step back.
    Back,
    /// Leave for good.
    Leave(ExitReason),
}

/// What a person does next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Read and agree.
    Consent(ConsentStep),
    /// Choose an institution.
    Institutions(InstitutionsStep),
    /// Type credentials.
    Credentials(CredentialsStep),
    /// Pass strong customer authentication.
    Challenge(ChallengeStep),
    /// Choose the accounts to share.
    Accounts(AccountsStep),
    /// Read what went wrong, and choose how to go on.
    Failed(FailureStep),
    /// The institution is linked; nothing more to do.
    Linked(Ending),
    /// The session ended without a connection.
    Ended(SessionOutcome),
}

/// The consent screen. Its texts come from the server, which records the hash of what was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentStep {
    /// Who asks, from the app's settings or a token, never from an unsigned URL.
    pub customer_name: String,
    /// What will happen, a paragraph each.
    pub paragraphs: Vec<String>,
    /// What will be shared, a line each.
    pub scopes: Vec<String>,
    /// The app's terms.
    pub terms_url: Option<String>,
    /// SHA-256 of the text in this language, hexadecimal.
    pub text_hash: String,
}

/// The list of institutions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionsStep {
    /// Shown before anything is typed, most popular first.
    pub popular: Vec<InstitutionSummary>,
    /// How many there are to search.
    pub total: u32,
    /// An institution that was asked for by URL and is not there.
    pub not_found: Option<String>,
}

/// A credentials form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialsStep {
    /// Whose form it is, shown beside it.
    pub institution: InstitutionSummary,
    /// In the order that the institution asks.
    pub fields: Vec<Field>,
    /// The institution's own page for people who forgot their password.
    pub forgotten_password_url: Option<String>,
    /// What was wrong with the last try.
    pub rejected: Option<Rejection>,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name in the submission and in `#input-credential-<field>`: lower-case letters, digits, `-`.
    pub id: FieldId,
    /// In the person's language.
    pub label: String,
    /// What it takes.
    pub kind: FieldKind,
    /// The value of the `autocomplete` attribute, so that password managers know the field.
    pub autocomplete: Autocomplete,
    /// A line of help below the label.
    pub hint: Option<String>,
    /// A regular expression for the `pattern` attribute.
    pub pattern: Option<String>,
    /// Longest value in UTF-16 units; values of more than [`MAX_FIELD_LENGTH`] are refused anyway.
    pub max_length: u16,
    /// Whether it may stay empty.
    pub optional: bool,
}

/// Longest value of any field or answer, in bytes.
pub const MAX_FIELD_LENGTH: usize = 1024;

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// Hidden while typed, with a way to reveal it.
    Password,
    /// Digits.
    Number,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Telephone,
    /// One of several.
    Select(Vec<Choice>),
}

/// The `autocomplete` attribute of a field, from the HTML standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Autocomplete {
    /// `username`.
    Username,
    /// `current-password`.
    CurrentPassword,
    /// `email`.
    Email,
    /// `tel`.
    Telephone,
    /// `on`: nothing more precise is true.
    On,
}

/// One option among several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Sent back.
    pub id: ChoiceId,
    /// Shown.
    pub label: String,
}

/// A value typed into a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldValue {
    /// Which field.
    pub field: FieldId,
    /// What was typed.
    pub value: Secret,
}

/// Why a form is shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// What was wrong.
    pub code: FailureCode,
    /// Which field, when the institution says.
    pub field: Option<FieldId>,
}

/// A step of strong customer authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeStep {
    /// Who asks.
    pub institution: InstitutionSummary,
    /// What is asked.
    pub challenge: Challenge,
    /// How many wrong answers the institution still takes, where it says.
    pub attempts_left: Option<u8>,
    /// Seconds until the institution stops waiting for the answer, where it says.
    pub expires_in: Option<u32>,
    /// What was wrong with the last answer.
    pub rejected: Option<Rejection>,
}

/// The kinds of challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Challenge {
    /// Type a one-time code.
    OneTimeCode(OneTimeCode),
    /// Answer one or more security questions.
    Questions(Vec<Question>),
}

/// A one-time code to type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeCode {
    /// Where the person finds it.
    pub source: CodeSource,
    /// Where it was sent, masked, as `••• ••42`.
    pub sent_to: Option<String>,
    /// How many characters it has, where known.
    pub length: Option<u8>,
    /// Whether it is made of digits only.
    pub digits_only: bool,
}

/// Where a one-time code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CodeSource {
    /// A text message.
    Sms,
    /// An e-mail.
    Email,
    /// A phone call.
    Call,
    /// The bank's app shows it.
    App,
    /// An authenticator app shows it.
    Authenticator,
    /// A card reader shows it.
    CardReader,
    /// A token or code device shows it.
    Device,
    /// The bank does not say.
    Unspecified,
}

/// A security question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Sent back with the answer.
    pub id: QuestionId,
    /// As the institution words it.
    pub prompt: String,
    /// Empty: free text; else one of these.
    pub options: Vec<Choice>,
}

/// An answer to a challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Challenge::OneTimeCode`].
    Code(Secret),
    /// To [`Challenge::Questions`]: every question, in any order. An option is answered with its [`ChoiceId`].
    Questions(Vec<QuestionAnswer>),
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionAnswer {
    /// Which question.
    pub question: QuestionId,
    /// What was typed or chosen.
    pub answer: Secret,
}

/// The accounts to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountsStep {
    /// Whose accounts.
    pub institution: InstitutionSummary,
    /// In the institution's order; never empty.
    pub accounts: Vec<AccountSummary>,
    /// Whether several may be chosen.
    pub multiple: bool,
}

/// An account as the selection shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSummary {
    /// Sent back.
    pub id: AccountId,
    /// As the institution names it.
    pub name: String,
    /// The last digits, as `4421`.
    pub last_digits: String,
    /// What it holds now.
    pub balance: Money,
}

/// A failure that leaves the session open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureStep {
    /// Where it happened, if an institution was chosen.
    pub institution: Option<InstitutionSummary>,
    /// What happened; its actions are [`FailureCode::actions`].
    pub code: FailureCode,
}

/// The end of a flow that linked an institution, as `widget.md` section 5 describes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Where the person goes: the registered redirect URI with its parameters.
    pub url: String,
    /// For one use; worth nothing without the app's secret.
    pub code: Secret,
    /// The connection, as Flinks integrations know it.
    pub login_id: ConnectionId,
    /// Which institution was linked.
    pub institution: InstitutionSummary,
    /// The chosen accounts, if the person chose.
    pub accounts: Vec<AccountId>,
    /// The page's `tag`.
    pub tag: Option<String>,
}

/// How a session ended without a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionOutcome {
    /// The person left.
    Exited(ExitReason),
    /// A failure that leaves no way on.
    Failed(FailureCode),
    /// Nobody did anything for too long.
    Expired,
}

/// Why a person left; `reason` of the `EXIT` message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExitReason {
    /// Closed the widget.
    Closed,
    /// Declined the consent.
    ConsentDenied,
    /// Did not find the institution.
    InstitutionNotFound,
    /// Gave up after a failure.
    Failed,
    /// The token was used, expired or unknown.
    TokenInvalid,
    /// The session expired.
    SessionExpired,
    /// The browser can't run the widget, or the widget broke.
    Unsupported,
}

impl ExitReason {
    /// As it stands in the `EXIT` message and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::ConsentDenied => "consent_denied",
            Self::InstitutionNotFound => "institution_not_found",
            Self::Failed => "failed",
            Self::TokenInvalid => "token_invalid",
            Self::SessionExpired => "session_expired",
            Self::Unsupported => "unsupported",
        }
    }
}
