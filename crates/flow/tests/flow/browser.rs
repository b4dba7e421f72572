//! A browser that runs the flow's effects and remembers them.

use std::collections::VecDeque;

use banklink_flow::{
    Act, Announcement, CallError, ChallengeKind, Effect, Embedding, Event, Model, Navigation, Posting, ScreenView,
    Start, Timer, TypedValue, View,
};
use banklink_protocol::{
    challenge::{Answer, QuestionAnswer},
    messages::Message,
    secret::Secret,
    session::{Step, Submission},
};

use crate::{server::Server, steps};

/// A document and its server.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) model: Model,
    pub(crate) server: Server,
    /// Calls that are not answered yet, oldest first.
    pub(crate) calls: VecDeque<Effect>,
    pub(crate) timers: Vec<(Timer, u32)>,
    pub(crate) posted: Vec<Posting>,
    pub(crate) focused: Vec<String>,
    pub(crate) announced: Vec<Announcement>,
    pub(crate) navigated: Vec<Navigation>,
    pub(crate) stored_key: Option<Secret>,
    pub(crate) reloads: u32,
    pub(crate) history: TabHistory,
    /// Every submission that was sent, repeats included.
    pub(crate) sent: Vec<Submission>,
}

/// The page's entries in the tab's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TabHistory {
    /// At this one; the first is 0.
    At(u32),
    /// At another page's.
    Left,
}

impl Browser {
    /// A frame, whose page was written with the server's first step; the session is not open yet.
    pub(crate) fn framed(server: Server) -> Self {
        Self::start(server, |_| {})
    }

    /// A frame with an open session.
    pub(crate) fn open(server: Server) -> Self {
        let mut browser = Self::framed(server);
        browser.settle();
        browser
    }

    /// A document that starts a little differently.
    pub(crate) fn start(server: Server, change: impl FnOnce(&mut Start)) -> Self {
        let mut start = Start {
            boot: steps::boot(server.step.clone()),
            embedding: Embedding::Frame,
            session_key: Secret::new("key"),
            token: None,
            resumes: false,
            online: true,
            depth: 0,
            reloaded: false,
        };
        change(&mut start);
        let depth = start.depth;
        let stored_key = Some(start.session_key.clone());
        let (model, effects) = Model::start(start);
        let mut browser = Self {
            model,
            server,
            calls: VecDeque::new(),
            timers: Vec::new(),
            posted: Vec::new(),
            focused: Vec::new(),
            announced: Vec::new(),
            navigated: Vec::new(),
            stored_key,
            reloads: 0,
            history: TabHistory::At(depth),
            sent: Vec::new(),
        };
        browser.carry_out(effects);
        browser
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Post(posting) => self.posted.push(posting),
                Effect::Focus(element) => self.focused.push(element),
                Effect::Announce(announcement) => self.announced.push(announcement),
                Effect::Navigate(navigation) => self.navigated.push(navigation),
                Effect::RememberKey { session_key, .. } => self.stored_key = Some(session_key),
                Effect::ForgetKey => self.stored_key = None,
                Effect::StopTimer(timer) => self.timers.retain(|(running, _)| *running != timer),
                Effect::StartTimer(timer, after) => {
                    self.timers.retain(|(running, _)| *running != timer);
                    self.timers.push((timer, after));
                }
                Effect::Reload => self.reloads += 1,
                Effect::Deepen(depth) => {
                    assert_eq!(self.history, TabHistory::At(depth - 1));
                    self.history = TabHistory::At(depth);
                }
                Effect::GoOut => self.history = TabHistory::Left,
                Effect::Open { .. }
                | Effect::Submit { .. }
                | Effect::Read { .. }
                | Effect::Wait { .. }
                | Effect::Leave { .. }
                | Effect::Search { .. } => {
                    if let Effect::Submit { submission, .. } = &effect {
                        self.sent.push(Submission::clone(submission));
                    }
                    self.calls.push_back(effect);
                }
            }
        }
    }

    /// The person presses the browser's Back.
    pub(crate) fn goes_back(&mut self) {
        match self.history {
            TabHistory::At(0) | TabHistory::Left => self.history = TabHistory::Left,
            TabHistory::At(depth) => {
                self.history = TabHistory::At(depth - 1);
                self.happens(Event::WentBack(depth - 1));
            }
        }
    }

    pub(crate) fn happens(&mut self, event: Event) {
        let effects = self.model.update(event);
        self.carry_out(effects);
    }

    /// What the server answers to a call.
    fn answer(&mut self, call: &Effect) -> Option<Event> {
        Some(match call {
            Effect::Open { request, session_key, .. } => {
                Event::Opened(*request, self.server.open(session_key).map(Box::new))
            }
            Effect::Submit { request, submission, .. } => {
                Event::Answered(*request, self.server.submit(submission).map(Box::new))
            }
            Effect::Read { request, .. } | Effect::Wait { request, .. } => {
                Event::Answered(*request, self.server.read().map(Box::new))
            }
            Effect::Leave { request, leaving, .. } => {
                Event::Answered(*request, self.server.leave(leaving).map(Box::new))
            }
            Effect::Search { version, text, country, .. } => {
                Event::Found(*version, self.server.search(text, country.as_deref()))
            }
            _ => return None,
        })
    }

    /// The oldest call reaches the server, and its answer comes back. Whether there was one.
    pub(crate) fn deliver(&mut self) -> bool {
        let answer = self.calls.pop_front().and_then(|call| self.answer(&call));
        let came = answer.is_some();
        if let Some(event) = answer {
            self.happens(event);
        }
        came
    }

    /// Every call is answered, but those that wait for what does not happen.
    pub(crate) fn settle(&mut self) {
        while let Some(place) = self.calls.iter().position(|call| self.is_due(call)) {
            self.calls.rotate_left(place);
            self.deliver();
        }
    }

    fn is_due(&self, call: &Effect) -> bool {
        match call {
            Effect::Wait { revision, .. } => self.server.trouble.is_some() || self.server.is_beyond(*revision),
            _ => true,
        }
    }

    fn nothing_comes_back(&mut self, call: &Effect) {
        match call {
            Effect::Open { request, .. } => self.happens(Event::Opened(*request, Err(CallError::Unreachable))),
            Effect::Submit { request, .. }
            | Effect::Read { request, .. }
            | Effect::Wait { request, .. }
            | Effect::Leave { request, .. } => {
                self.happens(Event::Answered(*request, Err(CallError::Unreachable)));
            }
            Effect::Search { version, .. } => self.happens(Event::Found(*version, Err(CallError::Unreachable))),
            _ => {}
        }
    }

    /// The oldest call never reaches the server.
    pub(crate) fn lose_request(&mut self) {
        if let Some(call) = self.calls.pop_front() {
            self.nothing_comes_back(&call);
        }
    }

    /// The oldest call reaches the server, and its answer is lost.
    pub(crate) fn lose_reply(&mut self) {
        if let Some(call) = self.calls.pop_front() {
            _ = self.answer(&call);
            self.nothing_comes_back(&call);
        }
    }

    /// A timer runs out, if it runs. Whether it did.
    pub(crate) fn fire(&mut self, timer: Timer) -> bool {
        let runs = self.runs(timer);
        if runs {
            self.timers.retain(|(running, _)| *running != timer);
            self.happens(Event::Fired(timer));
        }
        runs
    }

    pub(crate) fn runs(&self, timer: Timer) -> bool {
        self.timers.iter().any(|(running, _)| *running == timer)
    }

    /// The person does something, and every call is answered.
    pub(crate) fn does(&mut self, act: Act) {
        self.happens(Event::Did(act));
        self.settle();
    }

    pub(crate) fn view(&self) -> View<'_> {
        View::from(&self.model)
    }

    /// The `step` of every message posted so far that has one.
    pub(crate) fn steps(&self) -> Vec<&'static str> {
        self.posted.iter().filter_map(|posting| posting.message.step()).collect()
    }

    /// The steps of the messages that a call of `during` posts.
    pub(crate) fn steps_during(&mut self, during: impl FnOnce(&mut Self)) -> Vec<&'static str> {
        let before = self.steps().len();
        during(self);
        self.steps().split_off(before)
    }

    /// The messages that end a flow.
    pub(crate) fn ends(&self) -> Vec<&Message> {
        self.posted.iter().map(|posting| &posting.message).filter(|message| message.ends_flow()).collect()
    }

    /// The screen's name, for short assertions.
    pub(crate) fn screen(&self) -> &'static str {
        match self.view().screen {
            ScreenView::Loading => "loading",
            ScreenView::Consent(_) => "consent",
            ScreenView::Institutions(_) => "institutions",
            ScreenView::Credentials(_) => "credentials",
            ScreenView::Reauthorise(_) => "re-authorise",
            ScreenView::Challenge(view) => match view.kind {
                ChallengeKind::Code(_) => "code",
                ChallengeKind::Questions(_) => "questions",
                ChallengeKind::Methods(_) => "methods",
                ChallengeKind::Coordinates(_) => "coordinates",
                ChallengeKind::Read(_) => "read",
                ChallengeKind::Pick(_) => "pick",
                ChallengeKind::Qr(..) => "qr",
                ChallengeKind::Approval(..) => "approval",
                ChallengeKind::BankPage(..) => "bank page",
            },
            ScreenView::Accounts(_) => "accounts",
            ScreenView::Success(_) => "success",
            ScreenView::Failure(_) => "failure",
            ScreenView::TokenInvalid => "token invalid",
            ScreenView::SessionExpired { .. } => "session expired",
            ScreenView::Left(_) => "left",
        }
    }
}

/// The credentials form, filled in.
pub(crate) fn credentials(username: &str, password: &str) -> Act {
    let typed =
        |field: &str, value: &str| TypedValue { field: field.into(), value: Secret::new(value), well_formed: true };
    Act::SubmitCredentials(vec![typed("username", username), typed("password", password)])
}

/// A typed code.
pub(crate) fn code(code: &str) -> Act {
    Act::Answer(Answer::Code(Secret::new(code)))
}

/// Answers to the two questions.
pub(crate) fn answers(first: &str, second: &str) -> Act {
    let answer = |id: &str, answer: &str| QuestionAnswer { question: id.into(), answer: Secret::new(answer) };
    Act::Answer(Answer::Questions(vec![answer("q1", first), answer("q2", second)]))
}

/// Somebody at the list of institutions.
pub(crate) fn at_institutions(coming: impl IntoIterator<Item = Step>) -> Browser {
    Browser::open(Server::new(steps::institutions(), coming))
}

/// Somebody at a credentials form.
pub(crate) fn at_credentials(coming: impl IntoIterator<Item = Step>) -> Browser {
    Browser::open(Server::new(steps::credentials(None), coming))
}
