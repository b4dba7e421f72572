//! Pictures to read and to pick from.

use std::collections::HashSet;

use banklink_connectors::Step;
use banklink_protocol::{
    challenge::{Answer, Challenge, PictureChoice, PictureTask},
    failures::FailureCode::AttemptsExhausted,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use rstest::rstest;

use crate::support::{answer, asked, challenged, choices, code, done, invalid_sca};

/// What the first captcha of the user `anyone` at TestBank shows, and the one after a wrong answer. Fixed for ever:
/// integrators' own tests type them.
const FIRST: &str = "ZWAAJ";
const SECOND: &str = "AHLXM";

/// The prompt and the choices.
fn gallery(challenge: &Challenge) -> (&str, &[PictureChoice]) {
    let Challenge::Picture(picture) = challenge else { panic!("{challenge:?}") };
    let (PictureTask::PickOne(choices) | PictureTask::PickSeveral(choices)) = &picture.task else {
        panic!("{picture:?}")
    };
    (picture.prompt.as_deref().expect("what to pick"), choices)
}

/// The ids of the choices that the prompt asks for, and of the others.
fn sorted(challenge: &Challenge) -> (Vec<&str>, Vec<&str>) {
    let (prompt, choices) = gallery(challenge);
    let wanted = prompt.trim_end_matches('.').rsplit(' ').next().expect("a thing");
    let (right, wrong): (Vec<_>, Vec<_>) = choices.iter().partition(|choice| choice.label.ends_with(wanted));
    (right.iter().map(|choice| choice.id.as_str()).collect(), wrong.iter().map(|choice| choice.id.as_str()).collect())
}

/// The ids of the choices that the prompt asks for.
pub(crate) fn right_pictures(challenge: &Challenge) -> Vec<&str> {
    sorted(challenge).0
}

fn svg(address: &str) -> String {
    let data = address.strip_prefix("data:image/svg+xml;base64,").expect("an SVG");
    String::from_utf8(STANDARD.decode(data).expect("Base64")).expect("text")
}

#[rstest]
#[case(FIRST)]
#[case(&FIRST.to_lowercase())]
#[case(&format!(" {FIRST} "))]
#[tokio::test]
async fn a_captcha_takes_what_it_shows_in_any_case(#[case] typed: &str) {
    let shown = asked("anyone", "SCA_CAPTCHA").await;
    done(answer(shown.state, code(typed)).await);
}

#[tokio::test]
async fn a_wrong_captcha_costs_an_attempt_and_brings_another() {
    let shown = asked("anyone", "SCA_CAPTCHA").await;
    assert_eq!((shown.attempts_left, shown.resend_at), (Some(3), None));
    let again = challenged(answer(shown.state, code("AAAAA")).await);
    assert_eq!((again.attempts_left, &again.rejected, again.again), (Some(2), &Some(invalid_sca()), true));
    assert_ne!(again.challenge, shown.challenge);
    let old = challenged(answer(again.state.clone(), code(FIRST)).await);
    assert_eq!(old.attempts_left, Some(1), "the first one's text is wrong now");
    assert_eq!(answer(old.state, code("A")).await, Step::Failed(AttemptsExhausted));
    done(answer(again.state, code(SECOND)).await);
}

#[rstest]
#[case(code("  "))]
#[case(code(&"A".repeat(2000)))]
#[case(choices(&["1"]))]
#[tokio::test]
async fn what_is_no_text_shows_the_same_captcha(#[case] given: Answer) {
    let shown = asked("anyone", "SCA_CAPTCHA").await;
    let again = challenged(answer(shown.state, given).await);
    assert_eq!((again.attempts_left, again.challenge), (Some(3), shown.challenge));
}

#[tokio::test]
async fn a_captcha_is_drawn_and_does_not_spell_its_text() {
    let shown = asked("anyone", "SCA_CAPTCHA").await;
    let Challenge::Picture(picture) = &shown.challenge else { panic!("{:?}", shown.challenge) };
    let PictureTask::Read(image) = &picture.task else { panic!("{picture:?}") };
    let drawn = svg(image.as_str());
    assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>"));
    assert_eq!(drawn.matches("scale(6)").count(), FIRST.len(), "a shape for each letter");
    assert!(!drawn.contains("<text") && !drawn.contains(FIRST));
}

#[rstest]
#[case("SCA_PICTURE", 4)]
#[case("SCA_PICTURES", 6)]
#[tokio::test]
async fn the_pictures_that_the_prompt_asks_for_are_right(#[case] password: &str, #[case] count: usize) {
    for user in ["anyone", "bob", "carol", "dave", "erin", "frank"] {
        let shown = asked(user, password).await;
        let (_, all) = gallery(&shown.challenge);
        let labels: HashSet<&str> = all.iter().map(|choice| choice.label.as_str()).collect();
        let images: HashSet<String> = all.iter().map(|choice| svg(choice.image.as_str())).collect();
        assert_eq!((all.len(), labels.len(), images.len()), (count, count, count), "each is another, seen or read");
        let (right, _) = sorted(&shown.challenge);
        assert!(if password == "SCA_PICTURE" { right.len() == 1 } else { [2, 3].contains(&right.len()) });
        done(answer(shown.state, choices(&right)).await);
    }
}

#[tokio::test]
async fn a_wrong_pick_costs_an_attempt_and_brings_others() {
    let shown = asked("anyone", "SCA_PICTURES").await;
    let (right, wrong) = sorted(&shown.challenge);
    let all: Vec<&str> = right.iter().chain(&wrong).copied().collect();
    for picked in [&wrong[..1], &right[1..], &all[..], &[right[0], wrong[0]]] {
        let again = challenged(answer(shown.state.clone(), choices(picked)).await);
        assert_eq!((again.attempts_left, &again.rejected), (Some(2), &Some(invalid_sca())), "{picked:?}");
        assert!(again.again && again.challenge != shown.challenge);
        done(answer(again.state, choices(&sorted(&again.challenge).0)).await);
    }
    let mut one = asked("anyone", "SCA_PICTURE").await;
    for _ in 0..2 {
        let wrong = choices(&sorted(&one.challenge).1[..1]);
        one = challenged(answer(one.state, wrong).await);
    }
    let wrong = choices(&sorted(&one.challenge).1[..1]);
    assert_eq!(answer(one.state, wrong).await, Step::Failed(AttemptsExhausted));
}

#[rstest]
#[case("SCA_PICTURE", choices(&[]))]
#[case("SCA_PICTURE", choices(&["1", "2"]))]
#[case("SCA_PICTURE", choices(&["9"]))]
#[case("SCA_PICTURE", code("1"))]
#[case("SCA_PICTURES", choices(&[]))]
#[case("SCA_PICTURES", choices(&["1", "1"]))]
#[case("SCA_PICTURES", choices(&["1", "9"]))]
#[tokio::test]
async fn what_is_no_pick_costs_nothing(#[case] password: &str, #[case] given: Answer) {
    let shown = asked("anyone", password).await;
    let again = challenged(answer(shown.state, given).await);
    assert_eq!((again.attempts_left, again.challenge), (Some(3), shown.challenge));
}
