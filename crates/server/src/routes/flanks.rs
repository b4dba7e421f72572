//! `/v0/…`: for existing Flanks integrations (seed 000; `vendor-apis.md`, 2.1). Translation, no logic.

use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    middleware,
    routing::{any, get, post},
};
use banklink_domain::{access_token::Audience, activity::Change, app::App};
use banklink_protocol::problem::ProblemCode;

use crate::{problem::ApiError, routes::headers::bearer, services::access_tokens, state::AppState};

mod banks;
mod codes;
mod credentials;
mod data;
mod error;
mod links;
mod token;

/// The routes. Whatever else is asked for below `/v0` is answered as Flanks answers it, since callers read no other shape.
pub fn router() -> Router<AppState> {
    let unknown = || any(async || ApiError::new(ProblemCode::NotFound, "There is nothing at this address."));
    Router::new()
        .route("/v0/token", post(token::issue))
        .route("/v0/bank/available", get(banks::available))
        .route("/v0/bank/credentials", axum::routing::delete(credentials::delete))
        .route("/v0/bank/credentials/status", post(credentials::status).put(credentials::force))
        .route("/v0/bank/credentials/list", post(credentials::list))
        .route("/v0/bank/credentials/account", post(data::accounts))
        .route("/v0/bank/credentials/data", post(data::transactions))
        .route("/v0/bank/credentials/card", post(data::of_another_kind))
        .route("/v0/bank/credentials/card/transaction", post(data::of_another_kind))
        .route("/v0/bank/credentials/investment", post(data::of_another_kind))
        .route("/v0/bank/credentials/investment/transaction", post(data::of_another_kind))
        .route("/v0/bank/credentials/liability", post(data::of_another_kind))
        .route("/v0/bank/credentials/liability/transaction", post(data::of_another_kind))
        .route("/v0/bank/credentials/portfolio", post(data::of_another_kind))
        .route("/v0/bank/credentials/holder", post(data::holders))
        .route("/v0/bank/credentials/auth", post(data::identity))
        .route("/v0/bank/credentials/auth/", post(data::identity))
        .route("/v0/platform/link", get(codes::unused).post(codes::exchange))
        .route("/v0/links/list-links", post(links::list).get(links::list))
        .route("/v0/links/create-link", post(links::create))
        .route("/v0/links/edit-link", post(links::edit))
        .route("/v0/links/pause-link", post(links::pause))
        .route("/v0/links/resume-link", post(links::resume))
        .route("/v0/links/delete-link", post(links::delete))
        .route("/v0/{*rest}", unknown())
        .route("/v0/", unknown())
        .route("/v0", unknown())
        .layer(middleware::from_fn(error::render))
}

/// Who calls: an app's own server, by the access token in `Authorization`.
struct Caller {
    app: App,
    change: Change,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let caller = access_tokens::caller(state, bearer(&parts.headers), Audience::Flanks).await?;
        Ok(Self { app: caller.app, change: caller.change })
    }
}
