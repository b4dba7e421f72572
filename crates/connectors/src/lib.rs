//! How the server talks to institutions.
//!
//! A [`Connector`] is a step function over its own saved state, so that any instance of the server can take the next
//! step of a login (`server.md`, "Connectors"). [`Connectors`] holds one for each [`ConnectorKind`] and stands guard:
//! a connector that hangs or dies costs its session a clear failure and nothing else.
//!
//! The one connector so far is the [`sandbox`]. Another is one file beside it, one [`ConnectorKind`], and one
//! [`Connectors::with`] where the server starts.

pub use banklink_domain::institution::ConnectorKind;
pub use contract::{
    BankReturn, Challenged, Connector, ConnectorError, ConnectorState, CredentialsForm, DateRange, Done, Entry,
    InstitutionRef, Language, ReturnTo, SavedState, Start, Step, Texts,
};
pub use registry::{Connectors, DEFAULT_TIMEOUT};

mod contract;
mod registry;
pub mod sandbox;
