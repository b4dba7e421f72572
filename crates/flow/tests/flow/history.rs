//! The browser's Back, where the widget is the page itself.

use banklink_flow::{Act, Embedding, Event};
use banklink_protocol::session::{Intent, Step};

use crate::{
    browser::{Browser, TabHistory, credentials},
    server::Server,
    steps,
};

fn page(first: Step, coming: impl IntoIterator<Item = Step>) -> Browser {
    let mut browser = Browser::start(Server::new(first, coming), |start| start.embedding = Embedding::Page);
    browser.settle();
    browser
}

/// Somebody who came from the list to a code.
fn at_code() -> Browser {
    let mut browser = page(steps::institutions(), [steps::credentials(None), steps::code(3, false)]);
    browser.does(Act::ChooseInstitution("14".into()));
    browser.does(credentials("Greatday", "Everyday"));
    assert_eq!(browser.screen(), "code");
    browser
}

#[test]
fn each_step_forward_is_an_entry_and_back_is_a_step_back() {
    let mut browser = at_code();
    assert_eq!(browser.history, TabHistory::At(2));
    browser.goes_back();
    browser.settle();
    assert_eq!((browser.screen(), browser.history), ("institutions", TabHistory::At(1)));
}

#[test]
fn back_at_the_first_step_leaves_the_page_whatever_entries_are_left() {
    let mut browser = at_code();
    browser.goes_back();
    browser.settle();
    assert_eq!(browser.screen(), "institutions");
    assert!(!browser.view().frame.back);
    browser.goes_back();
    assert_eq!(browser.history, TabHistory::Left);
    assert!(browser.ends().is_empty(), "a page that goes away may come back");
}

#[test]
fn back_answers_the_question_whether_to_leave_and_keeps_its_entry() {
    let mut browser = at_code();
    browser.does(Act::Close);
    browser.goes_back();
    browser.settle();
    assert!(!browser.view().asks_to_leave);
    assert_eq!((browser.screen(), browser.history), ("code", TabHistory::At(2)));
}

#[test]
fn back_waits_for_the_answer_that_is_on_its_way() {
    let mut browser = page(steps::institutions(), [steps::credentials(None), steps::code(3, false)]);
    browser.does(Act::ChooseInstitution("14".into()));
    browser.happens(Event::Did(credentials("Greatday", "Everyday")));
    browser.goes_back();
    assert_eq!(browser.history, TabHistory::At(1));
    browser.settle();
    assert_eq!(browser.screen(), "code");
    assert!(browser.server.done.iter().all(|submission| submission.intent != Intent::Back));
}

#[test]
fn a_reload_keeps_the_entries_that_there_are() {
    let browser = Browser::start(Server::new(steps::credentials(None), []), |start| {
        start.embedding = Embedding::Page;
        (start.resumes, start.depth) = (true, 2);
    });
    assert_eq!(browser.history, TabHistory::At(2));
}

#[test]
fn a_document_in_the_middle_of_the_flow_gets_an_entry_to_go_back_to() {
    let mut browser = Browser::start(Server::new(steps::credentials(None), []), |start| {
        start.embedding = Embedding::Page;
        start.resumes = true;
    });
    browser.settle();
    assert_eq!(browser.history, TabHistory::At(1));
    browser.goes_back();
    browser.settle();
    assert_eq!(browser.screen(), "institutions");
    browser.goes_back();
    assert_eq!(browser.history, TabHistory::Left);
}

#[test]
fn the_history_of_a_frame_is_its_hosts() {
    let mut browser = Browser::open(Server::new(steps::institutions(), [steps::credentials(None)]));
    browser.does(Act::ChooseInstitution("14".into()));
    assert_eq!(browser.history, TabHistory::At(0));
}
