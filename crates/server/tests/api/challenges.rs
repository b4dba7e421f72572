//! Strong customer authentication: every kind there is, sent again, and by another method.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Person, World};

/// Somebody whom the test bank asks for this.
async fn asked<'a>(world: &'a World, password: &str) -> Person<'a> {
    let mut person = world.person("bank=testbank").await;
    person.signs_in("anna", password).await;
    assert_eq!(person.sees_step(), "Challenge", "{}", person.state);
    person
}

/// What answers the challenge on the screen rightly.
pub(crate) fn right_answer(kind: &str, challenge: &Value) -> Value {
    let ids = |list: &Value| list.as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    match kind {
        "OneTimeCode" => json!({ "Code": "482913" }),
        "Coordinates" => {
            let answers: Vec<_> =
                ids(&challenge["cells"]).into_iter().map(|id| json!({ "question": id, "answer": "7" })).collect();
            json!({ "Questions": answers })
        }
        "Questions" => {
            let answer = |question: &Value| {
                let answer = question["options"].get(0).map_or(json!("Rex"), |option| option["id"].clone());
                json!({ "question": question["id"], "answer": answer })
            };
            json!({ "Questions": challenge.as_array().unwrap().iter().map(answer).collect::<Vec<_>>() })
        }
        "Picture" => {
            let prompt = challenge["prompt"].as_str().unwrap();
            let wanted = prompt.trim_end_matches('.').rsplit(' ').next().unwrap();
            let (_, shown) = challenge["task"].as_object().unwrap().iter().next().unwrap();
            let picked = shown.as_array().unwrap().iter();
            let picked = picked.filter(|choice| choice["label"].as_str().unwrap().ends_with(&format!(" {wanted}")));
            json!({ "Choices": picked.map(|choice| choice["id"].clone()).collect::<Vec<_>>() })
        }
        other => panic!("{other} is not answered here"),
    }
}

#[rstest]
#[case("SCA_SMS", "OneTimeCode")]
#[case("SCA_EMAIL", "OneTimeCode")]
#[case("SCA_CALL", "OneTimeCode")]
#[case("SCA_CODE", "OneTimeCode")]
#[case("SCA_APP_CODE", "OneTimeCode")]
#[case("SCA_CODE_FROM_APP", "OneTimeCode")]
#[case("SCA_CODE_DEVICE", "OneTimeCode")]
#[case("SCA_GOOGLE_AUTHENTICATOR", "OneTimeCode")]
#[case("SCA_CRYPTOCALCULATOR", "OneTimeCode")]
#[case("SCA_DIGIPASS", "OneTimeCode")]
#[case("SCA_CARD_READER", "OneTimeCode")]
#[case("SCA_COORDINATE", "Coordinates")]
#[case("SCA_COORDINATE_CARD", "Coordinates")]
#[case("SCA_QUESTIONS", "Questions")]
#[case("SCA_PICTURE", "Picture")]
#[case("SCA_PICTURES", "Picture")]
#[tokio::test]
async fn what_is_answered_here_links_the_bank(#[case] password: &str, #[case] expected: &str) {
    let world = World::new().await;
    let mut person = asked(&world, password).await;
    let (kind, challenge) = person.challenge();
    assert_eq!(kind, expected);
    let answer = right_answer(kind, challenge);
    person.does(json!({ "SubmitAnswer": answer })).await;
    assert_eq!(person.sees_step(), "Linked", "{}", person.state);
}

#[rstest]
#[case("SCA_QR_ACCEPT", "Qr")]
#[case("SCA_UPDATABLE_QR", "Qr")]
#[case("SCA_APP", "Approval")]
#[case("SCA_EXTERNAL_WAIT", "Approval")]
#[tokio::test]
async fn what_is_answered_elsewhere_takes_no_answer_here(#[case] password: &str, #[case] expected: &str) {
    let world = World::new().await;
    let mut person = asked(&world, password).await;
    let (kind, shown) = person.challenge();
    let shown = shown.clone();
    assert_eq!(kind, expected);
    person.types_code("482913").await;
    assert_eq!(person.challenge(), (expected, &shown));
    world.pass_seconds(5);
    person.waits().await;
    assert_eq!(person.sees_step(), "Linked");
}

#[tokio::test]
async fn a_captcha_that_is_read_wrongly_is_another_one_then() {
    let world = World::new().await;
    let mut person = asked(&world, "SCA_CAPTCHA").await;
    let shown = person.sees().1.clone();
    person.types_code("wrong").await;
    let again = person.sees().1;
    assert_ne!(again["challenge"], shown["challenge"]);
    assert_eq!((&again["round"], &again["rejected"]["code"]), (&shown["round"], &json!("InvalidSca")));
    assert_eq!(again["attempts_left"].as_u64(), shown["attempts_left"].as_u64().map(|left| left - 1));
}

#[tokio::test]
async fn challenges_are_chained_in_any_order_and_counted() {
    let world = World::new().await;
    let mut person = asked(&world, "SCA_EMAIL").await;
    for (round, (next, kind)) in
        (2..).zip([("SCA_CARD_READER", "OneTimeCode"), ("SCA_COORDINATE", "Coordinates"), ("SCA_APP", "Approval")])
    {
        let answer = match person.challenge() {
            ("Coordinates", card) => {
                json!({ "Questions": [{ "question": card["cells"][0]["id"], "answer": next }] })
            }
            _ => json!({ "Code": next }),
        };
        person.does(json!({ "SubmitAnswer": answer })).await;
        assert_eq!((person.challenge().0, &person.sees().1["round"]), (kind, &json!(round)));
    }
    world.pass_seconds(5);
    person.waits().await;
    assert_eq!(person.sees_step(), "Linked");
}

#[tokio::test]
async fn a_code_is_sent_again_at_its_time_and_not_before() {
    let world = World::new().await;
    let mut person = asked(&world, "SCA_SMS").await;
    let shown = person.sees().1.clone();
    let wait = shown["resend_in"].as_u64().unwrap();
    assert_eq!((wait > 0, &shown["resent"]), (true, &json!(false)));

    let before = person.state.clone();
    person.does(json!("Resend")).await;
    assert_eq!(person.state, before, "before its time it is not even counted");

    world.pass_seconds(wait.cast_signed());
    assert_eq!(person.reads().await.ok()["step"]["Challenge"]["resend_in"], 0);
    person.does(json!("Resend")).await;
    let again = person.sees().1.clone();
    assert_eq!((&again["resent"], &again["resend_in"]), (&json!(true), &json!(wait)));
    assert_eq!((&again["expires_in"], &again["round"]), (&shown["expires_in"], &shown["round"]));
    assert_eq!(again["attempts_left"], shown["attempts_left"]);

    let before = person.state.clone();
    person.does(json!("Resend")).await;
    assert_eq!(person.state, before, "too soon again");
    person.types_code("482913").await;
    assert_eq!(person.sees_step(), "Linked");
}

#[tokio::test]
async fn an_approval_is_asked_for_again() {
    let world = World::new().await;
    let mut person = world.person("bank=testbank").await;
    person.signs_in("slow-anna", "SCA_APP").await;
    world.pass_seconds(30);
    person.does(json!("Resend")).await;
    assert_eq!((person.challenge().0, &person.sees().1["resent"]), ("Approval", &json!(true)));
    world.pass_seconds(20);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(1200), person.asks_for_news()).await;
    assert!(waited.is_err(), "the time counts from when it was asked for last");
    world.pass_seconds(20);
    person.waits().await;
    assert_eq!(person.sees_step(), "Linked");
}

#[tokio::test]
async fn the_method_is_chosen_and_another_one_instead() {
    let world = World::new().await;
    let mut person = asked(&world, "SCA_METHODS").await;
    assert_eq!((person.challenge().0, &person.sees().1["can_switch"]), ("Method", &json!(false)));
    person.does(json!({ "SubmitAnswer": { "Choices": ["sms"] } })).await;
    assert_eq!(person.challenge().1["source"], "Sms");
    assert_eq!(person.sees().1["can_switch"], true);
    let round = person.sees().1["round"].as_u64().unwrap();

    person.types_code("000000").await;
    let left = person.sees().1["attempts_left"].clone();
    person.does(json!("SwitchMethod")).await;
    assert_eq!(person.challenge().0, "Method");
    assert_eq!(person.sees().1["round"].as_u64(), Some(round + 1));
    person.does(json!({ "SubmitAnswer": { "Choices": ["email"] } })).await;
    assert_eq!(person.challenge().1["source"], "Email");
    assert_eq!(person.sees().1["attempts_left"], left, "another method gives no more attempts");
    person.types_code("482913").await;
    assert_eq!(person.sees_step(), "Linked");
}

#[rstest]
#[case(json!({ "Choices": [] }))]
#[case(json!({ "Choices": ["sms", "email"] }))]
#[case(json!({ "Choices": ["carrier pigeon"] }))]
#[case(json!({ "Code": "sms" }))]
#[tokio::test]
async fn what_is_no_choice_of_a_method_shows_the_choice_again(#[case] answer: Value) {
    let world = World::new().await;
    let mut person = asked(&world, "SCA_METHODS").await;
    let shown = person.challenge().1.clone();
    person.does(json!({ "SubmitAnswer": answer })).await;
    assert_eq!(person.challenge(), ("Method", &shown));
}

#[rstest]
#[case("SCA_GOOGLE_AUTHENTICATOR", "Resend")]
#[case("SCA_QR_ACCEPT", "Resend")]
#[case("SCA_SMS", "SwitchMethod")]
#[case("SCA_METHODS", "SwitchMethod")]
#[case("SCA_SMS", "Reauthorise")]
#[tokio::test]
async fn what_the_bank_does_not_offer_is_refused(#[case] password: &str, #[case] intent: &str) {
    let world = World::new().await;
    let person = asked(&world, password).await;
    assert_eq!(person.try_to(json!(intent)).await.problem(), "CONFLICT");
    assert_eq!(person.reads().await.ok(), person.state);
}

#[tokio::test]
async fn more_choices_than_a_screen_can_send_are_refused() {
    let world = World::new().await;
    let person = asked(&world, "SCA_METHODS").await;
    let many = json!({ "SubmitAnswer": { "Choices": vec!["sms"; 101] } });
    assert_eq!(person.try_to(many).await.problem(), "INVALID_REQUEST");
    let long = json!({ "SubmitAnswer": { "Choices": ["x".repeat(1025)] } });
    assert_eq!(person.try_to(long).await.problem(), "INVALID_REQUEST");
    assert_eq!(person.reads().await.ok(), person.state);
}
