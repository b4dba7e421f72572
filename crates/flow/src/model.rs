//! Where the flow stands, and how what happens moves it.

mod acts;
mod closing;
mod commands;
mod ending;
mod history;
mod opening;
mod session;

use banklink_protocol::{
    WIRE_VERSION,
    boot::{BankPageMode, EndingMode, Parts},
    elements,
    failures::FailureCode,
    ids::InstitutionId,
    messages::{ErrorMessage, FlinksCode, Message, Screen},
    problem::ProblemCode,
    secret::Secret,
    session::{CarryOn, Ending, Intent, SessionState, Step},
    texts::Text,
};

use crate::{
    checks::Faults,
    clock::Clock,
    effect::{Effect, Timer},
    event::{Embedding, Event, RequestNumber, Start},
    exchange::{Attempt, Exchange, Wait},
    host::Host,
    model::{closing::Left, history::History},
    place,
    search::Search,
};

/// Milliseconds after which an answer is called slow.
const SLOW: u32 = 8_000;

/// The flow of one document.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) page: Page,
    pub(crate) phase: Phase,
    pub(crate) sheet: Sheet,
    pub(crate) search: Search,
    pub(crate) network: Network,
    pub(crate) watch: Watch,
    /// Whether the person is asked if they really want to leave.
    pub(crate) asking: bool,
    /// What a later session of this page need not ask again.
    carry_on: CarryOn,
    /// Whether the person did something: before that the focus is not ours to move, least of all into a frame.
    engaged: bool,
    host: Host,
    history: History,
    requests: RequestNumber,
    effects: Vec<Effect>,
}

/// What stays as it is while the document lives.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) app_name: String,
    pub(crate) ending: EndingMode,
    pub(crate) bank: BankPageMode,
    pub(crate) reopens: bool,
    pub(crate) parts: Parts,
    pub(crate) embedding: Embedding,
    reloaded: bool,
}

/// The connection, as the person is told of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    pub(crate) online: bool,
    /// The answer that the person waits for takes long.
    pub(crate) slow: bool,
}

/// How the end of the session's time is watched for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Watch {
    /// The person will be warned of it.
    Ahead,
    /// They are warned.
    Warned,
    /// The server will be asked whether it came.
    #[default]
    Unannounced,
}

/// What is on the screen besides its step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    /// Counts the screens, so that a new one gets new fields however alike they look.
    pub(crate) number: u32,
    /// What went wrong with the last try.
    pub(crate) error: Option<Text>,
    /// What is wrong with single fields.
    pub(crate) faults: Faults,
    /// The time that a challenge has.
    pub(crate) clock: Clock,
    /// What became of the window for the bank's own page.
    pub(crate) popup: Popup,
}

/// What became of the window for the bank's own page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Popup {
    /// Nobody asked for it.
    #[default]
    Unasked,
    /// It opened. Whether it is still there can't be known.
    Opened,
    /// The browser refused it.
    Blocked,
}

/// Where the flow stands.
#[derive(Clone, Debug)]
pub(crate) enum Phase {
    /// The page loads again.
    Reloading,
    /// The session is being opened.
    Opening(Opening),
    /// The session is open.
    Open(Session),
    /// An institution is linked, and the host knows.
    Linked(Linked),
    /// There is no way on.
    Stopped(Stopped),
    /// The token is unknown, used or expired.
    TokenInvalid,
    /// The session expired.
    Expired,
    /// It is over without a connection, and the host knows.
    Left(Left),
}

#[derive(Clone, Debug)]
pub(crate) struct Opening {
    /// The page's own first step; none while the tab's earlier session, which may stand elsewhere, is resumed.
    pub(crate) shown: Option<Step>,
    /// What the person did already.
    pub(crate) queued: Option<Intent>,
    pub(crate) attempt: Attempt,
    key: Secret,
    /// The host's newer token, if it gave one.
    token: Option<Secret>,
}

#[derive(Clone, Debug)]
pub(crate) struct Session {
    key: Secret,
    pub(crate) state: SessionState,
    pub(crate) exchange: Exchange,
}

#[derive(Clone, Debug)]
pub(crate) struct Linked {
    pub(crate) ending: Box<Ending>,
    /// The page should be gone and is still there.
    pub(crate) still_here: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Stopped {
    pub(crate) why: Stop,
    /// Key and newer token of the session that could not be opened; none if one was open.
    unopened: Option<(Secret, Option<Secret>)>,
}

/// Why there is no way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The session could not be opened.
    Problem(ProblemCode),
    /// The session ended with a failure.
    Failure(FailureCode),
}

impl Model {
    /// The flow of a new document, and what to do first.
    pub fn start(start: Start) -> (Self, Vec<Effect>) {
        let Start { boot, embedding, session_key: key, token, resumes, online, depth, reloaded } = start;
        let shown = boot.first.filter(|first| !resumes && place::goes_on(first));
        let mut model = Self {
            page: Page {
                app_name: boot.app_name,
                ending: boot.ending,
                bank: boot.bank_page,
                reopens: boot.reopens,
                parts: boot.parts,
                embedding,
                reloaded,
            },
            phase: Phase::Opening(Opening { shown, queued: None, attempt: Attempt::default(), key, token }),
            sheet: Sheet::default(),
            search: Search::default(),
            network: Network { online, slow: false },
            watch: Watch::default(),
            asking: false,
            carry_on: CarryOn::default(),
            engaged: false,
            host: Host::default(),
            history: History::at(depth),
            requests: RequestNumber::default(),
            effects: Vec::new(),
        };
        model.post(Message::AppMounted);
        if !online {
            model.post(Message::AppOffline);
        }
        for parameter in boot.invalid_parameters {
            model.post(Message::Error(ErrorMessage::InvalidParameter(parameter)));
        }
        if boot.wire_version == WIRE_VERSION {
            model.show();
            model.send();
        } else {
            model.reload();
        }
        let effects = core::mem::take(&mut model.effects);
        (model, effects)
    }

    /// Takes what happened, and answers what to do.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Did(act) => self.act(act),
            Event::Opened(request, result) => self.opened(request, result),
            Event::Answered(request, result) => self.answered(request, result),
            Event::Found(version, result) => self.found(version, result),
            Event::Fired(timer) => self.fired(timer),
            Event::Online => self.online(),
            Event::Offline => {
                if core::mem::replace(&mut self.network.online, false) {
                    self.post(Message::AppOffline);
                }
            }
            Event::Returned => self.look(),
            Event::WentBack(depth) => self.went_back(depth),
            Event::Popup(opened) => self.popup(opened),
            Event::Commanded(command) => self.commanded(command),
            Event::Engaged => self.engaged = true,
            Event::Resized(pixels) => {
                if self.page.embedding == Embedding::Frame && self.host.is_new_height(pixels) {
                    self.post(Message::Height(pixels));
                }
            }
        }
        core::mem::take(&mut self.effects)
    }

    fn fired(&mut self, timer: Timer) {
        match timer {
            Timer::Retry => self.retry(),
            Timer::SearchRetry => self.send_search(),
            Timer::Slow => self.network.slow = self.is_submitting(),
            Timer::Expiry => self.time_runs_out(),
            Timer::Continue => match &mut self.phase {
                Phase::Linked(linked) => linked.still_here = true,
                Phase::Left(left) => left.still_here = true,
                _ => {}
            },
            Timer::Tick => self.tick(),
        }
    }

    fn online(&mut self) {
        if !core::mem::replace(&mut self.network.online, true) {
            self.post(Message::AppOnline);
        }
        self.retry();
        self.search.again();
        self.send_search();
    }

    /// Counts the screens: [`crate::View::number`].
    pub const fn screen_number(&self) -> u32 {
        self.sheet.number
    }

    /// The step on the screen, if it is one that the person goes on from.
    pub(crate) fn step(&self) -> Option<&Step> {
        match &self.phase {
            Phase::Opening(opening) => opening.shown.as_ref(),
            Phase::Open(session) => Some(&session.state.step),
            _ => None,
        }
    }

    /// The screen, as hosts know it.
    fn screen(&self) -> Screen {
        match &self.phase {
            Phase::Reloading | Phase::Left(_) => Screen::Opening,
            Phase::Opening(opening) => opening.shown.as_ref().map_or(Screen::Opening, place::screen),
            Phase::Open(session) => place::screen(&session.state.step),
            Phase::Linked(_) => Screen::Success,
            Phase::Stopped(_) => Screen::Failure,
            Phase::TokenInvalid => Screen::TokenInvalid,
            Phase::Expired => Screen::SessionExpired,
        }
    }

    /// The id of the screen's title.
    fn title(&self) -> &'static str {
        match &self.phase {
            Phase::Reloading => elements::TITLE_LOADING,
            Phase::Opening(opening) => opening.shown.as_ref().map_or(elements::TITLE_LOADING, place::title),
            Phase::Open(session) => place::title(&session.state.step),
            Phase::Linked(_) => elements::TITLE_SUCCESS,
            Phase::Stopped(_) => elements::TITLE_FAILURE,
            Phase::TokenInvalid => elements::TITLE_TOKEN_INVALID,
            Phase::Expired => elements::TITLE_SESSION_EXPIRED,
            Phase::Left(_) => elements::TITLE_LEFT,
        }
    }

    /// Whether the person waits for the server.
    pub(crate) fn is_submitting(&self) -> bool {
        match &self.phase {
            Phase::Opening(opening) => opening.queued.is_some(),
            Phase::Open(session) => session.exchange.is_submitting(),
            _ => false,
        }
    }

    /// The call that the flow is making, if any.
    pub(crate) fn attempt(&self) -> Option<Attempt> {
        match &self.phase {
            Phase::Opening(opening) => Some(opening.attempt),
            Phase::Open(session) => session.exchange.busy().map(|busy| busy.attempt),
            Phase::Left(left) => left.attempt(),
            _ => None,
        }
    }

    /// A new screen: its fields and errors start empty. What was searched for stays, for those who come back to the list.
    fn show(&mut self) {
        self.sheet = Sheet { number: self.sheet.number + 1, ..Sheet::default() };
        self.effects.push(Effect::StopTimer(Timer::Tick));
        if !matches!(self.phase, Phase::Left(_)) {
            self.post(Message::ScreenLoaded(self.screen()));
        }
        if let Some(Step::Failed(failure)) = self.step() {
            let code = failure.code;
            self.post_failure(code);
        }
        self.point_out_rejection(false);
        self.enter_history();
        if self.engaged && !self.asking {
            self.focus(self.title());
        }
    }

    /// Sends what waits for its turn.
    fn send(&mut self) {
        self.requests = RequestNumber(self.requests.0 + 1);
        let request = self.requests;
        let effect = match &mut self.phase {
            Phase::Opening(opening) => {
                opening.attempt.wait = Wait::Reply(request);
                Some(Effect::Open {
                    request,
                    session_key: opening.key.clone(),
                    token: opening.token.clone(),
                    carry_on: (self.carry_on != CarryOn::default()).then(|| self.carry_on.clone()),
                })
            }
            Phase::Open(session) => {
                let revision = session.state.revision;
                session.exchange.busy_mut().map(|busy| busy.send(request, &session.key, revision))
            }
            Phase::Left(left) => left.send(request),
            _ => None,
        };
        self.effects.extend(effect);
    }

    /// Sends again now, rather than when the timer runs out.
    fn retry(&mut self) {
        if self.attempt().is_some_and(|attempt| attempt.wait == Wait::Retry) {
            self.effects.push(Effect::StopTimer(Timer::Retry));
            self.send();
        }
    }

    /// Loads the page again, once; a page that is too old even then can't go on.
    fn reload(&mut self) {
        if self.page.reloaded {
            self.stop(Stop::Problem(ProblemCode::VersionMismatch));
        } else {
            self.load_again();
        }
    }

    fn load_again(&mut self) {
        self.rest();
        self.phase = Phase::Reloading;
        self.effects.push(Effect::Reload);
    }

    /// Nothing more to wait for, nothing more to ask.
    fn rest(&mut self) {
        for timer in [Timer::Retry, Timer::SearchRetry, Timer::Slow, Timer::Expiry, Timer::Tick] {
            self.effects.push(Effect::StopTimer(timer));
        }
        self.network.slow = false;
        self.watch = Watch::Unannounced;
        self.asking = false;
    }

    fn post(&mut self, message: Message) {
        let screen = self.screen();
        self.effects.extend(self.host.posting(message, screen).map(Effect::Post));
    }

    /// Tells the host of a failure, also in the words that existing listeners know.
    fn post_failure(&mut self, failure: FailureCode) {
        self.post(Message::Error(ErrorMessage::Failure(failure)));
        self.post_as_listeners_know(failure, self.institution());
    }

    fn post_as_listeners_know(&mut self, failure: FailureCode, institution: Option<InstitutionId>) {
        if failure == FailureCode::AttemptsExhausted {
            self.post(Message::MaximumRetryReached);
        }
        if let Some(code) = FlinksCode::of(failure) {
            self.post(Message::InstitutionFailed { code, institution });
        }
    }

    /// The institution that the step on the screen is about.
    fn institution(&self) -> Option<InstitutionId> {
        self.step().and_then(place::institution).map(|institution| institution.id.clone())
    }

    fn focus(&mut self, element: impl Into<String>) {
        self.effects.push(Effect::Focus(element.into()));
    }

    fn start_timer(&mut self, timer: Timer, milliseconds: u32) {
        self.effects.push(Effect::StartTimer(timer, milliseconds));
    }
}
