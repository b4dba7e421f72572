//! Steps as a server sends them.

use banklink_protocol::{
    boot::{BankPageMode, Boot, EndingMode, Parts},
    challenge::{
        Approval, BankPage, Challenge, ChallengeStep, CodeSource, CoordinateCard, CoordinateCell, Image, Method,
        MethodKind, OneTimeCode, Picture, PictureChoice, PictureTask, QrCode, Question,
    },
    failures::FailureCode,
    institutions::{Health, InstitutionSummary},
    money::Money,
    secret::Secret,
    session::{
        AccountSummary, AccountsStep, Autocomplete, ConsentDocument, ConsentStep, CredentialsStep, Ended, Ending,
        FailureStep, Field, FieldKind, InstitutionsStep, ReauthorisePurpose, ReauthoriseStep, Rejection,
        SessionOutcome, Step,
    },
};

pub(crate) const REDIRECT: &str = "https://app.example/callback?loginId=1";

pub(crate) fn institution(id: &str, name: &str) -> InstitutionSummary {
    InstitutionSummary {
        id: id.into(),
        name: name.to_owned(),
        country: "CA".to_owned(),
        detail: None,
        logo: None,
        health: Health::Up,
    }
}

pub(crate) fn bank() -> InstitutionSummary {
    institution("14", "FlinksCapital")
}

pub(crate) fn consent() -> Step {
    Step::Consent(ConsentStep {
        customer_name: "Budget".to_owned(),
        paragraphs: vec!["Budget reads your accounts.".to_owned()],
        scopes: vec!["Balances".to_owned()],
        terms: None,
        privacy: None,
        text_hash: "a1".to_owned(),
    })
}

pub(crate) fn consent_with_terms(url: &str) -> Step {
    let Step::Consent(consent) = consent() else { panic!("not the consent") };
    let terms = ConsentDocument { label: "Terms".to_owned(), url: url.to_owned() };
    Step::Consent(ConsentStep { terms: Some(terms), ..consent })
}

pub(crate) fn institutions() -> Step {
    let popular = vec![bank(), institution("2", "Crédit Agricole"), institution("3", "TestBank")];
    Step::Institutions(InstitutionsStep {
        popular,
        total: 3,
        countries: vec!["AD".to_owned(), "CA".to_owned()],
        not_found: None,
    })
}

fn field(id: &str, kind: FieldKind, autocomplete: Autocomplete) -> Field {
    Field {
        id: id.into(),
        label: id.to_owned(),
        kind,
        autocomplete,
        hint: None,
        pattern: None,
        max_length: 64,
        optional: false,
    }
}

pub(crate) fn credentials(rejected: Option<Rejection>) -> Step {
    let fields = vec![
        field("username", FieldKind::Text, Autocomplete::Username),
        field("password", FieldKind::Password, Autocomplete::CurrentPassword),
    ];
    Step::Credentials(CredentialsStep { institution: bank(), fields, forgotten_password_url: None, rejected })
}

pub(crate) fn wrong_credentials() -> Step {
    credentials(Some(Rejection { code: FailureCode::InvalidCredentials, field: None }))
}

fn challenge(challenge: Challenge, attempts_left: Option<u8>, rejected: Option<Rejection>) -> Step {
    Step::Challenge(ChallengeStep {
        institution: bank(),
        round: 0,
        challenge,
        attempts_left,
        expires_in: None,
        resend_in: None,
        resent: false,
        can_switch: false,
        rejected,
    })
}

/// A challenge, changed a little.
pub(crate) fn changed(step: Step, change: impl FnOnce(&mut ChallengeStep)) -> Step {
    let Step::Challenge(mut step) = step else { panic!("not a challenge") };
    change(&mut step);
    Step::Challenge(step)
}

/// One challenge of every kind.
pub(crate) fn challenges() -> Vec<Step> {
    let picture =
        |id: &str| PictureChoice { id: id.into(), image: Image::new("data:,"), label: format!("picture {id}") };
    let pictures = vec![picture("p1"), picture("p2"), picture("p3")];
    let kinds = [
        Challenge::Method(vec![
            Method { id: "sms".into(), kind: MethodKind::Sms, detail: Some("••42".to_owned()) },
            Method { id: "app".into(), kind: MethodKind::Approval, detail: None },
        ]),
        Challenge::Coordinates(CoordinateCard {
            card: None,
            cells: vec![
                CoordinateCell { id: "c1".into(), position: "B4".to_owned() },
                CoordinateCell { id: "c2".into(), position: "D1".to_owned() },
            ],
        }),
        Challenge::Picture(Picture { prompt: None, task: PictureTask::Read(Image::new("data:,")) }),
        Challenge::Picture(Picture { prompt: None, task: PictureTask::PickOne(pictures.clone()) }),
        Challenge::Picture(Picture { prompt: Some("Cats".to_owned()), task: PictureTask::PickSeveral(pictures) }),
        Challenge::Qr(QrCode { size: 21, path: "M0 0h1v1h-1z".to_owned(), app_link: None }),
        Challenge::Approval(Approval { device: None, shows: None, app_link: None }),
        Challenge::BankPage(BankPage { url: "https://bank.example/login".to_owned() }),
    ];
    let others = kinds.into_iter().map(|kind| challenge(kind, Some(3), None));
    [code(3, false), questions()].into_iter().chain(others).collect()
}

pub(crate) fn reauthorise() -> Step {
    Step::Reauthorise(ReauthoriseStep { institution: bank(), purpose: ReauthorisePurpose::Access })
}

pub(crate) fn ended(outcome: SessionOutcome) -> Step {
    Step::Ended(Ended { outcome, url: None })
}

pub(crate) fn code(attempts_left: u8, rejected: bool) -> Step {
    let code =
        OneTimeCode {
            source: CodeSource::Sms, sent_to: Some("••42".to_owned()), length: Some(6), digits_only: true
        };
    let rejected = rejected.then_some(Rejection { code: FailureCode::InvalidSca, field: None });
    challenge(Challenge::OneTimeCode(code), Some(attempts_left), rejected)
}

pub(crate) fn questions() -> Step {
    let question = |id: &str| Question { id: id.into(), prompt: format!("Question {id}?"), options: Vec::new() };
    challenge(Challenge::Questions(vec![question("q1"), question("q2")]), None, None)
}

pub(crate) fn accounts(multiple: bool) -> Step {
    let account = |id: &str| AccountSummary {
        id: id.into(),
        name: "Chequing".to_owned(),
        last_digits: "4421".to_owned(),
        balance: Money { amount: "10.50".to_owned(), currency: "CAD".to_owned() },
    };
    Step::Accounts(AccountsStep { institution: bank(), accounts: vec![account("a"), account("b")], multiple })
}

pub(crate) fn failed(code: FailureCode) -> Step {
    Step::Failed(FailureStep { institution: Some(bank()), code })
}

pub(crate) fn linked() -> Step {
    Step::Linked(Ending {
        url: REDIRECT.to_owned(),
        code: Secret::new("code"),
        login_id: banklink_protocol::ids::ConnectionId::new("1"),
        institution: bank(),
        accounts: Vec::new(),
        tag: None,
    })
}

pub(crate) fn boot(first: Step) -> Boot {
    Boot {
        wire_version: banklink_protocol::WIRE_VERSION,
        language: "en".to_owned(),
        app_name: "Budget".to_owned(),
        page: "page".to_owned(),
        reopens: false,
        ending: EndingMode::Top,
        bank_page: BankPageMode::Popup,
        parts: Parts::default(),
        first: Some(first),
        invalid_parameters: Vec::new(),
    }
}
