//! Postcard or JSON, as the caller says.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use banklink_protocol::{POSTCARD, problem::ProblemCode};
use serde::{Serialize, de::DeserializeOwned};

use crate::problem::ApiError;

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Compact, for the widget.
    Postcard,
    /// For everyone else.
    Json,
}

impl Encoding {
    /// What `Accept` asks for; JSON where it does not say.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let wants = |value: &HeaderValue| value.to_str().is_ok_and(|value| value.contains(POSTCARD));
        if headers.get_all(header::ACCEPT).iter().any(wants) { Self::Postcard } else { Self::Json }
    }

    fn of_body(headers: &HeaderMap) -> Option<Self> {
        let kind: mime::Mime = headers.get(header::CONTENT_TYPE)?.to_str().ok()?.parse().ok()?;
        match (kind.type_(), kind.subtype()) {
            (mime::APPLICATION, mime::JSON) => Some(Self::Json),
            _ if kind.essence_str() == POSTCARD => Some(Self::Postcard),
            _ => None,
        }
    }

    /// An answer in this encoding, never cached.
    pub fn reply<T: Serialize>(self, status: StatusCode, value: &T) -> Response {
        let (bytes, kind) = match self {
            Self::Postcard => (postcard::to_allocvec(value).ok(), POSTCARD),
            Self::Json => (serde_json::to_vec(value).ok(), "application/json"),
        };
        let Some(bytes) = bytes else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store"), (header::VARY, "accept")];
        (status, headers, bytes).into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Encoding {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::accepted(&parts.headers))
    }
}

/// A body in either encoding.
#[derive(Clone, Debug)]
pub struct Wire<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Wire<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let Some(encoding) = Encoding::of_body(request.headers()) else {
            let detail = format!("Send `application/json` or `{POSTCARD}`.");
            return Err(ApiError::new(ProblemCode::UnsupportedMediaType, detail).into_response());
        };
        let bytes = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        decode(encoding, &bytes).map(Self).map_err(IntoResponse::into_response)
    }
}

/// Reads a body. A JSON error says where, not what was there.
fn decode<T: DeserializeOwned>(encoding: Encoding, bytes: &[u8]) -> Result<T, ApiError> {
    let unreadable = |detail: String| ApiError::new(ProblemCode::InvalidRequest, detail);
    match encoding {
        Encoding::Postcard => {
            let (value, rest) =
                postcard::take_from_bytes(bytes).map_err(|_| unreadable("The body can't be read.".to_owned()))?;
            if rest.is_empty() { Ok(value) } else { Err(unreadable("The body is too long.".to_owned())) }
        }
        Encoding::Json => serde_json::from_slice(bytes).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Data => "has another shape than documented",
                _ => "is not JSON",
            };
            unreadable(format!("The body {what}, at line {} column {}.", error.line(), error.column()))
        }),
    }
}
