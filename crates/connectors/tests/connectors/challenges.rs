//! Challenges that are answered in the widget: coordinates, questions, methods, and what all of them share.

use std::collections::HashSet;

use banklink_connectors::{Challenged, Step};
use banklink_protocol::{
    challenge::{
        Answer, Challenge, CodeSource, CoordinateCard,
        MethodKind::{self, Approval, CoordinateCard as Card, Email, Qr, Sms},
        Picture, PictureTask,
    },
    failures::FailureCode::{AttemptsExhausted, InternalError, InvalidSca, UserInteractionNeeded},
    session::Rejection,
};
use rstest::rstest;

use crate::{
    pictures::right_pictures,
    support::{
        SANDBOX, answer, answers, asked, challenged, choices, code, done, english, everywhere, invalid_sca, later,
        poll, resend, sandbox, switch,
    },
};

fn card(challenge: &Challenge) -> &CoordinateCard {
    let Challenge::Coordinates(card) = challenge else { panic!("{challenge:?}") };
    card
}

#[rstest]
#[tokio::test]
async fn special_answers_fail_as_documented_in_every_challenge_that_is_typed(
    #[values("SCA_SMS", "SCA_COORDINATE", "SCA_COORDINATE_CARD", "SCA_QUESTIONS", "SCA_CAPTCHA")] password: &str,
) {
    for (typed, code) in [("INTERNAL_ERROR", InternalError), ("USER_INTERACTION_NEEDED", UserInteractionNeeded)] {
        let shown = asked("anyone", password).await;
        let given = everywhere(&shown.challenge, typed);
        assert_eq!(answer(shown.state, given).await, Step::Failed(code));
    }
    for wrong in ["INVALID_SCA", "0000"] {
        let mut shown = asked("anyone", password).await;
        for left in [2, 1] {
            let given = everywhere(&shown.challenge, wrong);
            shown = challenged(answer(shown.state, given).await);
            assert_eq!((shown.attempts_left, &shown.rejected), (Some(left), &Some(invalid_sca())));
            assert!(shown.again);
        }
        let given = everywhere(&shown.challenge, wrong);
        assert_eq!(answer(shown.state, given).await, Step::Failed(AttemptsExhausted));
    }
}

const EVERY_SCA_VALUE: [&str; 22] = [
    "SCA_SMS",
    "SCA_EMAIL",
    "SCA_CALL",
    "SCA_CODE",
    "SCA_APP_CODE",
    "SCA_CODE_FROM_APP",
    "SCA_CODE_DEVICE",
    "SCA_GOOGLE_AUTHENTICATOR",
    "SCA_CRYPTOCALCULATOR",
    "SCA_DIGIPASS",
    "SCA_CARD_READER",
    "SCA_COORDINATE",
    "SCA_COORDINATE_CARD",
    "SCA_QR_ACCEPT",
    "SCA_UPDATABLE_QR",
    "SCA_APP",
    "SCA_EXTERNAL_WAIT",
    "SCA_METHODS",
    "SCA_QUESTIONS",
    "SCA_CAPTCHA",
    "SCA_PICTURE",
    "SCA_PICTURES",
];

#[rstest]
#[tokio::test]
async fn every_challenge_that_is_typed_chains_to_every_other(
    #[values("SCA_EMAIL", "SCA_COORDINATE_CARD", "SCA_QUESTIONS", "SCA_CAPTCHA")] from: &str,
) {
    let mut first = asked("anyone", from).await;
    let wrong = everywhere(&first.challenge, "INVALID_SCA");
    first = challenged(answer(first.state, wrong).await);
    for next in EVERY_SCA_VALUE {
        let given = everywhere(&first.challenge, next);
        let chained = challenged(answer(first.state.clone(), given).await);
        let direct = asked("anyone", next).await;
        assert_eq!(chained.challenge, direct.challenge, "{from} to {next}");
        assert_eq!(chained.attempts_left, direct.attempts_left, "each has its own attempts");
        assert_eq!((chained.again, chained.rejected, chained.can_switch), (false, None, false));
    }
}

/// Gets past a challenge, whatever it is.
async fn pass(shown: &Challenged) -> Step {
    let given = match &shown.challenge {
        challenge if challenge.is_awaited() => return poll(&shown.state, later(4)).await,
        Challenge::Method(_) => choices(&["app"]),
        Challenge::Picture(Picture { task: PictureTask::Read(_), .. }) => code("SCA_APP"),
        Challenge::Picture(_) => choices(&right_pictures(&shown.challenge)),
        challenge => everywhere(challenge, "123456"),
    };
    match answer(shown.state.clone(), given).await {
        Step::Challenge(next) => poll(&next.state, later(4)).await,
        step => step,
    }
}

#[tokio::test]
async fn a_refresh_asks_again_for_whatever_the_login_asked_first() {
    for password in EVERY_SCA_VALUE {
        let first = asked("anyone", password).await;
        let saved = done(pass(&first).await).saved;
        let again = challenged(sandbox().refresh(SANDBOX, saved.clone(), english(), later(9)).await);
        assert_eq!(again.challenge, first.challenge, "{password}");
        let now = later(9 + 4);
        let step = if again.challenge.is_awaited() { poll(&again.state, now).await } else { pass(&again).await };
        assert_eq!(done(step).saved, saved, "{password}");
    }
}

#[tokio::test]
async fn a_coordinate_card_asks_for_positions_that_are_the_persons_own() {
    let shown = asked("anyone", "SCA_COORDINATE_CARD").await;
    let asked_for = card(&shown.challenge);
    let positions: HashSet<&str> = asked_for.cells.iter().map(|cell| cell.position.as_str()).collect();
    assert_eq!((asked_for.cells.len(), positions.len()), (3, 3), "each is another");
    for cell in &asked_for.cells {
        let (column, row) = cell.position.split_at(1);
        assert!(("A"..="J").contains(&column) && ("1"..="8").contains(&row), "{}", cell.position);
        assert_eq!(cell.id.as_str(), cell.position.to_lowercase());
    }
    assert!(asked_for.card.as_ref().is_some_and(|digits| digits.len() == 4));
    assert_eq!(asked("ANYONE", "SCA_COORDINATE_CARD").await.challenge, shown.challenge);
    assert_ne!(asked("someone", "SCA_COORDINATE_CARD").await.challenge, shown.challenge);
    assert_eq!(card(&asked("anyone", "SCA_COORDINATE").await.challenge).cells.len(), 1);
    done(answer(shown.state, everywhere(&shown.challenge, "417")).await);
}

#[tokio::test]
async fn one_wrong_position_is_wrong_and_one_that_is_missing_costs_nothing() {
    let shown = asked("anyone", "SCA_COORDINATE_CARD").await;
    let ids: Vec<&str> = card(&shown.challenge).cells.iter().map(|cell| cell.id.as_str()).collect();
    let wrong = answers(&[(ids[0], "12"), (ids[1], "34"), (ids[2], "00")]);
    let again = challenged(answer(shown.state.clone(), wrong).await);
    assert_eq!((again.attempts_left, again.rejected), (Some(2), Some(invalid_sca())));
    assert_eq!(again.challenge, shown.challenge, "the same positions");
    let missing = answers(&[(ids[0], "INVALID_SCA"), (ids[2], "56")]);
    let again = challenged(answer(shown.state.clone(), missing).await);
    let rejection = Rejection { code: InvalidSca, field: Some(ids[1].into()) };
    assert_eq!((again.attempts_left, again.rejected), (Some(3), Some(rejection)));
}

#[tokio::test]
async fn several_questions_are_asked_at_once_with_options_and_without() {
    let shown = asked("anyone", "SCA_QUESTIONS").await;
    let Challenge::Questions(questions) = &shown.challenge else { panic!("{:?}", shown.challenge) };
    let options: Vec<usize> = questions.iter().map(|question| question.options.len()).collect();
    assert_eq!(options, [3, 0]);
    for option in &questions[0].options {
        let given = answers(&[("pet", "Rex"), ("card", option.id.as_str())]);
        done(answer(shown.state.clone(), given).await);
    }
    let none_of_them = answers(&[("card", "pink"), ("pet", "INVALID_SCA")]);
    let again = challenged(answer(shown.state, none_of_them).await);
    let rejection = Rejection { code: InvalidSca, field: Some("card".into()) };
    assert_eq!((again.attempts_left, again.rejected), (Some(3), Some(rejection)));
}

#[tokio::test]
async fn a_method_is_chosen_and_left_for_another() {
    let shown = asked("anyone", "SCA_METHODS").await;
    let Challenge::Method(methods) = &shown.challenge else { panic!("{:?}", shown.challenge) };
    assert_eq!((shown.attempts_left, shown.expires_at, shown.can_switch), (None, None, false));
    let kinds: Vec<MethodKind> = methods.iter().map(|method| method.kind).collect();
    assert_eq!(kinds, [Sms, Email, Approval, Card, Qr]);
    assert!(methods.iter().take(4).all(|method| method.detail.is_some()), "each says which");
    for method in methods {
        let chosen = challenged(answer(shown.state.clone(), choices(&[method.id.as_str()])).await);
        assert!(chosen.can_switch && !chosen.again);
        let fits = match (&chosen.challenge, method.kind) {
            (Challenge::OneTimeCode(code), Sms) => code.source == CodeSource::Sms && code.sent_to == method.detail,
            (Challenge::OneTimeCode(code), Email) => code.source == CodeSource::Email && code.sent_to == method.detail,
            (Challenge::Approval(approval), Approval) => approval.device == method.detail,
            (Challenge::Coordinates(_), Card) | (Challenge::Qr(_), Qr) => true,
            _ => false,
        };
        assert!(fits, "{:?} for {:?}", chosen.challenge, method.kind);
        let back = challenged(switch(&chosen.state).await);
        assert_eq!((&back.challenge, back.again, back.can_switch), (&shown.challenge, false, false));
        done(pass(&chosen).await);
    }
}

#[tokio::test]
async fn switching_the_method_buys_no_attempts() {
    let mut shown = asked("anyone", "SCA_METHODS").await;
    for (method, left) in [("sms", 2), ("email", 1)] {
        shown = challenged(answer(shown.state, choices(&[method])).await);
        shown = challenged(answer(shown.state, code("INVALID_SCA")).await);
        assert_eq!((shown.attempts_left, shown.can_switch), (Some(left), true));
        shown = challenged(switch(&shown.state).await);
    }
    shown = challenged(answer(shown.state, choices(&["sms"])).await);
    assert_eq!(shown.attempts_left, Some(1));
    assert_eq!(answer(shown.state, code("0000")).await, Step::Failed(AttemptsExhausted));
}

#[rstest]
#[case::none(choices(&[]))]
#[case::two(choices(&["sms", "email"]))]
#[case::unknown(choices(&["pigeon"]))]
#[case::a_code(code("sms"))]
#[tokio::test]
async fn what_is_no_method_shows_the_choice_again(#[case] given: Answer) {
    let shown = asked("anyone", "SCA_METHODS").await;
    let again = challenged(answer(shown.state, given).await);
    assert_eq!((again.challenge, again.again, again.rejected), (shown.challenge, true, Some(invalid_sca())));
}

#[tokio::test]
async fn what_was_not_chosen_cannot_be_switched() {
    for password in ["SCA_SMS", "SCA_APP", "SCA_METHODS"] {
        assert_eq!(switch(&asked("anyone", password).await.state).await, Step::Waiting, "{password}");
    }
}

#[rstest]
#[tokio::test]
async fn a_code_is_sent_again_after_half_a_minute_and_not_before(
    #[values("SCA_SMS", "SCA_EMAIL", "SCA_CALL")] password: &str,
) {
    let shown = asked("anyone", password).await;
    let shown = challenged(answer(shown.state, code("INVALID_SCA")).await);
    assert_eq!(resend(&shown.state, later(29)).await, Step::Waiting);
    let again = challenged(resend(&shown.state, later(30)).await);
    assert_eq!(again.challenge, shown.challenge);
    assert_eq!((again.again, again.rejected, again.attempts_left), (true, None, Some(2)), "it buys no attempts");
    assert_eq!((again.expires_at, again.resend_at), (Some(later(330)), Some(later(60))));
    done(answer(again.state, code("123456")).await);
}

#[rstest]
#[tokio::test]
async fn what_is_not_sent_cannot_be_sent_again(
    #[values("SCA_CARD_READER", "SCA_COORDINATE", "SCA_QR_ACCEPT", "SCA_METHODS", "SCA_CAPTCHA")] password: &str,
) {
    let shown = asked("anyone", password).await;
    assert_eq!(shown.resend_at, None);
    assert_eq!(resend(&shown.state, later(100)).await, Step::Waiting);
}

#[tokio::test]
async fn nothing_comes_of_looking_at_a_challenge_that_is_answered_here() {
    for password in ["SCA_SMS", "SCA_COORDINATE", "SCA_METHODS", "SCA_QUESTIONS", "SCA_CAPTCHA", "SCA_PICTURE"] {
        let shown = asked("anyone", password).await;
        for seconds in [0, 4, 4000] {
            assert_eq!(poll(&shown.state, later(seconds)).await, Step::Waiting, "{password}");
        }
    }
}

#[tokio::test]
async fn no_answer_and_no_time_makes_any_challenge_break() {
    let given = || [code("x"), code(""), answers(&[("x", "y")]), answers(&[]), choices(&["x"]), choices(&[])];
    for password in EVERY_SCA_VALUE {
        let shown = asked("anyone", password).await;
        for now in [jiff::Timestamp::MIN, later(0), jiff::Timestamp::MAX] {
            for given in given() {
                let step = sandbox().answer(SANDBOX, shown.state.clone(), given, english(), now).await;
                assert_ne!(step, Step::Failed(InternalError), "{password}");
            }
            for step in [poll(&shown.state, now).await, resend(&shown.state, now).await] {
                assert_ne!(step, Step::Failed(InternalError), "{password}");
            }
        }
    }
}
