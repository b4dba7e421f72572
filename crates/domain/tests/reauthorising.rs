//! A session that renews a connection stays at the connection's institution.

use std::collections::BTreeMap;

use banklink_domain::{
    app::AccountSelection,
    connection::{AskedReading, IdentityHash},
    institution_list::InstitutionList,
    reauthorisation::ReauthorisationPurpose,
    session::{
        ChallengeStage, Decision, Entrance, NotAllowedHere, Opening, Reauthorisation, Rollback, SessionData,
        SessionPurpose, Stage, Visible,
    },
    token::TokenHash,
};
use banklink_protocol::{
    boot::BankPageMode,
    challenge::{BankPage, Challenge},
    failures::FailureCode,
    institutions::{Health, InstitutionSummary},
    secret::Secret,
    session::{CredentialsStep, Intent, ReauthoriseStep},
};
use rstest::rstest;

use ReauthorisationPurpose::{Access, Credentials, Transactions};

fn bank() -> InstitutionSummary {
    let (id, name, country) = ("bank".into(), "Bank".into(), "CA".into());
    InstitutionSummary { id, name, country, detail: None, logo: None, health: Health::Up }
}

fn session(purpose: Option<ReauthorisationPurpose>, stage: Stage) -> SessionData {
    let reauthorise = |purpose| {
        SessionPurpose::Reauthorise(Reauthorisation {
            connection: "c".into(),
            institution: bank().id,
            identity: IdentityHash::from_bytes([1; 32]),
            purpose,
            token: TokenHash::from_bytes([2; 32]),
        })
    };
    let opening = Opening {
        entrance: Entrance::AuthorizeToken,
        purpose: purpose.map_or(SessionPurpose::Connect, reauthorise),
        page: Secret::new("/v2/"),
        bank_page: BankPageMode::Popup,
        redirect_uri: "https://app.example/back".to_owned(),
        visible: Visible::Sandbox,
        institution: None,
        country: None,
        institutions: InstitutionList::default(),
        offers_countries: false,
        language: "en".to_owned(),
        account_selection: AccountSelection::None,
        currencies: Vec::new(),
        maximum_retry: None,
        rollback: Rollback::Off,
        scopes: Vec::new(),
        reading: AskedReading::default(),
        tag: None,
        external_id: None,
        extra: BTreeMap::new(),
    };
    SessionData::new(opening, stage)
}

fn form() -> Stage {
    let (fields, forgotten_password_url) = (Vec::new(), None);
    let step = CredentialsStep { institution: bank(), fields, forgotten_password_url, rejected: None };
    Stage::Credentials(Box::new(step))
}

fn bank_page(ticket: Option<Secret>) -> Stage {
    Stage::Challenge(Box::new(ChallengeStage {
        institution: bank(),
        round: 0,
        challenge: Challenge::BankPage(BankPage { url: "https://bank.example/".into() }),
        attempts_left: None,
        expires_at: None,
        resend_at: None,
        resent: false,
        can_switch: false,
        rejected: None,
        connector_state: Vec::new(),
        ticket,
    }))
}

fn failed() -> Stage {
    Stage::Failed { institution: Some(bank()), code: FailureCode::InternalError }
}

#[rstest]
#[case(failed(), Intent::Retry)]
#[case(failed(), Intent::ChooseAnother)]
#[case(failed(), Intent::Back)]
#[case(bank_page(None), Intent::Back)]
fn whatever_leads_elsewhere_begins_again(
    #[values(Access, Credentials, Transactions)] purpose: ReauthorisationPurpose,
    #[case] stage: Stage,
    #[case] intent: Intent,
) {
    assert_eq!(session(Some(purpose), stage.clone()).decide(intent.clone()), Ok(Decision::Begin));
    assert_ne!(session(None, stage).decide(intent), Ok(Decision::Begin));
}

#[rstest]
#[case(Access, true)]
#[case(Transactions, true)]
#[case(Credentials, false)]
fn who_types_credentials_anew_began_there(#[case] purpose: ReauthorisationPurpose, #[case] goes_back: bool) {
    for stage in [form(), bank_page(Some(Secret::new("ticket")))] {
        let session = session(Some(purpose), stage);
        assert_eq!(session.back(), goes_back.then_some(Decision::Begin));
        assert_eq!(session.decide(Intent::Back), session.back().ok_or(NotAllowedHere));
    }
}

#[test]
fn the_person_confirms_before_anything_is_done() {
    let step = ReauthoriseStep { institution: bank(), purpose: Access.confirmation().expect("it is confirmed") };
    let session = session(Some(Access), Stage::Reauthorise(step.clone()));
    assert_eq!(session.back(), None);
    assert_eq!(session.decide(Intent::Reauthorise), Ok(Decision::Reauthorise(step)));
    assert_eq!(session.decide(Intent::ChooseAnother), Err(NotAllowedHere));
    assert_eq!(Credentials.confirmation(), None);
}

#[test]
fn a_session_without_a_connection_goes_where_the_person_wants() {
    assert_eq!(session(None, form()).back(), Some(Decision::Go(Stage::LIST)));
}
