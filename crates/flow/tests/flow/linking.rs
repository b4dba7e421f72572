//! The way through the flow, screen by screen.

use banklink_flow::{Act, Announcement, ChallengeKind, ChallengeView, Effect, Event, Navigation, ScreenView, Target};
use banklink_protocol::{
    elements,
    ids::SessionId,
    messages::{Message, Screen},
    problem::ProblemCode,
    session::{ExitReason, Intent},
    texts::Text,
};
use rstest::rstest;

use crate::{
    browser::{Browser, answers, at_credentials, at_institutions, code, credentials},
    server::Server,
    steps,
};

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
    assert_eq!(
        browser.ends(),
        [&Message::Exit { reason: ExitReason::TokenInvalid, at: Screen::TokenInvalid, searched: None }]
    );
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
    let ScreenView::Challenge(shown) = &view.screen else { panic!("not the challenge's screen") };
    let ChallengeKind::Code(field) = &shown.kind else { panic!("not a code") };
    assert_eq!((shown.attempts_left, field.invalid, field.fault), (Some(2), true, None));
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
    let view = browser.view();
    let ScreenView::Challenge(ChallengeView { kind: ChallengeKind::Code(shown), .. }) = &view.screen else {
        panic!("not the code's screen")
    };
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

#[test]
fn who_only_typed_is_led_to_the_next_screen_as_well() {
    let mut browser = Browser::framed(Server::new(steps::credentials(None), []));
    browser.happens(Event::Engaged);
    browser.server.go_to(steps::code(3, false));
    browser.settle();
    assert_eq!(browser.focused, [elements::TITLE_SCA]);
}

#[test]
fn waiting_is_announced_once_and_no_longer_than_it_lasts() {
    let mut browser = Browser::framed(Server::new(steps::institutions(), [steps::credentials(None)]));
    browser.happens(Event::Did(Act::ChooseInstitution("3".into())));
    browser.settle();
    assert_eq!(browser.announced, [Announcement::Text(Text::Working), Announcement::Nothing]);
}
