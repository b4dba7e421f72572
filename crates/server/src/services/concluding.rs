//! The end of a session that links: the connection, made or renewed, and the code that is worth it. Nothing is written
//! here: all of it goes into the database in one transaction with the session's end.

use banklink_domain::{
    app::App,
    connection::{Access, Connection, ConnectionState, IdentityHash, Reading, SharedAccounts},
    consent::{Consent, ConsentState, TextHash},
    ids::{ConsentId, new_connection_id},
    link_code::{LinkCode, NewLinkCode},
    reauthorisation::ReauthorisationPurpose,
    refresh::Refresh,
    sealed::Sealed,
    session::{Login, Opening, Reauthorisation, SessionPurpose},
    text::{ExternalId, Tag},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{ids::ConnectionId, problem::ProblemCode, secret::Secret, session::Ending};
use banklink_store::{ConnectionChange, Effects};

use crate::{
    problem::ApiError,
    random,
    seal::Purpose,
    services::{connections, endings, linking::Linking, opening::token_invalid, refreshing, sessions::Session},
    state::AppState,
};

/// How the session ends, and what is written with it: the connection, or the renewal of the one that this person has at the
/// institution, and the code that is worth it.
pub async fn conclude(state: &AppState, session: &Session, linking: &Linking) -> Result<(Ending, Effects), ApiError> {
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
    Ok((ending, effects))
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
    let access = access_after(state, &linking.login, access)?;
    let reading = known.reading.asked(opening.reading);
    let reading = match wanted.purpose {
        ReauthorisationPurpose::Transactions => reading.opened(),
        ReauthorisationPurpose::Access | ReauthorisationPurpose::Credentials => reading,
    };
    let tag = tag(opening).or_else(|| known.tag.clone());
    let consent_id = consent_of_renewed(state, &known, consent).await?;
    let renewed = known.reauthorise(access, state.clock.now()).map_err(ApiError::internal)?;
    let refresh = Refresh::after_login(reading.scheduled, state.clock.now(), refreshing::spread());
    Ok(ConnectionChange::Reauthorise(Connection { consent_id, tag, reading, refresh, ..renewed }, wanted.token))
}

/// The access of a connection after another login of its person. Its token and its accounts stay.
fn access_after(state: &AppState, login: &Login, access: Access) -> Result<Access, ApiError> {
    let sealed_state = sealed(state, Purpose::Connection, &login.saved)?;
    let sealed_username = sealed(state, Purpose::Username, login.username.expose().as_bytes())?;
    Ok(Access { sealed_state, sealed_username, ..access })
}

fn sealed(state: &AppState, purpose: Purpose, bytes: &[u8]) -> Result<Sealed, ApiError> {
    state.sealer.seal(purpose, bytes).map(Sealed::new).map_err(ApiError::internal)
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
    let shared = if accounts.is_empty() { SharedAccounts::All } else { SharedAccounts::Chosen(accounts.clone()) };
    let repository = state.store.connections();
    let known = repository.of_person(app.id, &institution.id, &identity, external_id.as_ref()).await;
    if let Some(known) = known?
        && let Some(access) = known.access().cloned()
    {
        let access = Access { accounts: shared, ..access_after(state, login, access)? };
        let tag = tag.or_else(|| known.tag.clone());
        let consent_id = consent_of_renewed(state, &known, consent).await?;
        let renewed = known.reauthorise(access, now).map_err(ApiError::internal)?;
        let reading = renewed.reading.asked(opening.reading);
        let refresh = Refresh::after_login(reading.scheduled, now, refreshing::spread());
        return Ok(ConnectionChange::Update(Connection { consent_id, tag, reading, refresh, ..renewed }));
    }
    let reading = Reading::default().asked(opening.reading);
    let token = TokenKind::ConnectionToken.mint(random::bytes());
    Ok(ConnectionChange::Insert(Connection {
        id: new_connection_id(random::bytes()),
        app_id: app.id,
        institution_id: institution.id.clone(),
        external_id,
        tag,
        identity,
        reading,
        refresh: Refresh::after_login(reading.scheduled, now, refreshing::spread()),
        consent_id: consent.map(|consent| consent.id),
        state: ConnectionState::Active(Access {
            token: TokenHash::of(&token),
            sealed_token: sealed(state, Purpose::ConnectionToken, token.expose().as_bytes())?,
            sealed_state: sealed(state, Purpose::Connection, &login.saved)?,
            sealed_username: sealed(state, Purpose::Username, login.username.expose().as_bytes())?,
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
        authorization: opening.entrance.authorization().cloned(),
    };
    Ok((code, LinkCode::new(new, app.settings.link_code_lifetime, state.clock.now())))
}
