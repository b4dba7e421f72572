//! A sandbox login between its steps.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use banklink_protocol::{
    challenge::{Answer, Challenge},
    failures::FailureCode,
    ids::{FieldId, InstitutionId},
    secret::Secret,
    session::Rejection,
};

use super::{
    Behaviour, flinks_capital,
    household::Household,
    testbank::{self, CodeKind, Contact},
};
use crate::contract::{Challenged, ConnectorState, Done, InstitutionRef, SavedState, Step};

/// What credentials lead to.
pub(super) enum Opening {
    Welcome,
    /// Accepted, but no data can be read.
    WelcomeWithoutData,
    Questions,
    Code(CodeKind),
    Rejects(Rejection),
    Fails(FailureCode),
}

/// What an answer leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    /// Costs an attempt.
    Wrong,
    /// No answer to what was asked; costs nothing. Which part, where that is known.
    Unfit(Option<FieldId>),
    Fails(FailureCode),
    /// Right, and another code is asked for.
    Asks(CodeKind),
}

/// Who logged in where. It is all that the sandbox needs to make up their data.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Login {
    institution: InstitutionId,
    country: String,
    /// As typed.
    username: Secret,
    /// What every login of this person asks for first.
    first: Option<CodeKind>,
    data: Data,
}

/// Whether data can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Data {
    Readable,
    Broken,
}

impl Login {
    pub(super) fn new(institution: &InstitutionRef, username: Secret) -> Self {
        let InstitutionRef { id, country, .. } = institution;
        Self { institution: id.clone(), country: country.clone(), username, first: None, data: Data::Readable }
    }

    /// Goes on with a login whose credentials were read.
    pub(super) fn open(mut self, opening: Opening, now: Timestamp) -> Step {
        match opening {
            Opening::Welcome => self.done(),
            Opening::WelcomeWithoutData => {
                self.data = Data::Broken;
                self.done()
            }
            Opening::Questions => Pending::new(self, Asked::Questions, now).show(None),
            Opening::Code(kind) => {
                self.first = Some(kind);
                Pending::new(self, Asked::Code(kind), now).show(None)
            }
            Opening::Rejects(rejection) => Step::Rejected(rejection),
            Opening::Fails(code) => Step::Failed(code),
        }
    }

    /// Logs in again with what was saved: a code must be typed anew, the answers to questions are remembered.
    pub(super) fn refresh(self, now: Timestamp) -> Step {
        match self.first {
            Some(kind) => Pending::new(self, Asked::Code(kind), now).show(None),
            None => self.done(),
        }
    }

    pub(super) fn has_data(&self) -> bool {
        self.data == Data::Readable
    }

    pub(super) fn household(&self) -> Household {
        Household::new(self.institution.as_str(), &self.country, self.identity().expose())
    }

    /// The same however the user name is spelt.
    fn identity(&self) -> Secret {
        Secret::new(self.username.expose().to_lowercase())
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::of(&self.institution)
    }

    fn done(self) -> Step {
        match SavedState::write(&self) {
            Ok(saved) => Step::Done(Done { saved, identity: self.identity(), username: self.username }),
            Err(_) => Step::Failed(FailureCode::InternalError),
        }
    }
}

/// A login that waits for an answer.
#[derive(Serialize, Deserialize)]
pub(super) struct Pending {
    login: Login,
    asked: Asked,
    attempts_left: u8,
    expires_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum Asked {
    Questions,
    Code(CodeKind),
}

/// Wrong answers that end a login.
const ATTEMPTS: u8 = 3;

/// How long a code is good for.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

impl Pending {
    fn new(login: Login, asked: Asked, now: Timestamp) -> Self {
        Self { login, asked, attempts_left: ATTEMPTS, expires_at: None }.renewed(now)
    }

    /// With a code sent just now, if it is a code.
    fn renewed(mut self, now: Timestamp) -> Self {
        self.expires_at = match self.asked {
            Asked::Code(_) => now.checked_add(CODE_LIFETIME).ok(),
            Asked::Questions => None,
        };
        self
    }

    /// Takes the answer. One that comes too late brings a new code, whatever it was.
    pub(super) fn answer(mut self, answer: &Answer, now: Timestamp) -> Step {
        if self.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return self.renewed(now).show(Some(wrong(None)));
        }
        match self.check(answer) {
            Verdict::Right => self.login.done(),
            Verdict::Wrong => {
                self.attempts_left = self.attempts_left.saturating_sub(1);
                if self.attempts_left == 0 {
                    return Step::Failed(FailureCode::AttemptsExhausted);
                }
                self.show(Some(wrong(None)))
            }
            Verdict::Unfit(field) => self.show(Some(wrong(field))),
            Verdict::Fails(code) => Step::Failed(code),
            Verdict::Asks(kind) => Self::new(self.login, Asked::Code(kind), now).show(None),
        }
    }

    fn check(&self, answer: &Answer) -> Verdict {
        match (self.asked, answer) {
            (Asked::Questions, Answer::Questions(answers)) => flinks_capital::check(answers),
            (Asked::Code(kind), Answer::Code(code)) => {
                testbank::check(kind, self.login.behaviour().codes(), code.expose())
            }
            _ => Verdict::Unfit(None),
        }
    }

    fn show(self, rejected: Option<Rejection>) -> Step {
        let Ok(state) = ConnectorState::write(&self) else { return Step::Failed(FailureCode::InternalError) };
        Step::Challenge(Challenged {
            challenge: self.challenge(),
            attempts_left: Some(self.attempts_left),
            expires_at: self.expires_at,
            again: rejected.is_some(),
            resend_at: None,
            can_switch: false,
            rejected,
            state,
        })
    }

    fn challenge(&self) -> Challenge {
        match self.asked {
            Asked::Questions => flinks_capital::questions(),
            Asked::Code(kind) => {
                let household = self.login.household();
                let holder = household.holder();
                let contact = Contact {
                    phone: holder.phone.as_deref().map(testbank::masked_phone),
                    email: holder.email.as_deref().map(testbank::masked_email),
                };
                Challenge::OneTimeCode(testbank::one_time_code(kind, self.login.behaviour().codes(), contact))
            }
        }
    }
}

fn wrong(field: Option<FieldId>) -> Rejection {
    Rejection { code: FailureCode::InvalidSca, field }
}
