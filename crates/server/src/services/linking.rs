//! Carrying out a decision: looking institutions up, calling connectors, making the connection.

use banklink_connectors::{Challenged, ConnectorState, Done, SavedState, Start, Step};
use banklink_domain::{
    accounts::Account,
    app::{AccountSelection, App},
    connection::{Access, Connection, ConnectionState, IdentityHash, SharedAccounts},
    consent::{Consent, ConsentState, TextHash},
    ids::{ConsentId, new_connection_id},
    link_code::{LinkCode, NewLinkCode},
    sealed::Sealed,
    session::{AccountsStage, ChallengeStage, ConsentGiven, Decision, Entrance, Login, Opening, Stage, Visible},
    text::{ExternalId, Tag},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{
    failures::FailureCode,
    ids::{AccountId, ConnectionId, InstitutionId},
    institutions::InstitutionSummary,
    problem::ProblemCode,
    secret::Secret,
    session::{Answer, CredentialsStep, Ending, FieldValue, Rejection},
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
        Decision::End(outcome) => Ok(Next::Stage(Stage::Ended(outcome))),
        Decision::Choose(id) => Ok(Next::Stage(choose(state, opening, &id).await?)),
        Decision::Agreed { text_hash } => {
            let stage = first_stage(state, opening).await?;
            let language = opening.language.clone();
            let scopes = SCOPES.map(str::to_owned).to_vec();
            session.data.consent = Some(ConsentGiven { text_hash, language, scopes, at: state.clock.now() });
            Ok(Next::Stage(stage))
        }
        Decision::Start { form, credentials } => start(state, session, *form, credentials).await,
        Decision::Answer { stage, answer } => respond(state, session, *stage, answer).await,
        Decision::Link { institution, login, accounts } => Ok(link(institution, login, accounts)),
    }
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

async fn choose(state: &AppState, opening: &Opening, id: &InstitutionId) -> Result<Stage, ApiError> {
    let directory = state.directory().await?;
    let Some(listed) = directory.visible(id, opening.visible) else {
        return Ok(Stage::Institutions { not_found: Some(id.as_str().to_owned()) });
    };
    let institution = listed.summary.clone();
    let locale = state.locales.best([opening.language.as_str()]);
    Ok(match directory.form(&state.connectors, id, locale) {
        Some(form) => Stage::Credentials(Box::new(CredentialsStep {
            institution,
            fields: form.fields,
            forgotten_password_url: form.forgotten_password_url,
            rejected: None,
        })),
        None => Stage::Failed { institution: Some(institution), code: FailureCode::InternalError },
    })
}

async fn start(
    state: &AppState,
    session: &Session,
    form: CredentialsStep,
    credentials: Vec<FieldValue>,
) -> Result<Next, ApiError> {
    let start = Start {
        institution: institution_ref(&form.institution),
        credentials,
        language: session.data.opening.language.clone(),
        now: state.clock.now(),
    };
    let Some(kind) = state.directory().await?.get(&form.institution.id).map(|listed| listed.connector) else {
        return Ok(failed(form.institution, FailureCode::RetryLater));
    };
    let step = state.connectors.start(kind, start).await;
    let institution = form.institution.clone();
    let rejected = |rejection| Stage::Credentials(Box::new(CredentialsStep { rejected: Some(rejection), ..form }));
    follow(state, session, institution, step, rejected).await
}

async fn respond(state: &AppState, session: &Session, stage: ChallengeStage, answer: Answer) -> Result<Next, ApiError> {
    let Some(kind) = state.directory().await?.get(&stage.institution.id).map(|listed| listed.connector) else {
        return Ok(failed(stage.institution, FailureCode::RetryLater));
    };
    let connector_state = ConnectorState::from_bytes(stage.connector_state.clone());
    // Whether an answer comes too late, and what then, is for the connector to say: it may bring a new code.
    let step = state.connectors.answer(kind, connector_state, answer, state.clock.now()).await;
    let institution = stage.institution.clone();
    // An answer is rejected by showing the challenge again; credentials found wrong only now have no form to go back to.
    let rejected = |rejection: Rejection| Stage::Failed { institution: Some(stage.institution), code: rejection.code };
    follow(state, session, institution, step, rejected).await
}

/// The stage that a connector's step leads to.
async fn follow(
    state: &AppState,
    session: &Session,
    institution: InstitutionSummary,
    step: Step,
    rejected: impl FnOnce(Rejection) -> Stage,
) -> Result<Next, ApiError> {
    match step {
        Step::Challenge(Challenged { challenge, attempts_left, expires_at, rejected, state: connector_state }) => {
            Ok(Next::Stage(Stage::Challenge(Box::new(ChallengeStage {
                institution,
                challenge,
                attempts_left,
                expires_at,
                rejected,
                connector_state: connector_state.as_bytes().to_vec(),
            }))))
        }
        Step::Rejected(rejection) => Ok(Next::Stage(rejected(rejection))),
        Step::Failed(code) => Ok(failed(institution, code)),
        Step::Done(done) => accepted(state, session, institution, done).await,
    }
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
    let Some(kind) = state.directory().await?.get(&institution.id).map(|listed| listed.connector) else {
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

    use banklink_protocol::institutions::Health;

    use super::*;

    fn opening(entrance: Entrance, visible: Visible) -> Opening {
        Opening {
            entrance,
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
