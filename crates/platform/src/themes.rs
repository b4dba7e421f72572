//! An app's own stylesheet.

use serde::{Deserialize, Serialize};

/// Largest stylesheet, in bytes.
pub const MOST_BYTES: usize = 256 * 1024;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something was left out.
    Error,
    /// All was kept, but people may have trouble with it.
    Warning,
}

/// What is said about a place of a stylesheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ThemeFinding {
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units, as editors count.
    pub column: u32,
    /// `error`: something was left out. `warning`: all was kept, but people may have trouble with it.
    pub severity: Severity,
    /// What it is, in words.
    pub message: String,
}

/// An app's stylesheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Theme {
    /// As it was sent.
    pub source: String,
    /// As it is served: what was refused left out, and minified.
    pub css: String,
    /// Changes with `css`, and with nothing else.
    pub hash: String,
    /// What was refused, and what people may have trouble with.
    pub findings: Vec<ThemeFinding>,
}

/// What setting a theme takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTheme {
    /// CSS, at most 256 KiB.
    pub source: String,
}
