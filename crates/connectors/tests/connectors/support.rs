//! A person who logs in.

use std::sync::Arc;

use banklink_connectors::{
    Challenged, ConnectorKind, ConnectorState, Connectors, Done, InstitutionRef, SavedState, Start, Step, Texts,
    sandbox::Sandbox,
};
use banklink_protocol::{
    ids::{FieldId, InstitutionId, QuestionId},
    secret::Secret,
    session::{Answer, FieldValue, QuestionAnswer},
};
use jiff::Timestamp;

pub(crate) const SANDBOX: ConnectorKind = ConnectorKind::Sandbox;

pub(crate) fn sandbox() -> Connectors {
    Connectors::default().with(SANDBOX, Arc::new(Sandbox))
}

pub(crate) fn now() -> Timestamp {
    at("2026-03-14T15:09:26Z")
}

pub(crate) fn at(time: &str) -> Timestamp {
    time.parse().expect("a test's own timestamp")
}

pub(crate) fn institution(id: &str, country: &str) -> InstitutionRef {
    InstitutionRef { id: InstitutionId::from(id), name: id.to_owned(), country: country.to_owned() }
}

pub(crate) fn field(id: &str, value: &str) -> FieldValue {
    FieldValue { field: FieldId::from(id), value: Secret::new(value) }
}

pub(crate) fn start_with(institution: InstitutionRef, credentials: Vec<FieldValue>) -> Start {
    Start { institution, credentials, language: "en".to_owned(), now: now() }
}

/// Sends user name and password.
pub(crate) async fn log_in(id: &str, username: &str, password: &str) -> Step {
    let credentials = vec![field("username", username), field("password", password)];
    sandbox().start(SANDBOX, start_with(institution(id, "CA"), credentials)).await
}

/// A login that needs nothing more.
pub(crate) async fn linked(id: &str, country: &str, username: &str) -> SavedState {
    let password = if id == "FlinksCapital" { "Everyday" } else { "anything" };
    let credentials = vec![field("username", username), field("password", password)];
    done(sandbox().start(SANDBOX, start_with(institution(id, country), credentials)).await).saved
}

pub(crate) async fn answer(state: ConnectorState, answer: Answer) -> Step {
    sandbox().answer(SANDBOX, state, answer, now()).await
}

pub(crate) fn code(text: &str) -> Answer {
    Answer::Code(Secret::new(text))
}

pub(crate) fn answers(given: &[(&str, &str)]) -> Answer {
    let answer = |(question, text): &(&str, &str)| QuestionAnswer {
        question: QuestionId::from(*question),
        answer: Secret::new(*text),
    };
    Answer::Questions(given.iter().map(answer).collect())
}

#[track_caller]
pub(crate) fn challenged(step: Step) -> Challenged {
    match step {
        Step::Challenge(challenged) => challenged,
        other => panic!("expected a challenge, got {other:?}"),
    }
}

#[track_caller]
pub(crate) fn done(step: Step) -> Done {
    match step {
        Step::Done(done) => done,
        other => panic!("expected to be done, got {other:?}"),
    }
}

/// Texts that are their own keys.
pub(crate) struct Keys;

impl Texts for Keys {
    fn text<'a>(&'a self, key: &'a str) -> &'a str {
        key
    }
}
