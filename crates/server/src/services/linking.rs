//! Carrying out a decision: looking institutions up and calling connectors. `concluding` makes the connection.

use banklink_connectors::{
    BankReturn, Challenged, ConnectorKind, ConnectorState, Done, Entry, Language, ReturnTo, SavedState, Start,
    Step as ConnectorStep,
};
use banklink_domain::{
    accounts::Account,
    app::AccountSelection,
    connection::IdentityHash,
    session::{
        AccountsStage, ChallengeStage, ConsentGiven, Decision, Login, Opening, Reauthorisation, Response, SessionData,
        SessionPurpose, Stage,
    },
    token::TokenKind,
};
use banklink_protocol::{
    challenge::{BankPage, Challenge},
    failures::FailureCode,
    ids::{AccountId, InstitutionId},
    institutions::{Health, InstitutionSummary},
    problem::ProblemCode,
    secret::Secret,
    session::{CredentialsStep, Ended, FieldValue, ReauthoriseStep, Rejection, SessionOutcome},
};

use crate::{
    directory::{Shown, institution_ref},
    problem::ApiError,
    random,
    services::{connections, consent::granted, endings, opening::token_invalid, sessions::Session},
    state::AppState,
};

/// What a decision led to.
#[derive(Debug)]
pub enum Next {
    /// The session stands here now.
    Stage(Stage),
    /// Nothing was done: it stands where it stood, and the same can be asked for again.
    Unchanged,
    /// The connection is to be made, and the session ends with it.
    Link(Box<Linking>),
}

/// What a connection will be made of.
#[derive(Clone, Debug)]
pub struct Linking {
    /// Where.
    pub institution: InstitutionSummary,
    /// From what.
    pub login: Login,
    /// Which accounts are shared; empty: all.
    pub accounts: Vec<AccountId>,
}

/// Notes what a decision says by itself: the consent, in the language that it was read in, and the language of what comes
/// next, which the host may have changed meanwhile.
pub fn note(state: &AppState, session: &mut Session, decision: &Decision, language: Option<String>) {
    let SessionData { opening, consent, .. } = &mut session.data;
    if let Decision::Agreed { text_hash } = decision {
        *consent = Some(consent_given(state, opening, text_hash.clone()));
    }
    if let Some(language) = language {
        opening.language = language;
    }
}

/// Carries a decision out. What fails at the institution becomes a stage; an error is our own.
pub async fn carry_out(state: &AppState, session: &mut Session, decision: Decision) -> Result<Next, ApiError> {
    let opening = &session.data.opening;
    match decision {
        Decision::Go(stage) => Ok(Next::Stage(stage)),
        Decision::Begin | Decision::Agreed { .. } => Ok(Next::Stage(first_stage(state, opening).await?)),
        Decision::Choose(id) => Ok(Next::Stage(choose(state, opening, &id).await?)),
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
    let found = directory.resolve(asked, opening.country.as_deref(), Shown::to(opening));
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
    let institution = step.institution;
    let Some(kind) = connector(state, &institution).await? else {
        return Ok(failed(institution, FailureCode::RetryLater));
    };
    let entry = choose(state, &session.data.opening, &institution.id).await?;
    // What is saved and can't be opened any more is replaced by what the person types.
    let Ok(saved) = connections::open_saved(state, access) else { return Ok(Next::Stage(entry)) };
    let rejected = |rejection: Rejection| match entry {
        Stage::Credentials(form) => {
            Stage::Credentials(Box::new(CredentialsStep { rejected: Some(rejection), ..*form }))
        }
        elsewhere => elsewhere,
    };
    let step = state.connectors.refresh(kind, saved, language(state, session), state.clock.now()).await;
    follow(state, session, institution, step, rejected).await
}

/// An institution, and how a person gets in there.
pub async fn choose(state: &AppState, opening: &Opening, id: &InstitutionId) -> Result<Stage, ApiError> {
    let directory = state.directory().await?;
    // A connection can be renewed though its institution is not shown to new people any more.
    let shown = match opening.purpose {
        SessionPurpose::Reauthorise(_) => Shown::all(opening.visible),
        SessionPurpose::Connect => Shown::to(opening),
    };
    let Some(listed) = directory.shown(id, shown) else {
        return Ok(Stage::Institutions { not_found: Some(id.as_str().to_owned()) });
    };
    let institution = listed.summary.clone();
    if institution.health == Health::Soon {
        return Ok(Stage::LIST);
    }
    let language = state.locales.language(&opening.language);
    Ok(match directory.entry(&state.connectors, id, &language) {
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
        language: language(state, session),
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
    let (language, now) = (language(state, session), state.clock.now());
    let step = state.connectors.returned(kind, connector_state, returned, language, now).await;
    answered(state, session, *stage, step).await
}

fn over() -> ApiError {
    ApiError::new(ProblemCode::Conflict, "The session is at another step.")
}

/// What the person reads.
fn language(state: &AppState, session: &Session) -> Language {
    state.locales.language(&session.data.opening.language)
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
        language: language(state, session),
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
    let (connectors, language) = (&state.connectors, language(state, session));
    let step = match response {
        // Whether an answer comes too late, and what then, is for the connector to say: it may bring a new code.
        Response::Answer(answer) => connectors.answer(kind, connector_state, answer, language, now).await,
        Response::Switch => connectors.switch(kind, connector_state, language, now).await,
        Response::Resend => {
            // Before its time it changes nothing.
            if stage.resend_at.is_none_or(|at| at > now) {
                return Ok(Next::Unchanged);
            }
            let step = connectors.resend(kind, connector_state, language, now).await;
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
        return Ok(Next::Unchanged);
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
pub async fn poll(state: &AppState, session: &Session, stage: &ChallengeStage) -> Result<ConnectorStep, ApiError> {
    let Some(kind) = connector(state, &stage.institution).await? else {
        return Ok(ConnectorStep::Failed(FailureCode::RetryLater));
    };
    let connector_state = ConnectorState::from_bytes(stage.connector_state.clone());
    Ok(state.connectors.poll(kind, connector_state, language(state, session), state.clock.now()).await)
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

/// The stage that counts: a failure that the app wants to hear of, or wrong credentials once too often, end the session
/// instead of being shown.
pub fn settle(data: &mut SessionData, stage: Stage) -> Stage {
    let Some(mut code) = stage.failure() else { return stage };
    // What was saved is rejected, and the person has not typed anything yet.
    if matches!((&data.stage, &stage), (Stage::Reauthorise(_), Stage::Credentials(_))) {
        return stage;
    }
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
    let saved = done.saved.as_bytes().to_vec();
    let login = Login { saved, identity: identity.to_string(), username: done.username };
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
