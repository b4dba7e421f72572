//! A link session: one person's way through the flow, as the server sees it.
//!
//! [`Stage`] is where the session stands. [`Stage::decide`] says what an intent means there, without doing anything:
//! most decisions lead straight to another stage, some ask for work that only the server can do (look an institution
//! up, call a connector, write the connection), whose result then becomes the next stage.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use banklink_protocol::{
    challenge::{Answer, Challenge},
    failures::FailureCode,
    ids::{AccountId, InstitutionId},
    institutions::InstitutionSummary,
    messages::Screen,
    secret::Secret,
    session::{
        AccountSummary, ConsentStep, CredentialsStep, Ended, Ending, FieldValue, Intent, LeaveReason, ReauthoriseStep,
        Rejection, SessionOutcome,
    },
};
use thiserror::Error;

use crate::{consent::Scope, reauthorisation::ReauthorisationPurpose};

pub use end::{End, Outcome, Place};
pub use opening::{Entrance, Opening, Reauthorisation, Rollback, SessionPurpose, Visible};
pub use searched::Searched;

mod end;
mod opening;
mod searched;

/// What the server keeps of a session, sealed: it can hold a connector's state and a code not yet exchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionData {
    /// What was decided when it was opened; never changes.
    pub opening: Opening,
    /// The consent given, once it is.
    pub consent: Option<ConsentGiven>,
    /// Where it stands.
    pub stage: Stage,
    /// How many challenges there were.
    pub rounds: u16,
    /// How many times credentials were wrong.
    pub wrong_credentials: u8,
    /// Whether something failed that the person saw here.
    pub has_failed: bool,
}

impl SessionData {
    /// A session that begins.
    pub const fn new(opening: Opening, stage: Stage) -> Self {
        Self { opening, consent: None, stage, rounds: 0, wrong_credentials: 0, has_failed: false }
    }

    /// What `intent` means where the session stands.
    pub fn decide(&self, intent: Intent) -> Result<Decision, NotAllowedHere> {
        match intent {
            Intent::Back => self.back().ok_or(NotAllowedHere),
            intent => self.stage.decide(intent).map(|decision| self.stay(decision)),
        }
    }

    /// What a step back means, where there is one.
    pub fn back(&self) -> Option<Decision> {
        let decision = self.stage.back()?;
        match &self.opening.purpose {
            SessionPurpose::Reauthorise(wanted)
                if wanted.purpose == ReauthorisationPurpose::Credentials && self.stage.is_entry() =>
            {
                None
            }
            _ => Some(self.stay(decision)),
        }
    }

    /// A connection that is renewed stays at its institution: whatever leads elsewhere begins again there.
    fn stay(&self, decision: Decision) -> Decision {
        match (&self.opening.purpose, decision) {
            (SessionPurpose::Reauthorise(_), Decision::Choose(_) | Decision::Go(Stage::Institutions { .. })) => {
                Decision::Begin
            }
            (_, decision) => decision,
        }
    }
}

/// The person's agreement to the text that was on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentGiven {
    /// SHA-256 of the text, hexadecimal.
    pub text_hash: String,
    /// BCP 47 tag of the text's language.
    pub language: String,
    /// What is shared.
    pub scopes: Vec<Scope>,
    /// When.
    pub at: Timestamp,
}

/// Where a session stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The person reads the consent text.
    Consent(ConsentStep),
    /// The person chooses an institution.
    Institutions {
        /// An institution that was asked for by URL and is not there.
        not_found: Option<String>,
    },
    /// The person confirms a connection that they have.
    Reauthorise(ReauthoriseStep),
    /// The person types credentials.
    Credentials(Box<CredentialsStep>),
    /// The institution waits for an answer.
    Challenge(Box<ChallengeStage>),
    /// The person chooses accounts.
    Accounts(Box<AccountsStage>),
    /// Something failed; the person chooses how to go on.
    Failed {
        /// Where, if an institution was chosen.
        institution: Option<InstitutionSummary>,
        /// What.
        code: FailureCode,
    },
    /// The institution is linked.
    Linked(Box<Ending>),
    /// It ended without a connection.
    Ended(Ended),
}

/// [`Stage::Challenge`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeStage {
    /// Who asks.
    pub institution: InstitutionSummary,
    /// Counts the challenges of the session; one that is shown again keeps its number.
    pub round: u16,
    /// What is asked.
    pub challenge: Challenge,
    /// Wrong answers left.
    pub attempts_left: Option<u8>,
    /// When the institution stops waiting.
    pub expires_at: Option<Timestamp>,
    /// From when on it can be asked to send again, if it can.
    pub resend_at: Option<Timestamp>,
    /// Whether it was sent again just now.
    pub resent: bool,
    /// Whether there is another method.
    pub can_switch: bool,
    /// What was wrong with the last answer.
    pub rejected: Option<Rejection>,
    /// The connector's own state; empty until the bank's own page is gone to.
    pub connector_state: Vec<u8>,
    /// What the bank's own page sends the person back with, by which their session is found.
    pub ticket: Option<Secret>,
}

/// [`Stage::Accounts`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountsStage {
    /// Whose accounts.
    pub institution: InstitutionSummary,
    /// To choose from.
    pub accounts: Vec<AccountSummary>,
    /// Whether several may be chosen.
    pub multiple: bool,
    /// What the connection will be made of.
    pub login: Login,
}

/// A login that an institution accepted, before it becomes a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The connector's state, from which it reads data.
    pub saved: Vec<u8>,
    /// [`crate::hash::IdentityHash`] of the person at the institution, hexadecimal, so that a second login is known.
    pub identity: String,
    /// The user name as the person typed it.
    pub username: Secret,
}

/// What an intent means at a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The next stage needs nothing else.
    Go(Stage),
    /// The person agreed; the session goes on to the institution that was asked for, or to the list.
    Agreed {
        /// The consent to record.
        text_hash: String,
    },
    /// Begin again what the session is for.
    Begin,
    /// Look the institution up and show its form.
    Choose(InstitutionId),
    /// Start a login with these credentials.
    Start {
        /// The form that it answers, shown again if they are wrong.
        form: Box<CredentialsStep>,
        /// What was typed.
        credentials: Vec<FieldValue>,
    },
    /// Give something to the connector that waits for it.
    Respond {
        /// The stage that waits.
        stage: Box<ChallengeStage>,
        /// What it is given.
        response: Response,
    },
    /// Log in again with what the connection saved.
    Reauthorise(ReauthoriseStep),
    /// Make the connection.
    Link {
        /// Where.
        institution: InstitutionSummary,
        /// From what.
        login: Login,
        /// Which accounts are shared; empty: all.
        accounts: Vec<AccountId>,
    },
}

impl Decision {
    /// Whether the institution is given something that it must not get twice: a code counts as wrong the second time, a
    /// password that is wrong locks the person out the sooner.
    pub const fn is_given_to_the_institution(&self) -> bool {
        match self {
            Self::Start { .. } | Self::Respond { .. } | Self::Reauthorise(_) => true,
            Self::Go(_) | Self::Agreed { .. } | Self::Begin | Self::Choose(_) | Self::Link { .. } => false,
        }
    }
}

/// What a connector that waits is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// The person's answer.
    Answer(Answer),
    /// The wish to have it sent again.
    Resend,
    /// The wish for another method.
    Switch,
}

/// The intent does not fit the stage: another tab or an old page is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this can't be done at the session's current step")]
pub struct NotAllowedHere;

impl Stage {
    /// What `intent` means here.
    pub fn decide(&self, intent: Intent) -> Result<Decision, NotAllowedHere> {
        match (self, intent) {
            (Self::Linked(_) | Self::Ended(_), _) => Err(NotAllowedHere),
            (Self::Consent(shown), Intent::AcceptConsent { text_hash }) if shown.text_hash == text_hash => {
                Ok(Decision::Agreed { text_hash })
            }
            (Self::Institutions { .. }, Intent::ChooseInstitution(id)) => Ok(Decision::Choose(id)),
            (Self::Credentials(form), Intent::SubmitCredentials(credentials)) => {
                Ok(Decision::Start { form: form.clone(), credentials })
            }
            (Self::Challenge(stage), Intent::SubmitAnswer(answer)) => {
                Ok(Decision::Respond { stage: stage.clone(), response: Response::Answer(answer) })
            }
            (Self::Challenge(stage), Intent::Resend) if stage.resend_at.is_some() => {
                Ok(Decision::Respond { stage: stage.clone(), response: Response::Resend })
            }
            (Self::Challenge(stage), Intent::SwitchMethod) if stage.can_switch => {
                Ok(Decision::Respond { stage: stage.clone(), response: Response::Switch })
            }
            (Self::Reauthorise(step), Intent::Reauthorise) => Ok(Decision::Reauthorise(step.clone())),
            (Self::Accounts(stage), Intent::ChooseAccounts(chosen)) => stage.choose(chosen),
            (Self::Failed { institution: Some(institution), code }, Intent::Retry) if code.may_retry() => {
                Ok(Decision::Choose(institution.id.clone()))
            }
            (Self::Failed { code, .. }, Intent::ChooseAnother) if code.may_choose_another() => {
                Ok(Decision::Go(Self::LIST))
            }
            (stage, Intent::Back) => stage.back().ok_or(NotAllowedHere),
            _ => Err(NotAllowedHere),
        }
    }

    /// How the session ends when the person leaves.
    pub const fn left(&self, reason: LeaveReason) -> SessionOutcome {
        match (self, reason) {
            (Self::Failed { code, .. }, LeaveReason::Failed) => SessionOutcome::Failed(*code),
            (_, reason) => SessionOutcome::Exited(reason),
        }
    }

    /// The list, as it is when nothing went wrong.
    pub const LIST: Self = Self::Institutions { not_found: None };

    /// What a step back means, where there is one: never behind a consent given or a login accepted.
    pub fn back(&self) -> Option<Decision> {
        match self {
            Self::Credentials(_) | Self::Failed { .. } => Some(Decision::Go(Self::LIST)),
            // Nothing is before the bank's own page but the list.
            Self::Challenge(stage) if stage.ticket.is_some() => Some(Decision::Go(Self::LIST)),
            Self::Challenge(stage) => Some(Decision::Choose(stage.institution.id.clone())),
            _ => None,
        }
    }

    /// Whether a person gets in at the institution here: its form, or the way to its own page.
    pub fn is_entry(&self) -> bool {
        matches!(self, Self::Credentials(_)) || self.ticket().is_some()
    }

    /// What went wrong, where the person reads of it.
    pub fn failure(&self) -> Option<FailureCode> {
        match self {
            Self::Failed { code, .. } => Some(*code),
            Self::Credentials(form) => form.rejected.as_ref().map(|rejection| rejection.code),
            Self::Challenge(stage) => stage.rejected.as_ref().map(|rejection| rejection.code),
            _ => None,
        }
    }

    /// What the bank's own page sends the person back with, while they are to go there.
    pub fn ticket(&self) -> Option<&Secret> {
        match self {
            Self::Challenge(stage) => stage.ticket.as_ref(),
            _ => None,
        }
    }

    /// How it ended, once it has. `None` while the person is on the way.
    pub fn end(&self) -> Option<End> {
        match self {
            Self::Linked(ending) => Some(End::Linked(ending.login_id.clone())),
            Self::Ended(ended) => Some(ended.outcome.into()),
            _ => None,
        }
    }

    /// Which screen shows it.
    pub const fn screen(&self) -> Screen {
        match self {
            Self::Consent(_) => Screen::Consent,
            Self::Institutions { .. } => Screen::Institutions,
            Self::Reauthorise(_) => Screen::Reauthorise,
            Self::Credentials(_) => Screen::Credentials,
            Self::Challenge(_) => Screen::Challenge,
            Self::Accounts(_) => Screen::Accounts,
            Self::Failed { .. } | Self::Ended(_) => Screen::Failure,
            Self::Linked(_) => Screen::Success,
        }
    }

    /// The institution that it is about, once one is chosen.
    pub fn institution(&self) -> Option<&InstitutionSummary> {
        match self {
            Self::Consent(_) | Self::Institutions { .. } | Self::Ended(_) => None,
            Self::Reauthorise(step) => Some(&step.institution),
            Self::Credentials(form) => Some(&form.institution),
            Self::Challenge(stage) => Some(&stage.institution),
            Self::Accounts(stage) => Some(&stage.institution),
            Self::Failed { institution, .. } => institution.as_ref(),
            Self::Linked(ending) => Some(&ending.institution),
        }
    }

    /// Where the person is.
    pub fn place(&self) -> Place {
        Place { screen: self.screen(), institution: self.institution().map(|institution| institution.id.clone()) }
    }
}

impl AccountsStage {
    fn choose(&self, chosen: Vec<AccountId>) -> Result<Decision, NotAllowedHere> {
        let known = chosen.iter().all(|id| self.accounts.iter().any(|account| &account.id == id));
        let twice = chosen.iter().enumerate().any(|(index, id)| chosen[..index].contains(id));
        let count_fits = if self.multiple { !chosen.is_empty() } else { chosen.len() == 1 };
        if !known || twice || !count_fits {
            return Err(NotAllowedHere);
        }
        Ok(Decision::Link { institution: self.institution.clone(), login: self.login.clone(), accounts: chosen })
    }
}

/// Seconds without a request after which a session ends (seed 002: 8 minutes).
pub const IDLE_SECONDS: i64 = 8 * 60;

/// Seconds after which a session ends in any case (seed 002: 30 minutes).
pub const TOTAL_SECONDS: i64 = 30 * 60;

/// How long after its time a session is kept, without its state, to look into what became of it.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 30);

/// When a session that was opened at `created` and is used at `now` ends.
pub fn expires_at(created: Timestamp, now: Timestamp) -> Timestamp {
    let after = |from: Timestamp, seconds| Timestamp::from_second(from.as_second() + seconds).unwrap_or(Timestamp::MAX);
    after(now, IDLE_SECONDS).min(after(created, TOTAL_SECONDS))
}
