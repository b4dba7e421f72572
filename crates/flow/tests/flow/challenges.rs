//! Strong customer authentication, in every kind.

use banklink_flow::{Act, ChallengeKind, ChallengeView, Effect, Event, Popup, ScreenView, Target, Timer};
use banklink_protocol::{
    boot::BankPageMode,
    challenge::{Answer, Challenge, QuestionAnswer},
    elements,
    failures::FailureCode,
    ids::ChoiceId,
    messages::Message,
    secret::Secret,
    session::{Intent, Rejection, Step},
    texts::Text,
};
use rstest::rstest;

use crate::{
    browser::{Browser, answers, code},
    server::Server,
    steps,
};

/// Somebody at the challenge of this number in [`steps::challenges`].
fn at(number: usize) -> Browser {
    Browser::open(Server::new(steps::challenges().remove(number), [steps::linked()]))
}

fn shown(browser: &Browser) -> ChallengeView<'_> {
    match browser.view().screen {
        ScreenView::Challenge(view) => view,
        other => panic!("not a challenge: {other:?}"),
    }
}

fn choices(ids: &[&str]) -> Act {
    Act::Answer(Answer::Choices(ids.iter().map(|id| ChoiceId::new(*id)).collect()))
}

fn positions(answers: &[(&str, &str)]) -> Act {
    let answer = |(id, text): &(&str, &str)| QuestionAnswer { question: (*id).into(), answer: Secret::new(*text) };
    Act::Answer(Answer::Questions(answers.iter().map(answer).collect()))
}

#[rstest]
#[case::code(0, code("123456"))]
#[case::questions(1, answers("Triangle", "Paris"))]
#[case::method(2, choices(&["app"]))]
#[case::coordinates(3, positions(&[("c1", "7K"), ("c2", "2")]))]
#[case::picture_to_read(4, code("h4Xq"))]
#[case::one_picture(5, choices(&["p2"]))]
#[case::several_pictures(6, choices(&["p1", "p3"]))]
fn every_kind_takes_its_own_answer_and_no_other(#[case] number: usize, #[case] answer: Act) {
    let others = [code("12"), answers("", ""), choices(&["elsewhere"]), choices(&["p1", "p2"]), positions(&[])];
    let mut browser = at(number);
    // Any text may be what a picture shows, and any two of several pictures the right ones.
    let is_as_good = |other: &Act| match (number, other) {
        (4, Act::Answer(Answer::Code(_))) => true,
        (6, other) => *other == choices(&["p1", "p2"]),
        (_, other) => *other == answer,
    };
    for other in others.into_iter().filter(|other| !is_as_good(other)) {
        browser.does(other);
        assert!(browser.sent.is_empty(), "{:?}", browser.sent);
    }
    browser.does(answer);
    assert_eq!(browser.screen(), "success");
}

#[rstest]
#[case(3, positions(&[("c1", "7K")]), Text::CoordinatesRequired)]
#[case(4, code(" "), Text::CodeRequired)]
#[case(5, choices(&[]), Text::PictureRequired)]
#[case(6, choices(&[]), Text::PictureRequired)]
fn what_is_missing_is_pointed_out_before_anything_is_sent(#[case] number: usize, #[case] act: Act, #[case] text: Text) {
    let mut browser = at(number);
    browser.does(act);
    assert!(browser.sent.is_empty());
    let view = shown(&browser);
    let said = match &view.kind {
        ChallengeKind::Coordinates(view) => view.cells.iter().find_map(|(_, fault)| *fault),
        ChallengeKind::Read(view) => view.fault,
        ChallengeKind::Pick(view) => view.fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(said, Some(text));
    assert_eq!(browser.focused.len(), 1);
}

#[rstest]
#[case::qr(7)]
#[case::approval(8)]
#[case::bank_page(9)]
fn what_is_answered_elsewhere_is_waited_for_and_followed(#[case] number: usize) {
    let mut browser = at(number);
    let waits = |browser: &Browser| browser.calls.iter().filter(|call| matches!(call, Effect::Wait { .. })).count();
    assert_eq!(waits(&browser), 1);
    assert!(!browser.view().busy, "the person can go back or choose another method meanwhile");
    browser.server.go_to(steps::linked());
    browser.settle();
    assert_eq!((browser.screen(), waits(&browser)), ("success", 0));
}

#[test]
fn a_wait_without_an_answer_is_followed_by_another_after_a_reload_as_well() {
    let server = Server::new(steps::challenges().remove(8), []);
    let mut browser = Browser::start(server, |start| start.resumes = true);
    browser.settle();
    browser.lose_request();
    assert!(browser.fire(Timer::Retry));
    assert!(matches!(browser.calls[0], Effect::Wait { .. }));
    browser.server.go_to(steps::linked());
    browser.settle();
    assert_eq!(browser.screen(), "success");
}

#[test]
fn a_code_to_scan_that_is_renewed_is_the_same_screen() {
    let mut browser = at(7);
    let (number, said) = (browser.view().number, browser.posted.len());
    browser.server.renews(|step| {
        if let Challenge::Qr(code) = &mut step.challenge {
            code.path = "M1 1h1v1h-1z".to_owned();
        }
    });
    browser.settle();
    let view = shown(&browser);
    let ChallengeKind::Qr(code, _) = view.kind else { panic!("not a code to scan") };
    assert_eq!(code.path, "M1 1h1v1h-1z");
    assert_eq!((browser.view().number, browser.posted.len(), browser.focused.len()), (number, said, 0));
}

#[test]
fn a_click_made_while_the_code_was_renewed_counts() {
    let mut browser = Browser::open(Server::new(
        steps::changed(steps::challenges().remove(7), |step| step.can_switch = true),
        [steps::challenges().remove(2)],
    ));
    browser.server.renews(|_| {});
    browser.happens(Event::Did(Act::SwitchMethod));
    browser.settle();
    assert_eq!(browser.screen(), "methods");
}

#[test]
fn sending_again_is_offered_when_the_bank_allows_it_and_said_once_it_is_done() {
    let first = steps::changed(steps::code(3, false), |step| step.resend_in = Some(2));
    let mut browser = Browser::open(Server::new(first, []));
    browser.does(Act::Resend);
    assert!(browser.sent.is_empty(), "too early");
    browser.fire(Timer::Tick);
    browser.fire(Timer::Tick);
    assert_eq!(shown(&browser).resend_in, Some(0));
    let number = browser.view().number;
    browser.does(Act::Resend);
    assert_eq!(browser.sent[0].intent, Intent::Resend);
    assert!(shown(&browser).resent);
    assert_eq!(browser.view().number, number, "what was typed stays");
    assert_eq!(browser.focused.last().map(String::as_str), Some(elements::TEXT_RESENT), "the button is gone");
}

#[test]
fn the_time_left_counts_down_and_the_server_is_asked_when_it_is_up() {
    let first = steps::changed(steps::code(3, false), |step| step.expires_in = Some(2));
    let mut browser = Browser::open(Server::new(first, []));
    assert_eq!(shown(&browser).time_left, Some(2));
    browser.fire(Timer::Tick);
    assert_eq!(shown(&browser).time_left, Some(1));
    browser.fire(Timer::Tick);
    assert!(matches!(browser.calls[0], Effect::Read { .. }));
    assert!(!browser.runs(Timer::Tick));
}

#[test]
fn help_is_offered_when_the_bank_takes_long() {
    let mut browser = at(8);
    let mut seconds = 0;
    while browser.fire(Timer::Tick) {
        seconds += 1;
        assert!(seconds < 100);
    }
    let view = shown(&browser);
    let ChallengeKind::Approval(_, wait) = view.kind else { panic!("not an approval") };
    assert!(wait.takes_long);
}

#[test]
fn another_method_is_only_chosen_where_there_is_one() {
    let mut browser = at(0);
    browser.does(Act::SwitchMethod);
    assert!(browser.sent.is_empty());
}

#[test]
fn a_window_that_the_browser_refused_is_said_to_person_and_host() {
    let mut browser = at(9);
    let popup = |browser: &Browser| match shown(browser).kind {
        ChallengeKind::BankPage(view, _) => view.popup,
        other => panic!("{other:?}"),
    };
    assert_eq!(popup(&browser), Popup::Unasked);
    browser.happens(Event::Popup(false));
    assert_eq!(popup(&browser), Popup::Blocked);
    browser.happens(Event::Popup(true));
    assert_eq!(popup(&browser), Popup::Opened);
    assert_eq!(browser.steps()[browser.posted.len() - 2..], ["POPUP_BLOCKED", "POPUP_OPENED"]);
}

#[rstest]
#[case(BankPageMode::FullPage)]
#[case(BankPageMode::HandOver)]
fn the_banks_page_can_take_the_place_of_this_one_or_be_handed_over(#[case] mode: BankPageMode) {
    let server = Server::new(steps::challenges().remove(9), []);
    let mut browser = Browser::start(server, |start| start.boot.bank_page = mode);
    browser.settle();
    browser.does(Act::OpenBankPage);
    let url = "https://bank.example/login";
    let handed = Message::OpenUrl(url.to_owned());
    let is_handed = browser.posted.last().map(|posting| &posting.message) == Some(&handed);
    let gone: Vec<_> = browser.navigated.iter().map(|to| (to.url.as_str(), to.target)).collect();
    match mode {
        BankPageMode::HandOver => assert!(is_handed && gone.is_empty()),
        _ => assert_eq!(gone, [(url, Target::Top)]),
    }
    assert!(browser.ends().is_empty(), "the flow goes on when the person comes back");
}

#[test]
fn a_wrong_answer_of_any_kind_keeps_the_screen_and_says_so() {
    for step in steps::challenges().into_iter().take(7) {
        let rejected = steps::changed(step.clone(), |step| {
            step.rejected = Some(Rejection { code: FailureCode::InvalidSca, field: None });
        });
        let mut browser = Browser::open(Server::new(step, []));
        let number = browser.view().number;
        browser.server.go_to(rejected);
        browser.happens(Event::Returned);
        browser.settle();
        assert!(browser.view().error.is_some());
        assert_eq!(browser.view().number, number);
    }
}

#[test]
fn re_authorising_leads_straight_to_the_challenge() {
    let mut browser = Browser::open(Server::new(steps::reauthorise(), [steps::code(3, false), steps::linked()]));
    browser.does(Act::Reauthorise);
    assert_eq!(browser.server.done[0].intent, Intent::Reauthorise);
    browser.does(code("123456"));
    assert_eq!(browser.screen(), "success");
    let Step::Linked(_) = &browser.server.step else { panic!("not linked") };
}
