//! Institutions with a behaviour of their own.

use core::time::Duration;

use banklink_connectors::{Step, sandbox::built_in_institutions};
use banklink_protocol::{
    challenge::Challenge,
    failures::FailureCode::{self, CredentialsAlreadyExist, DisabledLogin, RetryLater},
    institutions::Health,
};
use rstest::rstest;
use tokio::time::Instant;

use crate::support::{answer, challenged, code, done, later, log_in, poll};

#[rstest]
#[case("downbank", RetryLater)]
#[case("soonbank", RetryLater)]
#[case("lockedbank", DisabledLogin)]
#[case("duplicatebank", CredentialsAlreadyExist)]
#[tokio::test]
async fn some_let_nobody_in(
    #[case] bank: &str,
    #[case] expected: FailureCode,
    #[values("anything", "SCA_SMS")] password: &str,
) {
    assert_eq!(log_in(bank, "anyone", password).await, Step::Failed(expected));
    assert!(matches!(log_in(bank, "", password).await, Step::Rejected(_)), "the form is read first");
}

#[rstest]
#[case("slowbank", 9)]
#[case("degradedbank", 2)]
#[case("testbank", 0)]
#[tokio::test(start_paused = true)]
async fn some_take_their_time(#[case] bank: &str, #[case] seconds: u64) {
    let began = Instant::now();
    done(log_in(bank, "anyone", "anything").await);
    assert_eq!(began.elapsed(), Duration::from_secs(seconds));
    let asked = challenged(log_in(bank, "anyone", "SCA_SMS").await);
    done(answer(asked.state, code("123456")).await);
    assert_eq!(began.elapsed(), Duration::from_secs(3 * seconds), "and so for each answer");
}

#[tokio::test(start_paused = true)]
async fn looking_at_an_approval_is_quick_even_where_answers_are_slow() {
    let asked = challenged(log_in("slowbank", "anyone", "SCA_APP").await);
    assert!(matches!(asked.challenge, Challenge::Approval(_)));
    let began = Instant::now();
    done(poll(&asked.state, later(4)).await);
    assert!(began.elapsed().is_zero());
}

#[test]
fn the_list_says_how_each_is_doing() {
    let unwell: Vec<(&str, Health)> = built_in_institutions()
        .iter()
        .filter(|built_in| built_in.health != Health::Up)
        .map(|built_in| (built_in.id, built_in.health))
        .collect();
    assert_eq!(unwell, [("degradedbank", Health::Degraded), ("downbank", Health::Down), ("soonbank", Health::Soon)]);
}
