//! An app's own stylesheet.

use crate::hash::ContentHash;

/// What a host uploaded and what became of it. Compiling is the `theme` crate's; here both are text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppTheme {
    /// As the host wrote it, so that it can be edited.
    pub source: String,
    /// Safe and minified, as it is served.
    pub css: String,
    /// The hash of `css`, part of its name where it is served.
    pub hash: ContentHash,
}

impl AppTheme {
    /// Keeps a source with what it was compiled to.
    pub fn new(source: String, css: String) -> Self {
        let hash = ContentHash::of(css.as_bytes());
        Self { source, css, hash }
    }
}
