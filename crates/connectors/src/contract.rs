//! What a connector is given and what it gives back.

use core::{fmt, ops::Deref};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;
use zeroize::Zeroizing;

use banklink_domain::accounts::{Account, Holder, Statement, Transaction};
use banklink_protocol::{
    challenge::{Answer, Challenge, Question, QuestionAnswer},
    failures::FailureCode,
    ids::{AccountId, InstitutionId},
    secret::Secret,
    session::{Field, FieldValue, Rejection},
};

/// How the server talks to institutions of one kind.
///
/// A connector keeps nothing between calls: what it needs next time it puts into the [`ConnectorState`] or
/// [`SavedState`] that it returns, which the server seals and stores. It never reads the time; `now` is passed in. What
/// people typed may be missing, overlong or meant for another form, and a state may come from an older version: each
/// ends in a [`Step`] or a [`ConnectorError`], never in a panic. Every call that a person may read something of is told
/// their [`Language`], which can be another one in the next call.
#[async_trait]
pub trait Connector: Send + Sync {
    /// How a person gets in.
    fn entry(&self, institution: &InstitutionRef, language: &Language) -> Entry;

    /// Tries a login.
    async fn start(&self, start: Start) -> Step;

    /// Gives the institution the answer to the challenge that `state` belongs to. An answer that doesn't fit the
    /// challenge shows it again, without costing an attempt.
    async fn answer(&self, state: &ConnectorState, answer: &Answer, language: &Language, now: Timestamp) -> Step;

    /// Looks whether a challenge that is answered elsewhere ([`Challenge::is_awaited`]) was, about once a second while
    /// the person waits. [`Step::Waiting`] where nothing changed.
    async fn poll(&self, state: &ConnectorState, language: &Language, now: Timestamp) -> Step;

    /// Has the code sent again, or the approval asked for again. [`Step::Waiting`] where that can't be done, or not yet.
    async fn resend(&self, state: &ConnectorState, language: &Language, now: Timestamp) -> Step;

    /// Goes back to the choice of a method. [`Step::Waiting`] where there was none.
    async fn switch(&self, state: &ConnectorState, language: &Language, now: Timestamp) -> Step;

    /// Takes what the institution's own page sent the person back with. [`Step::Waiting`] where they were not there.
    async fn returned(
        &self,
        state: &ConnectorState,
        returned: &BankReturn,
        language: &Language,
        now: Timestamp,
    ) -> Step;

    /// Logs in again, nightly or on demand. [`Step::Done`] carries the state to keep from now on; a challenge or a
    /// rejection means that the person must re-authorise. At night nobody reads what it says.
    async fn refresh(&self, saved: &SavedState, language: &Language, now: Timestamp) -> Step;

    /// The person's accounts, in the institution's order; their ids differ.
    async fn accounts(&self, saved: &SavedState, now: Timestamp) -> Result<Vec<Account>, ConnectorError>;

    /// The transactions booked within `dates`, oldest first and never after `now`. Each balance is the one before it
    /// plus its amount; the last of them all is the account's current balance.
    async fn transactions(
        &self,
        saved: &SavedState,
        account: &AccountId,
        dates: DateRange,
        now: Timestamp,
    ) -> Result<Vec<Transaction>, ConnectorError>;

    /// The statements of the last months that are over, at most so many, newest first. Institutions without any have
    /// none.
    async fn statements(
        &self,
        _saved: &SavedState,
        _account: &AccountId,
        _months: u8,
        _now: Timestamp,
    ) -> Result<Vec<Statement>, ConnectorError> {
        Ok(Vec::new())
    }

    /// The security questions that every login of the person is asked, where those are all that it is asked and the same
    /// answers are right each time. None anywhere else.
    async fn questions(&self, _saved: &SavedState, _language: &Language) -> Result<Vec<Question>, ConnectorError> {
        Ok(Vec::new())
    }

    /// Keeps answers to [`Connector::questions`] for logins without the person; those to others stay as they are. Whether
    /// they are right shows at the next login. None where one is to a question that is not asked.
    async fn keep_answers(
        &self,
        _saved: &SavedState,
        _answers: &[QuestionAnswer],
    ) -> Result<Option<SavedState>, ConnectorError> {
        Ok(None)
    }

    /// Who holds the accounts, the person who logged in first.
    async fn holders(&self, saved: &SavedState, now: Timestamp) -> Result<Vec<Holder>, ConnectorError>;
}

/// What a connector needs to know of an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionRef {
    /// Which one.
    pub id: InstitutionId,
    /// As the institution spells it.
    pub name: String,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
}

/// The texts of one language, by key of the `[server]` table in `locales/`.
pub trait Texts: Send + Sync {
    /// BCP 47 tag of the language.
    fn tag(&self) -> &str;

    /// The text; the key itself where there is none.
    fn text<'a>(&'a self, key: &'a str) -> &'a str;

    /// The text with its `{names}` filled in.
    fn fill(&self, key: &str, values: &[(&str, &str)]) -> String;
}

/// The language that a person reads, with the server's [`Texts`] in it. Connectors that have texts of their own, or whose
/// institutions have, go by its tag.
#[derive(Clone)]
pub struct Language(Arc<dyn Texts>);

impl Language {
    /// The language of these texts.
    pub fn new(texts: Arc<dyn Texts>) -> Self {
        Self(texts)
    }
}

impl Deref for Language {
    type Target = dyn Texts;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Language").field(&self.tag()).finish()
    }
}

/// How a person gets in at an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// They fill in a form here.
    Form(CredentialsForm),
    /// They log in on the institution's own page: [`Connector::start`] is called without credentials and answers
    /// with a [`Challenge::BankPage`].
    BankPage,
}

/// The form that a person fills in to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialsForm {
    /// In the order that the institution asks.
    pub fields: Vec<Field>,
    /// The institution's own page for people who forgot their password.
    pub forgotten_password_url: Option<String>,
}

/// The start of a login.
#[derive(Clone, Debug)]
pub struct Start {
    /// Where.
    pub institution: InstitutionRef,
    /// What was typed into the fields of [`CredentialsForm`].
    pub credentials: Vec<FieldValue>,
    /// What the person reads.
    pub language: Language,
    /// Where the institution's own page sends the person back to.
    pub return_to: ReturnTo,
    /// The time.
    pub now: Timestamp,
}

/// Where an institution's own page sends the person back to, by which the server finds their session again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo {
    /// The redirect URI.
    pub url: String,
    /// Comes back as `state`.
    pub state: Secret,
}

/// What an institution's own page sent a person back with (OAuth 2.0, RFC 6749, section 4.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankReturn {
    /// The person logged in and agreed: `code`.
    Code(Secret),
    /// They did not: `error`.
    Error(String),
}

/// How a login goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The institution asks for more.
    Challenge(Challenged),
    /// Nothing changed: the challenge stays as it was shown.
    Waiting,
    /// The person is who they say.
    Done(Done),
    /// The credentials are wrong: back to the form.
    Rejected(Rejection),
    /// It ends here.
    Failed(FailureCode),
}

/// [`Step::Challenge`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenged {
    /// What is asked.
    pub challenge: Challenge,
    /// Whether it is the challenge that was shown before: a wrong answer, a code sent again, one to scan renewed.
    pub again: bool,
    /// How many wrong answers the institution still takes, where it says; at least one.
    pub attempts_left: Option<u8>,
    /// When the institution stops waiting for the answer, where it says.
    pub expires_at: Option<Timestamp>,
    /// From when on [`Connector::resend`] does something, if it does.
    pub resend_at: Option<Timestamp>,
    /// Whether [`Connector::switch`] leads to a choice.
    pub can_switch: bool,
    /// What was wrong with the last answer.
    pub rejected: Option<Rejection>,
    /// For [`Connector::answer`].
    pub state: ConnectorState,
}

/// [`Step::Done`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// For reading data and refreshing.
    pub saved: SavedState,
    /// Names the person at the institution, the same in every login of theirs, however they spell their user name. Hash
    /// it before it is stored: it is often the user name itself.
    pub identity: Secret,
    /// The user name as the person typed it, for display to the app that is linked.
    pub username: Secret,
}

/// First and last day of a period, both within it. It is empty where `to` is before `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateRange {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl DateRange {
    /// Every day there is.
    pub const ALL: Self = Self { from: Date::MIN, to: Date::MAX };

    /// Whether `date` is within.
    pub fn contains(self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }
}

/// Why data could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConnectorError {
    /// The institution does not answer just now.
    #[error("the institution is unavailable")]
    Unavailable,
    /// The institution wants the person to log in again.
    #[error("the person must re-authorise")]
    ReauthorisationNeeded,
    /// The institution answered, but its data can't be read.
    #[error("the institution's data can't be read")]
    Data,
    /// There is no such account.
    #[error("unknown account {0}")]
    UnknownAccount(AccountId),
    /// The saved state is not one that this connector wrote.
    #[error("the saved state can't be read")]
    State,
    /// The connector broke.
    #[error("the connector broke")]
    Internal,
}

impl ConnectorError {
    /// The failure that a person sees when it happens during a session.
    pub const fn failure_code(&self) -> FailureCode {
        match self {
            Self::Unavailable => FailureCode::RetryLater,
            Self::ReauthorisationNeeded => FailureCode::UserInteractionNeeded,
            Self::Data | Self::UnknownAccount(_) => FailureCode::DataError,
            Self::State | Self::Internal => FailureCode::InternalError,
        }
    }
}

/// A state that can't be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the connector's state can't be read or written")]
pub(crate) struct StateError;

macro_rules! sealed_state {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Its bytes can hold what the person typed: they are wiped when dropped, shown by no `Debug`, and to be stored
        /// only sealed.
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<Vec<u8>>);

        impl $name {
            /// Takes bytes that [`Self::as_bytes`] gave.
            pub fn from_bytes(bytes: Vec<u8>) -> Self {
                Self(Zeroizing::new(bytes))
            }

            /// The bytes to seal.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }

            pub(crate) fn write(state: &impl Serialize) -> Result<Self, StateError> {
                let mut bytes = Zeroizing::new(Vec::with_capacity(STATE_CAPACITY));
                serde_json::to_writer(&mut *bytes, state).map_err(|_| StateError)?;
                Ok(Self(bytes))
            }

            pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, StateError> {
                serde_json::from_slice(&self.0).map_err(|_| StateError)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({} bytes)"), self.0.len())
            }
        }
    };
}

/// Room for a state with the longest user name, so that writing one leaves no half-written copy behind in memory.
const STATE_CAPACITY: usize = 4096;

sealed_state!(
    /// What a connector must remember between a challenge and its answer.
    ConnectorState
);
sealed_state!(
    /// What a connector must remember of a login that succeeded.
    SavedState
);
