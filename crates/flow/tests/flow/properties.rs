//! What holds for every order of clicks, answers, losses, timers and Backs.

use std::collections::{HashMap, HashSet};

use banklink_flow::{
    Act, CallError, Effect, Embedding, Event, RequestNumber, ScreenView, SearchVersion, Timer, TypedValue, View,
};
use banklink_protocol::{
    failures::{FailureAction, FailureCode},
    messages::Message,
    problem::ProblemCode,
    secret::Secret,
    session::{Intent, Opened, SessionOutcome, SessionState, Step},
};
use proptest::prelude::*;

use crate::{
    browser::{Browser, TabHistory, answers, code, credentials},
    server::Server,
    steps,
};

/// Something that can happen between a person, a browser and a server.
#[derive(Clone, Debug)]
enum Happening {
    Did(Act),
    /// The call at this place among the open ones is answered, which may be out of order.
    Answered(usize),
    RequestLost,
    ReplyLost,
    Fired(Timer),
    Online,
    Offline,
    Returned,
    /// The browser's Back.
    WentBack,
    /// The server refuses everything until it recovers.
    Trouble(Option<ProblemCode>),
    /// The session moves without this document.
    Moved(Box<Step>),
    /// An answer that nobody asked for, or that comes far too late.
    Stale(Event),
}

fn acts() -> impl Strategy<Value = Act> {
    let act = prop_oneof![
        Just(Act::AcceptConsent),
        Just(Act::DeclineConsent),
        "[a-c ]{0,3}".prop_map(Act::Search),
        prop::option::of(Just("AD".to_owned())).prop_map(Act::ChooseCountry),
        "[1-4]".prop_map(|id| Act::ChooseInstitution(id.as_str().into())),
        Just(Act::ChooseInstitution("14".into())),
        Just(Act::InstitutionMissing),
        Just(credentials("Greatday", "Everyday")),
        Just(credentials("Greatday", "Wrong")),
        Just(Act::SubmitCredentials(vec![TypedValue {
            field: "username".into(),
            value: Secret::new("x"),
            well_formed: false
        }])),
        "[0-9 ]{5,7}".prop_map(|typed| code(&typed)),
        Just(answers("Triangle", "Paris")),
        Just(Act::ChooseAccounts(vec!["a".into()])),
        Just(Act::StartAgain),
        Just(Act::Back),
    ];
    let frame = prop_oneof![
        Just(Act::KeepGoing),
        Just(Act::Close),
        Just(Act::Leave),
        Just(Act::Stay),
        prop::sample::select(vec![FailureAction::Retry, FailureAction::ChooseAnother, FailureAction::Leave])
            .prop_map(Act::Follow),
    ];
    prop_oneof![5 => act, 1 => frame]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop::sample::select(vec![
        steps::consent(),
        steps::institutions(),
        steps::credentials(None),
        steps::wrong_credentials(),
        steps::code(3, false),
        steps::code(2, true),
        steps::questions(),
        steps::challenges().remove(7),
        steps::challenges().remove(8),
        steps::challenges().remove(9),
        steps::reauthorise(),
        steps::accounts(true),
        steps::failed(FailureCode::RetryLater),
        steps::failed(FailureCode::CredentialsAlreadyExist),
        steps::linked(),
        steps::ended(SessionOutcome::Expired),
        steps::ended(SessionOutcome::Failed(FailureCode::DisabledLogin)),
    ])
}

fn stale() -> impl Strategy<Value = Event> {
    let state = SessionState { number: 99, revision: 99, step: steps::linked(), can_go_back: false, expires_in: 1 };
    let opened = Opened { session: "other".into(), state: state.clone() };
    let results = banklink_protocol::institutions::SearchResults { institutions: vec![steps::bank()], total: 7 };
    prop::sample::select(vec![
        Event::Opened(RequestNumber(0), Ok(Box::new(opened))),
        Event::Answered(RequestNumber(0), Ok(Box::new(state))),
        Event::Answered(RequestNumber(9_999), Err(CallError::Problem(ProblemCode::TokenInvalid))),
        Event::Found(SearchVersion(9_999), Ok(results)),
    ])
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let timers = Timer::ALL.to_vec();
    let happening = prop_oneof![
        8 => acts().prop_map(Happening::Did),
        8 => (0..3_usize).prop_map(Happening::Answered),
        1 => Just(Happening::RequestLost),
        1 => Just(Happening::ReplyLost),
        3 => prop::sample::select(timers).prop_map(Happening::Fired),
        1 => prop_oneof![Just(Happening::Online), Just(Happening::Offline), Just(Happening::Returned)],
        1 => Just(Happening::WentBack),
        1 => prop::sample::select(ProblemCode::ALL.to_vec()).prop_map(|code| Happening::Trouble(Some(code))),
        3 => Just(Happening::Trouble(None)),
        1 => any_step().prop_map(|step| Happening::Moved(Box::new(step))),
        1 => stale().prop_map(Happening::Stale),
    ];
    prop::collection::vec(happening, 0..80)
}

fn servers() -> impl Strategy<Value = Server> {
    let first = prop::sample::select(vec![steps::consent(), steps::institutions(), steps::credentials(None)]);
    (first, prop::collection::vec(any_step(), 0..8)).prop_map(|(first, coming)| Server::new(first, coming))
}

fn happen(browser: &mut Browser, happening: Happening) {
    match happening {
        Happening::Did(act) => browser.happens(Event::Did(act)),
        Happening::Answered(place) => {
            let place = place.min(browser.calls.len().saturating_sub(1));
            browser.calls.rotate_left(place);
            browser.deliver();
        }
        Happening::RequestLost => browser.lose_request(),
        Happening::ReplyLost => browser.lose_reply(),
        Happening::Fired(timer) => {
            browser.fire(timer);
        }
        Happening::Online => browser.happens(Event::Online),
        Happening::Offline => browser.happens(Event::Offline),
        Happening::Returned => browser.happens(Event::Returned),
        Happening::WentBack => browser.goes_back(),
        Happening::Trouble(trouble) => browser.server.trouble = trouble,
        Happening::Moved(step) if !matches!(browser.server.step, Step::Linked(_) | Step::Ended(_)) => {
            browser.server.go_to(*step);
        }
        Happening::Moved(_) => {}
        Happening::Stale(event) => browser.happens(event),
    }
}

/// What must hold at every moment.
fn check(browser: &Browser) -> Result<(), TestCaseError> {
    prop_assert!(browser.ends().len() <= 1, "more than one of REDIRECT and EXIT: {:?}", browser.steps());
    let sequence: Vec<u32> = browser.posted.iter().map(|posting| posting.sequence).collect();
    prop_assert!(sequence.iter().copied().eq(1..=u32::try_from(sequence.len()).unwrap_or(0)), "{sequence:?}");
    let view = browser.view();
    let redirected = browser.posted.iter().any(|posting| matches!(posting.message, Message::Redirect(_)));
    prop_assert_eq!(redirected, matches!(view.screen, ScreenView::Success(_)));
    let exited = browser.posted.iter().any(|posting| matches!(posting.message, Message::Exit { .. }));
    prop_assert_eq!(exited, matches!(view.screen, ScreenView::Left(_)));
    prop_assert!(browser.navigated.is_empty() || redirected || exited);
    check_view(&view)?;
    check_waiting(browser, &view)
}

fn check_view(view: &View<'_>) -> Result<(), TestCaseError> {
    let over = matches!(
        view.screen,
        ScreenView::Success(_) | ScreenView::TokenInvalid | ScreenView::SessionExpired { .. } | ScreenView::Left(_)
    );
    prop_assert!(!(over && (view.busy || view.asks_to_leave || view.frame.back || view.error.is_some())), "{view:?}");
    prop_assert!(view.number > 0);
    Ok(())
}

/// Whoever waits, waits for something: an answer or a timer.
fn check_waiting(browser: &Browser, view: &View<'_>) -> Result<(), TestCaseError> {
    let calling = browser.calls.iter().any(|call| !matches!(call, Effect::Search { .. }));
    let waiting = view.busy || (matches!(view.screen, ScreenView::Loading) && browser.reloads == 0);
    prop_assert!(!waiting || calling || browser.runs(Timer::Retry), "waits for nothing: {view:?}");
    Ok(())
}

/// Which content each number was last sent with, and whether the server refused that.
#[derive(Default)]
struct Numbers {
    sent: HashMap<u32, Intent>,
    seen: usize,
    refused: HashSet<u32>,
}

impl Numbers {
    fn check(&mut self, browser: &Browser) -> Result<(), TestCaseError> {
        for submission in &browser.sent[self.seen..] {
            let before = self.sent.insert(submission.number, submission.intent.clone());
            if let Some(before) = before.filter(|_| !self.refused.remove(&submission.number)) {
                prop_assert_eq!(before, submission.intent.clone(), "number {} was used twice", submission.number);
            }
        }
        self.seen = browser.sent.len();
        Ok(())
    }

    /// The server refuses for good what is answered next.
    fn note_refusal(&mut self, browser: &Browser, place: usize) {
        let lasting = browser.server.trouble.is_some_and(|code| {
            !matches!(code, ProblemCode::StepInProgress | ProblemCode::Unavailable | ProblemCode::TooManyRequests)
        });
        let place = place.min(browser.calls.len().saturating_sub(1));
        // A look that is refused ends the submission that it looks after, too.
        match browser.calls.get(place) {
            Some(Effect::Submit { submission, .. }) if lasting => {
                self.refused.insert(submission.number);
            }
            Some(Effect::Read { .. }) if lasting => self.refused.extend(self.sent.keys()),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_flow_stays_possible(
        server in servers(),
        resumes: bool,
        framed: bool,
        happenings in happenings(),
    ) {
        let mut browser = Browser::start(server, |start| {
            start.resumes = resumes;
            start.embedding = if framed { Embedding::Frame } else { Embedding::Page };
        });
        let mut numbers = Numbers::default();
        check(&browser)?;
        for happening in happenings {
            if browser.history == TabHistory::Left {
                break;
            }
            if let Happening::Answered(place) = &happening {
                numbers.note_refusal(&browser, *place);
            }
            happen(&mut browser, happening);
            check(&browser)?;
            numbers.check(&browser)?;
        }
    }

    #[test]
    fn the_browsers_back_leaves_only_where_there_is_no_step_back(server in servers(), happenings in happenings()) {
        let mut browser = Browser::start(server, |start| start.embedding = Embedding::Page);
        for happening in happenings {
            if browser.history == TabHistory::Left {
                break;
            }
            let has_step_back = browser.view().frame.back;
            let is_back = matches!(happening, Happening::WentBack);
            happen(&mut browser, happening);
            prop_assert!(browser.history != TabHistory::Left || is_back);
            prop_assert!(!(is_back && has_step_back) || browser.history != TabHistory::Left);
        }
    }

    #[test]
    fn late_answers_change_nothing(server in servers(), happenings in happenings(), late in stale()) {
        let mut browser = Browser::framed(server);
        for happening in happenings {
            happen(&mut browser, happening);
        }
        let before = format!("{:?}", browser.view());
        let effects = browser.model.update(late);
        prop_assert!(effects.is_empty(), "{effects:?}");
        prop_assert_eq!(format!("{:?}", browser.view()), before);
    }

    #[test]
    fn what_the_person_did_reaches_a_server_that_recovers(
        losses in prop::collection::vec(0..4_u8, 0..12),
        while_opening: bool,
    ) {
        let mut browser = Browser::framed(Server::new(steps::institutions(), [steps::credentials(None)]));
        if !while_opening {
            browser.settle();
        }
        browser.happens(Event::Did(Act::ChooseInstitution("14".into())));
        for loss in losses {
            // A lost answer to opening uses the token up, which is another journey's end.
            let opening = matches!(browser.calls.front(), Some(Effect::Open { .. }));
            match loss {
                0 => browser.lose_request(),
                1 if !opening => browser.lose_reply(),
                2 => {
                    browser.server.trouble = Some(ProblemCode::StepInProgress);
                    browser.deliver();
                }
                _ => {
                    browser.server.trouble = Some(ProblemCode::Unavailable);
                    browser.deliver();
                }
            }
            browser.server.trouble = None;
            browser.fire(Timer::Retry);
        }
        browser.settle();
        prop_assert_eq!(browser.screen(), "credentials");
        prop_assert_eq!(browser.server.done.len(), 1);
        prop_assert_eq!(&browser.server.done[0].intent, &Intent::ChooseInstitution("14".into()));
    }
}
