//! Whole ways through the flow.

use banklink_flow::{
    Act, Announcement, CallError, Effect, Embedding, Event, Navigation, ResultsView, ScreenView, Target, Timer, View,
};
use banklink_protocol::{
    boot::EndingMode,
    elements,
    failures::{FailureAction, FailureCode},
    ids::SessionId,
    messages::{ErrorMessage, Message, Screen},
    problem::ProblemCode,
    session::{ExitReason, Intent, SessionOutcome, Step},
    texts::Text,
};
use rstest::rstest;

use crate::{
    browser::{Browser, answers, code, credentials},
    server::Server,
    steps,
};

fn at_institutions(coming: impl IntoIterator<Item = Step>) -> Browser {
    Browser::open(Server::new(steps::institutions(), coming))
}

fn at_credentials(coming: impl IntoIterator<Item = Step>) -> Browser {
    Browser::open(Server::new(steps::credentials(None), coming))
}

#[test]
fn a_person_links_a_bank_with_questions_and_chooses_an_account() {
    let coming =
        [steps::institutions(), steps::credentials(None), steps::questions(), steps::accounts(false), steps::linked()];
    let mut browser = Browser::open(Server::new(steps::consent(), coming));
    browser.does(Act::AcceptConsent);
    browser.does(Act::ChooseInstitution("14".into()));
    browser.does(credentials("Greatday", "Everyday"));
    browser.does(answers("Triangle", "Paris"));
    browser.does(Act::ChooseAccounts(vec!["b".into()]));
    assert_eq!(browser.screen(), "success");
    assert_eq!(
        browser.steps(),
        [
            "APP_MOUNTED",
            "COMPONENT_LOAD_CONSENT",
            "COMPONENT_ACCEPT_CONSENT",
            "COMPONENT_LOAD_INSTITUTION_SELECTOR",
            "INSTITUTION_SELECTED",
            "COMPONENT_LOAD_CREDENTIAL",
            "SUBMIT_CREDENTIAL",
            "COMPONENT_LOAD_MFA",
            "SUBMIT_MFA",
            "COMPONENT_LOAD_ACCOUNT_SELECTION",
            "ACCOUNT_SELECTED",
            "COMPONENT_LOAD_SUCCESS",
            "REDIRECT",
        ]
    );
    assert_eq!(browser.navigated, [Navigation { url: steps::REDIRECT.to_owned(), target: Target::Top }]);
    let sequence: Vec<u32> = browser.posted.iter().map(|posting| posting.sequence).collect();
    assert_eq!(sequence, (1..=13).collect::<Vec<u32>>());
}

#[test]
fn messages_name_the_session_from_the_moment_it_is_open() {
    let mut browser = at_institutions([steps::credentials(None)]);
    assert_eq!(browser.posted[0].session, None);
    browser.does(Act::ChooseInstitution("14".into()));
    assert_eq!(
        browser.posted.last().and_then(|posting| posting.session.as_ref()).map(SessionId::as_str),
        Some("session")
    );
}

#[test]
fn the_first_screen_is_shown_before_the_session_is_open() {
    let browser = Browser::framed(Server::new(steps::institutions(), []));
    assert_eq!(browser.screen(), "institutions");
    assert!(!browser.view().busy);
    assert!(matches!(browser.calls[0], Effect::Open { .. }));
}

#[test]
fn the_focus_is_left_alone_until_the_person_did_something() {
    let mut browser = Browser::framed(Server::new(steps::institutions(), [steps::credentials(None)]));
    browser.server.go_to(steps::consent());
    browser.settle();
    assert_eq!(browser.screen(), "consent");
    assert!(browser.focused.is_empty());
    browser.does(Act::AcceptConsent);
    assert_eq!(browser.focused, [elements::TITLE_CREDENTIALS]);
}

#[test]
fn a_choice_made_while_the_session_opens_is_sent_once_it_is_open() {
    let mut browser = Browser::framed(Server::new(steps::institutions(), [steps::credentials(None)]));
    browser.happens(Event::Did(Act::ChooseInstitution("3".into())));
    assert!(browser.view().busy);
    browser.happens(Event::Did(Act::ChooseInstitution("2".into())));
    browser.settle();
    assert_eq!(browser.screen(), "credentials");
    assert_eq!(browser.server.done[0].intent, Intent::ChooseInstitution("3".into()));
    assert_eq!(browser.server.done.len(), 1);
}

#[test]
fn a_choice_made_for_another_step_than_the_sessions_is_dropped() {
    let mut browser = Browser::framed(Server::new(steps::institutions(), []));
    browser.happens(Event::Did(Act::ChooseInstitution("3".into())));
    browser.server.go_to(steps::code(3, false));
    browser.settle();
    assert_eq!(browser.screen(), "code");
    assert!(!browser.view().busy);
    assert!(browser.sent.is_empty());
}

#[test]
fn a_reload_resumes_where_the_session_stands_without_flashing_the_first_screen() {
    let mut server = Server::new(steps::institutions(), []);
    server.go_to(steps::code(3, false));
    let mut browser = Browser::start(server, |start| {
        start.boot.first = Some(steps::institutions());
        start.resumes = true;
    });
    assert_eq!(browser.screen(), "loading");
    browser.settle();
    assert_eq!(browser.screen(), "code");
}

#[test]
fn a_page_whose_first_step_only_the_session_knows_waits_for_it() {
    let mut browser = Browser::start(Server::new(steps::code(3, false), []), |start| start.boot.first = None);
    assert_eq!(browser.screen(), "loading");
    browser.settle();
    assert_eq!(browser.screen(), "code");
}

#[test]
fn a_used_token_shows_its_screen_and_tells_the_host() {
    let mut server = Server::new(steps::institutions(), []);
    server.trouble = Some(ProblemCode::TokenInvalid);
    let mut browser = Browser::open(server);
    assert_eq!(browser.screen(), "token invalid");
    assert_eq!(
        browser.steps(),
        ["APP_MOUNTED", "COMPONENT_LOAD_INSTITUTION_SELECTOR", "COMPONENT_LOAD_TOKEN_INVALID", "TOKEN_INVALID"]
    );
    browser.does(Act::Close);
    assert_eq!(browser.ends(), [&Message::Exit { reason: ExitReason::TokenInvalid, at: Screen::TokenInvalid }]);
}

#[test]
fn wrong_credentials_keep_the_form_and_say_so() {
    let mut browser = at_credentials([steps::wrong_credentials(), steps::linked()]);
    let number = browser.view().number;
    let steps = browser.steps_during(|browser| browser.does(credentials("Greatday", "Never")));
    assert_eq!(steps, ["SUBMIT_CREDENTIAL", "ERROR"]);
    assert_eq!(browser.view().number, number, "the fields stay mounted, with what was typed");
    assert_eq!(browser.view().error, Some(Text::CredentialsRejected));
    assert_eq!(browser.focused.last().map(String::as_str), Some(elements::MESSAGE_ERROR));
    browser.does(credentials("Greatday", "Everyday"));
    assert_eq!(browser.screen(), "success");
}

#[test]
fn a_wrong_code_keeps_the_form_and_shows_the_attempts_left() {
    let mut browser = Browser::open(Server::new(steps::code(3, false), [steps::code(2, true), steps::linked()]));
    let number = browser.view().number;
    browser.does(code("000 000"));
    let view = browser.view();
    assert_eq!((view.number, view.error), (number, Some(Text::CodeRejected)));
    let ScreenView::Code(shown) = view.screen else { panic!("not the code's screen") };
    assert_eq!((shown.attempts_left, shown.invalid, shown.fault), (Some(2), true, None));
    assert_eq!(browser.focused.last().map(String::as_str), Some(elements::INPUT_SCA));
    browser.does(code("123456"));
    assert_eq!(browser.screen(), "success");
}

#[test]
fn a_second_code_gets_an_empty_field_however_alike_it_looks() {
    let mut browser = Browser::open(Server::new(steps::code(3, false), [steps::code(2, false)]));
    let number = browser.view().number;
    browser.does(code("123456"));
    assert_ne!(browser.view().number, number);
}

#[test]
fn an_empty_field_is_pointed_out_before_anything_is_sent() {
    let mut browser = at_credentials([]);
    browser.does(credentials("Greatday", ""));
    assert!(browser.sent.is_empty());
    let ScreenView::Credentials(form) = browser.view().screen else { panic!("not the credentials' screen") };
    assert_eq!(form.fields.iter().map(|field| field.fault).collect::<Vec<_>>(), [None, Some(Text::FieldRequired)]);
    assert_eq!(browser.focused.last().map(String::as_str), Some("input-credential-password"));
}

#[rstest]
#[case::empty("  ", Text::CodeRequired)]
#[case::short("12 34", Text::CodeLength)]
#[case::letters("12a456", Text::CodeDigits)]
fn a_code_that_cant_be_right_is_not_sent(#[case] typed: &str, #[case] fault: Text) {
    let mut browser = Browser::open(Server::new(steps::code(3, false), []));
    browser.does(code(typed));
    assert!(browser.sent.is_empty());
    let ScreenView::Code(shown) = browser.view().screen else { panic!("not the code's screen") };
    assert_eq!(shown.fault, Some(fault));
}

#[test]
fn every_question_needs_an_answer() {
    let mut browser = Browser::open(Server::new(steps::questions(), []));
    browser.does(answers("Triangle", " "));
    assert!(browser.sent.is_empty());
    assert_eq!(browser.focused.last().map(String::as_str), Some("input-question-q2"));
}

#[test]
fn at_least_one_account_is_chosen_and_more_only_where_that_is_offered() {
    let mut browser = Browser::open(Server::new(steps::accounts(false), [steps::linked()]));
    browser.does(Act::ChooseAccounts(Vec::new()));
    assert_eq!(browser.view().error, Some(Text::AccountsRequired));
    browser.does(Act::ChooseAccounts(vec!["a".into(), "b".into()]));
    browser.does(Act::ChooseAccounts(vec!["elsewhere".into()]));
    assert!(browser.sent.is_empty());
    browser.does(Act::ChooseAccounts(vec!["a".into()]));
    assert_eq!(browser.screen(), "success");
}

#[test]
fn a_lost_reply_is_asked_for_again_and_nothing_is_done_twice() {
    let mut browser = at_credentials([steps::code(3, false), steps::linked()]);
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    browser.lose_reply();
    assert_eq!((browser.screen(), browser.view().notice), ("credentials", Some(Text::Reconnecting)));
    assert!(browser.view().busy);
    assert!(browser.fire(Timer::Retry));
    browser.settle();
    assert_eq!((browser.screen(), browser.view().notice), ("code", None));
    assert_eq!(browser.server.done.len(), 1);
    assert_eq!(browser.sent[0], browser.sent[1]);
}

#[test]
fn without_a_network_tries_are_farther_and_farther_apart() {
    let mut browser = at_credentials([]);
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    let mut delays = Vec::new();
    for _ in 0..7 {
        browser.lose_request();
        delays.extend(browser.timers.iter().find(|(timer, _)| *timer == Timer::Retry).map(|(_, after)| *after));
        browser.fire(Timer::Retry);
    }
    assert_eq!(delays, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
}

#[test]
fn going_online_sends_at_once_and_tells_the_host() {
    let mut browser = at_credentials([steps::linked()]);
    let steps = browser.steps_during(|browser| browser.happens(Event::Offline));
    assert_eq!((steps, browser.view().notice), (vec!["APP_OFFLINE"], Some(Text::Offline)));
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    browser.lose_request();
    browser.happens(Event::Online);
    assert!(!browser.runs(Timer::Retry));
    browser.settle();
    assert_eq!(browser.screen(), "success");
    assert!(browser.steps().contains(&"APP_ONLINE"));
}

#[test]
fn a_step_that_another_request_carries_out_is_followed() {
    let mut browser = at_credentials([]);
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    browser.server.trouble = Some(ProblemCode::StepInProgress);
    browser.settle();
    assert!(browser.view().busy);
    browser.server.trouble = None;
    browser.server.go_to(steps::code(3, false));
    browser.fire(Timer::Retry);
    assert!(matches!(browser.calls[0], Effect::Read { .. }));
    browser.settle();
    assert_eq!(browser.screen(), "code");
}

#[test]
fn a_step_that_another_request_gave_up_is_sent_again() {
    let mut browser = at_credentials([steps::code(3, false)]);
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    browser.server.trouble = Some(ProblemCode::StepInProgress);
    browser.settle();
    browser.server.trouble = None;
    browser.fire(Timer::Retry);
    browser.settle();
    assert_eq!(browser.screen(), "code");
    assert_eq!(browser.server.done.len(), 1);
}

#[test]
fn a_refused_submission_leaves_the_form_as_it_is() {
    let mut browser = at_credentials([steps::linked()]);
    let number = browser.view().number;
    browser.server.trouble = Some(ProblemCode::Internal);
    browser.does(credentials("Greatday", "Everyday"));
    assert_eq!((browser.view().number, browser.view().error), (number, Some(Text::Problem)));
    assert!(!browser.view().busy);
    assert_eq!(
        browser.posted.last().map(|posting| &posting.message),
        Some(&Message::Error(ErrorMessage::Problem(ProblemCode::Internal)))
    );
    browser.server.trouble = None;
    browser.does(credentials("Greatday", "Everyday"));
    assert_eq!(browser.screen(), "success");
}

#[test]
fn an_overloaded_server_is_tried_again_and_reported_once() {
    let mut browser = at_credentials([steps::linked()]);
    browser.server.trouble = Some(ProblemCode::Unavailable);
    let steps = browser.steps_during(|browser| {
        browser.does(credentials("Greatday", "Everyday"));
        browser.fire(Timer::Retry);
        browser.settle();
    });
    assert_eq!(steps, ["SUBMIT_CREDENTIAL", "ERROR"]);
    browser.server.trouble = None;
    browser.fire(Timer::Retry);
    browser.settle();
    assert_eq!(browser.screen(), "success");
}

#[test]
fn a_session_that_expires_in_mid_flow_says_so_and_asks_the_host_for_a_token() {
    let mut browser = at_credentials([]);
    assert!(browser.timers.contains(&(Timer::Expiry, 480_000)));
    browser.fire(Timer::Expiry);
    browser.settle();
    assert_eq!(browser.screen(), "credentials", "the server says that it has not expired");
    browser.server.trouble = Some(ProblemCode::SessionExpired);
    let steps = browser.steps_during(|browser| {
        browser.fire(Timer::Expiry);
        browser.settle();
    });
    assert_eq!(steps, ["COMPONENT_LOAD_SESSION_EXPIRED", "TOKEN_INVALID"]);
    assert_eq!(browser.screen(), "session expired");
    assert_eq!(browser.stored_key, None);
    browser.does(Act::StartAgain);
    assert_eq!(browser.reloads, 1);
}

#[test]
fn a_page_that_is_too_old_reloads_once() {
    let mut server = Server::new(steps::institutions(), []);
    server.trouble = Some(ProblemCode::VersionMismatch);
    assert_eq!(Browser::open(server).reloads, 1);
    let mut server = Server::new(steps::institutions(), []);
    server.trouble = Some(ProblemCode::VersionMismatch);
    let mut browser = Browser::start(server, |start| start.reloaded = true);
    browser.settle();
    assert_eq!((browser.reloads, browser.screen()), (0, "failure"));
}

#[test]
fn a_session_that_cant_be_opened_can_be_tried_again_or_left() {
    let mut server = Server::new(steps::institutions(), []);
    server.trouble = Some(ProblemCode::Internal);
    let mut browser = Browser::open(server);
    assert_eq!(browser.screen(), "failure");
    browser.does(Act::Follow(FailureAction::Retry));
    assert_eq!(browser.screen(), "failure");
    browser.server.trouble = None;
    browser.does(Act::Follow(FailureAction::Retry));
    assert_eq!(browser.screen(), "institutions");
}

#[test]
fn a_page_that_is_not_set_up_correctly_can_only_be_left() {
    let mut server = Server::new(steps::institutions(), []);
    server.trouble = Some(ProblemCode::InvalidParameter);
    let mut browser = Browser::open(server);
    let ScreenView::Failure(failure) = browser.view().screen else { panic!("not the failure's screen") };
    assert_eq!((failure.title, failure.main.action, failure.second), (Text::SetupTitle, FailureAction::Leave, None));
    browser.does(Act::Follow(FailureAction::Leave));
    assert_eq!(browser.ends(), [&Message::Exit { reason: ExitReason::Failed, at: Screen::Failure }]);
}

#[test]
fn a_parameter_that_the_server_refuses_is_reported_by_name() {
    let mut browser = Browser::framed(Server::new(steps::institutions(), []));
    let Some(Effect::Open { request, .. }) = browser.calls.pop_front() else { panic!("does not open") };
    let refused = CallError::InvalidParameter("redirectUrl".to_owned());
    browser.happens(Event::Opened(request, Err(refused)));
    let ScreenView::Failure(failure) = browser.view().screen else { panic!("not the failure's screen") };
    assert_eq!((failure.title, failure.second), (Text::SetupTitle, None));
    let reported = Message::Error(ErrorMessage::InvalidParameter("redirectUrl".to_owned()));
    assert_eq!(browser.posted.last().map(|posting| &posting.message), Some(&reported));
}

#[test]
fn parameters_with_wrong_values_are_reported_by_name() {
    let browser = Browser::start(Server::new(steps::institutions(), []), |start| {
        start.boot.invalid_parameters = vec!["country".to_owned()];
    });
    let reported = Message::Error(ErrorMessage::InvalidParameter("country".to_owned()));
    assert_eq!(browser.posted[1].message, reported);
}

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
    assert_eq!(browser.server.left(), Some(ExitReason::Closed));
    assert_eq!(browser.stored_key, None);
}

#[test]
fn declining_the_consent_leaves() {
    let mut browser = Browser::open(Server::new(steps::consent(), []));
    let steps = browser.steps_during(|browser| browser.does(Act::DeclineConsent));
    assert_eq!(steps, ["COMPONENT_DENY_CONSENT", "EXIT"]);
    assert_eq!(browser.server.left(), Some(ExitReason::ConsentDenied));
}

#[test]
fn a_missing_institution_leaves_and_the_host_learns_why() {
    let mut browser = at_institutions([]);
    browser.does(Act::InstitutionMissing);
    let exit = Message::Exit { reason: ExitReason::InstitutionNotFound, at: Screen::Institutions };
    assert_eq!(browser.ends(), [&exit]);
    assert_eq!(browser.server.left(), Some(ExitReason::InstitutionNotFound));
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
    assert_eq!(browser.server.left(), Some(ExitReason::Closed));
}

#[test]
fn leaving_while_a_submission_is_on_its_way_waits_for_its_number() {
    let mut browser = at_credentials([steps::code(3, false)]);
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    browser.happens(Event::Did(Act::Close));
    browser.happens(Event::Did(Act::Leave));
    assert_eq!(browser.screen(), "left");
    browser.settle();
    assert_eq!(browser.server.left(), Some(ExitReason::Closed));
    assert_eq!(browser.sent.iter().map(|submission| submission.number).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn leaving_before_the_session_is_open_ends_it_as_soon_as_it_is() {
    let mut browser = Browser::framed(Server::new(steps::institutions(), []));
    browser.happens(Event::Did(Act::InstitutionMissing));
    assert_eq!(browser.ends().len(), 1);
    browser.settle();
    assert_eq!(browser.server.left(), Some(ExitReason::InstitutionNotFound));
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
fn a_failure_offers_what_its_code_says_and_nothing_else(#[values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)] index: usize) {
    let code = FailureCode::ALL[index];
    let mut browser = Browser::open(Server::new(steps::failed(code), [steps::institutions()]));
    let ScreenView::Failure(failure) = browser.view().screen else { panic!("not the failure's screen") };
    let (main, second) = code.actions();
    assert_eq!((failure.main.action, failure.second.map(|button| button.action)), (main, Some(second)));
    assert_eq!(
        browser.posted.last().map(|posting| &posting.message),
        Some(&Message::Error(ErrorMessage::Failure(code)))
    );
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
fn back_goes_one_step_back_and_dismisses_the_question_first() {
    let mut browser = at_credentials([]);
    assert!(browser.view().frame.back);
    browser.does(Act::Close);
    browser.does(Act::Back);
    assert_eq!((browser.screen(), browser.view().asks_to_leave), ("credentials", false));
    browser.does(Act::Back);
    assert_eq!(browser.screen(), "institutions");
}

#[test]
fn typing_filters_what_is_known_at_once_and_then_shows_what_the_server_found() {
    let mut browser = at_institutions([]);
    browser.happens(Event::Did(Act::Search("credit agr".to_owned())));
    let ScreenView::Institutions(list) = browser.view().screen else { panic!("not the list") };
    assert_eq!(list.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Crédit Agricole"]);
    assert_eq!(list.results, ResultsView::Searching);
    browser.settle();
    let ScreenView::Institutions(list) = browser.view().screen else { panic!("not the list") };
    assert_eq!(list.results, ResultsView::Found { total: 1, query: "credit agr" });
    assert_eq!(browser.announced, [Announcement::Results(1)]);
    let searched = Message::Searched { length: 10, results: 1 };
    assert_eq!(browser.posted.last().map(|posting| &posting.message), Some(&searched));
    browser.does(Act::Search(" ".to_owned()));
    let ScreenView::Institutions(list) = browser.view().screen else { panic!("not the list") };
    assert_eq!((list.results, list.rows.len()), (ResultsView::Popular, 3));
}

#[test]
fn results_of_an_older_text_are_dropped() {
    let mut browser = at_institutions([]);
    browser.happens(Event::Did(Act::Search("a".to_owned())));
    browser.happens(Event::Did(Act::Search("ab".to_owned())));
    browser.calls.swap(0, 1);
    browser.settle();
    let ScreenView::Institutions(list) = browser.view().screen else { panic!("not the list") };
    assert_eq!(list.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["ab"]);
    assert_eq!(browser.announced.len(), 1);
}

#[test]
fn a_search_typed_while_the_session_opens_is_sent_once_it_is_open() {
    let mut browser = Browser::framed(Server::new(steps::institutions(), []));
    browser.happens(Event::Did(Act::Search("test".to_owned())));
    browser.settle();
    let ScreenView::Institutions(list) = browser.view().screen else { panic!("not the list") };
    assert_eq!(list.results, ResultsView::Found { total: 1, query: "test" });
}

#[test]
fn a_search_without_an_answer_is_tried_a_few_times() {
    let mut browser = at_institutions([]);
    browser.happens(Event::Did(Act::Search("test".to_owned())));
    let mut tries = 0;
    loop {
        browser.lose_request();
        if !browser.fire(Timer::SearchRetry) {
            break;
        }
        tries += 1;
    }
    assert_eq!(tries, 3);
}

#[test]
fn a_slow_answer_is_called_slow() {
    let mut browser = at_credentials([steps::linked()]);
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    assert_eq!(browser.announced, [Announcement::Text(Text::Working)]);
    browser.fire(Timer::Slow);
    assert_eq!(browser.view().notice, Some(Text::Slow));
    browser.settle();
    assert_eq!(browser.view().notice, None);
}

#[test]
fn a_page_that_is_shown_again_looks_where_the_session_stands() {
    let mut browser = at_credentials([]);
    browser.server.go_to(steps::institutions());
    browser.happens(Event::Returned);
    browser.settle();
    assert_eq!(browser.screen(), "institutions");
}

#[test]
fn a_click_that_comes_while_the_session_is_read_is_sent_all_the_same() {
    let mut browser = at_credentials([steps::linked()]);
    browser.happens(Event::Returned);
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    browser.settle();
    assert_eq!(browser.screen(), "success");
}

#[test]
fn a_session_that_ended_elsewhere_ends_here_too() {
    let mut browser = at_credentials([]);
    browser.server.go_to(Step::Ended(SessionOutcome::Failed(FailureCode::DisabledLogin)));
    browser.happens(Event::Returned);
    browser.settle();
    let ScreenView::Failure(failure) = browser.view().screen else { panic!("not the failure's screen") };
    assert_eq!((failure.title, failure.main.action), (Text::LockedTitle, FailureAction::Leave));
    browser.does(Act::Follow(FailureAction::Leave));
    assert_eq!(browser.ends(), [&Message::Exit { reason: ExitReason::Failed, at: Screen::Failure }]);
}

#[test]
fn a_frame_tells_its_host_how_high_it_is_and_only_when_that_changes() {
    let mut browser = at_institutions([]);
    let steps = browser.steps_during(|browser| {
        browser.happens(Event::Resized(600));
        browser.happens(Event::Resized(600));
        browser.happens(Event::Resized(640));
    });
    assert_eq!(steps, ["HEIGHT", "HEIGHT"]);
}

#[test]
fn nothing_that_was_typed_shows_in_what_is_logged() {
    let mut browser = at_credentials([]);
    browser.happens(Event::Did(credentials("Greatday", "hunter2")));
    let everything = format!("{:?} {:?}", browser.model, browser.calls);
    assert!(!everything.contains("Greatday") && !everything.contains("hunter2"));
}
