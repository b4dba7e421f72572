//! The search box.

use banklink_flow::{Act, Announcement, Event, ResultsView, ScreenView, Timer};
use banklink_protocol::{elements, messages::Message, problem::ProblemCode, texts::Text};

use crate::{
    browser::{Browser, at_institutions},
    server::Server,
    steps,
};

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
    assert_eq!(browser.announced, [Announcement::Results { total: 1, query: "credit agr".to_owned() }]);
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
    assert_eq!(results(&browser), ResultsView::Failed);
    assert_eq!(browser.announced.last(), Some(&Announcement::Text(Text::InstitutionsFailed)));
    browser.does(Act::SearchAgain);
    assert_eq!(browser.focused.last().map(String::as_str), Some(elements::INPUT_SEARCH_BANK), "the button is gone");
    assert_eq!(results(&browser), ResultsView::Found { total: 1, query: "test" });
}

fn results(browser: &Browser) -> ResultsView<'_> {
    let ScreenView::Institutions(list) = browser.view().screen else { panic!("not the list") };
    list.results
}

#[test]
fn a_search_that_is_on_its_way_is_not_sent_again_when_the_network_comes_back() {
    let mut browser = at_institutions([]);
    browser.happens(Event::Did(Act::Search("test".to_owned())));
    browser.happens(Event::Offline);
    browser.happens(Event::Online);
    assert_eq!(browser.calls.len(), 1);
    browser.lose_request();
    browser.happens(Event::Online);
    assert_eq!(browser.calls.len(), 1);
}

#[test]
fn what_is_typed_while_a_choice_is_on_its_way_is_searched_for_once_it_is_refused() {
    let mut browser = at_institutions([]);
    browser.happens(Event::Did(Act::ChooseInstitution("3".into())));
    browser.happens(Event::Did(Act::Search("test".to_owned())));
    browser.server.trouble = Some(ProblemCode::Internal);
    browser.deliver();
    browser.server.trouble = None;
    browser.settle();
    assert_eq!(results(&browser), ResultsView::Found { total: 1, query: "test" });
}

#[test]
fn who_comes_back_to_the_list_finds_what_they_searched_for() {
    let mut browser = at_institutions([steps::credentials(None)]);
    browser.does(Act::Search("3".to_owned()));
    browser.does(Act::ChooseInstitution("3".into()));
    browser.does(Act::Back);
    let ScreenView::Institutions(list) = browser.view().screen else { panic!("not the list") };
    assert_eq!((list.typed, list.results), ("3", ResultsView::Found { total: 1, query: "3" }));
}

#[test]
fn a_country_lists_its_institutions_and_none_lists_the_popular_ones_again() {
    let mut browser = at_institutions([]);
    let choose = |country: Option<&str>| Event::Did(Act::ChooseCountry(country.map(str::to_owned)));
    browser.happens(choose(Some("AD")));
    assert_eq!(results(&browser), ResultsView::Searching);
    assert!(rows(&browser).is_empty(), "what is known is of Canada");
    browser.settle();
    assert_eq!(rows(&browser), ["9 of AD"]);
    browser.happens(choose(None));
    assert_eq!((results(&browser), browser.calls.len()), (ResultsView::Popular, 0));
}

#[test]
fn what_is_typed_is_searched_within_the_country() {
    let mut browser = at_institutions([]);
    browser.does(Act::ChooseCountry(Some("AD".to_owned())));
    browser.does(Act::Search("test".to_owned()));
    assert_eq!(rows(&browser), ["9 of AD"]);
    let ScreenView::Institutions(list) = browser.view().screen else { panic!("not the list") };
    assert_eq!((list.country, list.results), (Some("AD"), ResultsView::Found { total: 1, query: "test" }));
}

#[test]
fn a_country_that_is_not_offered_is_no_choice() {
    let mut browser = at_institutions([]);
    browser.happens(Event::Did(Act::ChooseCountry(Some("ES".to_owned()))));
    assert_eq!((results(&browser), browser.calls.len()), (ResultsView::Popular, 0));
}

fn rows(browser: &Browser) -> Vec<String> {
    let ScreenView::Institutions(list) = browser.view().screen else { panic!("not the list") };
    list.rows.iter().map(|row| format!("{} of {}", row.id.as_str(), row.country)).collect()
}
