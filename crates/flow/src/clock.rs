//! How long a challenge still has, and how long it has been waited for: in seconds that [`crate::Timer::Tick`] counts.

use banklink_protocol::challenge::ChallengeStep;

/// Seconds after which somebody who waits for the bank is told what to look at.
const TAKES_LONG: u32 = 25;

/// The clock of one challenge.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// Seconds until the institution stops waiting.
    pub(crate) left: Option<u32>,
    /// Seconds until it can be asked to send again.
    pub(crate) resend_in: Option<u32>,
    waited: u32,
    is_awaited: bool,
}

/// What a second changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tick {
    /// Nothing to do.
    GoesOn,
    /// The time is up just now.
    TimeIsUp,
}

impl Clock {
    /// What the server says of a challenge; how long it has been waited for goes on.
    pub(crate) const fn set(&mut self, step: &ChallengeStep) {
        self.left = step.expires_in;
        self.resend_in = step.resend_in;
        self.is_awaited = step.challenge.is_awaited();
    }

    /// Whether there is anything to count.
    pub(crate) fn runs(self) -> bool {
        self.left.is_some_and(|left| left > 0)
            || self.resend_in.is_some_and(|left| left > 0)
            || (self.is_awaited && !self.takes_long())
    }

    /// A second passed.
    pub(crate) fn tick(&mut self) -> Tick {
        let was_running = self.left.is_some_and(|left| left > 0);
        self.left = self.left.map(|left| left.saturating_sub(1));
        self.resend_in = self.resend_in.map(|left| left.saturating_sub(1));
        self.waited = self.waited.saturating_add(1);
        if was_running && self.left == Some(0) { Tick::TimeIsUp } else { Tick::GoesOn }
    }

    /// Whether the bank has been waited for so long that help is due.
    pub(crate) const fn takes_long(self) -> bool {
        self.is_awaited && self.waited >= TAKES_LONG
    }
}
