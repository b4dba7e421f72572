//! `ETag` and `If-Match` (RFC 9110, sections 8.8.3 and 13.1.1): who changes what somebody else changed since they read it
//! hears of that, if they ask for it.

use std::convert::Infallible;

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use banklink_domain::hash::ContentHash;
use banklink_protocol::problem::ProblemCode;
use serde::Serialize;
use utoipa::IntoParams;

use crate::problem::ApiError;

/// The header by which a change asks for it.
pub(super) const NAME: &str = "If-Match";

/// What a change takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "for the documentation: the header is read by name")]
pub(super) struct IfMatch {
    /// The `ETag` of what was read: the change is made only if nobody made another meanwhile.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// Names what something is like: another name, another content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag(String);

impl Tag {
    /// That of an answer.
    pub(super) fn of<T: Serialize>(value: &T) -> Result<Self, ApiError> {
        let json = serde_json::to_vec(value).map_err(ApiError::internal)?;
        Ok(Self(format!("\"{}\"", ContentHash::of(&json))))
    }
}

/// Answers with something that can be changed, and what it is like.
pub(super) fn tagged<T: Serialize>(value: T) -> Result<Response, ApiError> {
    let tag = HeaderValue::from_str(&Tag::of(&value)?.0).map_err(ApiError::internal)?;
    let headers = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store")), (header::ETAG, tag)];
    Ok((StatusCode::OK, headers, Json(value)).into_response())
}

/// What something must be like to be changed.
pub(super) enum Precondition {
    /// Whatever it is like.
    None,
    /// One of these; `*` is any, as long as it is there.
    IfMatch(Vec<String>),
    /// Not there: `If-None-Match: *`.
    IfNone,
}

impl<S: Sync> FromRequestParts<S> for Precondition {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let tags = listed(&parts.headers, &header::IF_MATCH);
        let none = listed(&parts.headers, &header::IF_NONE_MATCH);
        Ok(match (tags.is_empty(), none.iter().any(|tag| tag == "*")) {
            (false, _) => Self::IfMatch(tags),
            (true, true) => Self::IfNone,
            (true, false) => Self::None,
        })
    }
}

impl Precondition {
    /// Whether what is there now is as it must be.
    pub(super) fn allows<T: Serialize>(&self, there: Option<&T>) -> Result<(), ApiError> {
        let is_met = match (self, there) {
            (Self::None, _) | (Self::IfNone, None) => true,
            (Self::IfNone, Some(_)) | (Self::IfMatch(_), None) => false,
            (Self::IfMatch(tags), Some(there)) => {
                let now = Tag::of(there)?;
                // Proxies that compress call what they pass on weak.
                tags.iter().any(|tag| tag == "*" || tag.trim_start_matches("W/") == now.0)
            }
        };
        if is_met {
            return Ok(());
        }
        let detail = "It was changed since you read it: read it again, and decide anew.";
        Err(ApiError::new(ProblemCode::PreconditionFailed, detail))
    }
}

fn listed(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
}
