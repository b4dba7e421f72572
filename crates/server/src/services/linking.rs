//! Carrying out a decision: looking institutions up, calling connectors, making the connection.

use banklink_connectors::{
    BankReturn, Challenged, ConnectorKind, ConnectorState, Done, Entry, ReturnTo, SavedState, Start,
    Step as ConnectorStep,
};
use banklink_domain::{
    accounts::Account,
    app::{AccountSelection, App},
    connection::{Access, Connection, ConnectionState, IdentityHash, SharedAccounts},
    consent::{Consent, ConsentState, TextHash},
    ids::{ConsentId, new_connection_id},
    link_code::{LinkCode, NewLinkCode},
    sealed::Sealed,
    session::{
        AccountsStage, ChallengeStage, ConsentGiven, Decision, Entrance, Login, Opening, Response, SessionData, Stage,
        Visible,
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
    session::{CredentialsStep, Ending, FieldValue, Rejection, SessionOutcome},
};
use banklink_store::{ConnectionChange, Effects};

use crate::{
    directory::institution_ref,
    problem::ApiError,
    random,
    seal::Purpose,
    services::{connections, consent::SCOPES, sessions::Session},
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
        Decision::Choose(id) => Ok(Next::Stage(choose(state, opening, &id).await?)),
        Decision::Agreed { text_hash } => {
            let stage = first_stage(state, opening).await?;
            session.data.consent = Some(consent_given(state, opening, text_hash));
            Ok(Next::Stage(stage))
        }
        Decision::Start { form, credentials } => start(state, session, *form, credentials).await,
        Decision::Respond { stage, response } => respond(state, session, *stage, response).await,
        Decision::Reauthorise(step) => Ok(failed(step.institution, FailureCode::InternalError)),
        Decision::Link { institution, login, accounts } => Ok(link(institution, login, accounts)),
    }
}

/// What the person agrees to now.
pub fn consent_given(state: &AppState, opening: &Opening, text_hash: String) -> ConsentGiven {
    let scopes = SCOPES.map(str::to_owned).to_vec();
    ConsentGiven { text_hash, language: opening.language.clone(), scopes, at: state.clock.now() }
}

/// Where a person starts once nothing has to be agreed to: at the institution that was asked for, else at the list.
pub async fn first_stage(state: &AppState, opening: &Opening) -> Result<Stage, ApiError> {
    let Some(asked) = &opening.institution else { return Ok(Stage::LIST) };
    let directory = state.directory().await?;
    let found = directory.resolve(asked, opening.country.as_deref(), opening.visible);
    match found.map(|listed| listed.summary.id.clone()) {
        Some(id) => choose(state, opening, &id).await,
        None => Ok(Stage::Institutions { not_found: Some(asked.clone()) }),
    }
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
                return Ok(Next::Stage(Stage::Challenge(Box::new(stage))));
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
        ConnectorStep::Done(done) => accepted(state, session, institution, done).await,
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

/// Where a person who leaves goes, if the app wants them to.
pub const fn url_after_leaving(_data: &SessionData, _outcome: SessionOutcome) -> Option<String> {
    None
}

fn failed(institution: InstitutionSummary, code: FailureCode) -> Next {
    Next::Stage(Stage::Failed { institution: Some(institution), code })
}

/// The institution let the person in: choose accounts, or link at once.
async fn accepted(
    state: &AppState,
    session: &Session,
    institution: InstitutionSummary,
    done: Done,
) -> Result<Next, ApiError> {
    let key = state.sealer.identity_key();
    let identity = IdentityHash::of(&key, session.row.app_id, &institution.id, done.identity.expose()).to_string();
    let login = Login { saved: done.saved.as_bytes().to_vec(), identity };
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
        Ok(accounts) if accounts.is_empty() => Ok(failed(institution, FailureCode::DataError)),
        Ok(accounts) => {
            let accounts = accounts.iter().map(Account::summary).collect();
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
    let Linking { institution, accounts, login: _ } = linking;
    let app = state.store.apps().get(session.row.app_id).await?;
    let app = app.ok_or_else(|| ApiError::new(ProblemCode::SessionExpired, "Open a new session."))?;
    let consent = consent(state, &app, session)?;
    let change = connection(state, &app, session, linking, consent.as_ref()).await?;
    let (ConnectionChange::Insert(connection) | ConnectionChange::Update(connection)) = &change;
    let (code, link_code) = link_code(state, &app, &session.data.opening, &connection.id)?;
    let ending = Ending {
        url: redirect_url(&session.data.opening, institution, &connection.id, accounts, code.expose()),
        code,
        login_id: connection.id.clone(),
        institution: institution.clone(),
        accounts: accounts.clone(),
        tag: session.data.opening.tag.clone(),
    };
    let consent = consent.map(|consent| Consent { connection: Some(connection.id.clone()), ..consent });
    let effects = Effects { consent, link_code: Some(link_code), connection: Some(change) };
    Ok((Stage::Linked(Box::new(ending)), effects))
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
    let tag = opening.tag.as_deref().and_then(|tag| Tag::parse(tag).ok());
    let sealed_state = Sealed::new(state.sealer.seal(Purpose::Connection, &login.saved).map_err(ApiError::internal)?);
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
        return Ok(ConnectionChange::Update(Connection { consent_id, tag, ..renewed }));
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
        link_id: match opening.entrance {
            Entrance::Link(id) => Some(id),
            Entrance::AuthorizeToken => None,
        },
        connection_id: connection_id.clone(),
        extra: opening.extra.clone(),
    };
    Ok((code, LinkCode::new(new, app.settings.link_code_lifetime, state.clock.now())))
}

/// The redirect, whose parameters depend on how the session was opened (`widget.md`, section 5).
fn redirect_url(
    opening: &Opening,
    institution: &InstitutionSummary,
    connection: &ConnectionId,
    accounts: &[AccountId],
    code: &str,
) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    match opening.entrance {
        // No extra has a name of ours: they were read so.
        Entrance::Link(_) => {
            query.append_pair("code", code).extend_pairs(&opening.extra);
        }
        Entrance::AuthorizeToken => {
            // Pages exist that read the whole address as a query and so miss its first parameter (vendor-apis.md, 1.10).
            if opening.visible == Visible::Demo {
                query.append_pair("demo", "true");
            }
            query.append_pair("loginId", connection.as_str()).append_pair("institution", institution.id.as_str());
            if let Some(tag) = &opening.tag {
                query.append_pair("tag", tag);
            }
            if !accounts.is_empty() {
                query.append_pair("accountId", &AccountId::joined(accounts));
            }
        }
    }
    let separator = if opening.redirect_uri.contains('?') { '&' } else { '?' };
    format!("{}{separator}{}", opening.redirect_uri, query.finish())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use banklink_protocol::boot::BankPageMode;

    use super::*;

    fn opening(entrance: Entrance, visible: Visible) -> Opening {
        Opening {
            entrance,
            page: Secret::new("/v2/"),
            bank_page: BankPageMode::Popup,
            redirect_uri: "https://app.example/back?a=1".to_owned(),
            visible,
            institution: None,
            country: None,
            language: "en".to_owned(),
            account_selection: AccountSelection::None,
            tag: Some("t & t".to_owned()),
            external_id: None,
            extra: BTreeMap::from([("user".to_owned(), "ü=1".to_owned())]),
        }
    }

    fn url(opening: &Opening) -> String {
        let institution = InstitutionSummary {
            id: "FlinksCapital".into(),
            name: "Flinks Capital".to_owned(),
            country: "CA".to_owned(),
            detail: None,
            health: Health::Up,
        };
        redirect_url(opening, &institution, &"login-1".into(), &["a1".into(), "a2".into()], "bl_lc_1")
    }

    #[test]
    fn a_link_comes_back_with_its_code_and_the_extras() {
        let link = Entrance::Link(banklink_domain::ids::LinkId::from_uuid(uuid::Uuid::nil()));
        let expected = "https://app.example/back?a=1&code=bl_lc_1&user=%C3%BC%3D1";
        assert_eq!(url(&opening(link, Visible::Sandbox)), expected);
    }

    #[test]
    fn a_token_comes_back_with_the_login_id_and_demo_before_it() {
        let expected = "https://app.example/back?a=1&demo=true&loginId=login-1&institution=FlinksCapital&tag=t+%26+t&accountId=a1%2Ca2";
        assert_eq!(url(&opening(Entrance::AuthorizeToken, Visible::Demo)), expected);
        assert!(!url(&opening(Entrance::AuthorizeToken, Visible::Sandbox)).contains("demo"));
    }
}
