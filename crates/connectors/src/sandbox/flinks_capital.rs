//! Flinks Capital: the users of `vendor-apis.md`, 1.7.
//!
//! | user name | what happens |
//! | --- | --- |
//! | `Greatday` | three security questions, then linked |
//! | `greatday_nomfa` | linked |
//! | `test_disabled_account` | `DISABLED_LOGIN` |
//! | `test_service_unavailable` | `RETRY_LATER` |
//! | `test_dispatched`, `test_pending` | linked; their data is there at once, since only the Flinks dialect answers "not yet" |
//!
//! The password of all is `Everyday`. User names count in any case, the password as it is.

use banklink_protocol::{
    challenge::{Challenge, Question, QuestionAnswer},
    failures::FailureCode,
    ids::{FieldId, QuestionId},
    session::MAX_FIELD_LENGTH,
};

use super::{
    form::{self, Credentials},
    login::{Opening, Verdict},
};

const PASSWORD: &str = "Everyday";

/// What a login with these credentials leads to.
pub(super) fn open(credentials: &Credentials) -> Opening {
    let outcome = match credentials.username.expose().to_lowercase().as_str() {
        "greatday" => Opening::Questions,
        "greatday_nomfa" | "test_dispatched" | "test_pending" => Opening::Welcome,
        "test_disabled_account" => Opening::Fails(FailureCode::DisabledLogin),
        "test_service_unavailable" => Opening::Fails(FailureCode::RetryLater),
        _ => return Opening::Rejects(form::wrong_username()),
    };
    if credentials.password.expose() == PASSWORD { outcome } else { Opening::Rejects(form::wrong_password()) }
}

/// A question, worded as Flinks words it, and what is right.
struct Known {
    id: &'static str,
    prompt: &'static str,
    answers: &'static [&'static str],
}

const QUESTIONS: [Known; 3] = [
    Known { id: "city", prompt: "What city were you born in?", answers: &["montreal", "montréal"] },
    Known { id: "country", prompt: "What is the best country on earth?", answers: &["canada"] },
    Known { id: "shape", prompt: "What shape do people like most?", answers: &["triangle"] },
];

/// All three questions, at once.
pub(super) fn questions() -> Challenge {
    let question = |known: &Known| Question {
        id: QuestionId::from(known.id),
        prompt: known.prompt.to_owned(),
        options: Vec::new(),
    };
    Challenge::Questions(QUESTIONS.iter().map(question).collect())
}

/// Whether every question is answered, once each, and right. The bank does not say which answer is wrong.
pub(super) fn check(given: &[QuestionAnswer]) -> Verdict {
    let is_asked = |answer: &QuestionAnswer| QUESTIONS.iter().any(|known| known.id == answer.question.as_str());
    if !given.iter().all(is_asked) {
        return Verdict::Unfit(None);
    }
    let mut all_right = true;
    for known in &QUESTIONS {
        let mut answers = given.iter().filter(|answer| answer.question.as_str() == known.id);
        let (Some(answer), None) = (answers.next(), answers.next()) else {
            return Verdict::Unfit(Some(FieldId::from(known.id)));
        };
        let text = answer.answer.expose();
        if text.trim().is_empty() || text.len() > MAX_FIELD_LENGTH {
            return Verdict::Unfit(Some(FieldId::from(known.id)));
        }
        all_right &= known.answers.contains(&text.trim().to_lowercase().as_str());
    }
    if all_right { Verdict::Right } else { Verdict::Wrong }
}
