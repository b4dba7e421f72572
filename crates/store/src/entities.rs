//! Rows, and how they become entities.

#![expect(unreachable_pub, reason = "the derived types of an entity are public, so its model has to be")]

pub(crate) mod access_token;
pub(crate) mod activity;
pub(crate) mod allowed_origin;
pub(crate) mod app;
pub(crate) mod authorize_token;
pub(crate) mod client_secret;
pub(crate) mod connection;
pub(crate) mod consent;
pub(crate) mod data_request;
pub(crate) mod institution;
pub(crate) mod institution_logo;
pub(crate) mod invitation;
pub(crate) mod link;
pub(crate) mod link_code;
pub(crate) mod link_session;
pub(crate) mod logo;
pub(crate) mod operator;
pub(crate) mod operator_session;
pub(crate) mod reauthorisation_token;
pub(crate) mod redirect_uri;
pub(crate) mod refresh_token;
pub(crate) mod request;
pub(crate) mod setting;
pub(crate) mod sign_in_attempt;
pub(crate) mod theme;
pub(crate) mod webhook;
pub(crate) mod webhook_attempt;
pub(crate) mod webhook_message;
