//! Leaving. The host hears `EXIT` at once, whatever the network does; the server hears it as soon as it can, and from
//! then on nothing of the session is linked.

use banklink_protocol::{
    elements,
    messages::Message,
    secret::Secret,
    session::{Ended, ExitReason, LeaveReason, Leaving, SessionState, Step},
};

use crate::{
    effect::{Effect, Timer},
    event::{CallError, RequestNumber},
    exchange::{Attempt, Wait},
    model::{Model, Phase, session::names_terms},
};

/// How often the server is told that the person left before it has to find out by itself.
const MOST_FAREWELLS: u8 = 4;

/// It is over without a connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Left {
    farewell: Option<Farewell>,
    /// Where the person goes instead of reading on.
    pub(crate) url: Option<String>,
    /// The page should be gone and is still there.
    pub(crate) still_here: bool,
}

/// What the server still has to hear.
#[derive(Clone, Debug)]
struct Farewell {
    key: Secret,
    leaving: Leaving,
    attempt: Attempt,
}

impl Left {
    /// A session that the server ended.
    pub(super) fn ended(url: Option<String>) -> Self {
        Self { url, ..Self::default() }
    }

    pub(super) fn awaits(&self, request: RequestNumber) -> bool {
        self.attempt().is_some_and(|attempt| attempt.awaits(request))
    }

    pub(super) fn attempt(&self) -> Option<Attempt> {
        self.farewell.as_ref().map(|farewell| farewell.attempt)
    }

    pub(super) fn send(&mut self, request: RequestNumber) -> Option<Effect> {
        let farewell = self.farewell.as_mut()?;
        farewell.attempt.wait = Wait::Reply(request);
        let (session_key, leaving) = (farewell.key.clone(), farewell.leaving.clone());
        Some(Effect::Leave { request, session_key, leaving })
    }
}

impl Model {
    /// Asks whether the person really wants to leave; where there is nothing to lose, there is nothing to ask.
    pub(super) fn close(&mut self) {
        match &self.phase {
            Phase::Opening(_) | Phase::Open(_) => match self.step() {
                Some(Step::Failed(_)) => self.leave(LeaveReason::Failed),
                Some(_) if !self.asking => {
                    self.asking = true;
                    self.focus(elements::TITLE_LEAVE);
                }
                Some(_) => {}
                None => self.leave(LeaveReason::Closed),
            },
            Phase::Stopped(_) => self.leave(LeaveReason::Failed),
            Phase::TokenInvalid => self.leave_as(ExitReason::TokenInvalid, None),
            Phase::Expired => self.leave_as(ExitReason::SessionExpired, None),
            Phase::Reloading | Phase::Linked(_) | Phase::Left(_) => {}
        }
    }

    /// The person stays, where they were.
    pub(super) fn stay(&mut self) {
        if core::mem::replace(&mut self.asking, false) {
            // Where the host alone can close, there is no button to go back to.
            self.focus(if self.page.parts.close { elements::BUTTON_CLOSE } else { self.title() });
        }
    }

    /// The person leaves.
    pub(super) fn leave(&mut self, reason: LeaveReason) {
        let searched = (reason == LeaveReason::InstitutionNotFound && !self.search.text().is_empty())
            .then(|| self.search.text().to_owned());
        self.leave_as(reason.exit_reason(), Some(Leaving { reason, searched }));
    }

    fn leave_as(&mut self, reason: ExitReason, leaving: Option<Leaving>) {
        if matches!(self.phase, Phase::Reloading | Phase::Linked(_) | Phase::Left(_)) {
            return;
        }
        let at = self.screen();
        let declines_terms = reason == ExitReason::ConsentDenied && self.step().is_some_and(names_terms);
        let searched = leaving.as_ref().and_then(|leaving| leaving.searched.clone());
        self.rest();
        let farewell =
            self.key_to_end().zip(leaving).map(|(key, leaving)| Farewell { key, leaving, attempt: Attempt::default() });
        self.phase = Phase::Left(Left { farewell, ..Left::default() });
        self.send();
        self.effects.push(Effect::ForgetKey);
        match reason {
            ExitReason::Closed => self.post(Message::CloseSession),
            ExitReason::ConsentDenied => self.post(Message::ConsentDenied),
            _ => {}
        }
        if declines_terms {
            self.post(Message::TermsDenied);
        }
        self.post(Message::Exit { reason, at, searched });
        self.show();
    }

    /// The key of the session that the server is to end; none where it has none.
    fn key_to_end(&self) -> Option<Secret> {
        match &self.phase {
            Phase::Open(session) => Some(session.key.clone()),
            Phase::Opening(opening) if opening.attempt.wait != Wait::Retry => Some(opening.key.clone()),
            _ => None,
        }
    }

    /// The server heard that the person left, and may know where they go now; or it did not. A session that is only
    /// just being opened is not known yet.
    pub(super) fn left(&mut self, result: Result<Box<SessionState>, CallError>) {
        let Phase::Left(left) = &mut self.phase else { return };
        let Some(farewell) = &mut left.farewell else { return };
        match result.map(|state| state.step) {
            Ok(Step::Ended(Ended { url: Some(url), .. })) => {
                left.farewell = None;
                left.url = Some(url.clone());
                self.go(&url, self.page.ending);
            }
            Err(_) if farewell.attempt.lost < MOST_FAREWELLS => {
                let delay = farewell.attempt.lose();
                self.start_timer(Timer::Retry, delay);
            }
            Ok(_) | Err(_) => left.farewell = None,
        }
    }
}
