//! A call and what becomes of it: sent, waiting to be sent again, or turned into a look at where the session stands.
//!
//! The server carries a numbered submission out once and answers a repeat with the current state, so the same
//! submission is sent until it is answered.

use std::rc::Rc;

use banklink_protocol::{secret::Secret, session::Submission};

use crate::{effect::Effect, event::RequestNumber};

/// Milliseconds until a step that another request is carrying out is looked at again, for the first time.
const FIRST_LOOK: u32 = 700;
/// Milliseconds between looks at most.
const LONGEST_LOOK: u32 = 4_000;
/// Milliseconds between tries at most.
const LONGEST_BACK_OFF: u32 = 15_000;

/// One call, however many tries it takes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Attempt {
    pub(crate) wait: Wait,
    /// Tries in a row that brought no good answer.
    pub(crate) lost: u8,
    /// Whether the last of them was answered, by a server that can't serve just now.
    pub(crate) answered: bool,
    /// Looks at a step in progress.
    pub(crate) looks: u8,
}

/// What a call waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Its turn: [`crate::Timer::Retry`] runs.
    #[default]
    Retry,
    /// The answer to this request.
    Reply(RequestNumber),
}

impl Attempt {
    pub(crate) fn awaits(self, request: RequestNumber) -> bool {
        self.wait == Wait::Reply(request)
    }

    /// No answer came. Milliseconds until the next try: 1, 2, 4, 8, then 15 seconds.
    pub(crate) fn lose(&mut self) -> u32 {
        self.wait = Wait::Retry;
        self.lost = self.lost.saturating_add(1);
        (1_000_u32 << (self.lost - 1).min(4)).min(LONGEST_BACK_OFF)
    }

    /// The step is in progress. Milliseconds until the next look.
    pub(crate) fn look_later(&mut self) -> u32 {
        self.wait = Wait::Retry;
        self.lost = 0;
        self.looks = self.looks.saturating_add(1);
        (FIRST_LOOK * u32::from(self.looks)).min(LONGEST_LOOK)
    }
}

/// What an open session is doing.
#[derive(Clone, Debug)]
pub(crate) enum Exchange {
    /// Waiting for the person.
    Idle,
    /// Waiting for the server.
    Busy(Busy),
}

#[derive(Clone, Debug)]
pub(crate) struct Busy {
    pub(crate) job: Job,
    pub(crate) attempt: Attempt,
}

#[derive(Clone, Debug)]
pub(crate) enum Job {
    /// Send what the person did.
    Submit(Rc<Submission>),
    /// See whether this submission, which another request is carrying out, is done.
    Follow(Rc<Submission>),
    /// See where the session stands.
    Read,
    /// Wait until it stands elsewhere.
    Wait,
}

impl Busy {
    pub(crate) fn new(job: Job) -> Self {
        Self { job, attempt: Attempt::default() }
    }

    /// Whether the person waits for it.
    pub(crate) const fn is_submission(&self) -> bool {
        matches!(self.job, Job::Submit(_) | Job::Follow(_))
    }

    /// Sends it.
    pub(crate) fn send(&mut self, request: RequestNumber, session_key: &Secret, revision: u32) -> Effect {
        self.attempt.wait = Wait::Reply(request);
        let session_key = session_key.clone();
        match &self.job {
            Job::Submit(submission) => Effect::Submit { request, session_key, submission: Rc::clone(submission) },
            Job::Follow(_) | Job::Read => Effect::Read { request, session_key },
            Job::Wait => Effect::Wait { request, session_key, revision },
        }
    }

    /// Another request is carrying the step out: looks at it after the returned milliseconds.
    pub(crate) fn follow(&mut self) -> u32 {
        if let Job::Submit(submission) = &self.job {
            self.job = Job::Follow(Rc::clone(submission));
        }
        self.attempt.look_later()
    }
}

impl Exchange {
    pub(crate) const fn busy(&self) -> Option<&Busy> {
        match self {
            Self::Idle => None,
            Self::Busy(busy) => Some(busy),
        }
    }

    pub(crate) const fn busy_mut(&mut self) -> Option<&mut Busy> {
        match self {
            Self::Idle => None,
            Self::Busy(busy) => Some(busy),
        }
    }

    /// Whether the person waits for it.
    pub(crate) fn is_submitting(&self) -> bool {
        self.busy().is_some_and(Busy::is_submission)
    }
}
