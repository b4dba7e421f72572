//! What the host wants of the flow.

use banklink_flow::{Act, Command, Effect, Event};
use banklink_protocol::{messages::Message, problem::ProblemCode, secret::Secret, session::SessionOutcome};

use crate::{
    browser::{Browser, at_credentials, at_institutions},
    server::Server,
    steps,
};

fn refresh() -> Event {
    Event::Commanded(Command::RefreshToken { token: Secret::new("newer"), session_key: Secret::new("other key") })
}

fn last_message(browser: &Browser) -> Option<&Message> {
    browser.posted.last().map(|posting| &posting.message)
}

#[test]
fn back_goes_a_step_back_and_says_whether_it_did() {
    let mut browser = at_credentials([]);
    browser.happens(Event::Commanded(Command::Back));
    assert_eq!(last_message(&browser), Some(&Message::BackHandled { moved: true }));
    browser.settle();
    assert_eq!(browser.screen(), "institutions");

    let mut browser = Browser::framed(Server::new(steps::institutions(), []));
    browser.happens(Event::Commanded(Command::Back));
    assert_eq!(last_message(&browser), Some(&Message::BackHandled { moved: false }));
}

#[test]
fn back_dismisses_the_question_whether_to_leave() {
    let mut browser = at_credentials([]);
    browser.does(Act::Close);
    browser.happens(Event::Commanded(Command::Back));
    assert!(!browser.view().asks_to_leave);
    assert_eq!(last_message(&browser), Some(&Message::BackHandled { moved: true }));
    assert_eq!(browser.screen(), "credentials");
}

#[test]
fn close_asks_as_the_button_does() {
    let mut browser = at_credentials([]);
    browser.happens(Event::Commanded(Command::Close));
    assert!(browser.view().asks_to_leave);
    assert!(browser.ends().is_empty());
}

#[test]
fn a_newer_token_goes_on_where_the_person_stood() {
    let mut browser = at_institutions([steps::credentials(None)]);
    browser.does(Act::ChooseInstitution("3".into()));
    browser.server.go_to(steps::ended(SessionOutcome::Expired));
    browser.happens(Event::Returned);
    browser.settle();
    assert_eq!(browser.screen(), "session expired");
    browser.server = Server::new(steps::credentials(None), []);
    browser.happens(refresh());
    let Some(Effect::Open { session_key, token, carry_on, .. }) = browser.calls.front() else { panic!("not opened") };
    assert_eq!(session_key.expose(), "other key");
    assert_eq!(token.as_ref().map(Secret::expose), Some("newer"));
    let institution = carry_on.as_ref().and_then(|carry_on| carry_on.institution.as_ref());
    assert_eq!(institution.map(banklink_protocol::ids::InstitutionId::as_str), Some("3"));
    browser.settle();
    assert_eq!(browser.screen(), "credentials");
    assert_eq!(browser.stored_key.as_ref().map(Secret::expose), Some("other key"));
    assert!(browser.ends().is_empty());
}

#[test]
fn a_newer_token_changes_nothing_while_the_old_one_is_good() {
    let mut browser = at_credentials([]);
    browser.happens(refresh());
    assert!(browser.calls.is_empty());
    assert_eq!(browser.screen(), "credentials");
}

#[test]
fn a_newer_token_that_is_no_better_is_told_like_the_first() {
    let server = Server::new(steps::institutions(), []);
    let mut browser = Browser::framed(server);
    browser.server.trouble = Some(ProblemCode::TokenInvalid);
    browser.settle();
    let steps = browser.steps_during(|browser| {
        browser.happens(refresh());
        browser.settle();
    });
    assert_eq!(browser.screen(), "token invalid");
    assert_eq!(steps.last(), Some(&"TOKEN_INVALID"));
}
