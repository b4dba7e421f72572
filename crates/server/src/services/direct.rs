//! Authorising without the widget: an app's own server passes on what its person typed (seed 001, *Custom integrations*;
//! seed 002, *Direct API*). It is a session as any other, whose key is derived from the one-time token that opened it: the
//! same token is good for the further rounds of its own session, and for nothing else.

use std::collections::BTreeMap;

use banklink_domain::{
    app::App,
    authorize_token::{AuthorizeToken, AuthorizeTokenStanding},
    connection::Connection,
    reauthorisation::{ReauthorisationPurpose, ReauthorisationToken},
    session::Entrance,
    token::{TokenHash, TokenKind, session_key_of},
};
use banklink_protocol::{
    ids::SessionId,
    parameters::ParameterName,
    secret::Secret,
    session::{
        Autocomplete, CredentialsStep, Field, FieldValue, Intent, LeaveReason, Leaving, Opened, Step, Submission,
    },
};

use crate::{
    problem::ApiError,
    random,
    services::{
        opening::{self, Direct},
        sessions,
    },
    state::AppState,
};

/// A one-time token that an app's server shows, and whose it is.
#[derive(Clone, Debug)]
pub struct Permit {
    /// The app.
    pub app: App,
    /// What is known of the token.
    pub token: AuthorizeToken,
    /// The key of its session.
    key: Secret,
}

/// What a person typed.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// For the field that takes a user name.
    pub username: Secret,
    /// For the field that takes a password.
    pub password: Secret,
}

/// The permit of a token; none where it is unknown. Used and expired ones have one too: they are good for the session
/// that they opened.
pub async fn permit(state: &AppState, token: &Secret) -> Result<Option<Permit>, ApiError> {
    let Some(found) = state.store.authorize_tokens().find(&TokenHash::of(token)).await? else { return Ok(None) };
    let Some(app) = state.store.apps().get(found.app_id).await? else { return Ok(None) };
    Ok(Some(Permit { app, token: found, key: session_key_of(token) }))
}

/// A session that is open, and what comes next without its person.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The session.
    pub opened: Opened,
    next: Option<Intent>,
}

/// Opens the permit's session at an institution, to send it the credentials.
pub async fn begin_login(
    state: &AppState,
    permit: &Permit,
    institution: &str,
    credentials: &Credentials,
    mut parameters: BTreeMap<String, String>,
) -> Result<Begun, ApiError> {
    parameters.insert(spelling(ParameterName::Institution), institution.to_owned());
    let opened = open(state, permit, parameters, None).await?;
    let next = match &opened.state.step {
        Step::Credentials(form) => Some(Intent::SubmitCredentials(filled_in(form, credentials))),
        _ => None,
    };
    Ok(Begun { opened, next })
}

/// Opens the permit's session for a connection, to ask its institution anew with what the connection keeps.
pub async fn begin_renewal(
    state: &AppState,
    permit: &Permit,
    connection: &Connection,
    mut parameters: BTreeMap<String, String>,
) -> Result<Begun, ApiError> {
    let (purpose, now) = (ReauthorisationPurpose::Access, state.clock.now());
    if permit.token.standing(now) != AuthorizeTokenStanding::Usable {
        return Err(opening::token_invalid());
    }
    let hash = TokenHash::of(&TokenKind::Reauthorisation(purpose).mint(random::bytes()));
    let token = ReauthorisationToken::new(hash, permit.app.id, connection.id.clone(), purpose, now)
        .issued_to(permit.token.client_secret);
    state.store.reauthorisation_tokens().create(&token, None).await?;
    parameters.insert(spelling(ParameterName::Institution), connection.institution_id.to_string());
    let opened = open(state, permit, parameters, Some(hash)).await?;
    let next = matches!(opened.state.step, Step::Reauthorise(_)).then_some(Intent::Reauthorise);
    Ok(Begun { opened, next })
}

/// Does what comes next.
pub async fn carry_on(state: &AppState, permit: &Permit, begun: Begun) -> Result<Opened, ApiError> {
    let Begun { opened, next } = begun;
    match next {
        Some(intent) => go_on(state, permit, opened, intent).await,
        None => Ok(opened),
    }
}

/// Where the permit's session stands, once its connector was asked whether the person approved elsewhere.
pub async fn read(state: &AppState, permit: &Permit) -> Result<Opened, ApiError> {
    let session = sessions::look(state, &permit.key).await?;
    Ok(Opened { state: sessions::view(state, &session).await?, session: session.row.id })
}

/// Whether the permit's session is this one, over or not.
pub async fn is_of(state: &AppState, permit: &Permit, id: &SessionId) -> Result<bool, ApiError> {
    Ok(sessions::find(state, &permit.key).await?.is_some_and(|row| row.id == *id))
}

/// Whether a session still is where it was opened: what comes next is not done yet.
pub fn is_beginning(opened: &Opened) -> bool {
    match &opened.state.step {
        Step::Credentials(form) => form.rejected.is_none(),
        Step::Reauthorise(_) => true,
        _ => false,
    }
}

/// The language that the permit's session is in.
pub async fn language(state: &AppState, permit: &Permit) -> Result<String, ApiError> {
    Ok(sessions::live_session(state, &permit.key).await?.data.opening.language)
}

/// Does the next thing in the permit's session.
pub async fn go_on(state: &AppState, permit: &Permit, opened: Opened, intent: Intent) -> Result<Opened, ApiError> {
    let Opened { session, state: seen } = opened;
    let submission = Submission { number: seen.number, intent };
    let moved = sessions::submit(state, &permit.key, submission, None).await?;
    if matches!(moved.step, Step::Failed(_)) {
        // There is no screen on which the person could choose how to go on.
        let leaving = Leaving { reason: LeaveReason::Failed, searched: None };
        sessions::leave(state, &permit.key, &leaving).await?;
    }
    Ok(Opened { session, state: moved })
}

async fn open(
    state: &AppState,
    permit: &Permit,
    mut parameters: BTreeMap<String, String>,
    reauthorisation: Option<TokenHash>,
) -> Result<Opened, ApiError> {
    // Whoever shows no widget asks for consent, and for accounts, by themselves.
    for name in [ParameterName::ConsentEnable, ParameterName::AccountSelectorEnable] {
        parameters.insert(spelling(name), "false".to_owned());
    }
    let direct = Direct {
        app: permit.app.clone(),
        token: permit.token.clone(),
        parameters,
        reauthorisation,
        // There is no widget, and nowhere to go.
        address: Secret::new("/v2/"),
        entrance: Entrance::AuthorizeToken,
    };
    opening::open_directly(state, direct, &permit.key).await
}

/// As a parameter is spelt first.
pub fn spelling(name: ParameterName) -> String {
    name.parameter().spellings[0].to_owned()
}

fn filled_in(form: &CredentialsStep, credentials: &Credentials) -> Vec<FieldValue> {
    let value = |field: &Field| match field.autocomplete {
        Autocomplete::Username => Some(credentials.username.clone()),
        Autocomplete::CurrentPassword => Some(credentials.password.clone()),
        _ => None,
    };
    let filled =
        form.fields.iter().filter_map(|field| Some(FieldValue { field: field.id.clone(), value: value(field)? }));
    filled.collect()
}
