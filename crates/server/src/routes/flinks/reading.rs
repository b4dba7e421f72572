//! What all endpoints that read data have in common: what an id may read, and that it may come later.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use banklink_connectors::sandbox::FLINKS_CAPITAL;
use banklink_domain::{
    app::{App, AppMode},
    time::after,
};
use banklink_protocol::ids::SessionId;
use jiff::SignedDuration;
use serde::Serialize;

use super::{
    error::{Code, FlinksError},
    no_store,
    shapes::STILL_PROCESSING,
};
use crate::{
    services::{
        connections,
        data_requests::{self, Authorised, Standing},
    },
    state::AppState,
};

/// What this id may read.
pub(super) async fn authorised(state: &AppState, app: &App, request: &str) -> Result<Authorised, FlinksError> {
    match data_requests::find(state, app, &SessionId::new(request)).await? {
        Standing::Authorised(authorised) => Ok(*authorised),
        Standing::OnTheWay => Err(FlinksError::new(
            Code::Unauthorized,
            "The session is not authorized yet: its person has not passed the institution's security challenges.",
        )),
        Standing::Over => Err(FlinksError::new(Code::SessionExpired, "The session expired: authorize again.")),
        Standing::Unknown => Err(FlinksError::NONEXISTENT),
    }
}

/// Where data is polled for that comes later.
pub(super) struct Poll {
    pub(super) rel: &'static str,
    pub(super) href: &'static str,
}

/// Data that is not there yet, and what that is called.
pub(super) struct Later(Code);

/// How long the data of Flinks Capital's users takes whose data takes long (`vendor-apis.md`, 1.7).
const LATER: SignedDuration = SignedDuration::from_secs(10);

impl Later {
    /// What is said of data that is not there yet. The connectors read data at once; two users of the sandbox show what
    /// integrations must expect elsewhere.
    pub(super) fn of(state: &AppState, app: &App, authorised: &Authorised) -> Result<Option<Self>, FlinksError> {
        let Authorised { connection, at, .. } = authorised;
        let is_capital = connection.institution_id.as_str() == FLINKS_CAPITAL;
        if app.mode != AppMode::Sandbox || !is_capital || after(*at, LATER) <= state.clock.now() {
            return Ok(None);
        }
        let Some(access) = connection.access() else { return Ok(None) };
        Ok(match connections::open_username(state, access)?.expose().to_lowercase().as_str() {
            "test_pending" => Some(Self(Code::OperationPending)),
            "test_dispatched" => Some(Self(Code::OperationDispatched)),
            _ => None,
        })
    }

    /// Says so, and where to ask again.
    pub(super) fn answer(&self, poll: &Poll, id: &SessionId) -> Response {
        let Poll { rel, href } = *poll;
        let reply = PendingReply {
            flinks_code: self.0.as_str(),
            links: [PollLink { rel, href, example: format!("{href}/{id}") }],
            http_status_code: 202,
            message: STILL_PROCESSING,
            request_id: id,
        };
        (StatusCode::ACCEPTED, no_store(), Json(reply)).into_response()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PendingReply<'a> {
    flinks_code: &'static str,
    links: [PollLink; 1],
    http_status_code: u16,
    message: &'static str,
    request_id: &'a SessionId,
}

#[derive(Serialize)]
struct PollLink {
    rel: &'static str,
    href: &'static str,
    example: String,
}
