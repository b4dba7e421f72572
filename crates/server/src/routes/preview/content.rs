//! What the screens show: nobody's.

use banklink_protocol::{
    challenge::{
        Approval, BankPage, Challenge, ChallengeStep, CodeSource, CoordinateCard, CoordinateCell, Image, Method,
        MethodKind, OneTimeCode, Picture, PictureChoice, PictureTask, QrCode, Question,
    },
    ids::{AccountId, ChoiceId, ConnectionId, FieldId, InstitutionId, QuestionId},
    institutions::{Health, InstitutionSummary},
    money::Money,
    secret::Secret,
    session::{
        AccountSummary, AccountsStep, Autocomplete, CredentialsStep, Ending, Field, FieldKind, InstitutionsStep,
        Rejection,
    },
};

/// A picture to read: three strokes.
const PICTURE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 120 40'%3E%3Cpath \
                       d='M20 30V10l20 20V10M60 10h20v20H60zM95 30l10-20 10 20' fill='none' stroke='%23555' \
                       stroke-width='3'/%3E%3C/svg%3E";

/// Squares that look like a code, and are none.
const QR_PATH: &str = "M1 1h7v7h-7zM2 2v5h5v-5zM3 3h3v3h-3zM13 1h7v7h-7zM14 2v5h5v-5zM15 3h3v3h-3zM1 13h7v7h-7zM2 14v5h5v\
                       -5zM3 15h3v3h-3zM10 2h1v3h-1zM10 10h3v1h-3zM14 11h2v2h-2zM17 14h3v1h-3zM11 16h2v3h-2zM15 18h4v1h-4z";

pub(super) fn linked() -> Ending {
    Ending {
        url: "https://example.com".to_owned(),
        code: Secret::new(String::new()),
        login_id: ConnectionId::new("preview"),
        institution: bank(),
        accounts: Vec::new(),
        tag: None,
    }
}

fn summary(id: &str, name: &str, country: &str, health: Health) -> InstitutionSummary {
    InstitutionSummary {
        id: InstitutionId::from(id),
        name: name.to_owned(),
        country: country.to_owned(),
        detail: None,
        logo: None,
        health,
    }
}

pub(super) fn bank() -> InstitutionSummary {
    summary("harbour", "Harbour Bank", "GB", Health::Up)
}

pub(super) fn institutions() -> InstitutionsStep {
    let popular = vec![
        bank(),
        summary("alder", "Alder & Sons", "GB", Health::Up),
        summary("banco-nogal", "Banco Nogal", "ES", Health::Degraded),
        summary("caisse", "Caisse du Lac", "FR", Health::Up),
        summary("nordbank", "Nordbank", "DE", Health::Down),
    ];
    InstitutionsStep { popular, total: 8929, countries: Vec::new(), not_found: None }
}

pub(super) fn credentials(rejected: Option<Rejection>) -> CredentialsStep {
    let field = |id: &str, label: &str, kind, autocomplete| Field {
        id: FieldId::from(id),
        label: label.to_owned(),
        kind,
        autocomplete,
        hint: None,
        pattern: None,
        max_length: 64,
        optional: false,
    };
    CredentialsStep {
        institution: bank(),
        fields: vec![
            field("username", "User name", FieldKind::Text, Autocomplete::Username),
            field("password", "Password", FieldKind::Password, Autocomplete::CurrentPassword),
        ],
        forgotten_password_url: Some("https://example.com".to_owned()),
        rejected,
    }
}

pub(super) fn asked(challenge: Challenge) -> ChallengeStep {
    ChallengeStep {
        institution: bank(),
        round: 1,
        challenge,
        attempts_left: Some(2),
        expires_in: Some(180),
        resend_in: Some(0),
        resent: false,
        can_switch: true,
        rejected: None,
    }
}

pub(super) fn challenge(screen: &str) -> Option<Challenge> {
    Some(match screen {
        "code" => Challenge::OneTimeCode(OneTimeCode {
            source: CodeSource::Sms,
            sent_to: Some("•••• 42".to_owned()),
            length: Some(6),
            digits_only: true,
        }),
        "questions" => Challenge::Questions(vec![Question {
            id: QuestionId::from("school"),
            prompt: "What was the name of your first school?".to_owned(),
            options: Vec::new(),
        }]),
        "method" => Challenge::Method(vec![
            Method { id: ChoiceId::from("sms"), kind: MethodKind::Sms, detail: Some("•••• 42".to_owned()) },
            Method { id: ChoiceId::from("approval"), kind: MethodKind::Approval, detail: None },
        ]),
        "coordinates" => Challenge::Coordinates(CoordinateCard {
            card: Some("1234".to_owned()),
            cells: ["A3", "D5", "G1"].map(cell).into(),
        }),
        "picture" => Challenge::Picture(Picture { prompt: None, task: PictureTask::Read(Image::new(PICTURE)) }),
        "picture-choice" => Challenge::Picture(Picture {
            prompt: Some("Which one did you choose when you signed up?".to_owned()),
            task: PictureTask::PickOne(["Mountain", "River", "Tree", "House"].map(picture).into()),
        }),
        "qr" => Challenge::Qr(QrCode { size: 21, path: QR_PATH.to_owned(), app_link: None }),
        "approval" => Challenge::Approval(Approval {
            device: Some("Ana’s phone".to_owned()),
            shows: Some("47".to_owned()),
            app_link: None,
        }),
        "bank-page" => Challenge::BankPage(BankPage { url: "https://example.com".to_owned() }),
        _ => return None,
    })
}

fn picture(label: &str) -> PictureChoice {
    PictureChoice { id: ChoiceId::new(label), image: Image::new(PICTURE), label: label.to_owned() }
}

fn cell(position: &str) -> CoordinateCell {
    CoordinateCell { id: QuestionId::new(position.to_lowercase()), position: position.to_owned() }
}

pub(super) fn accounts() -> AccountsStep {
    let account = |id: &str, name: &str, last_digits: &str, amount: &str| AccountSummary {
        id: AccountId::from(id),
        name: name.to_owned(),
        last_digits: last_digits.to_owned(),
        balance: Money { amount: amount.to_owned(), currency: "EUR".to_owned() },
    };
    let accounts = vec![account("1", "Everyday", "4421", "1834.20"), account("2", "Savings", "9003", "12500.00")];
    AccountsStep { institution: bank(), accounts, multiple: true }
}
