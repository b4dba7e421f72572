//! What each intent means at each stage of a session.

use banklink_domain::session::{
    AccountsStage, ChallengeStage, Decision, End, IDLE_SECONDS, Login, NotAllowedHere, Response, Stage, TOTAL_SECONDS,
    expires_at,
};
use banklink_protocol::{
    challenge::{Answer, BankPage, Challenge, CodeSource, OneTimeCode},
    failures::FailureCode,
    institutions::{Health, InstitutionSummary},
    money::Money,
    secret::Secret,
    session::{
        AccountSummary, ConsentStep, CredentialsStep, Ended, Intent, LeaveReason, ReauthorisePurpose, ReauthoriseStep,
        SessionOutcome,
    },
};
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

fn bank() -> InstitutionSummary {
    InstitutionSummary {
        id: "bank".into(),
        name: "Bank".into(),
        country: "CA".into(),
        detail: None,
        logo: None,
        health: Health::Up,
    }
}

fn consent() -> Stage {
    Stage::Consent(ConsentStep {
        customer_name: "Pocket".into(),
        paragraphs: vec!["Why".into()],
        scopes: vec!["Accounts".into()],
        terms: None,
        privacy: None,
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

fn challenge_stage() -> ChallengeStage {
    let code = OneTimeCode { source: CodeSource::Sms, sent_to: None, length: None, digits_only: false };
    ChallengeStage {
        institution: bank(),
        round: 1,
        challenge: Challenge::OneTimeCode(code),
        attempts_left: Some(3),
        expires_at: None,
        resend_at: None,
        resent: false,
        can_switch: false,
        rejected: None,
        connector_state: vec![1],
        ticket: None,
    }
}

fn challenge() -> Stage {
    Stage::Challenge(Box::new(challenge_stage()))
}

fn reauthorise() -> Stage {
    Stage::Reauthorise(ReauthoriseStep { institution: bank(), purpose: ReauthorisePurpose::Access })
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
        login: Login { saved: vec![2], identity: "00".into(), username: Secret::new("ana") },
    }))
}

fn failed(code: FailureCode) -> Stage {
    Stage::Failed { institution: Some(bank()), code }
}

fn all_stages() -> Vec<Stage> {
    vec![
        consent(),
        Stage::LIST,
        reauthorise(),
        credentials(),
        challenge(),
        accounts(true),
        failed(FailureCode::RetryLater),
    ]
}

#[test]
fn consent_is_given_to_the_text_that_was_shown_and_to_no_other() {
    let agree = |hash: &str| consent().decide(Intent::AcceptConsent { text_hash: hash.into() });
    assert!(matches!(agree("abc"), Ok(Decision::Agreed { .. })));
    assert_eq!(agree("abd"), Err(NotAllowedHere));
}

#[test]
fn one_leaves_every_stage_for_the_reason_that_one_has() {
    let reasons =
        [LeaveReason::Closed, LeaveReason::ConsentDenied, LeaveReason::InstitutionNotFound, LeaveReason::Failed];
    for reason in reasons {
        for stage in all_stages() {
            let gave_up = matches!(stage, Stage::Failed { .. }) && reason == LeaveReason::Failed;
            let expected =
                if gave_up { SessionOutcome::Failed(FailureCode::RetryLater) } else { SessionOutcome::Exited(reason) };
            assert_eq!(stage.left(reason), expected, "{stage:?}");
        }
    }
}

#[test]
fn giving_up_at_a_failure_ends_in_that_failure() {
    for code in FailureCode::ALL {
        assert_eq!(failed(code).left(LeaveReason::Failed), SessionOutcome::Failed(code));
        assert_eq!(failed(code).left(LeaveReason::Closed), SessionOutcome::Exited(LeaveReason::Closed));
    }
}

#[test]
fn nothing_is_done_in_a_session_that_is_over() {
    let over = Stage::Ended(Ended { outcome: SessionOutcome::Expired, url: None });
    for intent in [Intent::Back, Intent::Retry, Intent::ChooseAnother, Intent::ChooseInstitution("bank".into())] {
        assert_eq!(over.decide(intent), Err(NotAllowedHere));
    }
    assert_eq!(over.back(), None);
}

#[test]
fn a_code_is_sent_again_only_where_the_bank_allows_it() {
    let at = "2026-01-01T00:00:30Z".parse().unwrap();
    let resendable = Stage::Challenge(Box::new(ChallengeStage { resend_at: Some(at), ..challenge_stage() }));
    let decided = resendable.decide(Intent::Resend);
    assert!(matches!(decided, Ok(Decision::Respond { response: Response::Resend, .. })), "{decided:?}");
    assert!(all_stages().iter().all(|stage| stage.decide(Intent::Resend) == Err(NotAllowedHere)));
}

#[test]
fn the_method_is_switched_only_where_there_is_another() {
    let switchable = Stage::Challenge(Box::new(ChallengeStage { can_switch: true, ..challenge_stage() }));
    let decided = switchable.decide(Intent::SwitchMethod);
    assert!(matches!(decided, Ok(Decision::Respond { response: Response::Switch, .. })), "{decided:?}");
    assert!(all_stages().iter().all(|stage| stage.decide(Intent::SwitchMethod) == Err(NotAllowedHere)));
}

#[test]
fn only_a_connection_that_one_has_is_confirmed() {
    let fitting: Vec<_> = all_stages().into_iter().filter(|stage| stage.decide(Intent::Reauthorise).is_ok()).collect();
    assert_eq!(fitting, [reauthorise()]);
    assert!(
        matches!(reauthorise().decide(Intent::Reauthorise), Ok(Decision::Reauthorise(step)) if step.institution == bank())
    );
}

#[test]
fn one_comes_back_only_to_where_the_banks_own_page_is_waited_for() {
    assert!(all_stages().iter().all(|stage| stage.ticket().is_none()));
    let page = Challenge::BankPage(BankPage { url: "https://bank.example/".into() });
    let ticket = Some(Secret::new("bl_bt_1"));
    let stage = Stage::Challenge(Box::new(ChallengeStage { challenge: page, ticket, ..challenge_stage() }));
    assert_eq!(stage.ticket().map(Secret::expose), Some("bl_bt_1"));
    assert_eq!(stage.back(), Some(Decision::Go(Stage::LIST)), "there is no form to go back to");
}

#[test]
fn nothing_but_the_fitting_answer_goes_on() {
    let code = || Intent::SubmitAnswer(Answer::Code(Secret::new("1")));
    let fitting = all_stages().into_iter().filter(|stage| stage.decide(code()).is_ok()).count();
    assert_eq!(fitting, 1);
    let decided = challenge().decide(code());
    assert!(matches!(decided, Ok(Decision::Respond { response: Response::Answer(_), .. })), "{decided:?}");
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
    for stage in [consent(), Stage::LIST, reauthorise(), accounts(true)] {
        assert_eq!(stage.back(), None);
        assert_eq!(stage.decide(Intent::Back), Err(NotAllowedHere));
    }
}

#[test]
fn what_the_institution_is_given_is_told_apart_from_what_is_done_here() {
    let given = |stage: Stage, intent| stage.decide(intent).map(|decision| decision.is_given_to_the_institution());
    let answer = Intent::SubmitAnswer(Answer::Code(Secret::new("1")));
    assert_eq!(given(credentials(), Intent::SubmitCredentials(vec![])), Ok(true));
    assert_eq!(given(challenge(), answer), Ok(true));
    assert_eq!(given(reauthorise(), Intent::Reauthorise), Ok(true));
    assert_eq!(given(consent(), Intent::AcceptConsent { text_hash: "abc".into() }), Ok(false));
    assert_eq!(given(Stage::LIST, Intent::ChooseInstitution("bank".into())), Ok(false));
    assert_eq!(given(challenge(), Intent::Back), Ok(false));
    assert_eq!(given(accounts(false), Intent::ChooseAccounts(vec!["a".into()])), Ok(false));
    assert_eq!(given(failed(FailureCode::RetryLater), Intent::Retry), Ok(false));
}

#[test]
fn a_session_has_an_end_once_it_is_over() {
    assert!(all_stages().iter().all(|stage| stage.end().is_none()));
    let ended = |outcome| Stage::Ended(Ended { outcome, url: None }).end();
    assert_eq!(ended(SessionOutcome::Expired), Some(End::Expired));
    let code = FailureCode::InternalError;
    assert_eq!(ended(SessionOutcome::Failed(code)), Some(End::Failed(code)));
    assert_eq!(ended(SessionOutcome::Exited(LeaveReason::Closed)), Some(End::Exited(LeaveReason::Closed)));
}

#[test]
fn where_a_person_is_has_a_screen_and_its_institution_once_one_is_chosen() {
    let places = all_stages().into_iter().map(|stage| {
        let place = stage.place();
        (place.screen.as_str(), place.institution.is_some())
    });
    let expected = [
        ("consent", false),
        ("institutions", false),
        ("reauthorise", true),
        ("credentials", true),
        ("challenge", true),
        ("accounts", true),
        ("failure", true),
    ];
    assert_eq!(places.collect::<Vec<_>>(), expected);
    assert_eq!(failed(FailureCode::RetryLater).place().institution, Some("bank".into()));
}

#[test]
fn a_session_lives_eight_minutes_from_its_last_use_and_thirty_in_all() {
    let opened: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let after = |minutes| opened + SignedDuration::from_mins(minutes);
    assert_eq!(expires_at(opened, opened), after(IDLE_SECONDS / 60));
    assert_eq!(expires_at(opened, after(20)), after(28));
    assert_eq!(expires_at(opened, after(29)), after(TOTAL_SECONDS / 60));
}
