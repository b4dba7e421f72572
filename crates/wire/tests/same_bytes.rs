//! The bytes are postcard's own: for every type and variant, for random ones, and for what is no reply at all.

use std::fmt::Debug;

use banklink_protocol::{
    boot::{BankPageMode, Boot, EndingMode, Parts},
    challenge::{
        Answer, Approval, BankPage, Challenge, ChallengeStep, CodeSource, CoordinateCard, CoordinateCell, Image,
        Method, MethodKind, OneTimeCode, Picture, PictureChoice, PictureTask, QrCode, Question, QuestionAnswer,
    },
    failures::FailureCode,
    institutions::{Health, InstitutionSummary, SearchResults},
    money::Money,
    problem::{Problem, ProblemCode},
    secret::Secret,
    session::{
        AccountSummary, AccountsStep, Autocomplete, CarryOn, Choice, ConsentDocument, ConsentStep, CredentialsStep,
        Ended, Ending, FailureStep, Field, FieldKind, FieldValue, InstitutionsStep, Intent, LeaveReason, Leaving,
        OpenRequest, Opened, ReauthorisePurpose, ReauthoriseStep, Rejection, SessionOutcome, SessionState, Step,
        Submission,
    },
};
use banklink_wire::{Read, decode, encode_leaving, encode_open, encode_submission};
use proptest::prelude::*;
use serde::Serialize;

fn reads_back<T: Read + Serialize + PartialEq + Debug>(value: &T) -> Result<(), postcard::Error> {
    let bytes = postcard::to_allocvec(value)?;
    assert_eq!(decode::<T>(&bytes).as_ref(), Some(value));
    for length in 0..bytes.len() {
        assert_eq!(decode::<T>(&bytes[..length]), None, "the first {length} bytes are not all of it");
    }
    assert_eq!(decode::<T>(&[bytes.as_slice(), &[0]].concat()), None, "one byte too many");
    Ok(())
}

fn institution(health: Health) -> InstitutionSummary {
    InstitutionSummary {
        id: "14".into(),
        name: "Crédit Agricole".to_owned(),
        country: "FR".to_owned(),
        detail: Some("AGRIFRPP".to_owned()),
        logo: (health == Health::Up).then(|| "ba7816bf8f01cfea414140de".into()),
        health,
    }
}

const REASONS: [LeaveReason; 4] =
    [LeaveReason::Closed, LeaveReason::ConsentDenied, LeaveReason::InstitutionNotFound, LeaveReason::Failed];

fn field(kind: FieldKind, autocomplete: Autocomplete) -> Field {
    Field {
        id: "username".into(),
        label: "User name".to_owned(),
        kind,
        autocomplete,
        hint: Some("Eight digits".to_owned()),
        pattern: None,
        max_length: 1024,
        optional: true,
    }
}

fn credentials() -> Step {
    let choice = Choice { id: "a".into(), label: "A".to_owned() };
    let fields = [
        (FieldKind::Text, Autocomplete::Username),
        (FieldKind::Password, Autocomplete::CurrentPassword),
        (FieldKind::Number, Autocomplete::On),
        (FieldKind::Email, Autocomplete::Email),
        (FieldKind::Telephone, Autocomplete::Telephone),
        (FieldKind::Select(vec![choice]), Autocomplete::On),
    ];
    Step::Credentials(CredentialsStep {
        institution: institution(Health::Degraded),
        fields: fields.map(|(kind, autocomplete)| field(kind, autocomplete)).to_vec(),
        forgotten_password_url: Some("https://bank.example".to_owned()),
        rejected: Some(Rejection { code: FailureCode::InvalidCredentials, field: Some("password".into()) }),
    })
}

fn challenge(challenge: Challenge) -> Step {
    Step::Challenge(ChallengeStep {
        institution: institution(Health::Up),
        round: 700,
        challenge,
        attempts_left: Some(200),
        expires_in: Some(70_000),
        resend_in: Some(0),
        resent: true,
        can_switch: true,
        rejected: None,
    })
}

fn challenges() -> Vec<Step> {
    let sources = [
        CodeSource::Sms,
        CodeSource::Email,
        CodeSource::Call,
        CodeSource::App,
        CodeSource::Authenticator,
        CodeSource::CardReader,
        CodeSource::Device,
        CodeSource::Unspecified,
    ];
    let code =
        |source| OneTimeCode { source, sent_to: Some("••42".to_owned()), length: Some(6), digits_only: true };
    let options = vec![Choice { id: "t".into(), label: "Triangle".to_owned() }];
    let question = Question { id: "q1".into(), prompt: "Which shape?".to_owned(), options };
    let mut steps: Vec<Step> = sources.map(|source| challenge(Challenge::OneTimeCode(code(source)))).to_vec();
    steps.push(challenge(Challenge::Questions(vec![question])));
    steps.extend(other_challenges().map(challenge));
    steps
}

fn other_challenges() -> [Challenge; 8] {
    let methods = [
        MethodKind::Sms,
        MethodKind::Email,
        MethodKind::Call,
        MethodKind::AppCode,
        MethodKind::Approval,
        MethodKind::Authenticator,
        MethodKind::CardReader,
        MethodKind::Device,
        MethodKind::CoordinateCard,
        MethodKind::Qr,
        MethodKind::Questions,
    ];
    let method = |kind| Method { id: "m".into(), kind, detail: Some("••42".to_owned()) };
    let image = || Image::new("data:image/png;base64,AA==");
    let picture = PictureChoice { id: "p1".into(), image: image(), label: "a cat".to_owned() };
    let cell = CoordinateCell { id: "c1".into(), position: "B4".to_owned() };
    let app_link = Some("bank://approve".to_owned());
    [
        Challenge::Method(methods.map(method).to_vec()),
        Challenge::Coordinates(CoordinateCard { card: Some("4421".to_owned()), cells: vec![cell] }),
        Challenge::Picture(Picture { prompt: None, task: PictureTask::Read(image()) }),
        Challenge::Picture(Picture { prompt: None, task: PictureTask::PickOne(vec![picture.clone()]) }),
        Challenge::Picture(Picture { prompt: Some("Cats".to_owned()), task: PictureTask::PickSeveral(vec![picture]) }),
        Challenge::Qr(QrCode { size: 29, path: "M4 4h1v1h-1z".to_owned(), app_link: app_link.clone() }),
        Challenge::Approval(Approval {
            device: Some("Ana's phone".to_owned()),
            shows: Some("47".to_owned()),
            app_link,
        }),
        Challenge::BankPage(BankPage { url: "https://bank.example/login".to_owned() }),
    ]
}

fn ended(outcome: SessionOutcome) -> Step {
    Step::Ended(Ended { outcome, url: Some("https://app.example/back?error=DATA_ERROR".to_owned()) })
}

fn steps() -> Vec<Step> {
    let healths = [Health::Up, Health::Degraded, Health::Down, Health::Soon];
    let account = AccountSummary {
        id: "a".into(),
        name: "Chequing".to_owned(),
        last_digits: "4421".to_owned(),
        balance: Money { amount: "-1234.50".to_owned(), currency: "CAD".to_owned() },
    };
    let mut steps = vec![
        Step::Consent(ConsentStep {
            customer_name: "Budget".to_owned(),
            paragraphs: vec!["One".to_owned(), String::new()],
            scopes: Vec::new(),
            terms: Some(ConsentDocument { label: "Read it".to_owned(), url: "https://app.example/read".to_owned() }),
            privacy: None,
            text_hash: "a1".to_owned(),
        }),
        Step::Institutions(InstitutionsStep {
            popular: healths.map(institution).to_vec(),
            total: u32::MAX,
            countries: vec!["AD".to_owned(), "CA".to_owned()],
            not_found: Some("x".to_owned()),
        }),
        credentials(),
        Step::Accounts(AccountsStep { institution: institution(Health::Up), accounts: vec![account], multiple: true }),
        Step::Linked(Ending {
            url: "https://app.example".to_owned(),
            code: Secret::new("code"),
            login_id: "1".into(),
            institution: institution(Health::Up),
            accounts: vec!["a".into(), "b".into()],
            tag: Some("tag".to_owned()),
        }),
        Step::Ended(Ended { outcome: SessionOutcome::Expired, url: None }),
        ended(SessionOutcome::Failed(FailureCode::DataError)),
    ];
    let purposes = [ReauthorisePurpose::Access, ReauthorisePurpose::Transactions];
    steps.extend(
        purposes.map(|purpose| Step::Reauthorise(ReauthoriseStep { institution: institution(Health::Up), purpose })),
    );
    steps.extend(challenges());
    steps.extend(REASONS.map(|reason| ended(SessionOutcome::Exited(reason))));
    steps.extend(FailureCode::ALL.map(|code| Step::Failed(FailureStep { institution: None, code })));
    steps
}

fn state(step: Step) -> SessionState {
    SessionState { number: 300, revision: 301, step, can_go_back: true, expires_in: 480 }
}

#[test]
fn every_step_is_read_as_postcard_wrote_it() -> Result<(), postcard::Error> {
    steps().into_iter().try_for_each(|step| reads_back(&state(step)))
}

#[test]
fn what_opens_a_session_is_read_as_postcard_wrote_it() -> Result<(), postcard::Error> {
    steps().into_iter().try_for_each(|step| reads_back(&Opened { session: "session".into(), state: state(step) }))
}

#[test]
fn the_pages_first_data_are_read_as_postcard_wrote_them() -> Result<(), postcard::Error> {
    for (ending, bank_page) in [
        (EndingMode::Top, BankPageMode::Popup),
        (EndingMode::Inner, BankPageMode::FullPage),
        (EndingMode::MessageOnly, BankPageMode::HandOver),
    ] {
        reads_back(&Boot {
            wire_version: 1,
            language: "en".to_owned(),
            app_name: "Budget".to_owned(),
            page: "a1".to_owned(),
            reopens: true,
            ending,
            bank_page,
            parts: Parts { header: true, back: false, close: true },
            first: steps().into_iter().nth(1),
            invalid_parameters: vec!["country".to_owned()],
        })?;
    }
    Ok(())
}

#[test]
fn results_and_problems_are_read_as_postcard_wrote_them() -> Result<(), postcard::Error> {
    reads_back(&SearchResults { institutions: vec![institution(Health::Soon)], total: 128 })?;
    ProblemCode::ALL.into_iter().try_for_each(|code| {
        reads_back(&Problem {
            kind: "/platform/docs/problems".to_owned(),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: "What to do".to_owned(),
            parameter: Some("country".to_owned()),
            request_id: "r".to_owned(),
        })
    })
}

#[test]
fn what_the_widget_sends_is_what_postcard_would_write() -> Result<(), postcard::Error> {
    let value = FieldValue { field: "username".into(), value: Secret::new("Greatday") };
    let answer = QuestionAnswer { question: "q1".into(), answer: Secret::new("Triangle") };
    let intents = vec![
        Intent::AcceptConsent { text_hash: "a1".to_owned() },
        Intent::ChooseInstitution("14".into()),
        Intent::SubmitCredentials(vec![value.clone(), value]),
        Intent::SubmitAnswer(Answer::Code(Secret::new("123456"))),
        Intent::SubmitAnswer(Answer::Questions(vec![answer])),
        Intent::ChooseAccounts(vec!["a".into(), "b".into()]),
        Intent::Retry,
        Intent::ChooseAnother,
        Intent::Back,
        Intent::Resend,
        Intent::SwitchMethod,
        Intent::Reauthorise,
        Intent::SubmitAnswer(Answer::Choices(vec!["a".into(), "b".into()])),
    ];
    for intent in intents {
        for number in [0, 127, 128, u32::MAX] {
            let submission = Submission { number, intent: intent.clone() };
            assert_eq!(encode_submission(&submission), postcard::to_allocvec(&submission)?);
        }
    }
    let session_key = Secret::new("k".repeat(200));
    let carry_on = CarryOn { text_hash: None, institution: Some("14".into()) };
    for (token, carry_on) in [(None, None), (Some(Secret::new("newer")), Some(carry_on))] {
        let (path, query) = ("/v2/".to_owned(), Secret::new("?a=é"));
        let request = OpenRequest { path, query, session_key: session_key.clone(), token, carry_on };
        assert_eq!(encode_open(&request), postcard::to_allocvec(&request)?);
    }
    for reason in REASONS {
        let leaving = Leaving { reason, searched: Some("a bank".to_owned()) };
        assert_eq!(encode_leaving(&leaving), postcard::to_allocvec(&leaving)?);
    }
    Ok(())
}

proptest! {
    #[test]
    fn random_bytes_are_read_like_postcard_reads_them_and_never_panic(bytes in prop::collection::vec(0..20_u8, 0..60)) {
        let theirs = postcard::take_from_bytes::<SessionState>(&bytes).ok();
        let theirs = theirs.and_then(|(state, rest)| rest.is_empty().then_some(state));
        prop_assert_eq!(decode::<SessionState>(&bytes), theirs);
    }

    #[test]
    fn any_bytes_at_all_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        _ = decode::<Boot>(&bytes);
        _ = decode::<Opened>(&bytes);
        _ = decode::<SearchResults>(&bytes);
    }
}
