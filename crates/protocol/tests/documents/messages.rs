//! Every message as the widget posts it, against the table.

use std::collections::{BTreeMap, BTreeSet};

use banklink_protocol::{
    failures::FailureCode,
    institutions::{Health, InstitutionSummary},
    messages::{
        ErrorMessage, FlinksCode, MESSAGES, Message, MessageShape, Presence, Promise, SCREENS, Screen, StepName, Value,
        ValueKind,
    },
    problem::ProblemCode,
    secret::Secret,
    session::{Ending, ExitReason},
};

fn ending(accounts: &[&str], tag: Option<&str>) -> Message {
    Message::Redirect(Box::new(Ending {
        url: "https://app.example/back?loginId=c-1".into(),
        code: Secret::new("code"),
        login_id: "c-1".into(),
        institution: InstitutionSummary {
            id: "testbank".into(),
            name: "TestBank".into(),
            country: "ES".into(),
            detail: None,
            logo: None,
            health: Health::Up,
        },
        accounts: accounts.iter().map(|&account| account.into()).collect(),
        tag: tag.map(str::to_owned),
    }))
}

/// Each message, with and without what it can do without.
fn samples() -> Vec<Message> {
    let failed =
        |code, institution: Option<&str>| Message::InstitutionFailed { code, institution: institution.map(Into::into) };
    let exit = |searched: Option<&str>| Message::Exit {
        reason: ExitReason::InstitutionNotFound,
        at: Screen::Institutions,
        searched: searched.map(str::to_owned),
    };
    let mut samples = vec![
        Message::AppMounted,
        Message::AppOnline,
        Message::AppOffline,
        Message::ConsentAccepted,
        Message::ConsentDenied,
        Message::TermsAccepted,
        Message::TermsDenied,
        Message::InstitutionSelected("testbank".into()),
        Message::CredentialSubmitted("testbank".into()),
        Message::MfaSubmitted,
        Message::AccountSelected(vec!["a".into(), "b".into()]),
        Message::Searched { length: 3, results: 0 },
        Message::TokenInvalid,
        Message::Error(ErrorMessage::Failure(FailureCode::RetryLater)),
        Message::Error(ErrorMessage::Problem(ProblemCode::Internal)),
        Message::Error(ErrorMessage::InvalidParameter("theme".into())),
        Message::Error(ErrorMessage::Unsupported),
        failed(FlinksCode::RetryLater, None),
        Message::PopupOpened,
        Message::PopupBlocked,
        Message::OpenUrl("https://bank.example/login".into()),
        Message::MaximumRetryReached,
        Message::BackHandled { moved: true },
        Message::CloseSession,
        Message::Height(640),
        ending(&[], None),
        ending(&["a", "b"], Some("tag")),
        exit(None),
        exit(Some("my bank")),
    ];
    samples.extend(Screen::ALL.iter().map(|screen| Message::ScreenLoaded(*screen)));
    let known = FailureCode::ALL.into_iter().filter_map(FlinksCode::of);
    samples.extend(known.map(|code| failed(code, Some("testbank"))));
    samples
}

/// The row of a message.
fn shape(message: &Message) -> &'static MessageShape {
    let is_of = |shape: &&MessageShape| match (shape.step, message.step()) {
        (StepName::Named(name), Some(step)) => name == step,
        (StepName::OfScreen, Some(step)) => SCREENS.iter().any(|screen| screen.step == step),
        (StepName::Absent, None) => true,
        _ => false,
    };
    let mut rows = MESSAGES.iter().filter(is_of);
    let row = rows.next().unwrap_or_else(|| panic!("no row for {message:?}"));
    assert_eq!(rows.next(), None, "two rows for {message:?}");
    row
}

/// Names of the payload's fields, each of the kind that its row says.
fn fields(message: &Message) -> Vec<&'static str> {
    let shape = shape(message);
    let mut names = Vec::new();
    message.payload("s-1", |name, value| {
        let field = shape.fields.iter().find(|field| field.name == name);
        let field = field.unwrap_or_else(|| panic!("{name} of {message:?} is not in the table"));
        let fits = match (field.kind, value) {
            (ValueKind::Text, Value::Text(_))
            | (ValueKind::Number, Value::Number(_))
            | (ValueKind::Flag, Value::Flag(_)) => true,
            (ValueKind::OneOf(names), Value::Text(text)) => names.contains(&text),
            _ => false,
        };
        assert!(fits, "{name} of {message:?} is {value:?}, not {:?}", field.kind);
        names.push(name);
    });
    names
}

#[test]
fn every_message_gives_exactly_the_fields_of_its_row() {
    let mut given: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for message in samples() {
        given.entry(shape(&message).name).or_default().push(fields(&message));
    }
    for row in MESSAGES {
        let samples = given.get(row.name).unwrap_or_else(|| panic!("no sample of {}", row.name));
        for field in row.fields {
            let with = samples.iter().filter(|sample| sample.contains(&field.name)).count();
            match field.presence {
                Presence::Always => assert_eq!(with, samples.len(), "{} of {} is missing", field.name, row.name),
                Presence::Sometimes => {
                    assert!((1..samples.len()).contains(&with), "{} of {} is not optional", field.name, row.name);
                }
            }
        }
        let order: Vec<&str> = row.fields.iter().map(|field| field.name).collect();
        let longest = samples.iter().max_by_key(|sample| sample.len()).unwrap();
        assert_eq!(*longest, order, "{}", row.name);
    }
}

#[test]
fn the_stable_messages_are_those_that_hosts_were_promised() {
    let stable = MESSAGES.iter().filter(|row| row.promise == Promise::Stable);
    let stable: BTreeSet<&str> =
        stable.filter_map(|row| if let StepName::Named(step) = row.step { Some(step) } else { None }).collect();
    let promised = [
        "APP_MOUNTED",
        "INSTITUTION_SELECTED",
        "SUBMIT_CREDENTIAL",
        "SUBMIT_MFA",
        "ACCOUNT_SELECTED",
        "TOKEN_INVALID",
        "ERROR",
        "COMPONENT_CLOSE_SESSION",
        "REDIRECT",
        "EXIT",
    ];
    assert_eq!(stable, BTreeSet::from(promised));
}

#[test]
fn screens_have_the_names_of_their_rows() {
    let names: Vec<&str> = Screen::ALL.iter().map(|screen| screen.as_str()).collect();
    assert_eq!(names, SCREENS.iter().map(|screen| screen.name).collect::<Vec<_>>());
    let steps: Vec<Option<&str>> = Screen::ALL.iter().map(|screen| Message::ScreenLoaded(*screen).step()).collect();
    assert_eq!(steps, SCREENS.iter().map(|screen| Some(screen.step)).collect::<Vec<_>>());
}

#[test]
fn failures_of_an_institution_have_the_names_that_flinks_gives_them() {
    let names: Vec<(&str, &str)> = FailureCode::ALL
        .into_iter()
        .filter_map(|failure| FlinksCode::of(failure).map(|code| (failure.as_str(), code.as_str())))
        .collect();
    assert_eq!(
        names,
        [
            ("INVALID_CREDENTIALS", "INVALID_LOGIN"),
            ("INVALID_SCA", "INVALID_SECURITY_RESPONSE"),
            ("DISABLED_LOGIN", "DISABLED_LOGIN"),
            ("RETRY_LATER", "RETRY_LATER"),
            ("USER_INTERACTION_NEEDED", "NEW_ACCOUNT"),
            ("DATA_ERROR", "AGGREGATION_ERROR"),
            ("INTERNAL_ERROR", "AGGREGATION_ERROR"),
        ]
    );
}
