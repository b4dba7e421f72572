//! What happened.

use banklink_protocol::{
    boot::Boot,
    challenge::Answer,
    failures::FailureAction,
    ids::{AccountId, FieldId, InstitutionId},
    institutions::SearchResults,
    problem::ProblemCode,
    secret::Secret,
    session::{Opened, SessionState},
};

use crate::effect::Timer;

/// How a document begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// What the server wrote into the page.
    pub boot: Boot,
    /// What is around the page.
    pub embedding: Embedding,
    /// The tab's key for this page.
    pub session_key: Secret,
    /// The token by which that session was opened, where it is another than the page's address names.
    pub token: Option<Secret>,
    /// Whether an earlier document of this tab had that key already, so that its session may stand anywhere.
    pub resumes: bool,
    /// Whether the browser thinks that it is online.
    pub online: bool,
    /// Which of the page's entries in the tab's history this is; the first is 0.
    pub depth: u32,
    /// Whether this document is there because an earlier one asked for [`crate::Effect::Reload`].
    pub reloaded: bool,
}

/// What is around the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedding {
    /// Nothing: the page is the tab's own.
    Page,
    /// A frame on a host's page.
    Frame,
}

/// Tells the calls to open, read and submit apart, so that late replies are known as such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestNumber(pub u32);

/// Tells search texts apart, so that results of an older text are known as such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchVersion(pub u32);

/// Why a call brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// No answer, or none of our server's.
    Unreachable,
    /// The server refused.
    Problem(ProblemCode),
    /// The server refused a parameter of the page's address, without which the flow can't run; its name.
    InvalidParameter(String),
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The person did something.
    Did(Act),
    /// An answer to [`crate::Effect::Open`].
    Opened(RequestNumber, Result<Box<Opened>, CallError>),
    /// An answer to [`crate::Effect::Submit`], [`crate::Effect::Read`], [`crate::Effect::Wait`] or
    /// [`crate::Effect::Leave`].
    Answered(RequestNumber, Result<Box<SessionState>, CallError>),
    /// An answer to [`crate::Effect::Search`].
    Found(SearchVersion, Result<SearchResults, CallError>),
    /// A timer ran out.
    Fired(Timer),
    /// The browser has a connection.
    Online,
    /// The browser has none.
    Offline,
    /// The page is shown again as it was, after other pages in the same tab.
    Returned,
    /// The browser's Back, or Android's: the tab's history is at the page's entry with this number now.
    WentBack(u32),
    /// A window for the bank's own page was asked for; whether it opened.
    Popup(bool),
    /// The host wants something.
    Commanded(Command),
    /// The person touched the page for the first time.
    Engaged,
    /// The content is this many pixels high now.
    Resized(u32),
}

/// What the host can want of the flow (`widget.md`, section 4).
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// One step back, and hear whether that led anywhere.
    Back,
    /// The same as the close button.
    Close,
    /// Go on with this token where the old one's session ended.
    RefreshToken {
        /// The new one.
        token: Secret,
        /// A new key for the new session.
        session_key: Secret,
    },
}

/// What a person does.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Agree.
    AcceptConsent,
    /// Decline.
    DeclineConsent,
    /// Type into the search box: all of its text.
    Search(String),
    /// Choose the country (ISO 3166-1 alpha-2) whose institutions are listed; none: all.
    ChooseCountry(Option<String>),
    /// Search again for what stands in the box.
    SearchAgain,
    /// Choose an institution of the list.
    ChooseInstitution(InstitutionId),
    /// Say that the institution is not in the list.
    InstitutionMissing,
    /// Send the credentials form.
    SubmitCredentials(Vec<TypedValue>),
    /// Answer the challenge.
    Answer(Answer),
    /// Have the code sent again, or the approval asked for again.
    Resend,
    /// Choose another way to authenticate.
    SwitchMethod,
    /// Go to the bank's own page, where that is not a window of its own.
    OpenBankPage,
    /// Begin the re-authorisation.
    Reauthorise,
    /// Share accounts.
    ChooseAccounts(Vec<AccountId>),
    /// Press a button of a failure screen.
    Follow(FailureAction),
    /// Start again after the session's end.
    StartAgain,
    /// Go one step back.
    Back,
    /// Say that they are still there: the session is to go on.
    KeepGoing,
    /// Ask to leave.
    Close,
    /// Leave, after all.
    Leave,
    /// Stay, after all.
    Stay,
}

/// What stands in a field of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedValue {
    /// Which field.
    pub field: FieldId,
    /// What was typed or chosen.
    pub value: Secret,
    /// Whether the browser finds that it has the field's form (`pattern`, `type`).
    pub well_formed: bool,
}
