//! A server that holds one session: it carries a number out once and answers a repeat with where it stands.

use banklink_flow::CallError;
use banklink_protocol::{
    ids::SessionId,
    institutions::SearchResults,
    problem::ProblemCode,
    secret::Secret,
    session::{ExitReason, Intent, Opened, SessionOutcome, SessionState, Step, Submission},
};

use crate::steps;

/// A session and the steps that are still to come in it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) step: Step,
    pub(crate) number: u32,
    coming: Vec<Step>,
    opened_by: Option<Secret>,
    /// What was carried out, by number.
    pub(crate) done: Vec<Submission>,
    /// Answers the next calls with this.
    pub(crate) trouble: Option<ProblemCode>,
}

impl Server {
    /// A session at `first`; every submission but leaving and going back leads to the next of `coming`.
    pub(crate) fn new(first: Step, coming: impl IntoIterator<Item = Step>) -> Self {
        let mut coming: Vec<Step> = coming.into_iter().collect();
        coming.reverse();
        Self { step: first, number: 1, coming, opened_by: None, done: Vec::new(), trouble: None }
    }

    fn state(&self) -> SessionState {
        let over = matches!(self.step, Step::Linked(_) | Step::Ended(_));
        SessionState { number: self.number, step: self.step.clone(), can_go_back: !over, expires_in: 480 }
    }

    fn refusal(&self) -> Result<(), CallError> {
        self.trouble.map_or(Ok(()), |code| Err(CallError::Problem(code)))
    }

    /// Uses the token, or resumes the key's session.
    pub(crate) fn open(&mut self, session_key: &Secret) -> Result<Opened, CallError> {
        self.refusal()?;
        if self.opened_by.get_or_insert_with(|| session_key.clone()) != session_key {
            return Err(CallError::Problem(ProblemCode::TokenInvalid));
        }
        Ok(Opened { session: SessionId::new("session"), state: self.state() })
    }

    pub(crate) fn read(&self) -> Result<SessionState, CallError> {
        self.refusal()?;
        Ok(self.state())
    }

    pub(crate) fn submit(&mut self, submission: &Submission) -> Result<SessionState, CallError> {
        self.refusal()?;
        if submission.number == self.number {
            self.carry_out(submission);
        }
        Ok(self.state())
    }

    fn carry_out(&mut self, submission: &Submission) {
        let next = match &submission.intent {
            Intent::Leave(reason) => Step::Ended(SessionOutcome::Exited(*reason)),
            Intent::Back => steps::institutions(),
            _ => self.coming.pop().unwrap_or(Step::Ended(SessionOutcome::Expired)),
        };
        self.done.push(submission.clone());
        self.go_to(next);
    }

    /// Something else than this document moved the session.
    pub(crate) fn go_to(&mut self, step: Step) {
        self.step = step;
        self.number += 1;
    }

    pub(crate) fn search(&self, text: &str) -> Result<SearchResults, CallError> {
        self.refusal()?;
        Ok(SearchResults { institutions: vec![steps::institution("9", text)], total: 1 })
    }

    pub(crate) fn left(&self) -> Option<ExitReason> {
        if let Step::Ended(SessionOutcome::Exited(reason)) = self.step { Some(reason) } else { None }
    }
}
