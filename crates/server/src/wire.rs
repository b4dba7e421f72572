//! What callers send and get: bodies in postcard or JSON, as they say; addresses whose wrong parts are named.

use std::str::FromStr;

use axum::{
    Json,
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Request,
        path::{ErrorKind, Path},
        rejection::PathRejection,
    },
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use banklink_protocol::{POSTCARD, problem::ProblemCode};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::error::Category;

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

/// A JSON body for a dialect, whatever its type is said to be: clients exist that say nothing. An empty one is an empty
/// object.
#[derive(Clone, Debug)]
pub struct AnyJson<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for AnyJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let too_large = |_| ApiError::new(ProblemCode::PayloadTooLarge, "The body is too large, or broke off.");
        let bytes = Bytes::from_request(request, state).await.map_err(too_large)?;
        let bytes = bytes.trim_ascii();
        from_json(if bytes.is_empty() { b"{}" } else { bytes }).map(Self)
    }
}

/// A JSON answer, which may hold secrets and is never cached.
pub fn private_json<T: Serialize>(value: T) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(value)).into_response()
}

/// An amount as dialects write it. Money has two digits behind the point, which a double holds exactly enough.
pub fn number(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or_default()
}

/// The query of an address.
#[derive(Clone, Debug)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The value of `name`, read as a `T`; `None` where it is not there. `expected` says what to send instead of one
    /// that is no `T`.
    pub fn get<T: FromStr>(&self, name: &'static str, expected: &str) -> Result<Option<T>, ApiError> {
        self.text(name).map(str::parse).transpose().map_err(|_| Self::wrong(name, expected))
    }

    /// The error for a value of `name` that is not what was expected.
    pub fn wrong(name: &'static str, expected: &str) -> ApiError {
        ApiError::new(ProblemCode::InvalidParameter, format!("Send {expected}.")).parameter(name)
    }

    /// Names and values, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names, in order; one that is there twice is named twice.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The value of `name` as it was sent; the first, if there are several.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        Ok(Self(url::form_urlencoded::parse(query).into_owned().collect()))
    }
}

/// The variable parts of an address; one that is no text is named.
#[derive(Clone, Debug)]
pub struct PathOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathOf<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => match error.kind() {
                ErrorKind::InvalidUtf8InPathParam { key }
                | ErrorKind::ParseErrorAtKey { key, .. }
                | ErrorKind::DeserializeError { key, .. } => {
                    let detail = "Send the id as it was given: this is none.";
                    Err(ApiError::new(ProblemCode::InvalidParameter, detail).parameter(key))
                }
                _ => Err(ApiError::new(ProblemCode::InvalidRequest, "The address can't be read.")),
            },
            Err(error) => Err(ApiError::internal(error)),
        }
    }
}

/// A field of a change: what is missing stays as it is, and `null` takes away what may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// It is not there.
    #[default]
    Missing,
    /// It is `null`.
    Null,
    /// It has a value.
    Value(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::deserialize(from).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

impl<T> Field<T> {
    /// Does to `target` what the field says.
    pub fn set<U, E>(self, target: &mut Option<U>, read: impl FnOnce(T) -> Result<U, E>) -> Result<(), E> {
        match self {
            Self::Missing => {}
            Self::Null => *target = None,
            Self::Value(value) => *target = Some(read(value)?),
        }
        Ok(())
    }
}

/// Reads a body.
fn decode<T: DeserializeOwned>(encoding: Encoding, bytes: &[u8]) -> Result<T, ApiError> {
    let unreadable = |detail: String| ApiError::new(ProblemCode::InvalidRequest, detail);
    match encoding {
        Encoding::Postcard => {
            let (value, rest) =
                postcard::take_from_bytes(bytes).map_err(|_| unreadable("The body can't be read.".to_owned()))?;
            if rest.is_empty() { Ok(value) } else { Err(unreadable("The body is too long.".to_owned())) }
        }
        Encoding::Json => from_json(bytes),
    }
}

/// Reads a JSON body. An error says where, not what was there.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| misshapen(&error))?;
    reader.end().map_err(|error| ApiError::new(ProblemCode::InvalidRequest, not_json(&error)))?;
    Ok(value)
}

/// What is wrong with a JSON body: the field, where one is.
fn misshapen(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let (path, error) = (error.path().to_string(), error.inner());
    if error.classify() != Category::Data {
        return ApiError::new(ProblemCode::InvalidRequest, not_json(error));
    }
    let fault = Fault::of(&error.to_string());
    let field = match &fault {
        // The path ends before a field that is missing.
        Fault::Missing(name) if path == "." => name.clone(),
        Fault::Missing(name) => format!("{path}.{name}"),
        _ => path,
    };
    let detail = match fault {
        Fault::Missing(_) => "Send this field: it is required.".to_owned(),
        Fault::Unknown(known) => format!("There is no such field here: {known} is known."),
        Fault::Value(expected) => format!("Send {expected}."),
        Fault::Twice => "Send this field once.".to_owned(),
        Fault::Other => {
            format!("Send what is documented: this isn't, at line {} column {}.", error.line(), error.column())
        }
    };
    // A path with `?` has parts that nobody knows.
    if field == "." || field.contains('?') {
        ApiError::new(ProblemCode::InvalidRequest, detail)
    } else {
        ApiError::invalid(field, detail)
    }
}

/// What serde says of a value that does not fit, without the value: it may be a secret.
enum Fault {
    /// A field of this name is missing.
    Missing(String),
    /// A field is there that nobody knows; these are known.
    Unknown(String),
    /// The value is another than this.
    Value(String),
    /// The field is there more than once.
    Twice,
    /// Something of a type of ours, in words that nobody checked for what was sent.
    Other,
}

impl Fault {
    /// Reads serde's own sentence. What was sent stands in its first part; `expected` and what follows is ours.
    fn of(said: &str) -> Self {
        let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
        let expected = || said.rsplit_once(", expected ").map(|(_, expected)| expected);
        if let Some(name) = said.strip_prefix("missing field ") {
            Self::Missing(name.trim_matches('`').to_owned())
        } else if said.starts_with("duplicate field ") {
            Self::Twice
        } else if said.starts_with("unknown field ") {
            Self::Unknown(expected().map_or_else(|| "none".to_owned(), str::to_owned))
        } else if said.starts_with("unknown variant ") || said.starts_with("invalid ") {
            expected().map_or(Self::Other, |expected| Self::Value(in_json(expected).to_owned()))
        } else {
            Self::Other
        }
    }
}

/// What serde expects, as JSON calls it.
fn in_json(expected: &str) -> &str {
    match expected {
        "a sequence" => "a list",
        "a map" => "an object",
        "a boolean" => "true or false",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number of the documented size",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "unit" => "null",
        _ if expected.starts_with("struct ") => "an object",
        _ if expected.contains(" enum ") || expected.starts_with("enum ") => "what is documented",
        _ => expected,
    }
}

fn not_json(error: &serde_json::Error) -> String {
    format!("The body is not JSON, at line {} column {}.", error.line(), error.column())
}
