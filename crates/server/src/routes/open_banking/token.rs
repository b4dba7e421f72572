//! `POST /api/v1/token`, `POST /api/v1/revoke` (RFC 7009), and `DELETE /api/v1/revoke`, which is the vendor's own.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use banklink_domain::{
    access_token::Audience,
    authorization::{DataScopes, InvalidScopes},
};
use banklink_protocol::secret::Secret;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Serialize;
use serde_json::Value;

use super::{error::OAuthProblem, reader::CORRELATION};
use crate::{
    routes::headers::bearer,
    services::data_recipients::{self, Client, OAuthError, Refused, Tokens},
    state::AppState,
    wire::{from_json, private_json},
};

/// What is sent: as a form (RFC 6749, 4), or as JSON, which clients of other APIs are used to.
struct Form(Vec<(String, Secret)>);

impl Form {
    fn read(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Self, OAuthProblem> {
        let body = body.map_err(|_| OAuthProblem::invalid("The body is too large, or broke off."))?;
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let form = if kind.starts_with("application/json") { Self::of_json(&body)? } else { Self::of_form(&body) };
        let mut names: Vec<&str> = form.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(OAuthProblem::invalid("A parameter is there twice."));
        }
        Ok(form)
    }

    fn of_form(body: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(body);
        Self(pairs.map(|(name, value)| (name.into_owned(), Secret::new(value))).collect())
    }

    fn of_json(body: &[u8]) -> Result<Self, OAuthProblem> {
        let fields: serde_json::Map<String, Value> = from_json(body)?;
        let read = |(name, value)| match value {
            Value::String(text) => Ok((name, Secret::new(text))),
            _ => Err(OAuthProblem::invalid("Send texts.")),
        };
        fields.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// What has nothing in it counts as missing (RFC 6749, 3.2).
    fn get(&self, name: &str) -> Option<&Secret> {
        self.0.iter().find(|(sent, value)| sent == name && !value.expose().is_empty()).map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).map(Secret::expose)
    }

    fn required(&self, name: &'static str) -> Result<&Secret, OAuthProblem> {
        self.get(name).ok_or_else(|| OAuthProblem::invalid(&format!("Send {name}.")))
    }

    /// Who sends it, in the header or in the form, not in both (RFC 6749, 2.3.1).
    async fn client(&self, state: &AppState, headers: &HeaderMap) -> Result<Client, OAuthProblem> {
        let Some(authorization) = headers.get(header::AUTHORIZATION) else {
            let (id, secret) = (self.required("client_id")?, self.required("client_secret")?);
            return Ok(data_recipients::client(state, id.expose(), secret).await?);
        };
        if self.get("client_secret").is_some() {
            return Err(OAuthProblem::invalid("Send the client secret in the header or in the body, not in both."));
        }
        let Some((id, secret)) = authorization.to_str().ok().and_then(basic) else {
            let unreadable = Refused::OAuth(OAuthError::InvalidClient, "Send `Authorization: Basic …`.");
            return Err(OAuthProblem::from(unreadable).in_header());
        };
        if self.text("client_id").is_some_and(|other| other != id) {
            return Err(OAuthProblem::invalid("The client_id is another than the header's."));
        }
        data_recipients::client(state, &id, &secret).await.map_err(|refused| OAuthProblem::from(refused).in_header())
    }
}

/// Name and password of the header, both encoded as in a form (RFC 6749, 2.3.1).
fn basic(authorization: &str) -> Option<(String, Secret)> {
    let (scheme, credentials) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned);
    Some((plain(id)?, Secret::new(plain(secret)?)))
}

#[derive(Serialize)]
struct TokenReply {
    access_token: Secret,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Secret>,
}

/// A token, for what the client shows.
pub(super) async fn token(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OAuthProblem> {
    let form = Form::read(&headers, body)?;
    let grant_type = form.required("grant_type")?;
    let client = form.client(&state, &headers).await?;
    let tokens = match grant_type.expose() {
        "client_credentials" => match form.text("scope") {
            None | Some("client:admin") => data_recipients::for_itself(&state, &client).await?,
            Some(_) => Err(Refused::OAuth(OAuthError::InvalidScope, "Send `client:admin`, or no scope."))?,
        },
        "authorization_code" => {
            let (code, redirect_uri) = (form.required("code")?, form.required("redirect_uri")?);
            let verifier = form.get("code_verifier");
            data_recipients::for_code(&state, &client, code, redirect_uri.expose(), verifier).await?
        }
        "refresh_token" => {
            let token = form.required("refresh_token")?;
            let scopes = form.text("scope").map(DataScopes::parse).transpose().map_err(invalid_scopes)?;
            data_recipients::for_refresh_token(&state, &client, token, scopes).await?
        }
        _ => Err(Refused::OAuth(
            OAuthError::UnsupportedGrantType,
            "Send client_credentials, authorization_code or refresh_token as grant_type.",
        ))?,
    };
    Ok(reply(tokens))
}

/// Why the scopes that were sent are none.
pub(super) const fn invalid_scopes(error: InvalidScopes) -> Refused {
    let description = match error {
        InvalidScopes::Unknown => "A scope is not known",
        InvalidScopes::NotBasic => "ACCOUNT_BASIC has to be among the scopes",
    };
    Refused::OAuth(OAuthError::InvalidScope, description)
}

fn reply(tokens: Tokens) -> Response {
    let mut response = private_json(TokenReply {
        access_token: tokens.access,
        token_type: "Bearer",
        expires_in: Audience::OpenBanking.lifetime().as_secs(),
        refresh_token: tokens.refresh,
    });
    // Beside the newer header, as RFC 6749, 5.1, wants it.
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    let id = tokens.correlation_id.and_then(|id| id.parse().ok());
    if let Some(id) = id {
        response.headers_mut().insert(CORRELATION, id);
    }
    response
}

/// The kinds of token that a caller may say it has.
const HINTS: [&str; 2] = ["access_token", "refresh_token"];

/// One token.
pub(super) async fn revoke(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OAuthProblem> {
    let form = Form::read(&headers, body)?;
    let client = form.client(&state, &headers).await?;
    if form.text("token_type_hint").is_some_and(|hint| !HINTS.contains(&hint)) {
        let description = "Send access_token or refresh_token as token_type_hint, or leave it out.";
        return Err(Refused::OAuth(OAuthError::UnsupportedTokenType, description).into());
    }
    data_recipients::revoke(&state, &client, form.required("token")?).await?;
    Ok(StatusCode::OK.into_response())
}

/// All that was given leave to be read of the connection whose access token is shown.
pub(super) async fn revoke_connection(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, OAuthProblem> {
    let token = bearer(&headers).ok_or_else(OAuthProblem::unauthorized)?;
    let reader = data_recipients::reader(&state, &token).await?;
    data_recipients::revoke_connection(&state, &reader).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
