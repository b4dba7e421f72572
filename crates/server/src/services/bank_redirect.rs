//! Sending people straight to their bank's own page and back to the app, without the widget (seed 001, *Call the
//! /OAuth/Authorize endpoint*).

use std::collections::BTreeMap;

use banklink_domain::{
    app::App,
    authorize_token::AuthorizeToken,
    ids::ClientId,
    session::Entrance,
    token::{TokenHash, mint_uuid, session_key_of},
};
use banklink_protocol::{
    challenge::Challenge,
    parameters::ParameterName,
    problem::ProblemCode,
    secret::Secret,
    session::{Ended, Opened, Step},
};

use crate::{
    problem::ApiError,
    random,
    services::{
        direct::spelling,
        endings::with_oauth_error,
        opening::{self, Direct},
        sessions,
    },
    state::AppState,
};

/// What the app's page asks for.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    /// Where the person comes back to: one of an app's own, which says which app it is.
    pub redirect_uri: &'a str,
    /// Which app, where several have the same address.
    pub client: Option<ClientId>,
    /// Which bank.
    pub institution: &'a str,
    /// Comes back with the person.
    pub state: Option<&'a str>,
    /// A one-time token, which apps need that force them.
    pub token: Option<&'a str>,
}

/// Where the person's browser goes: to the bank, or back to the app with what is wrong. An error is for whoever reads it
/// in the browser: there is no app to go back to.
pub async fn begin(state: &AppState, asked: &Asked<'_>) -> Result<String, ApiError> {
    let app = app(state, asked).await?;
    state.limits.app(app.id)?;
    let back = |error, description: &str| with_oauth_error(asked.redirect_uri, asked.state, error, description);
    let Some((token, record)) = token(state, &app, asked).await? else {
        return Ok(back("unauthorized_client", "An authorize token is wanted that was not used yet"));
    };
    match open(state, app, asked, &token, record).await {
        Ok(opened) => Ok(match opened.state.step {
            Step::Challenge(step) => match step.challenge {
                Challenge::BankPage(page) => page.url,
                _ => back("server_error", "The institution asks for something else"),
            },
            // They were there already.
            Step::Linked(ending) => ending.url,
            Step::Ended(Ended { url: Some(url), .. }) => url,
            _ => back("invalid_request", "The institution has no page of its own, or is not known"),
        }),
        Err(error) if matches!(error.code(), ProblemCode::TokenInvalid | ProblemCode::SessionExpired) => {
            Ok(back("unauthorized_client", "An authorize token is wanted that was not used yet"))
        }
        Err(error) => Err(error),
    }
}

/// The app that this address is of.
async fn app(state: &AppState, asked: &Asked<'_>) -> Result<App, ApiError> {
    let invalid = |detail| Err(ApiError::invalid("redirect_uri", detail));
    let mut apps = state.store.apps().by_redirect_uri(asked.redirect_uri).await?;
    if let Some(client) = asked.client {
        apps.retain(|app| app.client_id == client);
    }
    if apps.len() > 1
        && let Some(token) = asked.token
        && let Some(token) = state.store.authorize_tokens().find(&TokenHash::of_text(token)).await?
    {
        apps.retain(|app| app.id == token.app_id);
    }
    match apps.len() {
        0 => invalid("The address is not one of an app's redirect URIs: register it first, to the letter."),
        1 => Ok(apps.swap_remove(0)),
        _ => invalid("Several apps have this address: say which, as `customerId`."),
    }
}

/// The token that opens the session: the one that was sent, else one of our own where the app needs none.
async fn token(state: &AppState, app: &App, asked: &Asked<'_>) -> Result<Option<(Secret, AuthorizeToken)>, ApiError> {
    if let Some(token) = asked.token {
        let found = state.store.authorize_tokens().find(&TokenHash::of_text(token)).await?;
        return Ok(found.filter(|found| found.app_id == app.id).map(|found| (Secret::new(token), found)));
    }
    if app.settings.force_authorize_token {
        return Ok(None);
    }
    let token = mint_uuid(random::bytes());
    let record = AuthorizeToken::new(TokenHash::of(&token), app.id, BTreeMap::new(), state.clock.now());
    state.store.authorize_tokens().create(&record, None).await?;
    Ok(Some((token, record)))
}

/// Where somebody stands who comes with the same token for the same again, as by a reload.
async fn again(state: &AppState, asked: &Asked<'_>, token: &Secret) -> Result<Option<Opened>, ApiError> {
    let Some(row) = sessions::find(state, &session_key_of(token)).await? else { return Ok(None) };
    let session = sessions::used(state, row).await?;
    let opening = &session.data.opening;
    let is_same = opening.entrance == entrance(asked)
        && opening.redirect_uri == asked.redirect_uri
        && opening.institution.as_deref() == Some(asked.institution);
    if !is_same {
        return Ok(None);
    }
    Ok(Some(Opened { state: sessions::view(state, &session).await?, session: session.row.id }))
}

fn entrance(asked: &Asked<'_>) -> Entrance {
    Entrance::BankRedirect { state: asked.state.map(ToOwned::to_owned) }
}

async fn open(
    state: &AppState,
    app: App,
    asked: &Asked<'_>,
    token: &Secret,
    record: AuthorizeToken,
) -> Result<Opened, ApiError> {
    if let Some(opened) = again(state, asked, token).await? {
        return Ok(opened);
    }
    let parameters = BTreeMap::from([
        (spelling(ParameterName::RedirectUrl), asked.redirect_uri.to_owned()),
        (spelling(ParameterName::Institution), asked.institution.to_owned()),
        (spelling(ParameterName::OauthWindowRedirect), "true".to_owned()),
        // The app's own page asks for them.
        (spelling(ParameterName::ConsentEnable), "false".to_owned()),
        (spelling(ParameterName::AccountSelectorEnable), "false".to_owned()),
    ]);
    let direct = Direct {
        app,
        token: record,
        address: address(token, &parameters),
        parameters,
        reauthorisation: None,
        entrance: entrance(asked),
    };
    opening::open_directly(state, direct, &session_key_of(token)).await
}

/// Where the widget goes on, should the bank ask for what only it can show.
fn address(token: &Secret, parameters: &BTreeMap<String, String>) -> Secret {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    Secret::new(format!(
        "/v2/?{}",
        query.append_pair("authorizeToken", token.expose()).extend_pairs(parameters).finish()
    ))
}
