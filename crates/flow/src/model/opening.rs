//! Opening the session, or resuming the tab's own.

use banklink_protocol::{messages::ErrorMessage, messages::Message, problem::ProblemCode, session::Opened};

use crate::{
    effect::Timer,
    event::{CallError, RequestNumber},
    exchange::Exchange,
    model::{Attempt, Model, Opening, Phase, Session, Stop, Stopped},
    place,
};

impl Model {
    pub(super) fn opened(&mut self, request: RequestNumber, result: Result<Box<Opened>, CallError>) {
        match &mut self.phase {
            Phase::Opening(opening) if opening.attempt.awaits(request) => match result {
                Ok(opened) => self.go_live(*opened),
                Err(error) => self.not_opened(error),
            },
            _ => {}
        }
    }

    /// The session is open: the page's first screen stays if it is the session's, and what the person did there
    /// already is sent.
    fn go_live(&mut self, opened: Opened) {
        let Opened { session, state } = opened;
        self.host.set_session(session);
        if !place::goes_on(&state.step) {
            return self.arrive_elsewhere(state);
        }
        let Phase::Opening(opening) = &mut self.phase else { return };
        let stays = opening.shown.as_ref().is_some_and(|shown| place::is_same(shown, &state.step));
        let queued = opening.queued.take();
        let expires_in = state.expires_in;
        let key = opening.key.clone();
        self.phase = Phase::Open(Session { key, state, exchange: Exchange::Idle });
        if stays {
            self.enter_history();
            self.watch_expiry(expires_in);
            self.watch_challenge();
            if self.sheet.error.is_none() {
                self.point_out_rejection(false);
            }
            if let Some(intent) = queued {
                self.send_intent(intent);
            }
            self.send_search();
        } else {
            self.finish_waiting();
            self.present();
        }
    }

    fn not_opened(&mut self, error: CallError) {
        let code = match error {
            CallError::Problem(code) => code,
            CallError::Unreachable => return self.lose(None),
            CallError::InvalidParameter(name) => {
                let why = Stop::Problem(ProblemCode::InvalidParameter);
                return self.stop_for(why, ErrorMessage::InvalidParameter(name));
            }
        };
        match code {
            ProblemCode::TokenInvalid | ProblemCode::Unauthorized => self.token_invalid(),
            ProblemCode::SessionExpired => self.expired(),
            ProblemCode::VersionMismatch => self.reload(),
            ProblemCode::Unavailable | ProblemCode::TooManyRequests => self.lose(Some(code)),
            ProblemCode::StepInProgress => {
                if let Phase::Opening(opening) = &mut self.phase {
                    let delay = opening.attempt.look_later();
                    self.start_timer(Timer::Retry, delay);
                }
            }
            _ => self.stop(Stop::Problem(code)),
        }
    }

    /// There is no way on from here, except trying to open the page's session again where that may help.
    pub(super) fn stop(&mut self, why: Stop) {
        let error = match why {
            Stop::Problem(code) => ErrorMessage::Problem(code),
            Stop::Failure(code) => ErrorMessage::Failure(code),
        };
        let institution = self.institution();
        self.stop_for(why, error);
        if let Stop::Failure(code) = why {
            self.post_as_listeners_know(code, institution);
        }
    }

    fn stop_for(&mut self, why: Stop, error: ErrorMessage) {
        self.rest();
        let unopened = match &self.phase {
            Phase::Opening(opening) => Some((opening.key.clone(), opening.token.clone())),
            _ => None,
        };
        self.phase = Phase::Stopped(Stopped { why, unopened });
        self.show();
        self.post(Message::Error(error));
    }

    /// Tries to open the session again.
    pub(super) fn reopen(&mut self) {
        if let Phase::Stopped(Stopped { unopened: Some(unopened), .. }) = &self.phase {
            let (key, token) = unopened.clone();
            self.phase = Phase::Opening(Opening { shown: None, queued: None, attempt: Attempt::default(), key, token });
            self.show();
            self.send();
        }
    }
}
