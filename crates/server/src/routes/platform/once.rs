//! `Idempotency-Key`: a request that is sent once more, because its answer was lost, is carried out once.
//!
//! Only what succeeded is kept. A refused request did nothing, so its key is free again. Where the server dies after the
//! request was carried out and before its answer is kept, who asks again hears that, and nothing is done twice.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts, response::Parts as Answered},
    middleware::Next,
    response::{IntoResponse, Response},
};
use banklink_domain::{
    hash::ContentHash,
    idempotency::{Claim, IdempotencyKey, InvalidIdempotencyKey},
    sealed::Sealed,
};
use banklink_platform::APP_HEADER;
use banklink_protocol::{ids::ConnectionId, problem::ProblemCode};
use banklink_store::{ClaimRequest, while_carried_out};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use tracing::{Instrument as _, error};

use super::{caller::asker, theme};
use crate::{problem::ApiError, random, router::MAX_TIME, seal::Purpose, state::AppState};

/// The header that names a request.
pub(super) const NAME: &str = "Idempotency-Key";

/// The header of an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    body: Vec<u8>,
}

/// Put to an answer: it holds data of a connection, and is kept no longer than that.
#[derive(Clone)]
pub(super) struct HoldsDataOf(pub(super) ConnectionId);

/// Middleware: carries out what creates something once for each key of an app.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(NAME) {
        return next.run(request).await;
    }
    carried_out(&state, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn carried_out(state: &AppState, request: Request, next: Next) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let key = key(&parts).map_err(|error| ApiError::invalid(NAME, format!("The key is {error}.")))?;
    let asker = asker(&mut parts, state).await?;
    // What the operation itself takes is up to it.
    let body = to_bytes(body, theme::MAX_BODY).await;
    let body = body.map_err(|_| ApiError::new(ProblemCode::PayloadTooLarge, "Send a smaller body."))?;
    let app = parts.headers.get(APP_HEADER).map_or(&b""[..], HeaderValue::as_bytes);
    // Bodies hold passwords: what is kept must not tell who tries them out.
    let asked = state.sealer.fingerprint(&[parts.uri.path().as_bytes(), b"\n", app, b"\n", &body]);
    let asked = ContentHash::from_bytes(asked.map_err(ApiError::internal)?);
    let claim = Claim::new(random::bytes());
    match state.store.requests().claim(asker, &key, &asked, claim, state.clock.now()).await? {
        ClaimRequest::Claimed => {}
        ClaimRequest::Answered(sealed) => return replayed(state, &sealed),
        ClaimRequest::Busy => {
            let detail = "The same request is being carried out: send it again in a moment.";
            return Err(ApiError::new(ProblemCode::Unavailable, detail));
        }
        ClaimRequest::Lost => {
            let detail =
                "The request was carried out, but its answer is lost: look at what is there, and take a new key.";
            return Err(ApiError::new(ProblemCode::Conflict, detail));
        }
        ClaimRequest::Other => {
            let detail = "The key was used for another request: take a new one.";
            return Err(ApiError::invalid(NAME, detail));
        }
    }
    let (state, request) = (state.clone(), Request::from_parts(parts, Body::from(body)));
    let to_its_end = async move {
        let answer = while_carried_out(claim, next.run(request)).await;
        kept(&state, claim, answer).await
    };
    // A caller that goes away meanwhile is the one that asks again.
    let carried_out = tokio::spawn(timeout(MAX_TIME, to_its_end).in_current_span()).await;
    match carried_out.map_err(ApiError::internal)? {
        Ok(answer) => answer,
        Err(_) => Err(ApiError::new(ProblemCode::Unavailable, "The request took too long: send it again later.")),
    }
}

fn key(parts: &Parts) -> Result<IdempotencyKey, InvalidIdempotencyKey> {
    let value = parts.headers.get(NAME).and_then(|value| value.to_str().ok());
    value.ok_or(InvalidIdempotencyKey)?.parse()
}

/// Keeps an answer for who asks again, before anybody has it. Where that fails, the answer is given all the same: what it
/// tells of is done.
async fn kept(state: &AppState, claim: Claim, answer: Response) -> Result<Response, ApiError> {
    if !answer.status().is_success() {
        let given_back = state.store.requests().give_back(claim).await;
        given_back.unwrap_or_else(|error| error!(%error, "a request that was refused stays claimed for a while"));
        return Ok(answer);
    }
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(ApiError::internal)?;
    let kept = keep(state, claim, &parts, &body).await;
    kept.unwrap_or_else(|error| error!(%error, "an answer is not kept for who asks again"));
    Ok(Response::from_parts(parts, Body::from(body)))
}

async fn keep(state: &AppState, claim: Claim, parts: &Answered, body: &[u8]) -> Result<(), ApiError> {
    let kept = Kept { status: parts.status.as_u16(), body: body.to_vec() };
    let sealed = state.sealer.seal_value(Purpose::Answer, &kept).map_err(ApiError::internal)?;
    let holds = parts.extensions.get::<HoldsDataOf>().map(|HoldsDataOf(connection)| connection);
    Ok(state.store.requests().answered(claim, &Sealed::new(sealed), holds).await?)
}

fn replayed(state: &AppState, sealed: &Sealed) -> Result<Response, ApiError> {
    let opened = state.sealer.open_value::<Kept>(Purpose::Answer, sealed.as_bytes());
    let Kept { status, body } = opened.map_err(ApiError::internal)?;
    let status = StatusCode::from_u16(status).map_err(ApiError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REPLAYED, HeaderValue::from_static("true")),
    ];
    Ok((status, headers, body).into_response())
}
