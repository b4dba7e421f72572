//! A server that holds one session: it carries a number out once and answers a repeat with where it stands.

use banklink_flow::CallError;
use banklink_protocol::{
    challenge::ChallengeStep,
    ids::SessionId,
    institutions::SearchResults,
    problem::ProblemCode,
    secret::Secret,
    session::{Ended, Intent, LeaveReason, Leaving, Opened, SessionOutcome, SessionState, Step, Submission},
};

use crate::steps;

/// A session and the steps that are still to come in it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) step: Step,
    pub(crate) number: u32,
    revision: u32,
    round: u16,
    coming: Vec<Step>,
    opened_by: Option<Secret>,
    /// Where the app wants those who leave.
    pub(crate) leads_to: Option<String>,
    /// What was carried out, by number.
    pub(crate) done: Vec<Submission>,
    /// Answers the next calls with this.
    pub(crate) trouble: Option<ProblemCode>,
    /// What it says of the session's time, in seconds.
    pub(crate) expires_in: u32,
}

impl Server {
    /// A session at `first`; every submission but leaving and going back leads to the next of `coming`.
    pub(crate) fn new(first: Step, coming: impl IntoIterator<Item = Step>) -> Self {
        let mut coming: Vec<Step> = coming.into_iter().collect();
        coming.reverse();
        Self {
            step: first,
            number: 1,
            revision: 1,
            round: 0,
            coming,
            opened_by: None,
            leads_to: None,
            done: Vec::new(),
            trouble: None,
            expires_in: 480,
        }
    }

    fn state(&self) -> SessionState {
        let over = matches!(self.step, Step::Linked(_) | Step::Ended(_));
        SessionState {
            number: self.number,
            revision: self.revision,
            step: self.step.clone(),
            can_go_back: !over && !matches!(self.step, Step::Institutions(_)),
            expires_in: self.expires_in,
        }
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
        if submission.number == self.number && !matches!(self.step, Step::Linked(_) | Step::Ended(_)) {
            self.carry_out(submission);
        }
        Ok(self.state())
    }

    fn carry_out(&mut self, submission: &Submission) {
        let next = match &submission.intent {
            Intent::Back => steps::institutions(),
            Intent::Resend => steps::changed(self.step.clone(), |step| step.resent = true),
            _ => self.coming.pop().unwrap_or_else(|| steps::ended(SessionOutcome::Expired)),
        };
        self.done.push(submission.clone());
        self.go_to(next);
    }

    /// Something else than this document moved the session.
    pub(crate) fn go_to(&mut self, mut step: Step) {
        if let Step::Challenge(challenge) = &mut step {
            self.round += u16::from(challenge.rejected.is_none() && !challenge.resent);
            challenge.round = self.round;
        }
        self.step = step;
        self.number += 1;
        self.revision += 1;
    }

    /// The challenge changes by itself, as a code to scan does.
    pub(crate) fn renews(&mut self, change: impl FnOnce(&mut ChallengeStep)) {
        self.step = steps::changed(self.step.clone(), change);
        self.revision += 1;
    }

    /// Whether somebody who waits is answered.
    pub(crate) const fn is_beyond(&self, revision: u32) -> bool {
        self.revision > revision
    }

    /// The person leaves, whatever else is on its way.
    pub(crate) fn leave(&mut self, leaving: &Leaving) -> Result<SessionState, CallError> {
        self.refusal()?;
        if self.opened_by.is_none() {
            return Err(CallError::Problem(ProblemCode::SessionExpired));
        }
        if !matches!(self.step, Step::Linked(_) | Step::Ended(_)) {
            let url = self.leads_to.clone();
            self.go_to(Step::Ended(Ended { outcome: SessionOutcome::Exited(leaving.reason), url }));
        }
        Ok(self.state())
    }

    pub(crate) fn search(&self, text: &str, only: Option<&str>) -> Result<SearchResults, CallError> {
        self.refusal()?;
        let mut found = steps::institution("9", text);
        if let Some(country) = only {
            country.clone_into(&mut found.country);
        }
        Ok(SearchResults { institutions: vec![found], total: 1 })
    }

    pub(crate) fn left(&self) -> Option<LeaveReason> {
        match &self.step {
            Step::Ended(Ended { outcome: SessionOutcome::Exited(reason), .. }) => Some(*reason),
            _ => None,
        }
    }
}
