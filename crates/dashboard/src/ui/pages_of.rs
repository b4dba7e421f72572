//! Long lists, which the server gives page by page.

use banklink_platform::{ids::AppId, items::Items, texts::Text};
use serde::de::DeserializeOwned;
use yew::{Callback, Html, hook, html};

use crate::{
    api::{self, About},
    site::Site,
    ui::{
        load::{Loaded, use_load},
        place::Place,
        table::{Column, line},
    },
};

/// Rows on a page.
const PAGE: usize = 50;

/// Where the pages that one has turned to begin, one after the other, as it stands in the address.
const AFTER: &str = "after";
const BETWEEN: char = ',';

/// A list, one page of it.
pub(crate) struct PagesOf<T> {
    /// The page.
    pub(crate) page: Loaded<Items<T>>,
    /// Where it and those before it begin, but for the first.
    begins: Vec<String>,
    place: Place,
}

/// The list of this address, at the page that `place` says. `query` narrows it.
#[hook]
pub(crate) fn use_pages_of<T>(
    path: String,
    app: Option<AppId>,
    query: Vec<(&'static str, String)>,
    place: Place,
) -> PagesOf<T>
where
    T: DeserializeOwned + PartialEq + 'static,
{
    let begins = place.get(AFTER).unwrap_or_default();
    let begins: Vec<String> =
        begins.split(BETWEEN).filter(|cursor| !cursor.is_empty()).map(ToOwned::to_owned).collect();
    let page = use_load((path, app, query, begins.last().cloned()), |(path, app, query, cursor)| async move {
        let mut parameters = vec![("limit", PAGE.to_string())];
        parameters.extend(cursor.map(|cursor| ("cursor", cursor)));
        parameters.extend(query);
        let about = app.as_ref().map_or(About::Organisation, About::App);
        api::list(&path, &parameters, about).await
    });
    PagesOf { page, begins, place }
}

/// What makes another search begin with its first page.
pub(crate) const FIRST_PAGE: (&str, Option<&str>) = (AFTER, None);

impl<T: PartialEq + 'static> PagesOf<T> {
    /// The page as a table; `none` where the list is empty.
    pub(crate) fn show(&self, site: &Site, id: &'static str, columns: &[Column<'_, T>], none: &Html) -> Html {
        self.page.show(site, |page| {
            if page.items.is_empty() && self.begins.is_empty() {
                return none.clone();
            }
            let title = |column: &Column<'_, T>| html! { <th scope="col">{site.text(column.title)}</th> };
            html! {
                <>
                    <table class="db-table" {id}>
                        <thead><tr>{for columns.iter().map(title)}</tr></thead>
                        <tbody>{for page.items.iter().map(|row| line(site, columns, row))}</tbody>
                    </table>
                    {self.turn(site, page.next.as_ref())}
                </>
            }
        })
    }

    fn turn(&self, site: &Site, next: Option<&String>) -> Html {
        let before = self.begins.len();
        if before == 0 && next.is_none() {
            return Html::default();
        }
        let number = (before + 1).to_string();
        let to = |begins: Vec<String>| {
            let (place, begins) = (self.place.clone(), begins.join(&BETWEEN.to_string()));
            Callback::from(move |_| place.set(&[(AFTER, Some(&*begins).filter(|begins| !begins.is_empty()))]))
        };
        let earlier = self.begins.iter().take(before.saturating_sub(1)).cloned().collect();
        // The page that is fetched is not there yet: who clicks twice wants it once.
        let new = next.filter(|next| self.begins.last() != Some(next)).cloned();
        let later = self.begins.iter().cloned().chain(new).collect();
        html! {
            <nav class="db-pages" aria-label={site.text(Text::Pages)}>
                <button type="button" class="db-button" disabled={before == 0} onclick={to(earlier)}>
                    {site.text(Text::PageBefore)}
                </button>
                <span role="status">{site.fill(Text::Page, &[("page", &number)])}</span>
                <button type="button" class="db-button" disabled={next.is_none()} onclick={to(later)}>
                    {site.text(Text::PageNext)}
                </button>
            </nav>
        }
    }
}
