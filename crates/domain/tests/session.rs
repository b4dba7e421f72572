//! What each intent means at each stage of a session.

use banklink_domain::session::{
    AccountsStage, ChallengeStage, Decision, IDLE_SECONDS, Login, NotAllowedHere, Outcome, Stage, TOTAL_SECONDS,
    expires_at,
};
use banklink_protocol::{
    failures::FailureCode,
    institutions::{Health, InstitutionSummary},
    money::Money,
    secret::Secret,
    session::{
        AccountSummary, Answer, Challenge, CodeSource, ConsentStep, CredentialsStep, ExitReason, Intent, OneTimeCode,
        SessionOutcome,
    },
};
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

fn bank() -> InstitutionSummary {
    InstitutionSummary { id: "bank".into(), name: "Bank".into(), country: "CA".into(), health: Health::Up }
}

fn consent() -> Stage {
    Stage::Consent(ConsentStep {
        customer_name: "Pocket".into(),
        paragraphs: vec!["Why".into()],
        scopes: vec!["Accounts".into()],
        terms_url: None,
        text_hash: "abc".into(),
    })
}

fn credentials() -> Stage {
    Stage::Credentials(Box::new(CredentialsStep {
        institution: bank(),
        fields: Vec::new(),
        forgotten_password_url: None,
        rejected: None,
    }))
}

fn challenge() -> Stage {
    let code = OneTimeCode { source: CodeSource::Sms, sent_to: None, length: None, digits_only: false };
    Stage::Challenge(Box::new(ChallengeStage {
        institution: bank(),
        challenge: Challenge::OneTimeCode(code),
        attempts_left: Some(3),
        expires_at: None,
        rejected: None,
        connector_state: vec![1],
    }))
}

fn accounts(multiple: bool) -> Stage {
    let account = |id: &str| AccountSummary {
        id: id.into(),
        name: "Chequing".into(),
        last_digits: "1234".into(),
        balance: Money { amount: "1.00".into(), currency: "CAD".into() },
    };
    Stage::Accounts(Box::new(AccountsStage {
        institution: bank(),
        accounts: vec![account("a"), account("b")],
        multiple,
        login: Login { saved: vec![2], identity: "00".into() },
    }))
}

fn failed(code: FailureCode) -> Stage {
    Stage::Failed { institution: Some(bank()), code }
}

fn all_stages() -> Vec<Stage> {
    vec![consent(), Stage::LIST, credentials(), challenge(), accounts(true), failed(FailureCode::RetryLater)]
}

#[test]
fn consent_is_given_to_the_text_that_was_shown_and_to_no_other() {
    let agree = |hash: &str| consent().decide(Intent::AcceptConsent { text_hash: hash.into() });
    assert!(matches!(agree("abc"), Ok(Decision::Agreed { .. })));
    assert_eq!(agree("abd"), Err(NotAllowedHere));
}

#[test]
fn one_can_leave_from_every_stage_and_only_once() {
    for stage in all_stages() {
        let end = SessionOutcome::Exited(ExitReason::Closed);
        assert_eq!(stage.decide(Intent::Leave(ExitReason::Closed)), Ok(Decision::End(end)));
        assert_eq!(Stage::Ended(end).decide(Intent::Leave(ExitReason::Closed)), Err(NotAllowedHere));
    }
}

#[rstest]
#[case(ExitReason::Closed, true)]
#[case(ExitReason::ConsentDenied, true)]
#[case(ExitReason::InstitutionNotFound, true)]
#[case(ExitReason::Failed, true)]
#[case(ExitReason::TokenInvalid, false)]
#[case(ExitReason::SessionExpired, false)]
#[case(ExitReason::Unsupported, false)]
fn one_leaves_for_reasons_that_a_person_can_have(#[case] reason: ExitReason, #[case] theirs: bool) {
    for stage in all_stages() {
        assert_eq!(stage.decide(Intent::Leave(reason)).is_ok(), theirs, "{stage:?}");
    }
}

#[test]
fn giving_up_at_a_failure_ends_in_that_failure() {
    for code in FailureCode::ALL {
        let end = Decision::End(SessionOutcome::Failed(code));
        assert_eq!(failed(code).decide(Intent::Leave(ExitReason::Failed)), Ok(end));
    }
    let closed = Decision::End(SessionOutcome::Exited(ExitReason::Closed));
    assert_eq!(failed(FailureCode::RetryLater).decide(Intent::Leave(ExitReason::Closed)), Ok(closed));
}

#[test]
fn nothing_but_the_fitting_answer_goes_on() {
    let code = || Intent::SubmitAnswer(Answer::Code(Secret::new("1")));
    let fitting = all_stages().into_iter().filter(|stage| stage.decide(code()).is_ok()).count();
    assert_eq!(fitting, 1);
    assert!(matches!(challenge().decide(code()), Ok(Decision::Answer { .. })));
    let fitting = all_stages().into_iter().filter(|stage| stage.decide(Intent::SubmitCredentials(vec![])).is_ok());
    assert_eq!(fitting.count(), 1);
}

#[rstest]
#[case(true, &["a"], true)]
#[case(true, &["a", "b"], true)]
#[case(true, &["a", "a"], false)]
#[case(true, &[], false)]
#[case(true, &["c"], false)]
#[case(false, &["a"], true)]
#[case(false, &["a", "b"], false)]
#[case(false, &[], false)]
fn accounts_are_chosen_among_those_shown(#[case] multiple: bool, #[case] chosen: &[&str], #[case] allowed: bool) {
    let chosen = chosen.iter().map(|id| (*id).into()).collect();
    assert_eq!(accounts(multiple).decide(Intent::ChooseAccounts(chosen)).is_ok(), allowed);
}

#[test]
fn a_failure_offers_what_its_code_says() {
    for code in FailureCode::ALL {
        assert_eq!(failed(code).decide(Intent::Retry).is_ok(), code.may_retry(), "{code:?}");
        assert_eq!(failed(code).decide(Intent::ChooseAnother).is_ok(), code.may_choose_another(), "{code:?}");
    }
}

#[test]
fn trying_again_keeps_the_institution() {
    assert_eq!(failed(FailureCode::RetryLater).decide(Intent::Retry), Ok(Decision::Choose("bank".into())));
}

#[test]
fn back_never_goes_behind_a_consent_given_or_a_login_accepted() {
    assert_eq!(challenge().back(), Some(Decision::Choose("bank".into())));
    assert_eq!(credentials().back(), Some(Decision::Go(Stage::LIST)));
    for stage in [consent(), Stage::LIST, accounts(true)] {
        assert_eq!(stage.back(), None);
        assert_eq!(stage.decide(Intent::Back), Err(NotAllowedHere));
    }
}

#[test]
fn a_session_has_an_outcome_once_it_is_over() {
    assert!(all_stages().iter().all(|stage| stage.outcome().is_none()));
    assert_eq!(Stage::Ended(SessionOutcome::Expired).outcome(), Some(Outcome::Expired));
    assert_eq!(Stage::Ended(SessionOutcome::Failed(FailureCode::InternalError)).outcome(), Some(Outcome::Failed));
}

#[test]
fn a_session_lives_eight_minutes_from_its_last_use_and_thirty_in_all() {
    let opened: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let after = |minutes| opened + SignedDuration::from_mins(minutes);
    assert_eq!(expires_at(opened, opened), after(IDLE_SECONDS / 60));
    assert_eq!(expires_at(opened, after(20)), after(28));
    assert_eq!(expires_at(opened, after(29)), after(TOTAL_SECONDS / 60));
}
