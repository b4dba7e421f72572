//! Who the person is.

use axum::{Extension, extract::State, response::Response};
use banklink_domain::{
    accounts::{Address, Holder},
    authorization::DataScope,
};
use banklink_protocol::ids::ConnectionId;
use serde::Serialize;

use super::{
    error::FdxError,
    reader::{Admitted, needs},
};
use crate::{
    services::{connections, data_recipients::Reader},
    state::AppState,
    wire::private_json,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    /// The `sub` of access tokens.
    customer_id: ConnectionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Name>,
    #[serde(flatten)]
    contact: Option<Contact>,
}

#[derive(Serialize)]
struct Name {
    first: String,
    last: String,
}

impl Name {
    /// Institutions write names in one piece here: its last word is taken for the last name.
    fn of(whole: &str) -> Self {
        let (first, last) = whole.rsplit_once(' ').unwrap_or(("", whole));
        Self { first: first.to_owned(), last: last.to_owned() }
    }
}

#[derive(Serialize)]
struct Contact {
    email: Vec<String>,
    addresses: Vec<AddressShape>,
    telephones: Vec<Telephone>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AddressShape {
    line1: String,
    city: String,
    region: Option<String>,
    postal_code: String,
    country: String,
    r#type: &'static str,
}

#[derive(Serialize)]
struct Telephone {
    number: String,
    r#type: &'static str,
}

impl From<Address> for AddressShape {
    fn from(address: Address) -> Self {
        Self {
            line1: address.street,
            city: address.city,
            region: address.province,
            postal_code: address.postal_code,
            country: address.country,
            r#type: "HOME",
        }
    }
}

/// The person who logged in.
pub(super) async fn current(State(state): State<AppState>, Extension(reader): Admitted) -> Result<Response, FdxError> {
    if !reader.scopes.contains(DataScope::CustomerPersonal) {
        needs(&reader, DataScope::CustomerContact)?;
    }
    let holder = connections::holders(&state, &reader.connection).await?.into_iter().next();
    Ok(private_json(customer(&reader, holder.ok_or(FdxError::Nothing)?)))
}

fn customer(reader: &Reader, holder: Holder) -> Profile {
    let Holder { name, address, email, phone } = holder;
    let contact = Contact {
        email: email.into_iter().collect(),
        addresses: address.into_iter().map(AddressShape::from).collect(),
        telephones: phone.into_iter().map(|number| Telephone { number, r#type: "HOME" }).collect(),
    };
    let has = |scope| reader.scopes.contains(scope);
    Profile {
        customer_id: reader.connection.id.clone(),
        name: has(DataScope::CustomerPersonal).then(|| Name::of(&name)),
        contact: has(DataScope::CustomerContact).then_some(contact),
    }
}
