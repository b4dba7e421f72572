//! What goes wrong between the browser and the server.

use banklink_flow::{Act, Announcement, CallError, Effect, Event, ScreenView, Timer};
use banklink_protocol::{
    failures::{FailureAction, FailureCode},
    messages::{ErrorMessage, Message, Screen},
    problem::ProblemCode,
    session::{ExitReason, SessionOutcome},
    texts::Text,
};

use crate::{
    browser::{Browser, at_credentials, credentials},
    server::Server,
    steps,
};

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
    // A minute before the time is up.
    assert!(browser.timers.contains(&(Timer::Expiry, 420_000)));
    browser.fire(Timer::Expiry);
    assert!(browser.view().ends_soon);
    assert!(browser.timers.contains(&(Timer::Expiry, 60_000)));
    browser.fire(Timer::Expiry);
    browser.settle();
    assert_eq!(browser.screen(), "credentials", "the server says that it has not expired");
    assert!(!browser.view().ends_soon);
    browser.server.trouble = Some(ProblemCode::SessionExpired);
    let steps = browser.steps_during(|browser| {
        browser.fire(Timer::Expiry);
        browser.fire(Timer::Expiry);
        browser.settle();
    });
    assert_eq!(steps, ["COMPONENT_LOAD_SESSION_EXPIRED", "TOKEN_INVALID"]);
    assert_eq!(browser.screen(), "session expired");
    assert_eq!(browser.stored_key, None);
    browser.does(Act::StartAgain);
    assert_eq!(browser.reloads, 0, "this token is of no use any more");
}

#[test]
fn whoever_needs_more_time_says_so_and_loses_nothing() {
    let mut browser = at_credentials([steps::linked()]);
    browser.happens(Event::Engaged);
    browser.fire(Timer::Expiry);
    assert!(browser.view().ends_soon);
    let number = browser.view().number;
    browser.does(Act::KeepGoing);
    assert!(!browser.view().ends_soon);
    assert_eq!((browser.screen(), browser.view().number), ("credentials", number), "the same form");
    assert_eq!(browser.focused.last().map(String::as_str), Some("title-credentials"));
    assert!(browser.timers.contains(&(Timer::Expiry, 420_000)), "the whole time again");
    browser.does(credentials("Greatday", "Everyday"));
    assert_eq!(browser.screen(), "success");
}

#[test]
fn a_session_that_ends_soon_whatever_is_done_is_not_said_to_go_on() {
    let mut browser = at_credentials([]);
    browser.server.expires_in = 50;
    browser.fire(Timer::Expiry);
    browser.does(Act::KeepGoing);
    assert!(browser.timers.contains(&(Timer::Expiry, 50_000)));
    assert!(!browser.view().ends_soon);
}

#[test]
fn a_page_that_can_be_opened_again_starts_again_after_its_session_expired() {
    let mut browser = Browser::start(Server::new(steps::institutions(), []), |start| start.boot.reopens = true);
    browser.server.trouble = Some(ProblemCode::SessionExpired);
    browser.settle();
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
    assert_eq!(browser.ends(), [&Message::Exit { reason: ExitReason::Failed, at: Screen::Failure, searched: None }]);
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
    browser.server.go_to(steps::ended(SessionOutcome::Failed(FailureCode::DisabledLogin)));
    browser.happens(Event::Returned);
    browser.settle();
    let ScreenView::Failure(failure) = browser.view().screen else { panic!("not the failure's screen") };
    assert_eq!((failure.title, failure.main.action), (Text::LockedTitle, FailureAction::Leave));
    browser.does(Act::Follow(FailureAction::Leave));
    assert_eq!(browser.ends(), [&Message::Exit { reason: ExitReason::Failed, at: Screen::Failure, searched: None }]);
}
