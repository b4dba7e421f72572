//! What the server does, whoever asks: the link API, the platform API and every dialect call these and hold no logic
//! of their own.

pub mod access_tokens;
pub mod apps;
pub mod bank_redirect;
pub mod client_secrets;
pub mod codes;
pub mod concluding;
pub mod connections;
pub mod consent;
pub mod data_recipients;
pub mod data_requests;
pub mod direct;
pub mod endings;
pub mod every_page;
pub mod institutions;
pub mod known_browser;
pub mod linking;
pub mod links;
pub mod opening;
pub mod operators;
pub mod organisation;
pub mod origins;
pub mod reauthorisation;
pub mod redirect_uris;
pub mod refreshing;
pub mod searches;
pub mod sessions;
pub mod texts;
pub mod themes;
pub mod tokens;
pub mod webhooks;
