//! Pages: `limit`, `offset`, and where the list goes on.

use serde::Serialize;
use url::Url;

use super::error::FdxError;
use crate::{state::AppState, wire::Query};

/// How many elements a page has unless it is said, and at most.
const LIMIT: usize = 100;
const MAX_LIMIT: usize = 1000;

/// Which page is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paging<'a> {
    /// How many elements at most.
    pub(super) limit: usize,
    /// After which one, as the page before said.
    pub(super) offset: Option<&'a str>,
}

impl<'a> Paging<'a> {
    pub(super) fn of(query: &'a Query) -> Result<Self, FdxError> {
        let limit = query.text("limit").map(str::parse::<usize>).transpose();
        let limit = limit.map_err(|_| FdxError::Input("Send a number as limit."))?.unwrap_or(LIMIT);
        if limit == 0 {
            return Err(FdxError::Input("Send a limit of at least 1."));
        }
        Ok(Self { limit: limit.min(MAX_LIMIT), offset: query.text("offset").filter(|offset| !offset.is_empty()) })
    }

    /// The page of a whole list, whose elements have ids.
    pub(super) fn cut<T>(self, mut items: Vec<T>, id: impl Fn(&T) -> &str) -> Result<Cut<T>, FdxError> {
        let total = items.len();
        if let Some(offset) = self.offset {
            let last = items.iter().position(|item| id(item) == offset);
            items.drain(..=last.ok_or(FdxError::Input("Send an offset that the page before said."))?);
        }
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let next = items.last().filter(|_| more).map(|item| id(item).to_owned());
        Ok(Cut { items, next, total })
    }
}

/// One page of a list.
#[derive(Clone, Debug)]
pub(super) struct Cut<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
    pub(super) total: usize,
}

/// `page` and `links` of an answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Around {
    page: Page,
    links: Links,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_offset: Option<String>,
    total_elements: usize,
}

#[derive(Clone, Debug, Serialize)]
struct Links {
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Link>,
}

#[derive(Clone, Debug, Serialize)]
struct Link {
    href: String,
}

impl Around {
    /// Around a page of the list at `path`.
    pub(super) fn new(
        state: &AppState,
        path: &str,
        query: &Query,
        paging: Paging<'_>,
        next: Option<String>,
        total: usize,
    ) -> Self {
        let link = next.as_deref().map(|offset| Link { href: next_page(state, path, query, paging, offset) });
        Self { page: Page { next_offset: next, total_elements: total }, links: Links { next: link } }
    }
}

fn next_page(state: &AppState, path: &str, query: &Query, paging: Paging<'_>, offset: &str) -> String {
    let mut href = address(state, path);
    let others = query.pairs().filter(|(name, _)| !matches!(*name, "limit" | "offset"));
    href.query_pairs_mut()
        .extend_pairs(others)
        .append_pair("limit", &paging.limit.to_string())
        .append_pair("offset", offset);
    href.into()
}

/// Something of ours, whole.
pub(super) fn address(state: &AppState, path: &str) -> Url {
    let mut url = state.public_url.clone();
    url.set_path(path);
    url
}
