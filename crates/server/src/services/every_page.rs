//! Whole lists, for callers who know no pages.

use banklink_store::Page;

use crate::problem::ApiError;

/// How many elements are read at once.
pub const PAGE: u64 = 500;

/// All elements of a list whose page after a place this reads.
pub async fn every_page<T, C, F>(read: impl Fn(Option<C>) -> F) -> Result<Vec<T>, ApiError>
where
    F: Future<Output = Result<Page<T, C>, ApiError>>,
{
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = read(after).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}
