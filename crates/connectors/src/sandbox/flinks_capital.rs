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

use banklink_protocol::failures::FailureCode;

use super::{
    challenges::{
        Asked,
        questions::{Accepts, Known},
    },
    form::{self, Credentials},
    login::Opening,
};

const PASSWORD: &str = "Everyday";

/// What a login with these credentials leads to.
pub(super) fn open(credentials: &Credentials) -> Opening {
    let outcome = match credentials.username.expose().to_lowercase().as_str() {
        "greatday" => Opening::Asks(Asked::CapitalQuestions),
        "greatday_nomfa" | "test_dispatched" | "test_pending" => Opening::Welcome,
        "test_disabled_account" => Opening::Fails(FailureCode::DisabledLogin),
        "test_service_unavailable" => Opening::Fails(FailureCode::RetryLater),
        _ => return Opening::Rejects(form::wrong_username()),
    };
    if credentials.password.expose() == PASSWORD { outcome } else { Opening::Rejects(form::wrong_password()) }
}

/// The three questions; in English worded as Flinks words them. Their answers are the same in every language.
pub(super) const QUESTIONS: &[Known] = &[
    Known { id: "city", prompt: "sandbox.flinks_capital.city", accepts: Accepts::Only(&["montreal", "montréal"]) },
    Known { id: "country", prompt: "sandbox.flinks_capital.country", accepts: Accepts::Only(&["canada"]) },
    Known { id: "shape", prompt: "sandbox.flinks_capital.shape", accepts: Accepts::Only(&["triangle"]) },
];
