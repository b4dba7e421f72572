//! An open session: what the person did goes out, the next step comes in.

use std::rc::Rc;

use banklink_protocol::{
    challenge::{Challenge, Picture, PictureTask},
    elements,
    institutions::SearchResults,
    messages::{ErrorMessage, Message},
    problem::ProblemCode,
    session::{Intent, Rejection, SessionState, Step, Submission},
    texts::Text,
};

use crate::{
    checks::{Fault, Spot},
    clock::Tick,
    effect::{Announcement, Effect, Timer},
    event::{CallError, RequestNumber, SearchVersion},
    exchange::{Busy, Exchange, Job},
    model::{Model, Phase, SLOW, Watch},
    place, wording,
};

/// Shortest time until a session is taken to have expired, in seconds: whatever the server says, it is not asked
/// in a tight loop.
const SHORTEST_EXPIRY: u32 = 5;
/// Longest time, so that the milliseconds fit into a browser's timer.
const LONGEST_EXPIRY: u32 = 24 * 60 * 60;
/// Seconds before its end in which a person is warned: long enough to press a button (WCAG 2.2.1 asks for twenty).
const WARNING: u32 = 60;
/// Seconds until a session that could not be asked whether it expired is asked again.
const ASK_AGAIN: u32 = 15;
/// Milliseconds until a failed search is tried again, times the tries so far.
const SEARCH_AGAIN: u32 = 1_000;
/// A second in milliseconds.
const SECOND: u32 = 1_000;

impl Model {
    /// Sends an intent as the answer to the step on the screen. While the session opens it waits for that; while
    /// another is on its way there is no place for it.
    pub(super) fn submit(&mut self, intent: Intent) {
        if self.is_submitting() {
            return;
        }
        self.sheet.error = None;
        self.sheet.faults.clear();
        match &mut self.phase {
            Phase::Opening(opening) => opening.queued = Some(intent),
            Phase::Open(_) => self.send_intent(intent),
            _ => return,
        }
        self.start_timer(Timer::Slow, SLOW);
        self.effects.push(Effect::Announce(Announcement::Text(Text::Working)));
    }

    /// Sends an intent for which the person waits already.
    pub(super) fn send_intent(&mut self, intent: Intent) {
        let Phase::Open(session) = &mut self.phase else { return };
        let heard = heard_of(&intent, &session.state.step);
        let agrees_to_terms = matches!(intent, Intent::AcceptConsent { .. }) && names_terms(&session.state.step);
        match &intent {
            Intent::AcceptConsent { text_hash } => self.carry_on.text_hash = Some(text_hash.clone()),
            Intent::ChooseInstitution(institution) => self.carry_on.institution = Some(institution.clone()),
            Intent::ChooseAnother | Intent::Back => self.carry_on.institution = None,
            _ => {}
        }
        let submission = Submission { number: session.state.number, intent };
        session.exchange = Exchange::Busy(Busy::new(Job::Submit(Rc::new(submission))));
        if let Some(message) = heard {
            self.post(message);
        }
        if agrees_to_terms {
            self.post(Message::TermsAccepted);
        }
        self.send();
    }

    pub(super) fn answered(&mut self, request: RequestNumber, result: Result<Box<SessionState>, CallError>) {
        match &self.phase {
            Phase::Open(session) if session.exchange.busy().is_some_and(|busy| busy.attempt.awaits(request)) => {
                match result {
                    Ok(state) => self.moved(*state),
                    Err(CallError::Unreachable) => self.lose(None),
                    Err(CallError::Problem(code)) => self.refused(code),
                    Err(CallError::InvalidParameter(_)) => self.refused(ProblemCode::InvalidParameter),
                }
            }
            Phase::Left(left) if left.awaits(request) => self.left(result),
            _ => {}
        }
    }

    fn moved(&mut self, state: SessionState) {
        let Phase::Open(session) = &mut self.phase else { return };
        match core::mem::replace(&mut session.exchange, Exchange::Idle) {
            // The request that carried the step out came to nothing: this one's turn again.
            Exchange::Busy(Busy { job: Job::Follow(submission), attempt })
                if state.number <= submission.number && place::goes_on(&state.step) =>
            {
                session.exchange = Exchange::Busy(Busy { job: Job::Submit(submission), attempt });
                self.send();
            }
            before => {
                if before.is_submitting() {
                    self.finish_waiting();
                }
                self.arrive(state);
            }
        }
    }

    /// Takes the session's state. One that is older than what is on the screen changes nothing.
    fn arrive(&mut self, state: SessionState) {
        let Phase::Open(session) = &mut self.phase else { return };
        if !place::goes_on(&state.step) {
            return self.arrive_elsewhere(state);
        }
        let expires_in = state.expires_in;
        if state.revision > session.state.revision {
            if !place::is_same(&session.state.step, &state.step) {
                return self.arrive_elsewhere(state);
            }
            let is_answered = state.number > session.state.number;
            session.state = state;
            if is_answered {
                self.point_out_rejection(true);
                self.point_out_resent();
            }
        }
        self.watch_expiry(expires_in);
        self.watch_challenge();
    }

    /// Focuses what says so: the button that was pressed is gone, and the focus with it.
    fn point_out_resent(&mut self) {
        if matches!(self.step(), Some(Step::Challenge(step)) if step.resent) {
            self.focus(elements::TEXT_RESENT);
        }
    }

    /// Counts the time that a challenge has, and waits for one that is answered elsewhere.
    pub(super) fn watch_challenge(&mut self) {
        let Phase::Open(session) = &mut self.phase else { return };
        let Step::Challenge(step) = &session.state.step else { return };
        self.sheet.clock.set(step);
        let waits = step.challenge.is_awaited() && session.exchange.busy().is_none();
        if waits {
            session.exchange = Exchange::Busy(Busy::new(Job::Wait));
        }
        if self.sheet.clock.runs() {
            self.start_timer(Timer::Tick, SECOND);
        }
        if waits {
            self.send();
        }
    }

    /// A second of the challenge passed.
    pub(super) fn tick(&mut self) {
        if !matches!(self.step(), Some(Step::Challenge(_))) {
            return;
        }
        if self.sheet.clock.tick() == Tick::TimeIsUp {
            self.look();
        }
        if self.sheet.clock.runs() {
            self.start_timer(Timer::Tick, SECOND);
        }
    }

    /// Shows the state as a screen of its own.
    pub(super) fn arrive_elsewhere(&mut self, state: SessionState) {
        match state.step {
            Step::Linked(ending) => self.linked(ending),
            Step::Ended(ended) => self.ended(ended),
            step => {
                let Phase::Open(session) = &mut self.phase else { return };
                session.state = SessionState { step, ..state };
                self.present();
            }
        }
    }

    /// Shows the session's step as a screen of its own.
    pub(super) fn present(&mut self) {
        let Phase::Open(session) = &self.phase else { return };
        let expires_in = session.state.expires_in;
        self.show();
        self.watch_expiry(expires_in);
        self.watch_challenge();
    }

    /// Says what was wrong with the last try, if something was.
    pub(super) fn point_out_rejection(&mut self, focus: bool) {
        let Some(step) = self.step() else { return };
        let Some(Rejection { code, field }) = rejection(step).cloned() else { return };
        let error = wording::rejection(code, step);
        let is_code = matches!(step, Step::Challenge(challenge) if has_one_field(&challenge.challenge));
        let spot = field.map(Spot::Field).or(is_code.then_some(Spot::Code));
        self.sheet.error = Some(error);
        self.sheet.faults = spot.into_iter().map(|spot| (spot, Fault::Rejected)).collect();
        self.post_failure(code);
        if focus {
            self.focus_fault();
        }
    }

    /// Focuses the first field that something is wrong with, else what says what is wrong.
    pub(super) fn focus_fault(&mut self) {
        if self.asking {
            return;
        }
        let element = match self.sheet.faults.first() {
            Some((Spot::Field(field), _)) => elements::of_field(elements::INPUT_CREDENTIAL, field.as_str()),
            Some((Spot::Question(question), _)) => elements::of_field(elements::INPUT_QUESTION, question.as_str()),
            Some((Spot::Coordinate(cell), _)) => elements::of_field(elements::INPUT_COORDINATE, cell.as_str()),
            Some((Spot::Pictures, _)) => elements::LIST_PICTURES.to_owned(),
            Some((Spot::Code, _)) => elements::INPUT_SCA.to_owned(),
            None => elements::MESSAGE_ERROR.to_owned(),
        };
        self.focus(element);
    }

    /// The server refused a call.
    fn refused(&mut self, code: ProblemCode) {
        match code {
            ProblemCode::TokenInvalid => self.token_invalid(),
            ProblemCode::SessionExpired | ProblemCode::Unauthorized => self.expired(),
            ProblemCode::VersionMismatch => self.reload(),
            ProblemCode::Unavailable | ProblemCode::TooManyRequests => self.lose(Some(code)),
            ProblemCode::StepInProgress => {
                let Phase::Open(session) = &mut self.phase else { return };
                if let Some(delay) = session.exchange.busy_mut().map(Busy::follow) {
                    self.start_timer(Timer::Retry, delay);
                }
            }
            _ => self.give_up(code),
        }
    }

    /// What was sent came to nothing; what was typed is still there.
    fn give_up(&mut self, code: ProblemCode) {
        let Phase::Open(session) = &mut self.phase else { return };
        let was_submitting = session.exchange.is_submitting();
        session.exchange = Exchange::Idle;
        self.finish_waiting();
        if !was_submitting {
            return self.watch_expiry(ASK_AGAIN);
        }
        self.sheet.error = Some(Text::Problem);
        self.post(Message::Error(ErrorMessage::Problem(code)));
        self.focus_fault();
        if code == ProblemCode::Conflict {
            self.look();
        }
    }

    /// No answer: tries again after a while, longer each time. The host hears of a server in trouble once.
    pub(super) fn lose(&mut self, code: Option<ProblemCode>) {
        let attempt = match &mut self.phase {
            Phase::Opening(opening) => Some(&mut opening.attempt),
            Phase::Open(session) => session.exchange.busy_mut().map(|busy| &mut busy.attempt),
            _ => None,
        };
        let Some(attempt) = attempt else { return };
        let is_first = attempt.lost == 0;
        attempt.answered = code.is_some();
        let delay = attempt.lose();
        self.start_timer(Timer::Retry, delay);
        if let Some(code) = code.filter(|_| is_first) {
            self.post(Message::Error(ErrorMessage::Problem(code)));
        }
    }

    /// Reads where the session stands, unless an answer is due anyway.
    pub(super) fn look(&mut self) {
        let Phase::Open(session) = &mut self.phase else { return };
        if session.exchange.busy().is_some() {
            return self.watch_expiry(ASK_AGAIN);
        }
        session.exchange = Exchange::Busy(Busy::new(Job::Read));
        self.send();
    }

    /// The person waits no more.
    pub(super) fn finish_waiting(&mut self) {
        self.network.slow = false;
        self.effects.push(Effect::StopTimer(Timer::Slow));
        self.effects.push(Effect::Announce(Announcement::Nothing));
    }

    /// The session's time ends in so many seconds, if nothing happens.
    pub(super) fn watch_expiry(&mut self, seconds: u32) {
        let quiet = seconds.saturating_sub(WARNING);
        // A session that ends soon whatever is done can't be prolonged, or was not just now.
        self.watch = if quiet > WARNING { Watch::Ahead } else { Watch::Unannounced };
        let seconds = if self.watch == Watch::Ahead { quiet } else { seconds };
        self.start_timer(Timer::Expiry, seconds.clamp(SHORTEST_EXPIRY, LONGEST_EXPIRY) * SECOND);
    }

    /// The session's time is nearly over, or over.
    pub(super) fn time_runs_out(&mut self) {
        if self.watch == Watch::Ahead {
            self.watch = Watch::Warned;
            self.start_timer(Timer::Expiry, WARNING * SECOND);
        } else {
            self.look();
        }
    }

    /// The person is still there. Asking the server for the session prolongs it.
    pub(super) fn keep_going(&mut self) {
        self.watch = Watch::Unannounced;
        self.look();
        // The button is gone, and the focus with it.
        self.focus(self.title());
    }

    /// Asks the server for the text in the search box, if its answer is still wanted.
    pub(super) fn send_search(&mut self) {
        if !self.search.is_due() || !matches!(self.step(), Some(Step::Institutions(_))) {
            return;
        }
        if let Phase::Open(session) = &self.phase {
            self.search.ask();
            let (version, text, country) = self.search.query();
            self.effects.push(Effect::StopTimer(Timer::SearchRetry));
            self.effects.push(Effect::Search { version, session_key: session.key.clone(), text, country });
        }
    }

    pub(super) fn found(&mut self, version: SearchVersion, result: Result<SearchResults, CallError>) {
        let Phase::Open(_) = &self.phase else { return };
        match result {
            Ok(results) => {
                let total = results.total;
                if self.search.found(version, results) {
                    let length = self.search.length();
                    self.post(Message::Searched { length, results: total });
                    let query = self.search.text().to_owned();
                    self.effects.push(Effect::Announce(Announcement::Results { total, query }));
                }
            }
            Err(CallError::Problem(
                ProblemCode::SessionExpired | ProblemCode::Unauthorized | ProblemCode::TokenInvalid,
            )) => self.look(),
            Err(CallError::Problem(ProblemCode::VersionMismatch)) if !self.is_submitting() => self.reload(),
            Err(_) => {
                if let Some(tries) = self.search.failed(version) {
                    self.start_timer(Timer::SearchRetry, SEARCH_AGAIN * u32::from(tries));
                } else if self.search.has_failed() {
                    self.effects.push(Effect::Announce(Announcement::Text(Text::InstitutionsFailed)));
                }
            }
        }
    }
}

/// Whether whoever agrees or declines does so to the app's terms as well.
pub(super) const fn names_terms(step: &Step) -> bool {
    matches!(step, Step::Consent(consent) if consent.terms.is_some())
}

/// What the host hears when an intent is sent.
fn heard_of(intent: &Intent, step: &Step) -> Option<Message> {
    match (intent, step) {
        (Intent::AcceptConsent { .. }, _) => Some(Message::ConsentAccepted),
        (Intent::ChooseInstitution(institution), _) => Some(Message::InstitutionSelected(institution.clone())),
        (Intent::SubmitCredentials(_), Step::Credentials(step)) => {
            Some(Message::CredentialSubmitted(step.institution.id.clone()))
        }
        (Intent::SubmitAnswer(_), _) => Some(Message::MfaSubmitted),
        (Intent::ChooseAccounts(accounts), _) => Some(Message::AccountSelected(accounts.clone())),
        _ => None,
    }
}

const fn rejection(step: &Step) -> Option<&Rejection> {
    match step {
        Step::Credentials(step) => step.rejected.as_ref(),
        Step::Challenge(step) => step.rejected.as_ref(),
        _ => None,
    }
}

const fn has_one_field(challenge: &Challenge) -> bool {
    matches!(challenge, Challenge::OneTimeCode(_) | Challenge::Picture(Picture { task: PictureTask::Read(_), .. }))
}
