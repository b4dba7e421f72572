//! `/api/v1/authorize`, `/api/v1/token`, … and `/api/fdx/5/…`: for data recipients of Flinks Open Banking (seed 004;
//! `vendor-apis.md`, 4). Translation, no logic.

use axum::{
    Router, middleware,
    routing::{any, get, post},
};

use crate::state::AppState;

mod accounts;
mod authorize;
mod customers;
mod error;
mod metadata;
mod paging;
mod payment_networks;
mod providers;
mod reader;
mod statements;
mod token;
mod transactions;

/// The routes. Whatever else is asked for below `/api/fdx` is answered as data endpoints answer it.
pub fn router(state: &AppState) -> Router<AppState> {
    let unknown = || any(async || error::FdxError::Nothing);
    let data = Router::new()
        .route("/api/fdx/5/accounts", get(accounts::list))
        .route("/api/fdx/5/accounts/{account}", get(accounts::one))
        .route("/api/fdx/5/accounts/{account}/transactions", get(transactions::list))
        .route("/api/fdx/5/accounts/{account}/statements", get(statements::list))
        .route("/api/fdx/5/accounts/{account}/statements/{statement}", get(statements::download))
        .route("/api/fdx/5/accounts/{account}/payment-networks", get(payment_networks::list))
        .route("/api/fdx/5/customers/current", get(customers::current))
        .route("/api/fdx/{*rest}", unknown())
        .layer(middleware::from_fn_with_state(state.clone(), reader::admit));
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata::metadata))
        .route("/api/v1/authorize", get(authorize::authorize))
        // As an example of the vendor's has it.
        .route("//api/v1/authorize", get(authorize::authorize))
        .route("/api/v1/token", post(token::token))
        .route("/api/v1/revoke", post(token::revoke).delete(token::revoke_connection))
        .route("/api/v1/providers", get(providers::list))
        .route("/api/v2/providers", get(providers::list_in_detail))
        .route("/api/v1/providers/{provider}", get(providers::one))
        .merge(data)
}
