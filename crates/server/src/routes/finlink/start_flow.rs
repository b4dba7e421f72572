//! `POST /api/v1/commands/connections/start-flow`.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use banklink_domain::{app::App, ids::LinkId, link::Link};
use banklink_protocol::secret::Secret;
use serde::{Deserialize, Serialize};

use super::Caller;
use crate::{
    problem::ApiError,
    services::{
        links,
        tokens::{self, TokenShape},
    },
    state::AppState,
    wire::{AnyJson, private_json},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StartRequest {
    id: String,
    product: String,
    entity: Option<String>,
    subproduct: Option<String>,
    external_id: Option<String>,
    #[serde(default)]
    desired_owners: Option<Vec<String>>,
}

/// Clients look for either.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StartReply {
    token: Secret,
    auth_token: Secret,
}

/// The product that is not offered: nothing is transferred here.
const TRANSFER: &str = "ASSETS_TRANSFER";

/// A token for one use, with what the address of the widget's page would say.
pub(super) async fn start_flow(
    State(state): State<AppState>,
    Caller { app, change }: Caller,
    AnyJson(request): AnyJson<StartRequest>,
) -> Result<Response, ApiError> {
    if request.product.is_empty() || request.product == TRANSFER {
        return Err(ApiError::invalid("product", "Send `TRANSACTIONS`: assets are not transferred here."));
    }
    for (field, is_asked) in [
        ("subproduct", request.subproduct.is_some()),
        ("desiredOwners", request.desired_owners.is_some_and(|owners| !owners.is_empty())),
    ] {
        if is_asked {
            return Err(ApiError::invalid(
                field,
                "Leave this out: it is for transfers of assets, which are not there.",
            ));
        }
    }
    let link = link(&state, &app, &request.id).await?;
    let others = [("entity", request.entity), ("external_id", request.external_id)];
    let others = others.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let bound: BTreeMap<String, String> = others.chain([("id".to_owned(), link.token.to_string())]).collect();
    let issued = tokens::issue_authorize_token(&state, &app, &change, TokenShape::Signed, bound).await;
    let token = issued.map_err(in_its_words)?.token;
    Ok(private_json(StartReply { token: token.clone(), auth_token: token }))
}

/// The link that stands for one of the app's redirect URIs: by its token, or by its id, which is a UUID as Finlink's are.
async fn link(state: &AppState, app: &App, id: &str) -> Result<Link, ApiError> {
    let found = match id.parse::<LinkId>() {
        Ok(id) => links::one(state, app, id).await,
        Err(_) => links::by_token(state, app, id).await,
    };
    found
        .map_err(|_| ApiError::invalid("id", "Send the id of one of the app's links, which says where people go back."))
}

fn in_its_words(error: ApiError) -> ApiError {
    if error.about() == Some("external_id") { error.parameter("externalId") } else { error }
}
