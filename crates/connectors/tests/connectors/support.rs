//! A person who logs in.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use banklink_connectors::{
    Challenged, ConnectorKind, ConnectorState, Connectors, Done, InstitutionRef, Language, ReturnTo, SavedState, Start,
    Step, Texts, sandbox::Sandbox,
};
use banklink_protocol::{
    challenge::{Answer, Challenge, QuestionAnswer},
    failures::FailureCode,
    ids::{ChoiceId, FieldId, InstitutionId, QuestionId},
    secret::Secret,
    session::{FieldValue, Rejection},
};
use jiff::{SignedDuration, Timestamp};

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
    Start { institution, credentials, language: english(), return_to: return_to(), now: now() }
}

/// Where the bank's own page sends the person back to.
pub(crate) fn return_to() -> ReturnTo {
    let url = "https://link.example:8443/oauth/return?from=bank".to_owned();
    ReturnTo { url, state: Secret::new("st&te 1") }
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
    sandbox().answer(SANDBOX, state, answer, english(), now()).await
}

pub(crate) async fn poll(state: &ConnectorState, now: Timestamp) -> Step {
    sandbox().poll(SANDBOX, state.clone(), english(), now).await
}

pub(crate) async fn resend(state: &ConnectorState, now: Timestamp) -> Step {
    sandbox().resend(SANDBOX, state.clone(), english(), now).await
}

pub(crate) async fn switch(state: &ConnectorState) -> Step {
    sandbox().switch(SANDBOX, state.clone(), english(), now()).await
}

/// That many seconds after [`now`].
pub(crate) fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

/// The challenge that TestBank asks this user for at this password.
pub(crate) async fn asked(username: &str, password: &str) -> Challenged {
    let credentials = vec![field("username", username), field("password", password)];
    challenged(sandbox().start(SANDBOX, start_with(institution("testbank", "ES"), credentials)).await)
}

/// What a wrong answer is rejected with.
pub(crate) fn invalid_sca() -> Rejection {
    Rejection { code: FailureCode::InvalidSca, field: None }
}

pub(crate) fn choices(ids: &[&str]) -> Answer {
    Answer::Choices(ids.iter().map(|id| ChoiceId::from(*id)).collect())
}

/// The text for every question and position of a challenge, or for its code.
pub(crate) fn everywhere(challenge: &Challenge, text: &str) -> Answer {
    match challenge {
        Challenge::Questions(questions) => {
            let answer = |id: &QuestionId, is_free: bool| (id.as_str().to_owned(), if is_free { text } else { "blue" });
            let given: Vec<_> = questions.iter().map(|asked| answer(&asked.id, asked.options.is_empty())).collect();
            answers(&given.iter().map(|(id, text)| (id.as_str(), *text)).collect::<Vec<_>>())
        }
        Challenge::Coordinates(card) => {
            answers(&card.cells.iter().map(|cell| (cell.id.as_str(), text)).collect::<Vec<_>>())
        }
        _ => code(text),
    }
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

/// A language's file, strictly: a text that is missing, or not filled in, fails the test.
pub(crate) struct Locale {
    tag: String,
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) used: Mutex<BTreeSet<String>>,
}

impl Locale {
    /// The texts of the sandbox in `locales/`.
    pub(crate) fn read(tag: &str) -> Arc<Self> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales").join(tag).with_extension("toml");
        let file: toml::Table = fs::read_to_string(file).expect("a locale").parse().expect("TOML");
        let server = file["server"].as_table().expect("the server's texts");
        let texts = server.iter().filter(|(key, _)| key.starts_with("sandbox."));
        let texts = texts.map(|(key, text)| (key.clone(), text.as_str().expect("a text").to_owned()));
        Arc::new(Self { tag: tag.to_owned(), texts: texts.collect(), used: Mutex::default() })
    }
}

impl Texts for Locale {
    fn tag(&self) -> &str {
        &self.tag
    }

    fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.used.lock().expect("no test panicked with it").insert(key.to_owned());
        self.texts.get(key).unwrap_or_else(|| panic!("{key} is not in {}", self.tag))
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let filled = values.iter().fold(self.text(key).to_owned(), |text, (name, value)| {
            assert!(text.contains(&format!("{{{name}}}")), "{key} in {} leaves {name} out", self.tag);
            text.replace(&format!("{{{name}}}"), value)
        });
        assert!(!filled.contains(['{', '}']), "{filled}");
        filled
    }
}

pub(crate) fn language(tag: &str) -> Language {
    Language::new(Locale::read(tag))
}

pub(crate) fn english() -> Language {
    language("en")
}
