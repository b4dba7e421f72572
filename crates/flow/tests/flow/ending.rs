//! How a flow ends: linked, left, failed.

use banklink_flow::{Act, Effect, Embedding, Event, ScreenView, Target, Timer, View};
use banklink_protocol::{
    boot::EndingMode,
    elements,
    failures::{FailureAction, FailureCode},
    messages::{ErrorMessage, FlinksCode, Message, Screen},
    session::{ExitReason, LeaveReason, SessionOutcome, Step},
    texts::Text,
};
use rstest::rstest;

use crate::{
    browser::{Browser, at_credentials, at_institutions, credentials},
    server::Server,
    steps,
};

#[rstest]
#[case::page(Embedding::Page, EndingMode::Top, Some(Target::Own))]
#[case::frame(Embedding::Frame, EndingMode::Top, Some(Target::Top))]
#[case::inner(Embedding::Frame, EndingMode::Inner, Some(Target::Own))]
#[case::message(Embedding::Frame, EndingMode::MessageOnly, None)]
#[case::message_of_a_page(Embedding::Page, EndingMode::MessageOnly, None)]
fn the_end_goes_where_the_page_was_told_to(
    #[case] embedding: Embedding,
    #[case] ending: EndingMode,
    #[case] target: Option<Target>,
) {
    let mut browser = Browser::start(Server::new(steps::credentials(None), [steps::linked()]), |start| {
        start.embedding = embedding;
        start.boot.ending = ending;
    });
    browser.settle();
    browser.does(credentials("Greatday", "Everyday"));
    assert_eq!(browser.navigated.first().map(|navigation| navigation.target), target);
    assert_eq!(browser.ends().len(), 1);
    assert_eq!(browser.runs(Timer::Continue), target.is_some());
}

#[test]
fn a_page_that_still_stands_after_a_second_offers_a_link() {
    let mut browser = at_credentials([steps::linked()]);
    browser.does(credentials("Greatday", "Everyday"));
    let link = |view: View<'_>| match view.screen {
        ScreenView::Success(success) => success.continue_url.map(str::to_owned),
        _ => None,
    };
    assert_eq!(link(browser.view()), None);
    browser.fire(Timer::Continue);
    assert_eq!(link(browser.view()).as_deref(), Some(steps::REDIRECT));
    assert!(browser.stored_key.is_some(), "a reload before the app is reached comes back here");
}

#[test]
fn an_address_that_would_run_as_a_script_is_not_gone_to() {
    let Step::Linked(mut ending) = steps::linked() else { return };
    ending.url = " JavaScript:alert(1)".to_owned();
    let mut browser = at_credentials([Step::Linked(ending)]);
    browser.does(credentials("Greatday", "Everyday"));
    assert!(browser.navigated.is_empty());
    assert!(!browser.runs(Timer::Continue));
}

#[test]
fn closing_asks_once_and_then_leaves() {
    let mut browser = at_credentials([]);
    browser.does(Act::Close);
    assert!(browser.view().asks_to_leave);
    browser.does(credentials("Greatday", "Everyday"));
    assert!(browser.sent.is_empty(), "nothing goes on behind the question");
    browser.does(Act::Stay);
    assert!(!browser.view().asks_to_leave);
    browser.does(Act::Close);
    let steps = browser.steps_during(|browser| browser.does(Act::Leave));
    assert_eq!(steps, ["COMPONENT_CLOSE_SESSION", "EXIT"]);
    assert_eq!(browser.screen(), "left");
    assert_eq!(browser.server.left(), Some(LeaveReason::Closed));
    assert_eq!(browser.stored_key, None);
}

#[rstest]
#[case::with_a_button(true, elements::BUTTON_CLOSE)]
#[case::by_the_host_alone(false, elements::TITLE_CREDENTIALS)]
fn who_stays_after_all_has_the_focus_where_there_is_something(#[case] close: bool, #[case] focused: &str) {
    let mut browser = Browser::start(Server::new(steps::credentials(None), []), |start| start.boot.parts.close = close);
    browser.settle();
    browser.does(Act::Close);
    browser.does(Act::Stay);
    assert_eq!(browser.focused, [elements::TITLE_LEAVE, focused]);
}

#[test]
fn declining_the_consent_leaves() {
    let mut browser = Browser::open(Server::new(steps::consent(), []));
    let steps = browser.steps_during(|browser| browser.does(Act::DeclineConsent));
    assert_eq!(steps, ["COMPONENT_DENY_CONSENT", "EXIT"]);
    assert_eq!(browser.server.left(), Some(LeaveReason::ConsentDenied));
}

#[test]
fn who_agrees_or_declines_where_the_consent_names_terms_does_so_to_the_terms() {
    let consent = || steps::consent_with_terms("https://app.example/terms");
    let mut browser = Browser::open(Server::new(consent(), []));
    let steps = browser.steps_during(|browser| browser.does(Act::DeclineConsent));
    assert_eq!(steps, ["COMPONENT_DENY_CONSENT", "COMPONENT_DENY_TERMS", "EXIT"]);
    let mut browser = Browser::open(Server::new(consent(), [steps::institutions()]));
    let steps = browser.steps_during(|browser| browser.does(Act::AcceptConsent));
    assert_eq!(steps[..2], ["COMPONENT_ACCEPT_CONSENT", "COMPONENT_ACCEPT_TERMS"]);
}

#[test]
fn a_missing_institution_leaves_and_the_host_learns_why() {
    let mut browser = at_institutions([]);
    browser.does(Act::InstitutionMissing);
    let exit = Message::Exit { reason: ExitReason::InstitutionNotFound, at: Screen::Institutions, searched: None };
    assert_eq!(browser.ends(), [&exit]);
    assert_eq!(browser.server.left(), Some(LeaveReason::InstitutionNotFound));
}

#[test]
fn leaving_without_a_network_tells_the_host_at_once_and_the_server_when_it_can() {
    let mut browser = at_credentials([]);
    browser.does(Act::Close);
    browser.happens(Event::Did(Act::Leave));
    browser.lose_request();
    assert_eq!(browser.ends().len(), 1);
    browser.fire(Timer::Retry);
    browser.settle();
    assert_eq!(browser.server.left(), Some(LeaveReason::Closed));
}

#[test]
fn who_leaves_goes_where_the_app_wants_them_once_the_server_says_so() {
    let mut browser = Browser::open(Server::new(steps::failed(FailureCode::RetryLater), []));
    browser.server.leads_to = Some("https://app.example/back?error=ABORTED_BY_USER".to_owned());
    browser.does(Act::Close);
    assert_eq!(browser.ends().len(), 1);
    let gone: Vec<_> = browser.navigated.iter().map(|to| to.url.as_str()).collect();
    assert_eq!(gone, ["https://app.example/back?error=ABORTED_BY_USER"]);
    browser.fire(Timer::Continue);
    let ScreenView::Left(left) = browser.view().screen else { panic!("not left") };
    assert_eq!(left.continue_url, Some("https://app.example/back?error=ABORTED_BY_USER"));
}

#[test]
fn leaving_while_a_submission_is_on_its_way_waits_for_nothing() {
    let mut browser = at_credentials([steps::code(3, false)]);
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    browser.happens(Event::Did(Act::Close));
    browser.happens(Event::Did(Act::Leave));
    assert_eq!(browser.screen(), "left");
    assert!(matches!(browser.calls.back(), Some(Effect::Leave { .. })));
    browser.settle();
    assert_eq!(browser.server.left(), Some(LeaveReason::Closed));
}

#[test]
fn leaving_before_the_session_is_open_ends_it_as_soon_as_it_is() {
    let mut browser = Browser::framed(Server::new(steps::institutions(), []));
    browser.happens(Event::Did(Act::InstitutionMissing));
    assert_eq!(browser.ends().len(), 1);
    browser.settle();
    assert_eq!(browser.server.left(), Some(LeaveReason::InstitutionNotFound));
    assert_eq!(browser.stored_key, None);
}

#[test]
fn a_bank_that_is_linked_after_the_person_left_is_not_announced_twice() {
    let mut browser = at_credentials([steps::linked()]);
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    browser.happens(Event::Did(Act::Close));
    browser.happens(Event::Did(Act::Leave));
    browser.settle();
    assert_eq!(browser.screen(), "left");
    assert_eq!(browser.ends().len(), 1);
    assert!(browser.navigated.is_empty());
}

#[rstest]
fn a_failure_offers_what_its_code_says_and_nothing_else(#[values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)] index: usize) {
    let code = FailureCode::ALL[index];
    let mut browser = Browser::open(Server::new(steps::failed(code), [steps::institutions()]));
    let ScreenView::Failure(failure) = browser.view().screen else { panic!("not the failure's screen") };
    let (main, second) = code.actions();
    assert_eq!((failure.main.action, failure.second.map(|button| button.action)), (main, Some(second)));
    let told = Message::Error(ErrorMessage::Failure(code));
    assert_eq!(browser.posted.iter().filter(|posting| posting.message == told).count(), 1);
    let not_offered = [FailureAction::Retry, FailureAction::ChooseAnother, FailureAction::Leave]
        .into_iter()
        .find(|action| *action != main && *action != second);
    if let Some(action) = not_offered {
        browser.does(Act::Follow(action));
    }
    assert_eq!(browser.screen(), "failure");
    browser.does(Act::Follow(main));
    assert_eq!(browser.screen(), if main == FailureAction::Leave { "left" } else { "institutions" });
}

#[test]
fn listeners_written_for_flinks_hear_of_a_failure_after_its_error() {
    let told = |code: FlinksCode| Message::InstitutionFailed { code, institution: Some(steps::bank().id) };
    let after_error = |browser: &Browser, failure: FailureCode| {
        let error = Message::Error(ErrorMessage::Failure(failure));
        let mut posted = browser.posted.iter().map(|posting| &posting.message).skip_while(|message| **message != error);
        posted.nth(1).cloned()
    };

    let browser = Browser::open(Server::new(steps::failed(FailureCode::RetryLater), []));
    assert_eq!(after_error(&browser, FailureCode::RetryLater), Some(told(FlinksCode::RetryLater)));

    let mut browser = at_credentials([steps::wrong_credentials()]);
    browser.does(credentials("Greatday", "Never"));
    assert_eq!(after_error(&browser, FailureCode::InvalidCredentials), Some(told(FlinksCode::InvalidLogin)));

    let over = steps::ended(SessionOutcome::Failed(FailureCode::DisabledLogin));
    let mut browser = at_credentials([over]);
    browser.does(credentials("Greatday", "Everyday"));
    assert_eq!(after_error(&browser, FailureCode::DisabledLogin), Some(told(FlinksCode::DisabledLogin)));

    let browser = Browser::open(Server::new(steps::failed(FailureCode::CredentialsAlreadyExist), []));
    assert_eq!(after_error(&browser, FailureCode::CredentialsAlreadyExist), None, "Flinks has no word for it");
}

#[test]
fn every_failure_has_words_of_its_own() {
    let mut titles = Vec::new();
    for code in FailureCode::ALL {
        let browser = Browser::open(Server::new(steps::failed(code), []));
        let ScreenView::Failure(failure) = browser.view().screen else { panic!("not the failure's screen") };
        assert!(!titles.contains(&failure.title), "{code:?}");
        titles.push(failure.title);
    }
}

#[test]
fn a_bank_that_is_connected_already_is_no_failure_to_look_at() {
    let browser = Browser::open(Server::new(steps::failed(FailureCode::CredentialsAlreadyExist), []));
    let ScreenView::Failure(failure) = browser.view().screen else { panic!("not the failure") };
    assert_eq!((failure.is_bad, failure.main.label), (false, Text::BackToApp));
}

#[rstest]
#[case::as_a_step(steps::failed(FailureCode::AttemptsExhausted))]
#[case::as_the_end(steps::ended(SessionOutcome::Failed(FailureCode::AttemptsExhausted)))]
fn that_no_more_answers_are_taken_is_told_once(#[case] step: Step) {
    let mut browser = at_credentials([step]);
    browser.does(credentials("Greatday", "Wrong"));
    assert_eq!(browser.steps().iter().filter(|step| **step == "MAXIMUM_RETRY_REACHED").count(), 1);
}
