//! A login between a challenge and what comes of it.

use core::num::NonZeroU8;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use banklink_protocol::{challenge::Answer, failures::FailureCode, ids::FieldId, session::Rejection};

use super::{
    WaitsFor,
    challenges::{
        Answered, Asked, Kind, Renewal, Scene, Verdict,
        elsewhere::{self, DENIED, Decision, EXPIRED},
    },
    login::Login,
};
use crate::contract::{Challenged, ConnectorState, Language, Step};

/// A login that waits for an answer.
#[derive(Serialize, Deserialize)]
pub(super) struct Pending {
    login: Login,
    asked: Asked,
    /// When it was asked, or sent again.
    asked_at: Timestamp,
    /// How often it was renewed or sent again.
    edition: u32,
    /// Wrong answers left for this challenge; those chosen instead of one another share them.
    attempts_left: NonZeroU8,
    /// Whether the person chose it among others.
    chosen: bool,
}

/// Wrong answers that end a login.
const ATTEMPTS: NonZeroU8 = NonZeroU8::MIN.saturating_add(2);

/// How soon something can be sent again.
const RESEND_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// How a challenge is shown.
enum Shown {
    First,
    Again,
    Rejected(Option<FieldId>),
}

impl Pending {
    /// Asks for the first time.
    pub(super) fn ask(login: Login, asked: Asked, language: &Language, now: Timestamp) -> Step {
        let pending = Self { login, asked, asked_at: now, edition: 0, attempts_left: ATTEMPTS, chosen: false };
        pending.show(Shown::First, language)
    }

    /// Lets the institution take its time.
    pub(super) async fn pause(&self) {
        self.login.behaviour().pause().await;
    }

    /// Takes the answer. One that comes too late brings something new, whatever it was.
    pub(super) fn answer(self, answer: &Answer, language: &Language, now: Timestamp) -> Step {
        let is_late = self.expires_at().is_some_and(|expires_at| expires_at <= now);
        if is_late && self.kind().answered() != Answered::Elsewhere {
            return self.renewed(now).show(Shown::Rejected(None), language);
        }
        match self.kind().judge(&self.scene(language), answer) {
            Verdict::Right => self.login.done(),
            Verdict::Wrong => self.wrong(language),
            Verdict::Unfit(field) => self.show(Shown::Rejected(field), language),
            Verdict::Fails(code) => Step::Failed(code),
            Verdict::Asks(asked) => Self::ask(self.login, asked, language, now),
            Verdict::Chooses(asked) => self.instead(asked, true, language, now),
        }
    }

    fn wrong(mut self, language: &Language) -> Step {
        let Some(left) = NonZeroU8::new(self.attempts_left.get() - 1) else {
            return Step::Failed(FailureCode::AttemptsExhausted);
        };
        self.attempts_left = left;
        if self.kind().renewal() == Renewal::WhenWrong {
            self.edition = self.edition.saturating_add(1);
        }
        self.show(Shown::Rejected(None), language)
    }

    /// Looks what happened elsewhere. What was decided in time counts, however late somebody looks.
    pub(super) fn poll(self, language: &Language, now: Timestamp) -> Step {
        if self.kind().answered() != Answered::Elsewhere {
            return Step::Waiting;
        }
        let since_asked = now.duration_since(self.asked_at);
        match elsewhere::decision(self.login.identity().expose(), since_asked) {
            Some(Decision::Approved) => self.login.done(),
            Some(Decision::Denied) => Step::Failed(DENIED),
            None if self.expires_at().is_some_and(|expires_at| expires_at <= now) => Step::Failed(EXPIRED),
            None => self.keep_current(language, since_asked),
        }
    }

    /// Shows what is to be shown by now, if that is something else.
    fn keep_current(mut self, language: &Language, since_asked: SignedDuration) -> Step {
        let Renewal::Every(period) = self.kind().renewal() else { return Step::Waiting };
        let edition =
            since_asked.as_secs().checked_div(period.as_secs()).and_then(|edition| u32::try_from(edition).ok());
        match edition {
            Some(edition) if edition > self.edition => {
                self.edition = edition;
                self.show(Shown::Again, language)
            }
            _ => Step::Waiting,
        }
    }

    /// Sends it again, or not if that would be too soon.
    pub(super) fn resend(self, language: &Language, now: Timestamp) -> Step {
        match self.resend_at() {
            Some(at) if at <= now => self.renewed(now).show(Shown::Again, language),
            _ => Step::Waiting,
        }
    }

    /// Goes back to the choice, if there was one.
    pub(super) fn switch(self, language: &Language, now: Timestamp) -> Step {
        if self.chosen { self.instead(Asked::Methods, false, language, now) } else { Step::Waiting }
    }

    /// Asks something else instead, for as many wrong answers as are left.
    fn instead(self, asked: Asked, chosen: bool, language: &Language, now: Timestamp) -> Step {
        Self { asked, chosen, asked_at: now, edition: 0, ..self }.show(Shown::First, language)
    }

    fn renewed(mut self, now: Timestamp) -> Self {
        self.asked_at = now;
        self.edition = self.edition.saturating_add(1);
        self
    }

    fn kind(&self) -> &'static dyn Kind {
        self.asked.kind()
    }

    fn scene<'a>(&'a self, language: &'a Language) -> Scene<'a> {
        Scene { login: &self.login, edition: self.edition, language }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.asked_at.checked_add(self.kind().lifetime()?).ok()
    }

    fn resend_at(&self) -> Option<Timestamp> {
        self.kind().can_resend().then(|| self.asked_at.checked_add(RESEND_AFTER).ok())?
    }

    fn show(self, shown: Shown, language: &Language) -> Step {
        let kind = self.kind();
        let (expires_at, resend_at) = (self.expires_at(), self.resend_at());
        let attempts_left = (kind.answered() == Answered::Here).then_some(self.attempts_left.get());
        let can_switch = self.chosen;
        let Ok(challenge) = kind.challenge(&self.scene(language)) else {
            return Step::Failed(FailureCode::InternalError);
        };
        let Ok(state) = ConnectorState::write(&WaitsFor::Answer(self)) else {
            return Step::Failed(FailureCode::InternalError);
        };
        let (again, rejected) = match shown {
            Shown::First => (false, None),
            Shown::Again => (true, None),
            Shown::Rejected(field) => (true, Some(Rejection { code: FailureCode::InvalidSca, field })),
        };
        Step::Challenge(Challenged {
            challenge,
            again,
            attempts_left,
            expires_at,
            resend_at,
            can_switch,
            rejected,
            state,
        })
    }
}
