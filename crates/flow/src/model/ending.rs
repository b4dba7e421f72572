//! The ends that the server decides: linked, over, expired, invalid.

use banklink_protocol::{
    boot::EndingMode,
    messages::Message,
    session::{Ending, ExitReason, SessionOutcome},
};

use crate::{
    effect::{Effect, Navigation, Target, Timer},
    event::Embedding,
    model::{Linked, Model, Phase, Stop, closing::Farewell},
};

/// Milliseconds after which a page that should have gone on offers a link.
const STILL_HERE: u32 = 1_000;

impl Model {
    /// The institution is linked: the host hears so, and the person goes on to the app. The session's key is kept,
    /// so that a reload before the app is reached comes back here.
    pub(super) fn linked(&mut self, ending: Ending) {
        self.rest();
        let navigation = self.navigation(&ending.url);
        self.phase = Phase::Linked(Linked { ending: Box::new(ending.clone()), still_here: false });
        self.show();
        self.post(Message::Redirect(Box::new(ending)));
        if let Some(navigation) = navigation {
            self.effects.push(Effect::Navigate(navigation));
            self.start_timer(Timer::Continue, STILL_HERE);
        }
    }

    fn navigation(&self, url: &str) -> Option<Navigation> {
        let target = match (self.page.ending, self.page.embedding) {
            (EndingMode::MessageOnly, _) => return None,
            (EndingMode::Top, Embedding::Frame) => Target::Top,
            (EndingMode::Inner, _) | (EndingMode::Top, Embedding::Page) => Target::Own,
        };
        leads_elsewhere(url).then(|| Navigation { url: url.to_owned(), target })
    }

    /// The session is over without a connection.
    pub(super) fn ended(&mut self, outcome: SessionOutcome) {
        match outcome {
            SessionOutcome::Expired | SessionOutcome::Exited(ExitReason::SessionExpired) => self.expired(),
            SessionOutcome::Exited(ExitReason::TokenInvalid) => self.token_invalid(),
            SessionOutcome::Failed(code) => self.stop(Stop::Failure(code)),
            SessionOutcome::Exited(reason) => {
                let at = self.screen();
                self.rest();
                self.effects.push(Effect::ForgetKey);
                self.phase = Phase::Left(Farewell::Told);
                self.show();
                self.post(Message::Exit { reason, at });
            }
        }
    }

    /// The token is unknown, used or expired. The host may come back with a new one, so this is not an `EXIT` yet.
    pub(super) fn token_invalid(&mut self) {
        self.be_over(Phase::TokenInvalid);
    }

    /// The session expired; for the host this is the same as an invalid token.
    pub(super) fn expired(&mut self) {
        self.be_over(Phase::Expired);
    }

    fn be_over(&mut self, phase: Phase) {
        self.rest();
        self.effects.push(Effect::ForgetKey);
        self.phase = phase;
        self.show();
        self.post(Message::TokenInvalid);
    }
}

/// Whether an address leads to another page or app, rather than running as a script in this one. The server gives
/// registered addresses only; this is the second lock on that door.
fn leads_elsewhere(url: &str) -> bool {
    let scheme = url.trim_start().split(':').next().unwrap_or_default();
    let is_plain = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_plain && !["javascript", "data", "vbscript", "blob"].iter().any(|bad| scheme.eq_ignore_ascii_case(bad))
}
