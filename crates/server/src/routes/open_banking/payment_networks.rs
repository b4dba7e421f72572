//! The networks by which payments find an account.

use axum::{Extension, extract::State, response::Response};
use banklink_domain::{
    accounts::{Account, AccountKind, Routing},
    authorization::DataScope,
};
use banklink_protocol::ids::AccountId;
use serde::Serialize;

use super::{
    accounts::{account, transit_number},
    error::FdxError,
    paging::{Around, Paging},
    reader::{Admitted, needs},
};
use crate::{
    state::AppState,
    wire::{PathOf, Query, private_json},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Network {
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_id: Option<String>,
    identifier: String,
    identifier_type: &'static str,
    r#type: &'static str,
    transfer_in: bool,
    transfer_out: bool,
}

/// What FDX names for Canada and the United States; it has no names for Europe's.
fn networks(account: &Account) -> Vec<Network> {
    let by_number = |network| (network, account.number.clone(), "ACCOUNT_NUMBER");
    let (r#type, identifier, identifier_type) = match &account.routing {
        Routing::Canada { .. } => by_number("CA_ACSS"),
        Routing::UnitedStates { .. } => by_number("US_ACH"),
        Routing::UnitedKingdom { .. } => by_number("UK_FPS"),
        Routing::Iban(iban) => ("EU_SEPA", iban.as_str().to_owned(), "IBAN"),
        Routing::None => return Vec::new(),
    };
    let pays = matches!(account.kind, AccountKind::Chequing | AccountKind::Savings);
    vec![Network {
        bank_id: transit_number(&account.routing),
        identifier,
        identifier_type,
        r#type,
        transfer_in: true,
        transfer_out: pays,
    }]
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Networks {
    #[serde(flatten)]
    around: Around,
    payment_networks: Vec<Network>,
}

/// Those of one account.
pub(super) async fn list(
    State(state): State<AppState>,
    Extension(reader): Admitted,
    PathOf(id): PathOf<AccountId>,
    query: Query,
) -> Result<Response, FdxError> {
    needs(&reader, DataScope::AccountPayments)?;
    let paging = Paging::of(&query)?;
    let cut = paging.cut(networks(&account(&state, &reader, &id).await?), |network| network.r#type)?;
    let path = format!("/api/fdx/5/accounts/{id}/payment-networks");
    let around = Around::new(&state, &path, &query, paging, cut.next, cut.total);
    Ok(private_json(Networks { around, payment_networks: cut.items }))
}
