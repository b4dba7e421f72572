//! Carrying out a decision: looking institutions up, calling connectors, making the connection.

use banklink_connectors::{
    BankReturn, Challenged, ConnectorKind, ConnectorState, Done, Entry, ReturnTo, SavedState, Start,
    Step as ConnectorStep,
};
use banklink_domain::{
    accounts::Account,
    app::{AccountSelection, App},
    connection::{Access, Connection, ConnectionState, IdentityHash, Reading, SharedAccounts},
    consent::{Consent, ConsentState, TextHash},
    ids::{ConsentId, new_connection_id},
    link_code::{LinkCode, NewLinkCode},
    reauthorisation::ReauthorisationPurpose,
    sealed::Sealed,
    session::{
        AccountsStage, ChallengeStage, ConsentGiven, Decision, Login, Opening, Reauthorisation, Response, SessionData,
        SessionPurpose, Stage,
    },
    text::{ExternalId, Tag},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{
    challenge::{BankPage, Challenge},
    failures::FailureCode,
    ids::{AccountId, ConnectionId, InstitutionId},
    institutions::{Health, InstitutionSummary},
    problem::ProblemCode,
    secret::Secret,
    session::{CredentialsStep, Ended, Ending, FieldValue, ReauthoriseStep, Rejection, SessionOutcome},
};
use banklink_store::{ConnectionChange, Effects};

use crate::{
    directory::institution_ref,
    problem::ApiError,
    random,
    seal::Purpose,
    services::{connections, consent::granted, endings, opening::token_invalid, sessions::Session},
    state::AppState,
};

/// What a decision led to.
#[derive(Debug)]
pub enum Next {
    /// The session stands here now.
    Stage(Stage),
    /// The connection is to be made, and the session ends with it.
    Link(Box<Linking>),
}

/// What a connection will be made of.
#[derive(Clone, Debug)]
pub struct Linking {
    institution: InstitutionSummary,
    login: Login,
    /// Which accounts are shared; empty: all.
    accounts: Vec<AccountId>,
}

/// Carries a decision out. What fails at the institution becomes a stage; an error is our own.
pub async fn carry_out(state: &AppState, session: &mut Session, decision: Decision) -> Result<Next, ApiError> {
    let opening = &session.data.opening;
    match decision {
        Decision::Go(stage) => Ok(Next::Stage(stage)),
        Decision::Begin => Ok(Next::Stage(first_stage(state, opening).await?)),
        Decision::Choose(id) => Ok(Next::Stage(choose(state, opening, &id).await?)),
        Decision::Agreed { text_hash } => {
            let stage = first_stage(state, opening).await?;
            session.data.consent = Some(consent_given(state, opening, text_hash));
            Ok(Next::Stage(stage))
        }
        Decision::Start { form, credentials } => start(state, session, *form, credentials).await,
        Decision::Respond { stage, response } => respond(state, session, *stage, response).await,
        Decision::Reauthorise(step) => reauthorise(state, session, step).await,
        Decision::Link { institution, login, accounts } => Ok(link(institution, login, accounts)),
    }
}

/// What the person agrees to now.
pub fn consent_given(state: &AppState, opening: &Opening, text_hash: String) -> ConsentGiven {
    let (language, scopes) = (opening.language.clone(), granted(&opening.scopes));
    ConsentGiven { text_hash, language, scopes, at: state.clock.now() }
}

/// Where a person starts once nothing has to be agreed to: at the connection that is to be renewed, at the institution
/// that was asked for, else at the list.
pub async fn first_stage(state: &AppState, opening: &Opening) -> Result<Stage, ApiError> {
    if let SessionPurpose::Reauthorise(wanted) = &opening.purpose {
        return before_reauthorising(state, opening, wanted).await;
    }
    let Some(asked) = &opening.institution else { return Ok(Stage::LIST) };
    let directory = state.directory().await?;
    let found = directory.resolve(asked, opening.country.as_deref(), opening.visible);
    match found.map(|listed| listed.summary.id.clone()) {
        Some(id) => choose(state, opening, &id).await,
        None => Ok(Stage::Institutions { not_found: Some(asked.clone()) }),
    }
}

/// Where a connection is renewed: at the question whether to, or at the institution's form.
async fn before_reauthorising(
    state: &AppState,
    opening: &Opening,
    wanted: &Reauthorisation,
) -> Result<Stage, ApiError> {
    let Some(purpose) = wanted.purpose.confirmation() else {
        return choose(state, opening, &wanted.institution).await;
    };
    let directory = state.directory().await?;
    Ok(match directory.visible(&wanted.institution, opening.visible) {
        Some(listed) => Stage::Reauthorise(ReauthoriseStep { institution: listed.summary.clone(), purpose }),
        None => Stage::Failed { institution: None, code: FailureCode::InternalError },
    })
}

/// Logs in again with what the connection saved. Where the institution does not take that any more, the person types
/// their credentials.
async fn reauthorise(state: &AppState, session: &mut Session, step: ReauthoriseStep) -> Result<Next, ApiError> {
    let SessionPurpose::Reauthorise(wanted) = &session.data.opening.purpose else { return Err(over()) };
    let connection = connections::live(state, session.row.app_id, &wanted.connection).await?;
    let connection = connection.ok_or_else(token_invalid)?;
    let access = connection.access().ok_or_else(token_invalid)?;
    let saved = connections::open_saved(state, access)?;
    let institution = step.institution;
    let Some(kind) = connector(state, &institution).await? else {
        return Ok(failed(institution, FailureCode::RetryLater));
    };
    let form = choose(state, &session.data.opening, &institution.id).await?;
    let at = institution.clone();
    let rejected = |rejection: Rejection| match form {
        Stage::Credentials(form) => {
            Stage::Credentials(Box::new(CredentialsStep { rejected: Some(rejection), ..*form }))
        }
        _ => Stage::Failed { institution: Some(at), code: rejection.code },
    };
    let step = state.connectors.refresh(kind, saved, state.clock.now()).await;
    follow(state, session, institution, step, rejected).await
}

/// An institution, and how a person gets in there.
pub async fn choose(state: &AppState, opening: &Opening, id: &InstitutionId) -> Result<Stage, ApiError> {
    let directory = state.directory().await?;
    let Some(listed) = directory.visible(id, opening.visible) else {
        return Ok(Stage::Institutions { not_found: Some(id.as_str().to_owned()) });
    };
    let institution = listed.summary.clone();
    if institution.health == Health::Soon {
        return Ok(Stage::LIST);
    }
    let locale = state.locales.best([opening.language.as_str()]);
    Ok(match directory.entry(&state.connectors, id, locale) {
        Some(Entry::Form(form)) => Stage::Credentials(Box::new(CredentialsStep {
            institution,
            fields: form.fields,
            forgotten_password_url: form.forgotten_password_url,
            rejected: None,
        })),
        Some(Entry::BankPage) => Stage::Challenge(Box::new(bank_page(state, institution))),
        None => Stage::Failed { institution: Some(institution), code: FailureCode::InternalError },
    })
}

/// Before the person goes to the bank's own page. Its address is one of ours, which starts the login and leads there:
/// nothing is begun at the bank before somebody wants it.
fn bank_page(state: &AppState, institution: InstitutionSummary) -> ChallengeStage {
    let ticket = TokenKind::BankTicket.mint(random::bytes());
    let mut url = state.public_url.clone();
    url.set_path(&format!("/link/bank/{}", ticket.expose()));
    ChallengeStage {
        institution,
        round: 0,
        challenge: Challenge::BankPage(BankPage { url: url.into() }),
        attempts_left: None,
        expires_at: None,
        resend_at: None,
        resent: false,
        can_switch: false,
        rejected: None,
        connector_state: Vec::new(),
        ticket: Some(ticket),
    }
}

/// Where banks send people back to.
fn return_to(state: &AppState, ticket: Secret) -> ReturnTo {
    let mut url = state.public_url.clone();
    url.set_path("/link/bank/return");
    ReturnTo { url: url.into(), state: ticket }
}

/// Begins a login at the bank's own page. The stage carries that page's address then.
pub async fn go_to_bank(state: &AppState, session: &mut Session) -> Result<Next, ApiError> {
    let Stage::Challenge(stage) = &session.data.stage else { return Err(over()) };
    let Some(ticket) = stage.ticket.clone() else { return Err(over()) };
    let institution = stage.institution.clone();
    let Some(kind) = connector(state, &institution).await? else {
        return Ok(failed(institution, FailureCode::RetryLater));
    };
    let start = Start {
        institution: institution_ref(&institution),
        credentials: Vec::new(),
        language: session.data.opening.language.clone(),
        return_to: return_to(state, ticket.clone()),
        now: state.clock.now(),
    };
    match state.connectors.start(kind, start).await {
        ConnectorStep::Challenge(Challenged { challenge, state: connector_state, expires_at, .. })
            if matches!(challenge, Challenge::BankPage(_)) =>
        {
            let connector_state = connector_state.as_bytes().to_vec();
            let stage = ChallengeStage { expires_at, connector_state, ..(**stage).clone() };
            session.bank_page = Some(challenge);
            Ok(Next::Stage(Stage::Challenge(Box::new(stage))))
        }
        ConnectorStep::Failed(code) => Ok(failed(institution, code)),
        _ => Ok(failed(institution, FailureCode::InternalError)),
    }
}

/// Takes what the bank's own page sent the person back with.
pub async fn come_back(state: &AppState, session: &mut Session, returned: BankReturn) -> Result<Next, ApiError> {
    let Stage::Challenge(stage) = session.data.stage.clone() else { return Err(over()) };
    let Some(kind) = connector(state, &stage.institution).await? else {
        return Ok(failed(stage.institution, FailureCode::RetryLater));
    };
    let connector_state = ConnectorState::from_bytes(stage.connector_state.clone());
    let step = state.connectors.returned(kind, connector_state, returned, state.clock.now()).await;
    answered(state, session, *stage, step).await
}

fn over() -> ApiError {
    ApiError::new(ProblemCode::Conflict, "The session is at another step.")
}

/// Who talks to an institution.
async fn connector(state: &AppState, institution: &InstitutionSummary) -> Result<Option<ConnectorKind>, ApiError> {
    Ok(state.directory().await?.get(&institution.id).map(|listed| listed.connector))
}

async fn start(
    state: &AppState,
    session: &mut Session,
    form: CredentialsStep,
    credentials: Vec<FieldValue>,
) -> Result<Next, ApiError> {
    let start = Start {
        institution: institution_ref(&form.institution),
        credentials,
        language: session.data.opening.language.clone(),
        return_to: return_to(state, TokenKind::BankTicket.mint(random::bytes())),
        now: state.clock.now(),
    };
    let Some(kind) = connector(state, &form.institution).await? else {
        return Ok(failed(form.institution, FailureCode::RetryLater));
    };
    let step = state.connectors.start(kind, start).await;
    let institution = form.institution.clone();
    let rejected = |rejection| Stage::Credentials(Box::new(CredentialsStep { rejected: Some(rejection), ..form }));
    follow(state, session, institution, step, rejected).await
}

async fn respond(
    state: &AppState,
    session: &mut Session,
    stage: ChallengeStage,
    response: Response,
) -> Result<Next, ApiError> {
    let Some(kind) = connector(state, &stage.institution).await? else {
        return Ok(failed(stage.institution, FailureCode::RetryLater));
    };
    let (connector_state, now) = (ConnectorState::from_bytes(stage.connector_state.clone()), state.clock.now());
    let connectors = &state.connectors;
    let step = match response {
        // Whether an answer comes too late, and what then, is for the connector to say: it may bring a new code.
        Response::Answer(answer) => connectors.answer(kind, connector_state, answer, now).await,
        Response::Switch => connectors.switch(kind, connector_state, now).await,
        Response::Resend => {
            // Before its time it changes nothing.
            if stage.resend_at.is_none_or(|at| at > now) {
                return Ok(Next::Stage(Stage::Challenge(Box::new(ChallengeStage { resent: false, ..stage }))));
            }
            let step = connectors.resend(kind, connector_state, now).await;
            return resent(state, session, stage, step).await;
        }
    };
    answered(state, session, stage, step).await
}

/// The same challenge, asked for once more.
async fn resent(
    state: &AppState,
    session: &mut Session,
    stage: ChallengeStage,
    step: ConnectorStep,
) -> Result<Next, ApiError> {
    if matches!(step, ConnectorStep::Waiting) {
        return Ok(Next::Stage(Stage::Challenge(Box::new(ChallengeStage { resent: false, ..stage }))));
    }
    let next = answered(state, session, stage, step).await?;
    Ok(match next {
        Next::Stage(Stage::Challenge(stage)) => {
            Next::Stage(Stage::Challenge(Box::new(ChallengeStage { resent: true, ..*stage })))
        }
        next => next,
    })
}

/// Whether the institution has heard from the person by another way.
pub async fn poll(state: &AppState, stage: &ChallengeStage) -> Result<ConnectorStep, ApiError> {
    let Some(kind) = connector(state, &stage.institution).await? else {
        return Ok(ConnectorStep::Failed(FailureCode::RetryLater));
    };
    let connector_state = ConnectorState::from_bytes(stage.connector_state.clone());
    Ok(state.connectors.poll(kind, connector_state, state.clock.now()).await)
}

/// Where what a connector said by itself leads to.
pub async fn polled(state: &AppState, session: &mut Session, step: ConnectorStep) -> Result<Next, ApiError> {
    let Stage::Challenge(stage) = session.data.stage.clone() else { return Err(over()) };
    answered(state, session, *stage, step).await
}

/// Where the answer to a challenge leads to.
async fn answered(
    state: &AppState,
    session: &mut Session,
    stage: ChallengeStage,
    step: ConnectorStep,
) -> Result<Next, ApiError> {
    if matches!(step, ConnectorStep::Waiting) {
        return Ok(Next::Stage(Stage::Challenge(Box::new(stage))));
    }
    let institution = stage.institution.clone();
    // An answer is rejected by showing the challenge again; credentials found wrong only now have no form to go back to.
    let rejected = |rejection: Rejection| Stage::Failed { institution: Some(stage.institution), code: rejection.code };
    follow(state, session, institution, step, rejected).await
}

/// The stage that a connector's step leads to.
async fn follow(
    state: &AppState,
    session: &mut Session,
    institution: InstitutionSummary,
    step: ConnectorStep,
    rejected: impl FnOnce(Rejection) -> Stage,
) -> Result<Next, ApiError> {
    match step {
        ConnectorStep::Challenge(challenged) => {
            if !challenged.again {
                session.data.rounds = session.data.rounds.saturating_add(1);
            }
            let stage = challenge(institution, session.data.rounds, challenged);
            Ok(Next::Stage(Stage::Challenge(Box::new(stage))))
        }
        // Only a challenge can be waited for.
        ConnectorStep::Waiting => Ok(failed(institution, FailureCode::InternalError)),
        ConnectorStep::Rejected(rejection) => Ok(Next::Stage(rejected(rejection))),
        ConnectorStep::Failed(code) => Ok(failed(institution, code)),
        ConnectorStep::Done(done) => accepted(state, session, institution, done, rejected).await,
    }
}

fn challenge(institution: InstitutionSummary, round: u16, challenged: Challenged) -> ChallengeStage {
    ChallengeStage {
        institution,
        round,
        challenge: challenged.challenge,
        attempts_left: challenged.attempts_left,
        expires_at: challenged.expires_at,
        resend_at: challenged.resend_at,
        resent: false,
        can_switch: challenged.can_switch,
        rejected: challenged.rejected,
        connector_state: challenged.state.as_bytes().to_vec(),
        ticket: None,
    }
}

/// Where a person who leaves goes, if the app wants to hear of failures and something failed here.
pub fn url_after_leaving(data: &SessionData) -> Option<String> {
    if data.has_failed { endings::after_giving_up(&data.opening) } else { None }
}

/// The stage that counts: a failure that the app wants to hear of, or wrong credentials once too often, end the session
/// instead of being shown.
pub fn settle(data: &mut SessionData, stage: Stage) -> Stage {
    let Some(mut code) = stage.failure() else { return stage };
    let mut ends = false;
    if code == FailureCode::InvalidCredentials {
        data.wrong_credentials = data.wrong_credentials.saturating_add(1);
        ends = data.opening.maximum_retry.is_some_and(|most| data.wrong_credentials >= most);
        // Where the app names the mistake itself, that is what it hears.
        if ends && !data.opening.rollback.takes(code) {
            code = FailureCode::AttemptsExhausted;
        }
    }
    let url = endings::after_failure(&data.opening, code);
    if ends || url.is_some() {
        return Stage::Ended(Ended { outcome: SessionOutcome::Failed(code), url });
    }
    data.has_failed = true;
    stage
}

fn failed(institution: InstitutionSummary, code: FailureCode) -> Next {
    Next::Stage(Stage::Failed { institution: Some(institution), code })
}

/// The institution let the person in: choose accounts, or link at once. A connection that is renewed keeps its accounts,
/// and stays its person's: for anyone else the credentials were the wrong ones.
async fn accepted(
    state: &AppState,
    session: &Session,
    institution: InstitutionSummary,
    done: Done,
    rejected: impl FnOnce(Rejection) -> Stage,
) -> Result<Next, ApiError> {
    let key = state.sealer.identity_key();
    let identity = IdentityHash::of(&key, session.row.app_id, &institution.id, done.identity.expose());
    let login = Login { saved: done.saved.as_bytes().to_vec(), identity: identity.to_string() };
    if let SessionPurpose::Reauthorise(wanted) = &session.data.opening.purpose {
        if wanted.identity == identity {
            return Ok(link(institution, login, Vec::new()));
        }
        let rejection = Rejection { code: FailureCode::InvalidCredentials, field: None };
        return Ok(Next::Stage(rejected(rejection)));
    }
    let multiple = match session.data.opening.account_selection {
        AccountSelection::None => return Ok(link(institution, login, Vec::new())),
        AccountSelection::Single => false,
        AccountSelection::Multiple => true,
    };
    let Some(kind) = connector(state, &institution).await? else {
        return Ok(failed(institution, FailureCode::RetryLater));
    };
    let saved = SavedState::from_bytes(login.saved.clone());
    match state.connectors.accounts(kind, saved, state.clock.now()).await {
        Ok(accounts) => {
            let currencies = &session.data.opening.currencies;
            let is_wanted = |account: &&Account| currencies.is_empty() || currencies.contains(&account.currency);
            let accounts: Vec<_> = accounts.iter().filter(is_wanted).map(Account::summary).collect();
            if accounts.is_empty() {
                return Ok(failed(institution, FailureCode::DataError));
            }
            Ok(Next::Stage(Stage::Accounts(Box::new(AccountsStage { institution, accounts, multiple, login }))))
        }
        Err(error) => Ok(failed(institution, error.failure_code())),
    }
}

fn link(institution: InstitutionSummary, login: Login, accounts: Vec<AccountId>) -> Next {
    Next::Link(Box::new(Linking { institution, login, accounts }))
}

/// The last stage, and what is written with it: the connection, or the renewal of the one that this person has at the
/// institution, and the code that is worth it.
pub async fn conclude(state: &AppState, session: &Session, linking: &Linking) -> Result<(Stage, Effects), ApiError> {
    let opening = &session.data.opening;
    let app = state.store.apps().get(session.row.app_id).await?;
    let app = app.ok_or_else(|| ApiError::new(ProblemCode::SessionExpired, "Open a new session."))?;
    let consent = consent(state, &app, session)?;
    let change = match &opening.purpose {
        SessionPurpose::Connect => connection(state, &app, session, linking, consent.as_ref()).await?,
        SessionPurpose::Reauthorise(wanted) => reauthorised(state, session, wanted, linking, consent.as_ref()).await?,
    };
    let (ConnectionChange::Insert(connection)
    | ConnectionChange::Update(connection)
    | ConnectionChange::Reauthorise(connection, _)) = &change;
    let accounts = match connection.access().map(|access| &access.accounts) {
        Some(SharedAccounts::Chosen(chosen)) => chosen.clone(),
        _ => Vec::new(),
    };
    let (code, link_code) = link_code(state, &app, opening, &connection.id)?;
    let institution = linking.institution.clone();
    let ending = Ending {
        url: endings::after_linking(opening, &institution.id, &connection.id, &accounts, code.expose()),
        code,
        login_id: connection.id.clone(),
        institution,
        accounts,
        tag: opening.tag.clone(),
    };
    let consent = consent.map(|consent| Consent { connection: Some(connection.id.clone()), ..consent });
    let effects = Effects { consent, link_code: Some(link_code), connection: Some(change) };
    Ok((Stage::Linked(Box::new(ending)), effects))
}

/// The connection that the session renews. Its id, its token and its accounts stay.
async fn reauthorised(
    state: &AppState,
    session: &Session,
    wanted: &Reauthorisation,
    linking: &Linking,
    consent: Option<&Consent>,
) -> Result<ConnectionChange, ApiError> {
    let opening = &session.data.opening;
    let known = connections::live(state, session.row.app_id, &wanted.connection).await?.ok_or_else(token_invalid)?;
    let access = known.access().cloned().ok_or_else(token_invalid)?;
    let access = Access { sealed_state: sealed_state(state, &linking.login)?, ..access };
    let reading = known.reading.asked(opening.reading);
    let reading = match wanted.purpose {
        ReauthorisationPurpose::Transactions => reading.opened(),
        ReauthorisationPurpose::Access | ReauthorisationPurpose::Credentials => reading,
    };
    let tag = tag(opening).or_else(|| known.tag.clone());
    let consent_id = consent_of_renewed(state, &known, consent).await?;
    let renewed = known.reauthorise(access, state.clock.now()).map_err(ApiError::internal)?;
    Ok(ConnectionChange::Reauthorise(Connection { consent_id, tag, reading, ..renewed }, wanted.token))
}

fn sealed_state(state: &AppState, login: &Login) -> Result<Sealed, ApiError> {
    Ok(Sealed::new(state.sealer.seal(Purpose::Connection, &login.saved).map_err(ApiError::internal)?))
}

fn tag(opening: &Opening) -> Option<Tag> {
    opening.tag.as_deref().and_then(|tag| Tag::parse(tag).ok())
}

async fn connection(
    state: &AppState,
    app: &App,
    session: &Session,
    Linking { institution, login, accounts }: &Linking,
    consent: Option<&Consent>,
) -> Result<ConnectionChange, ApiError> {
    let now = state.clock.now();
    let opening = &session.data.opening;
    let identity = IdentityHash::from_hex(&login.identity).map_err(ApiError::internal)?;
    let external_id = opening.external_id.as_deref().and_then(|id| ExternalId::parse(id).ok());
    let tag = tag(opening);
    let sealed_state = sealed_state(state, login)?;
    let shared = if accounts.is_empty() { SharedAccounts::All } else { SharedAccounts::Chosen(accounts.clone()) };
    let repository = state.store.connections();
    let known = repository.of_person(app.id, &institution.id, &identity, external_id.as_ref()).await;
    if let Some(known) = known?
        && let Some(access) = known.access().cloned()
    {
        let access = Access { sealed_state, accounts: shared, ..access };
        let tag = tag.or_else(|| known.tag.clone());
        let consent_id = consent_of_renewed(state, &known, consent).await?;
        let renewed = known.reauthorise(access, now).map_err(ApiError::internal)?;
        let reading = renewed.reading.asked(opening.reading);
        return Ok(ConnectionChange::Update(Connection { consent_id, tag, reading, ..renewed }));
    }
    let token = TokenKind::ConnectionToken.mint(random::bytes());
    let sealed_token = state.sealer.seal(Purpose::ConnectionToken, token.expose().as_bytes());
    Ok(ConnectionChange::Insert(Connection {
        id: new_connection_id(random::bytes()),
        app_id: app.id,
        institution_id: institution.id.clone(),
        external_id,
        tag,
        identity,
        reading: Reading::default().asked(opening.reading),
        consent_id: consent.map(|consent| consent.id),
        state: ConnectionState::Active(Access {
            token: TokenHash::of(&token),
            sealed_token: Sealed::new(sealed_token.map_err(ApiError::internal)?),
            sealed_state,
            accounts: shared,
        }),
        created_at: now,
        updated_at: now,
    }))
}

/// What covers a connection from now on: the new consent, else the one that it has. Where the app does not ask any more,
/// one that is over counts no longer: nothing that the person does could ever open their data again.
async fn consent_of_renewed(
    state: &AppState,
    known: &Connection,
    given: Option<&Consent>,
) -> Result<Option<ConsentId>, ApiError> {
    if let Some(given) = given {
        return Ok(Some(given.id));
    }
    Ok(if connections::is_covered(state, known).await? { known.consent_id } else { None })
}

fn consent(state: &AppState, app: &App, session: &Session) -> Result<Option<Consent>, ApiError> {
    let Some(given) = &session.data.consent else { return Ok(None) };
    Ok(Some(Consent {
        id: ConsentId::new(given.at, random::bytes()),
        app_id: app.id,
        session: session.row.id.clone(),
        connection: None,
        text_hash: TextHash::from_hex(&given.text_hash).map_err(ApiError::internal)?,
        language: given.language.clone(),
        scopes: given.scopes.clone(),
        given_at: given.at,
        expires_at: Consent::expiry(state.clock.now(), app.settings.consent_days),
        state: ConsentState::Given,
    }))
}

fn link_code(
    state: &AppState,
    app: &App,
    opening: &Opening,
    connection_id: &ConnectionId,
) -> Result<(Secret, LinkCode), ApiError> {
    let code = TokenKind::LinkCode.mint(random::bytes());
    let sealed = state.sealer.seal(Purpose::LinkCode, code.expose().as_bytes()).map_err(ApiError::internal)?;
    let new = NewLinkCode {
        hash: TokenHash::of(&code),
        sealed: Sealed::new(sealed),
        app_id: app.id,
        link_id: opening.entrance.link(),
        connection_id: connection_id.clone(),
        extra: opening.extra.clone(),
    };
    Ok((code, LinkCode::new(new, app.settings.link_code_lifetime, state.clock.now())))
}
