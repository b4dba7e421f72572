//! Leaving. The host hears `EXIT` at once, whatever the network does; the server hears it as soon as it can.

use std::rc::Rc;

use banklink_protocol::{
    elements,
    messages::Message,
    problem::ProblemCode,
    secret::Secret,
    session::{ExitReason, Intent, Opened, SessionState, Step, Submission},
};

use crate::{
    effect::{Effect, Timer},
    event::{CallError, RequestNumber},
    exchange::{Attempt, Busy, Exchange, Job, Wait},
    model::{Model, Phase, Session},
    place,
};

/// How often the server is told that the person left before it has to find out by itself.
const MOST_FAREWELLS: u8 = 4;

/// What the server still has to hear.
#[derive(Clone, Debug)]
pub(crate) enum Farewell {
    /// Nothing.
    Told,
    /// The session opens only now, and ends as soon as it is open.
    Opening { request: RequestNumber, key: Secret, reason: ExitReason },
    /// The person left. If something else was on its way, that is answered first: a number is used once.
    Telling { key: Secret, busy: Busy, reason: ExitReason },
}

impl Farewell {
    pub(super) fn awaits(&self, awaited: RequestNumber) -> bool {
        match self {
            Self::Told => false,
            Self::Opening { request, .. } => *request == awaited,
            Self::Telling { busy, .. } => busy.attempt.awaits(awaited),
        }
    }

    pub(super) const fn attempt(&self) -> Option<Attempt> {
        match self {
            Self::Telling { busy, .. } => Some(busy.attempt),
            Self::Told | Self::Opening { .. } => None,
        }
    }

    pub(super) fn send(&mut self, request: RequestNumber) -> Option<Effect> {
        match self {
            Self::Telling { key, busy, .. } => Some(busy.send(request, key)),
            Self::Told | Self::Opening { .. } => None,
        }
    }

    fn tell(key: Secret, number: u32, reason: ExitReason) -> Self {
        let submission = Submission { number, intent: Intent::Leave(reason) };
        Self::Telling { key, busy: Busy::new(Job::Submit(Rc::new(submission))), reason }
    }
}

impl Model {
    /// Asks whether the person really wants to leave; where there is nothing to lose, there is nothing to ask.
    pub(super) fn close(&mut self) {
        match &self.phase {
            Phase::Opening(_) | Phase::Open(_) => match self.step() {
                Some(Step::Failed(_)) => self.leave(ExitReason::Failed),
                Some(_) if !self.asking => {
                    self.asking = true;
                    self.focus(elements::TITLE_LEAVE);
                }
                Some(_) => {}
                None => self.leave(ExitReason::Closed),
            },
            Phase::Stopped(_) => self.leave(ExitReason::Failed),
            Phase::TokenInvalid => self.leave(ExitReason::TokenInvalid),
            Phase::Expired => self.leave(ExitReason::SessionExpired),
            Phase::Reloading | Phase::Linked(_) | Phase::Left(_) => {}
        }
    }

    /// The person stays, where they were.
    pub(super) fn stay(&mut self) {
        if core::mem::replace(&mut self.asking, false) {
            self.focus(elements::BUTTON_CLOSE);
        }
    }

    /// The person leaves.
    pub(super) fn leave(&mut self, reason: ExitReason) {
        if matches!(self.phase, Phase::Reloading | Phase::Linked(_) | Phase::Left(_)) {
            return;
        }
        let at = self.screen();
        let waits = self.attempt().is_some_and(|attempt| attempt.wait == Wait::Retry);
        self.rest();
        let phase = core::mem::replace(&mut self.phase, Phase::Left(Farewell::Told));
        self.phase = Phase::Left(farewell(phase, reason));
        if waits || matches!(&self.phase, Phase::Left(farewell) if is_unsent(farewell)) {
            self.send();
        }
        self.effects.push(Effect::ForgetKey);
        match reason {
            ExitReason::Closed => self.post(Message::CloseSession),
            ExitReason::ConsentDenied => self.post(Message::ConsentDenied),
            _ => {}
        }
        self.post(Message::Exit { reason, at });
        self.show();
    }

    /// The session opened after the person left.
    pub(super) fn opened_too_late(&mut self, result: Result<Box<Opened>, CallError>) {
        let Phase::Left(Farewell::Opening { key, reason, .. }) = &self.phase else { return };
        self.phase = Phase::Left(match result {
            Ok(opened) if place::goes_on(&opened.state.step) => {
                Farewell::tell(key.clone(), opened.state.number, *reason)
            }
            _ => Farewell::Told,
        });
        self.send();
    }

    /// An answer came after the person left: the number is free now, or the server has heard.
    pub(super) fn answered_too_late(&mut self, result: Result<Box<SessionState>, CallError>) {
        let Phase::Left(farewell) = &mut self.phase else { return };
        let Farewell::Telling { key, busy, reason } = farewell else { return };
        let tries = busy.attempt.lost.saturating_add(busy.attempt.looks);
        match result {
            Ok(state) if place::goes_on(&state.step) && tries < MOST_FAREWELLS => {
                let looks = busy.attempt.looks.saturating_add(1);
                *farewell = next_word(key.clone(), busy.clone(), &state, *reason);
                if let Farewell::Telling { busy, .. } = farewell {
                    busy.attempt.looks = looks;
                }
                self.send();
            }
            Err(error) if may_come_through(&error) && tries < MOST_FAREWELLS => {
                let delay = if error == CallError::Problem(ProblemCode::StepInProgress) {
                    busy.follow()
                } else {
                    busy.attempt.lose()
                };
                self.start_timer(Timer::Retry, delay);
            }
            // Refused for good: what was on its way came to nothing, and so its number is free.
            Err(CallError::Problem(_)) if leaves_nothing(busy) => *farewell = Farewell::Told,
            Err(CallError::Problem(code)) if is_refusal(code) => {
                let number = submission(busy).map(|submission| submission.number);
                *farewell = number.map_or(Farewell::Told, |number| Farewell::tell(key.clone(), number, *reason));
                self.send();
            }
            _ => *farewell = Farewell::Told,
        }
    }
}

/// What the server has to hear after the phase in which the person left.
fn farewell(phase: Phase, reason: ExitReason) -> Farewell {
    match phase {
        Phase::Opening(opening) => match opening.attempt.wait {
            Wait::Reply(request) => Farewell::Opening { request, key: opening.key, reason },
            Wait::Retry => Farewell::Told,
        },
        Phase::Open(Session { key, state, exchange }) => match exchange {
            Exchange::Busy(busy) if busy.is_submission() => Farewell::Telling { key, busy, reason },
            _ => Farewell::tell(key, state.number, reason),
        },
        _ => Farewell::Told,
    }
}

/// Whether it was not sent yet.
fn is_unsent(farewell: &Farewell) -> bool {
    farewell.attempt().is_some_and(|attempt| attempt.wait == Wait::Retry)
}

/// What to say to a session that still goes on.
fn next_word(key: Secret, busy: Busy, state: &SessionState, reason: ExitReason) -> Farewell {
    match busy.job {
        // Still where the pending submission is: it must be answered first.
        Job::Follow(submission) if state.number <= submission.number => {
            Farewell::Telling { key, busy: Busy { job: Job::Submit(submission), attempt: busy.attempt }, reason }
        }
        _ => Farewell::tell(key, state.number, reason),
    }
}

fn submission(busy: &Busy) -> Option<&Submission> {
    match &busy.job {
        Job::Submit(submission) | Job::Follow(submission) => Some(submission),
        Job::Read => None,
    }
}

/// Whether it is the farewell itself that was refused.
fn leaves_nothing(busy: &Busy) -> bool {
    submission(busy).is_none_or(|submission| matches!(submission.intent, Intent::Leave(_)))
}

/// Whether the same call may succeed later.
const fn may_come_through(error: &CallError) -> bool {
    matches!(
        error,
        CallError::Unreachable
            | CallError::Problem(ProblemCode::StepInProgress | ProblemCode::Unavailable | ProblemCode::TooManyRequests)
    )
}

/// Whether the session still stands after this problem.
const fn is_refusal(code: ProblemCode) -> bool {
    !matches!(
        code,
        ProblemCode::TokenInvalid
            | ProblemCode::SessionExpired
            | ProblemCode::Unauthorized
            | ProblemCode::VersionMismatch
            | ProblemCode::StepInProgress
            | ProblemCode::Unavailable
            | ProblemCode::TooManyRequests
    )
}
