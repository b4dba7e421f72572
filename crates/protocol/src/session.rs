//! The link API: what the server says the person does next, and what the person did.
//!
//! A session is a sequence of numbered steps. A [`Submission`] names the step that it answers; the server carries
//! it out once and answers a repeat with where the session stands now, so a request may be sent again after a lost
//! reply without being done twice.

use serde::{Deserialize, Serialize};

use crate::{
    challenge::{Answer, ChallengeStep},
    failures::FailureCode,
    ids::{AccountId, ChoiceId, ConnectionId, FieldId, InstitutionId, SessionId},
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
    /// A token that replaces the one of the page's address: the host gave it to a page that lives on.
    pub token: Option<Secret>,
    /// What a session of this page that is over had come to, for the new one to go on with.
    pub carry_on: Option<CarryOn>,
}

/// What the person did in a session that is over, and need not do again in the next one of the same page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryOn {
    /// Hash of the consent text that they agreed to.
    pub text_hash: Option<String>,
    /// The institution that they chose.
    pub institution: Option<InstitutionId>,
}

/// `POST /link/api/1/leave`: the person leaves, whatever else is on its way. Can be sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// Why.
    pub reason: LeaveReason,
    /// What they had searched for, if they did not find their institution.
    pub searched: Option<String>,
}

/// Why a person leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LeaveReason {
    /// Closed the widget.
    Closed,
    /// Declined the consent.
    ConsentDenied,
    /// Did not find the institution.
    InstitutionNotFound,
    /// Gave up after a failure.
    Failed,
}

impl LeaveReason {
    /// As the host and the API know it.
    pub const fn exit_reason(self) -> ExitReason {
        match self {
            Self::Closed => ExitReason::Closed,
            Self::ConsentDenied => ExitReason::ConsentDenied,
            Self::InstitutionNotFound => ExitReason::InstitutionNotFound,
            Self::Failed => ExitReason::Failed,
        }
    }
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
    /// Counts what the person did: the number that the next [`Submission`] answers.
    pub number: u32,
    /// Counts every change, also those that nobody here made: a code to scan that was renewed, an approval elsewhere.
    pub revision: u32,
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
    /// Have the code sent again, or the approval asked for again.
    Resend,
    /// Choose another way to authenticate.
    SwitchMethod,
    /// Begin what a re-authorisation token is for.
    Reauthorise,
}

/// What a person does next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Read and agree.
    Consent(ConsentStep),
    /// Choose an institution.
    Institutions(InstitutionsStep),
    /// Confirm an institution that is linked already.
    Reauthorise(ReauthoriseStep),
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
    Ended(Ended),
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
    /// The terms of who asks, to be read before the person agrees.
    pub terms: Option<ConsentDocument>,
    /// What they do with data.
    pub privacy: Option<ConsentDocument>,
    /// SHA-256 of the text in this language, hexadecimal.
    pub text_hash: String,
}

/// Something to read, on a page of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentDocument {
    /// What the way there is called.
    pub label: String,
    /// Where it is.
    pub url: String,
}

/// The list of institutions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionsStep {
    /// Shown before anything is typed, most popular first.
    pub popular: Vec<InstitutionSummary>,
    /// How many there are to search.
    pub total: u32,
    /// The countries to choose from, ISO 3166-1 alpha-2; empty where the page does not ask for that choice.
    pub countries: Vec<String>,
    /// An institution that was asked for by URL and is not there.
    pub not_found: Option<String>,
}

/// An institution that is linked already, whose connection needs the person again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReauthoriseStep {
    /// Which institution.
    pub institution: InstitutionSummary,
    /// What for.
    pub purpose: ReauthorisePurpose,
}

/// What a connection needs the person for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReauthorisePurpose {
    /// The institution asks for strong customer authentication again (`sca_token`).
    Access,
    /// Transactions older than 90 days (`transaction_token`).
    Transactions,
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

/// The end of a session without a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How.
    pub outcome: SessionOutcome,
    /// Where the person goes instead of reading what went wrong (`rollback`): the registered redirect URI with
    /// `error` and the extras.
    pub url: Option<String>,
}

/// How a session ended without a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionOutcome {
    /// The person left.
    Exited(LeaveReason),
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
