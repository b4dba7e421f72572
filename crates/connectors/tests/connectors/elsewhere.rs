//! Challenges that are answered elsewhere: approvals and codes to scan.

use std::collections::HashSet;

use banklink_connectors::Step;
use banklink_protocol::{
    challenge::{Challenge, QrCode},
    failures::FailureCode::{Denied, NotApproved},
};
use rstest::rstest;

use crate::support::{answer, asked, challenged, code, done, invalid_sca, later, log_in, now, poll, resend};

fn qr(challenge: &Challenge) -> &QrCode {
    let Challenge::Qr(qr) = challenge else { panic!("{challenge:?}") };
    qr
}

#[rstest]
#[case("anyone", 4)]
#[case("slow-joe", 40)]
#[case("SLOW", 40)]
#[tokio::test]
async fn it_is_approved_after_a_while(
    #[case] user: &str,
    #[case] seconds: i64,
    #[values("SCA_APP", "SCA_EXTERNAL_WAIT", "SCA_QR_ACCEPT", "SCA_UPDATABLE_QR")] password: &str,
) {
    let shown = asked(user, password).await;
    assert_eq!((shown.attempts_left, shown.expires_at, shown.again), (None, Some(later(300)), false));
    assert!(!matches!(poll(&shown.state, later(seconds - 1)).await, Step::Done(_)));
    let linked = done(poll(&shown.state, later(seconds)).await);
    assert_eq!(linked.identity.expose(), user.to_lowercase());
    let late = done(poll(&shown.state, later(4000)).await);
    assert_eq!(late, linked, "it was approved in time, however late somebody looks");
}

#[rstest]
#[tokio::test]
async fn it_can_be_denied_or_forgotten(
    #[values("SCA_APP", "SCA_EXTERNAL_WAIT", "SCA_QR_ACCEPT", "SCA_UPDATABLE_QR")] password: &str,
) {
    let denied = asked("Deny-me", password).await;
    assert_eq!(poll(&denied.state, later(3)).await, Step::Waiting);
    assert_eq!(poll(&denied.state, later(4)).await, Step::Failed(Denied));
    let forgotten = asked("neverland", password).await;
    assert!(!matches!(poll(&forgotten.state, later(299)).await, Step::Failed(_) | Step::Done(_)));
    assert_eq!(poll(&forgotten.state, later(300)).await, Step::Failed(NotApproved));
}

#[tokio::test]
async fn a_clock_that_went_back_changes_nothing() {
    for password in ["SCA_APP", "SCA_UPDATABLE_QR"] {
        let shown = asked("anyone", password).await;
        assert_eq!(poll(&shown.state, later(-1000)).await, Step::Waiting);
    }
}

#[tokio::test]
async fn an_approval_shows_a_number_to_compare_and_is_asked_for_again() {
    let shown = asked("never", "SCA_APP").await;
    let Challenge::Approval(first) = &shown.challenge else { panic!("{:?}", shown.challenge) };
    let number = first.shows.as_deref().expect("a number to compare");
    assert!(number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit()), "{number}");
    assert!(first.device.as_ref().is_some_and(|device| device.ends_with("’s phone") && device.len() > 10));
    assert!(first.app_link.as_ref().is_some_and(|link| link.starts_with("https://")));
    assert_eq!(shown.resend_at, Some(later(30)));
    assert_eq!(resend(&shown.state, later(29)).await, Step::Waiting);
    let again = challenged(resend(&shown.state, later(31)).await);
    assert!(again.again && again.challenge != shown.challenge, "another request has another number or link");
    assert_eq!(poll(&again.state, later(330)).await, Step::Waiting, "it lasts longer");
    assert_eq!(poll(&again.state, later(331)).await, Step::Failed(NotApproved));
}

#[tokio::test]
async fn an_approval_elsewhere_says_no_more_than_that() {
    let shown = asked("anyone", "SCA_EXTERNAL_WAIT").await;
    let Challenge::Approval(approval) = shown.challenge else { panic!("{:?}", shown.challenge) };
    assert_eq!((approval.device, approval.shows, approval.app_link), (None, None, None));
}

#[tokio::test]
async fn typing_something_neither_answers_nor_prolongs_what_is_answered_elsewhere() {
    let shown = asked("never", "SCA_APP").await;
    let again = challenged(answer(shown.state, code("SCA_SMS")).await);
    assert_eq!((again.challenge, again.rejected), (shown.challenge, Some(invalid_sca())));
    assert_eq!(again.expires_at, shown.expires_at);
}

#[tokio::test]
async fn an_updatable_code_changes_every_ten_seconds_while_it_is_shown() {
    let mut shown = asked("never", "SCA_UPDATABLE_QR").await;
    let mut seen = HashSet::from([qr(&shown.challenge).path.clone()]);
    for seconds in [10, 20, 30] {
        assert_eq!(poll(&shown.state, later(seconds - 1)).await, Step::Waiting);
        shown = challenged(poll(&shown.state, later(seconds)).await);
        assert_eq!((shown.again, &shown.rejected, shown.expires_at), (true, &None, Some(later(300))));
        assert!(seen.insert(qr(&shown.challenge).path.clone()), "the same code twice");
        assert_eq!(poll(&shown.state, later(seconds)).await, Step::Waiting, "shown already");
        assert_eq!(poll(&shown.state, later(seconds - 5)).await, Step::Waiting, "a late poll brings no old code back");
    }
    let fixed = asked("never", "SCA_QR_ACCEPT").await;
    assert_eq!(poll(&fixed.state, later(60)).await, Step::Waiting);
}

/// The text that a camera reads from the code, drawn from its path with four dots to a module.
fn scanned(qr: &QrCode) -> String {
    const DOTS: usize = 4;
    let side = usize::from(qr.size);
    let mut dark = HashSet::new();
    for run in qr.path.split_terminator('z') {
        let (at, rest) = run.strip_prefix('M').and_then(|run| run.split_once('h')).expect("M{x} {y}h…");
        let (x, y) = at.split_once(' ').expect("x and y");
        let (x, y): (usize, usize) = (x.parse().expect("x"), y.parse().expect("y"));
        let (length, _) = rest.split_once("v1h-").expect("h{n}v1h-{n}");
        let length: usize = length.parse().expect("a length");
        assert_eq!(rest, format!("{length}v1h-{length}"));
        assert!(length > 0 && x >= 4 && y >= 4 && x + length <= side - 4 && y < side - 4, "the quiet zone is light");
        for x in x..x + length {
            assert!(dark.insert((x, y)), "({x}, {y}) is drawn twice");
        }
    }
    let shade = |x, y| if dark.contains(&(x / DOTS, y / DOTS)) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * DOTS, side * DOTS, shade);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().expect("a sound code").1
}

#[rstest]
#[tokio::test]
async fn a_code_can_be_scanned_and_says_what_its_link_opens(
    #[values("anyone", "bob", "never")] user: &str,
    #[values("SCA_QR_ACCEPT", "SCA_UPDATABLE_QR")] password: &str,
) {
    let shown = asked(user, password).await;
    let code = qr(&shown.challenge);
    assert_eq!(Some(scanned(code)), code.app_link);
    assert!(scanned(code).starts_with("https://"));
}

#[rstest]
#[case("approvalbank", true)]
#[case("qrbank", false)]
#[tokio::test]
async fn some_banks_let_nobody_in_without(#[case] bank: &str, #[case] is_approval: bool) {
    let shown = challenged(log_in(bank, "anyone", "whatever").await);
    assert_eq!(matches!(shown.challenge, Challenge::Approval(_)), is_approval);
    assert_eq!(matches!(shown.challenge, Challenge::Qr(_)), !is_approval);
    done(poll(&shown.state, later(4)).await);
    assert!(matches!(log_in(bank, "anyone", "INVALID_CREDENTIALS").await, Step::Rejected(_)));
    assert_eq!(poll(&shown.state, now()).await, Step::Waiting);
}
