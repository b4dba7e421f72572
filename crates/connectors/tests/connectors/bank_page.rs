//! The bank's own page.

use banklink_connectors::{BankReturn, Challenged, ConnectorState, Entry, ReturnTo, Start, Step, sandbox};
use banklink_protocol::{
    challenge::Challenge,
    failures::FailureCode::{self, DataError, Denied, InternalError, NotApproved, RetryLater},
    secret::Secret,
};
use jiff::Timestamp;
use rstest::rstest;
use sandbox::{BankPageLogin, OAUTH_BANK, authorization_code};
use url::Url;

use crate::support::{
    SANDBOX, answer, asked, challenged, code, done, english, institution, later, now, poll, resend, return_to,
    sandbox as connectors, start_with, switch,
};

fn start() -> Start {
    start_with(institution(OAUTH_BANK, "GB"), Vec::new())
}

/// At the bank's page, with its address.
async fn sent() -> (Challenged, Url) {
    let shown = challenged(connectors().start(SANDBOX, start()).await);
    let Challenge::BankPage(page) = &shown.challenge else { panic!("{:?}", shown.challenge) };
    let url = page.url.parse().expect("an address");
    (shown, url)
}

async fn come_back(state: &ConnectorState, returned: BankReturn, now: Timestamp) -> Step {
    connectors().returned(SANDBOX, state.clone(), returned, english(), now).await
}

fn with_code(code: impl Into<String>) -> BankReturn {
    BankReturn::Code(Secret::new(code))
}

#[tokio::test]
async fn people_are_sent_to_the_banks_page_with_all_that_brings_them_back() {
    assert_eq!(connectors().entry(SANDBOX, &institution(OAUTH_BANK, "GB"), &english()), Some(Entry::BankPage));
    let (shown, url) = sent().await;
    assert_eq!(url.origin().ascii_serialization(), "https://link.example:8443");
    assert_eq!(url.path(), sandbox::BANK_PAGE_PATH);
    let ReturnTo { url: redirect_uri, state } = return_to();
    let parameters: Vec<_> = url.query_pairs().collect();
    let expected = [
        ("client_id", sandbox::BANK_PAGE_CLIENT),
        ("response_type", "code"),
        ("redirect_uri", redirect_uri.as_str()),
        ("state", state.expose()),
        ("ui_locales", "en"),
    ];
    assert_eq!(parameters, expected.map(|(name, value)| (name.into(), value.into())));
    assert_eq!((shown.expires_at, shown.resend_at, shown.can_switch), (Some(later(600)), None, false));
    assert_eq!((shown.again, shown.attempts_left), (false, None));
}

#[rstest]
#[case("")]
#[case("nowhere")]
#[case("data:text/plain,x")]
#[tokio::test]
async fn a_return_address_without_an_origin_is_our_own_fault(#[case] url: &str) {
    let start = Start { return_to: ReturnTo { url: url.to_owned(), ..return_to() }, ..start() };
    assert_eq!(connectors().start(SANDBOX, start).await, Step::Failed(InternalError));
}

#[rstest]
#[tokio::test]
async fn whoever_logged_in_there_is_linked(#[values("Ana", " Ana ", "józef@example.com")] user: &str) {
    let (shown, _) = sent().await;
    let code = authorization_code(user, BankPageLogin::Linked);
    assert!(!code.contains(user.trim()), "{code}");
    assert!(code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{code}");
    let linked = done(come_back(&shown.state, with_code(code), later(599)).await);
    assert_eq!(linked.username.expose(), user.trim());
    assert_eq!(linked.identity.expose(), user.trim().to_lowercase());
    assert!(connectors().accounts(SANDBOX, linked.saved.clone(), now()).await.is_ok());
    assert_eq!(done(connectors().refresh(SANDBOX, linked.saved.clone(), english(), now()).await).saved, linked.saved);
}

#[tokio::test]
async fn a_login_without_data_shows_when_accounts_are_read() {
    let (shown, _) = sent().await;
    let code = authorization_code("ana", BankPageLogin::WithoutData);
    let linked = done(come_back(&shown.state, with_code(code), now()).await);
    let error = connectors().accounts(SANDBOX, linked.saved, now()).await.expect_err("no accounts");
    assert_eq!(error.failure_code(), DataError);
}

#[rstest]
#[case(BankReturn::Error("access_denied".to_owned()), Denied)]
#[case(BankReturn::Error("temporarily_unavailable".to_owned()), RetryLater)]
#[case(BankReturn::Error(String::new()), RetryLater)]
#[case(with_code(""), RetryLater)]
#[case(with_code("made-up"), RetryLater)]
#[case(with_code("A".repeat(5000)), RetryLater)]
#[case(with_code(authorization_code(" ", BankPageLogin::Linked)), RetryLater)]
#[case(with_code(authorization_code(&"x".repeat(129), BankPageLogin::Linked)), RetryLater)]
#[tokio::test]
async fn coming_back_without_a_login_fails(#[case] returned: BankReturn, #[case] expected: FailureCode) {
    let (shown, _) = sent().await;
    assert_eq!(come_back(&shown.state, returned, now()).await, Step::Failed(expected));
}

#[tokio::test]
async fn a_code_that_was_changed_anywhere_is_none() {
    let (shown, _) = sent().await;
    let code = authorization_code("ana", BankPageLogin::Linked);
    for place in 0..code.len() {
        let other = if code.as_bytes()[place] == b'Q' { "g" } else { "Q" };
        let changed = [&code[..place], other, &code[place + 1..]].concat();
        assert_eq!(come_back(&shown.state, with_code(changed), now()).await, Step::Failed(RetryLater));
    }
}

#[tokio::test]
async fn the_bank_waits_for_ten_minutes() {
    let (shown, _) = sent().await;
    assert_eq!(poll(&shown.state, later(599)).await, Step::Waiting);
    assert_eq!(poll(&shown.state, later(600)).await, Step::Failed(NotApproved));
    let code = authorization_code("ana", BankPageLogin::Linked);
    assert_eq!(come_back(&shown.state, with_code(code), later(600)).await, Step::Failed(NotApproved));
}

#[tokio::test]
async fn what_does_not_fit_leaves_the_person_where_they_are() {
    let (shown, _) = sent().await;
    assert_eq!(resend(&shown.state, later(60)).await, Step::Waiting);
    assert_eq!(switch(&shown.state).await, Step::Waiting);
    let again = challenged(answer(shown.state.clone(), code("123456")).await);
    assert_eq!((&again.challenge, again.expires_at, again.again), (&shown.challenge, shown.expires_at, true));
    let elsewhere = asked("ana", "SCA_APP").await;
    let returned = with_code(authorization_code("ana", BankPageLogin::Linked));
    assert_eq!(come_back(&elsewhere.state, returned, now()).await, Step::Waiting, "they were at no bank's page");
}

#[tokio::test]
async fn neither_state_nor_address_shows_in_debug_output() {
    let (shown, _) = sent().await;
    assert!(!format!("{:?}", shown.state).contains("authorize"));
    let code = authorization_code("user-in-clear", BankPageLogin::Linked);
    let linked = come_back(&shown.state, with_code(code), now()).await;
    assert!(!format!("{linked:?}").contains("user-in-clear"));
}
