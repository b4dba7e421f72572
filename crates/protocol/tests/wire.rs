//! Golden bytes: a change of these changes the wire, and so its version.

#![expect(clippy::unwrap_used, reason = "tests")]

use banklink_protocol::{
    WIRE_VERSION,
    challenge::{Answer, Challenge, ChallengeStep, CodeSource, OneTimeCode},
    failures::FailureCode,
    institutions::{Health, InstitutionSummary, SearchResults},
    messages::{ErrorMessage, Message, Screen, Value},
    problem::{Problem, ProblemCode},
    secret::Secret,
    session::{
        Autocomplete, CredentialsStep, Ended, Ending, ExitReason, Field, FieldKind, FieldValue, Intent, LeaveReason,
        Leaving, OpenRequest, Opened, Rejection, SessionOutcome, SessionState, Step, Submission,
    },
};
use serde::{Serialize, de::DeserializeOwned};

fn bank() -> InstitutionSummary {
    InstitutionSummary {
        id: "testbank".into(),
        name: "TestBank".into(),
        country: "ES".into(),
        detail: None,
        logo: None,
        health: Health::Up,
    }
}

fn state(step: Step) -> SessionState {
    SessionState { number: 3, revision: 4, step, can_go_back: true, expires_in: 480 }
}

fn credentials() -> Step {
    Step::Credentials(CredentialsStep {
        institution: bank(),
        fields: vec![Field {
            id: "username".into(),
            label: "User name".into(),
            kind: FieldKind::Text,
            autocomplete: Autocomplete::Username,
            hint: None,
            pattern: None,
            max_length: 64,
            optional: false,
        }],
        forgotten_password_url: None,
        rejected: Some(Rejection { code: FailureCode::InvalidCredentials, field: Some("username".into()) }),
    })
}

fn challenge() -> Step {
    let code = OneTimeCode { source: CodeSource::Sms, sent_to: Some("42".into()), length: Some(6), digits_only: true };
    Step::Challenge(ChallengeStep {
        institution: bank(),
        round: 1,
        challenge: Challenge::OneTimeCode(code),
        attempts_left: Some(2),
        expires_in: Some(300),
        resend_in: Some(30),
        resent: false,
        can_switch: true,
        rejected: None,
    })
}

/// The bytes and the JSON of a value, which both read back as the value itself.
fn both<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) -> String {
    let bytes = postcard::to_allocvec(value).unwrap();
    assert_eq!(&postcard::from_bytes::<T>(&bytes).unwrap(), value);
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value);
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}\n{json}", bytes.concat())
}

#[test]
fn what_the_widget_sends_keeps_its_bytes() {
    assert_eq!(WIRE_VERSION, 1, "another version has golden bytes of its own");
    let (path, query) = ("/v2/".to_owned(), Secret::new("?a=b"));
    let open = OpenRequest { path, query, session_key: Secret::new("key"), token: None, carry_on: None };
    let leaving = Leaving { reason: LeaveReason::InstitutionNotFound, searched: Some("bank".to_owned()) };
    let value = FieldValue { field: "username".into(), value: Secret::new("anna") };
    let submissions = [
        Intent::AcceptConsent { text_hash: "abc".into() },
        Intent::ChooseInstitution("testbank".into()),
        Intent::SubmitCredentials(vec![value]),
        Intent::SubmitAnswer(Answer::Code(Secret::new("123456"))),
        Intent::ChooseAccounts(vec!["a".into()]),
        Intent::Retry,
        Intent::ChooseAnother,
        Intent::Back,
        Intent::Resend,
        Intent::SwitchMethod,
        Intent::Reauthorise,
    ]
    .map(|intent| both(&Submission { number: 7, intent }));
    insta::assert_snapshot!([vec![both(&open), both(&leaving)], submissions.to_vec()].concat().join("\n"));
}

#[test]
fn what_the_server_answers_keeps_its_bytes() {
    let opened = Opened { session: "s-1".into(), state: state(credentials()) };
    let ending = Ending {
        url: "https://app.example/back".into(),
        code: Secret::new("code"),
        login_id: "c-1".into(),
        institution: bank(),
        accounts: vec!["a".into()],
        tag: None,
    };
    let states = [
        challenge(),
        Step::Linked(ending),
        Step::Ended(Ended { outcome: SessionOutcome::Exited(LeaveReason::Closed), url: None }),
        Step::Ended(Ended { outcome: SessionOutcome::Expired, url: None }),
    ]
    .map(|step| both(&state(step)));
    let found = SearchResults { institutions: vec![bank()], total: 1 };
    let problem = Problem {
        kind: "/platform/docs/problems#token_invalid".into(),
        title: "t".into(),
        status: 401,
        code: ProblemCode::TokenInvalid,
        detail: "d".into(),
        parameter: None,
        request_id: "r".into(),
    };
    let all = [vec![both(&opened)], states.to_vec(), vec![both(&found), both(&problem)]].concat();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn messages_keep_their_names_and_payloads() {
    let ending = Ending {
        url: "https://app.example/back?demo=true&loginId=c-1".into(),
        code: Secret::new("bl_lc_1"),
        login_id: "c-1".into(),
        institution: bank(),
        accounts: vec!["a".into(), "b".into()],
        tag: Some("tag".into()),
    };
    let messages = [
        Message::AppMounted,
        Message::ScreenLoaded(Screen::Institutions),
        Message::InstitutionSelected("testbank".into()),
        Message::CredentialSubmitted("testbank".into()),
        Message::MfaSubmitted,
        Message::AccountSelected(vec!["a".into(), "b".into()]),
        Message::Searched { length: 3, results: 12 },
        Message::TokenInvalid,
        Message::Error(ErrorMessage::Failure(FailureCode::InvalidSca)),
        Message::Error(ErrorMessage::InvalidParameter("theme".into())),
        Message::CloseSession,
        Message::Redirect(Box::new(ending)),
        Message::Exit { reason: ExitReason::Closed, at: Screen::Credentials, searched: None },
    ];
    let lines = messages.map(|message| {
        let mut line = message.step().unwrap_or("(no step)").to_owned();
        message.payload("s-1", |name, value| {
            let value = match value {
                Value::Text(text) => text.to_owned(),
                Value::Number(number) => number.to_string(),
                Value::Flag(flag) => flag.to_string(),
            };
            line = format!("{line} {name}={value}");
        });
        line
    });
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_problem_and_failure_is_named_as_in_json() {
    for code in ProblemCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
    }
    let names: std::collections::BTreeSet<&str> = FailureCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), FailureCode::ALL.len());
}

#[test]
fn a_secret_shows_nothing_of_itself() {
    let shown =
        format!("{:?}", Submission { number: 1, intent: Intent::SubmitAnswer(Answer::Code(Secret::new("482913"))) });
    assert!(!shown.contains("482913"), "{shown}");
}
