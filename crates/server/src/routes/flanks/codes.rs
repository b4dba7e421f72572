//! `/v0/platform/link`: the codes that people came back with, or that wait for a host who can't see where they went (seed
//! 000, *Mobile integration flow*).

use std::collections::{BTreeMap, HashMap};

use axum::{extract::State, response::Response};
use banklink_domain::{app::App, ids::LinkId};
use banklink_protocol::secret::Secret;
use banklink_store::Cursor;
use serde::{Deserialize, Serialize};

use super::Caller;
use crate::{
    problem::ApiError,
    services::{
        codes,
        every_page::{PAGE, every_page},
        links,
    },
    state::AppState,
    wire::{AnyJson, Query, private_json},
};

#[derive(Serialize)]
struct UnusedCode {
    code: Secret,
    link_token: Option<String>,
    extra: BTreeMap<String, String>,
}

/// The codes that nobody exchanged, oldest first: of one link, or of all.
pub(super) async fn unused(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    query: Query,
) -> Result<Response, ApiError> {
    if query.text("client_id").is_some_and(|client| client != app.client_id.to_string()) {
        return Err(ApiError::invalid("client_id", "Send the id of the client whose access token this is."));
    }
    let link = match query.text("link_token") {
        Some(token) => Some(links::by_token(&state, &app, token).await?.id),
        None => None,
    };
    let tokens = tokens_of_links(&state, &app).await?;
    let (state, app) = (&state, &app);
    let page = |after: Option<Cursor>| async move { codes::unused(state, app, link, after.as_ref(), PAGE).await };
    let unused = every_page(page).await?.into_iter().map(|code| UnusedCode {
        link_token: code.link_id.and_then(|link| tokens.get(&link).cloned()),
        code: code.code,
        extra: code.extra,
    });
    Ok(private_json(unused.collect::<Vec<_>>()))
}

async fn tokens_of_links(state: &AppState, app: &App) -> Result<HashMap<LinkId, String>, ApiError> {
    let links = links::all_of_app(state, app).await?;
    Ok(links.into_iter().map(|link| (link.id, link.token.to_string())).collect())
}

#[derive(Deserialize)]
pub(super) struct ExchangeRequest {
    code: Secret,
}

#[derive(Serialize)]
struct ExchangeReply {
    message: &'static str,
    credentials_token: Secret,
    extra: BTreeMap<String, String>,
    link_token: Option<String>,
}

/// A code for the token of its connection, once.
pub(super) async fn exchange(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    AnyJson(request): AnyJson<ExchangeRequest>,
) -> Result<Response, ApiError> {
    let exchanged = codes::exchange(&state, &app, &request.code).await?;
    let link_token = match exchanged.link_id {
        Some(link) => links::one(&state, &app, link).await.ok().map(|link| link.token.to_string()),
        None => None,
    };
    Ok(private_json(ExchangeReply {
        message: "Successfully retrieved",
        credentials_token: exchanged.connection_token,
        extra: exchanged.extra,
        link_token,
    }))
}
