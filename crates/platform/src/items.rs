//! Lists.

use serde::{Deserialize, Serialize};

/// A list, or as much of it as fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Items<T> {
    /// What there is.
    pub items: Vec<T>,
    /// For `cursor` in the request of the next page; none on the last.
    pub next: Option<String>,
}

impl<T> Items<T> {
    /// A list that is never long.
    pub fn all(items: impl IntoIterator<Item: Into<T>>) -> Self {
        Self { items: items.into_iter().map(Into::into).collect(), next: None }
    }

    /// One page of a list.
    pub fn page(items: impl IntoIterator<Item: Into<T>>, next: Option<impl ToString>) -> Self {
        Self { next: next.map(|next| next.to_string()), ..Self::all(items) }
    }
}
