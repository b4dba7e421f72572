//! The ends that the server decides: linked, over, expired, invalid.

use banklink_protocol::{
    boot::EndingMode,
    failures::FailureCode,
    messages::Message,
    session::{Ended, Ending, ExitReason, SessionOutcome},
};

use crate::{
    effect::{Effect, Navigation, Target, Timer},
    event::Embedding,
    model::{Linked, Model, Phase, Stop, closing::Left},
};

/// Milliseconds after which a page that should have gone on offers a link.
const STILL_HERE: u32 = 1_000;

impl Model {
    /// The institution is linked: the host hears so, and the person goes on to the app. The session's key is kept,
    /// so that a reload before the app is reached comes back here; but a page that can be opened again begins anew.
    pub(super) fn linked(&mut self, ending: Ending) {
        self.rest();
        let url = ending.url.clone();
        self.phase = Phase::Linked(Linked { ending: Box::new(ending.clone()), still_here: false });
        self.show();
        self.post(Message::Redirect(Box::new(ending)));
        if self.page.reopens {
            self.effects.push(Effect::ForgetKey);
        }
        self.go(&url, self.page.ending);
    }

    /// Goes on to an address, and offers a link should the page still stand after a while.
    pub(super) fn go(&mut self, url: &str, ending: EndingMode) {
        let target = match (ending, self.page.embedding) {
            (EndingMode::MessageOnly, _) => return,
            (EndingMode::Top, Embedding::Frame) => Target::Top,
            (EndingMode::Inner, _) | (EndingMode::Top, Embedding::Page) => Target::Own,
        };
        if leads_elsewhere(url) {
            self.effects.push(Effect::Navigate(Navigation { url: url.to_owned(), target }));
            self.start_timer(Timer::Continue, STILL_HERE);
        }
    }

    /// The session is over without a connection.
    pub(super) fn ended(&mut self, ended: Ended) {
        match (ended.outcome, ended.url) {
            (SessionOutcome::Expired, _) => self.expired(),
            (SessionOutcome::Failed(code), Some(url)) => self.rolled_back(code, url),
            (SessionOutcome::Failed(code), None) => self.stop(Stop::Failure(code)),
            (SessionOutcome::Exited(reason), url) => self.over(reason.exit_reason(), url),
        }
    }

    /// The app wants to hear of this failure by redirect, rather than have the person read of it here.
    fn rolled_back(&mut self, code: FailureCode, url: String) {
        self.post_failure(code);
        self.over(ExitReason::Failed, Some(url));
    }

    fn over(&mut self, reason: ExitReason, url: Option<String>) {
        let at = self.screen();
        self.rest();
        self.effects.push(Effect::ForgetKey);
        self.phase = Phase::Left(Left::ended(url.clone()));
        self.show();
        self.post(Message::Exit { reason, at, searched: None });
        if let Some(url) = url {
            self.go(&url, self.page.ending);
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
