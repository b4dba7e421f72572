//! Data recipients: what they ask of people by OAuth 2.0, and the tokens that they get for it (seed 004; RFC 6749, RFC
//! 7009, RFC 7636).

use std::collections::BTreeMap;

use banklink_domain::{
    access_token::{AccessToken, Audience, Grant},
    app::App,
    authorization::{Authorization, CodeChallenge, DataScopes},
    authorize_token::AuthorizeToken,
    connection::Connection,
    consent::Scope,
    ids::ClientSecretId,
    link_code::{LinkCode, LinkCodeState},
    refresh_token::RefreshToken,
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{ids::InstitutionId, parameters::ParameterName, problem::ProblemCode, secret::Secret};
use banklink_store::StoreError;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    jwt,
    problem::ApiError,
    random,
    services::{access_tokens, connections, direct::spelling},
    state::AppState,
};

/// What OAuth calls a refusal (RFC 6749, 4.1.2.1 and 5.2; RFC 7009, 2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthError {
    /// Something is missing, twice there, or of no use.
    InvalidRequest,
    /// Who calls is not who they say.
    InvalidClient,
    /// What is shown for a token is worth none.
    InvalidGrant,
    /// A scope is unknown, missing, or more than was agreed to.
    InvalidScope,
    /// The app does not let people come like this.
    UnauthorizedClient,
    /// There is no such way to a token.
    UnsupportedGrantType,
    /// There is no such way to a code.
    UnsupportedResponseType,
    /// There is no such kind of token to revoke.
    UnsupportedTokenType,
}

impl OAuthError {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::UnsupportedTokenType => "unsupported_token_type",
        }
    }
}

/// Why a data recipient gets nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// In OAuth's words, and in ours.
    #[error("{1}")]
    OAuth(OAuthError, &'static str),
    /// What may happen to every caller.
    #[error(transparent)]
    Api(#[from] ApiError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Api(error.into())
    }
}

/// A data recipient that showed its client secret.
#[derive(Clone, Debug)]
pub struct Client {
    /// Which app it is.
    pub app: App,
    secret: ClientSecretId,
}

/// The client of this id and secret.
pub async fn client(state: &AppState, id: &str, secret: &Secret) -> Result<Client, Refused> {
    let wrong = Refused::OAuth(OAuthError::InvalidClient, "The client id or the client secret is wrong.");
    let Ok(id) = id.parse() else { return Err(wrong) };
    match access_tokens::app_of(state, id, secret).await {
        Ok((app, secret)) => Ok(Client { app, secret }),
        Err(error) if error.code() == ProblemCode::Unauthorized => Err(wrong),
        Err(error) => Err(error.into()),
    }
}

/// Where the browser of a person goes whom a data recipient sends: to the widget, where they agree and log in.
pub async fn begin(
    state: &AppState,
    app: &App,
    authorization: Authorization,
    institution: Option<&InstitutionId>,
) -> Result<String, Refused> {
    if app.settings.force_authorize_token {
        let description = "The app wants one-time tokens, which come from its server alone";
        return Err(Refused::OAuth(OAuthError::UnauthorizedClient, description));
    }
    let features: Vec<&str> = authorization.scopes.consent().into_iter().map(Scope::as_str).collect();
    let mut parameters = BTreeMap::from([
        (spelling(ParameterName::RedirectUrl), authorization.redirect_uri.clone()),
        (spelling(ParameterName::ConsentEnable), "true".to_owned()),
        (spelling(ParameterName::Features), features.join(",")),
    ]);
    if let Some(institution) = institution {
        parameters.insert(spelling(ParameterName::Institution), institution.to_string());
    }
    let token = TokenKind::AuthorizeToken.mint(random::bytes());
    let record = AuthorizeToken::new(TokenHash::of(&token), app.id, parameters, state.clock.now())
        .with_authorization(authorization);
    state.store.authorize_tokens().create(&record, None).await?;
    let mut url = state.public_url.clone();
    url.set_path("/v2/");
    url.query_pairs_mut().append_pair(&spelling(ParameterName::AuthorizeToken), token.expose());
    Ok(url.into())
}

/// What a data recipient gets.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// What it shows with each request.
    pub access: Secret,
    /// What it gets the next one for, where it has not got it before.
    pub refresh: Option<Secret>,
    /// Its own name for the person's authorization.
    pub correlation_id: Option<String>,
}

/// An access token for what concerns the data recipient itself.
pub async fn for_itself(state: &AppState, client: &Client) -> Result<Tokens, Refused> {
    let (access, record) = access_token(state, client, Grant::Recipient, None)?;
    state.store.access_tokens().create(&record).await?;
    Ok(Tokens { access, refresh: None, correlation_id: None })
}

/// Tokens for the code that a person came back with, once. A code that is shown again ends what was got for it before:
/// somebody else has it too (RFC 6749, 4.1.2).
pub async fn for_code(
    state: &AppState,
    client: &Client,
    code: &Secret,
    redirect_uri: &str,
    verifier: Option<&Secret>,
) -> Result<Tokens, Refused> {
    let invalid =
        Refused::OAuth(OAuthError::InvalidGrant, "The code is unknown, used or expired, or not this client's.");
    let (now, hash) = (state.clock.now(), TokenHash::of(code));
    let known = state.store.link_codes().find(&hash).await?.filter(|known| known.app_id == client.app.id);
    let Some(LinkCode { authorization: Some(asked), connection_id, state: standing, .. }) = known else {
        return Err(invalid);
    };
    if matches!(standing, LinkCodeState::Used { .. }) {
        state.store.refresh_tokens().end_of_code(&hash).await?;
        return Err(invalid);
    }
    if asked.redirect_uri != redirect_uri {
        let description = "Send the redirect_uri that the person was sent with, to the letter.";
        return Err(Refused::OAuth(OAuthError::InvalidGrant, description));
    }
    check_verifier(asked.code_challenge.as_ref(), verifier)?;
    let Some(connection) = connections::live(state, client.app.id, &connection_id).await? else { return Err(invalid) };
    let refresh = TokenKind::RefreshToken.mint(random::bytes());
    let record = RefreshToken {
        hash: TokenHash::of(&refresh),
        app_id: client.app.id,
        connection_id,
        code: hash,
        scopes: asked.scopes,
        correlation_id: asked.correlation_id,
        created_at: now,
        expires_at: RefreshToken::expiry(now),
    };
    let grant = Grant::Person { refresh_token: record.hash, scopes: record.scopes.clone() };
    let (access, access_record) = access_token(state, client, grant, Some(&connection))?;
    if state.store.refresh_tokens().create_for_code(&record, &access_record, now).await? {
        return Ok(Tokens { access, refresh: Some(refresh), correlation_id: record.correlation_id });
    }
    state.store.refresh_tokens().end_of_code(&hash).await?;
    Err(invalid)
}

/// Another access token for a refresh token, which stays as it is. With `scopes`, it is good for those alone.
pub async fn for_refresh_token(
    state: &AppState,
    client: &Client,
    token: &Secret,
    scopes: Option<DataScopes>,
) -> Result<Tokens, Refused> {
    let invalid = Refused::OAuth(
        OAuthError::InvalidGrant,
        "The refresh token is unknown, revoked, not used for 30 days, or not this client's.",
    );
    let (now, hash) = (state.clock.now(), TokenHash::of(token));
    let known = state.store.refresh_tokens().find(&hash, now).await?;
    let Some(known) = known.filter(|known| known.app_id == client.app.id) else { return Err(invalid) };
    let Some(connection) = connections::live(state, client.app.id, &known.connection_id).await? else {
        return Err(invalid);
    };
    if !connections::is_covered(state, &connection).await? {
        return Err(Refused::OAuth(OAuthError::InvalidGrant, "The person's consent is over: send them once more."));
    }
    let scopes = scopes.unwrap_or_else(|| known.scopes.clone());
    if !scopes.are_among(&known.scopes) {
        return Err(Refused::OAuth(OAuthError::InvalidScope, "The person did not agree to all of these scopes."));
    }
    let (access, record) =
        access_token(state, client, Grant::Person { refresh_token: hash, scopes }, Some(&connection))?;
    if state.store.refresh_tokens().use_for(&hash, &record, now).await? {
        Ok(Tokens { access, refresh: None, correlation_id: known.correlation_id })
    } else {
        Err(invalid)
    }
}

/// Ends one of a data recipient's tokens, an access token alone or all that a refresh token stands for. One that is not
/// there is no error (RFC 7009, 2.2).
pub async fn revoke(state: &AppState, client: &Client, token: &Secret) -> Result<(), Refused> {
    let (now, hash) = (state.clock.now(), TokenHash::of(token));
    let refresh = state.store.refresh_tokens().find(&hash, now).await?;
    if refresh.is_some_and(|refresh| refresh.app_id == client.app.id) {
        state.store.refresh_tokens().end(&hash).await?;
    }
    let access = state.store.access_tokens().find(&hash, Audience::OpenBanking, now).await?;
    if access.is_some_and(|access| access.app_id == client.app.id) {
        state.store.access_tokens().end(&hash).await?;
    }
    Ok(())
}

/// Who reads a person's data.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Whose data.
    pub connection: Connection,
    /// How much of it.
    pub scopes: DataScopes,
    /// The data recipient's own name for it.
    pub correlation_id: Option<String>,
}

/// The reader who shows this access token.
pub async fn reader(state: &AppState, token: &Secret) -> Result<Reader, ApiError> {
    let (app, token) = access_tokens::bearer(state, token, Audience::OpenBanking).await?;
    let Grant::Person { refresh_token, scopes } = token.grant else {
        let detail = "The access token is for the data recipient itself: get one for a person's code.";
        return Err(ApiError::new(ProblemCode::Unauthorized, detail));
    };
    let over = || ApiError::new(ProblemCode::Unauthorized, "The person's authorization is over: send them once more.");
    let leave = state.store.refresh_tokens().find(&refresh_token, state.clock.now()).await?.ok_or_else(over)?;
    let connection = connections::live(state, app.id, &leave.connection_id).await?.ok_or_else(over)?;
    Ok(Reader { connection, scopes, correlation_id: leave.correlation_id })
}

/// The data recipient that shows an access token of its own.
pub async fn recipient(state: &AppState, token: &Secret) -> Result<App, ApiError> {
    let (app, token) = access_tokens::bearer(state, token, Audience::OpenBanking).await?;
    match token.grant {
        Grant::Recipient => Ok(app),
        _ => Err(ApiError::new(ProblemCode::Unauthorized, "Get an access token by `client_credentials` for this.")),
    }
}

/// Ends all that its data recipient was given leave to read of a connection.
pub async fn revoke_connection(state: &AppState, reader: &Reader) -> Result<(), ApiError> {
    Ok(state.store.refresh_tokens().end_of_connection(&reader.connection.id).await?)
}

fn access_token(
    state: &AppState,
    client: &Client,
    grant: Grant,
    about: Option<&Connection>,
) -> Result<(Secret, AccessToken), ApiError> {
    let now = state.clock.now();
    let claims = jwt::Claims::new("open_banking", client.app.client_id, now, Audience::OpenBanking.lifetime());
    let claims = match about {
        Some(connection) => claims.about(connection.id.as_str()),
        None => claims,
    };
    let token = jwt::mint(&state.sealer, &claims)?;
    let record = AccessToken::new(TokenHash::of(&token), client.app.id, client.secret, grant, now);
    Ok((token, record))
}

/// Whether the code is shown by whom the person was sent by (RFC 7636, 4.6). A verifier for a code without a challenge is
/// refused too: somebody took the challenge out on the way (RFC 9700, 4.8.2).
fn check_verifier(challenge: Option<&CodeChallenge>, verifier: Option<&Secret>) -> Result<(), Refused> {
    let digest = verifier.map(|verifier| BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose())));
    if digest.as_deref() == challenge.map(CodeChallenge::as_str) {
        Ok(())
    } else {
        Err(Refused::OAuth(OAuthError::InvalidGrant, "The code_verifier does not match the code_challenge."))
    }
}
