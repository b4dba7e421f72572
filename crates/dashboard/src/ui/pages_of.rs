//! Long lists, which the server gives page by page.

use banklink_platform::{ids::AppId, items::Items, texts::Text};
use serde::de::DeserializeOwned;
use yew::{Callback, Html, hook, html, use_effect_with, use_state};

use crate::{
    api::{self, About},
    site::Site,
    ui::{
        load::{Loaded, use_load},
        table::{Column, line},
    },
};

/// Rows on a page.
const PAGE: usize = 50;

/// A list, one page of it.
pub(crate) struct PagesOf<T> {
    /// The page.
    pub(crate) page: Loaded<Items<T>>,
    /// How many pages are before it.
    before: usize,
    /// Goes to the page that begins here; none: one page back.
    go: Callback<Option<String>>,
}

/// The list of this address, from its first page on. `query` narrows it.
#[hook]
pub(crate) fn use_pages_of<T>(path: String, app: Option<AppId>, query: Option<(&'static str, String)>) -> PagesOf<T>
where
    T: DeserializeOwned + PartialEq + 'static,
{
    let cursors = use_state(Vec::<String>::new);
    use_effect_with((path.clone(), query.clone()), {
        let cursors = cursors.setter();
        move |_| cursors.set(Vec::new())
    });
    let page = use_load((path, app, query, cursors.last().cloned()), |(path, app, query, cursor)| async move {
        let mut parameters = vec![("limit", PAGE.to_string())];
        parameters.extend(cursor.map(|cursor| ("cursor", cursor)));
        parameters.extend(query);
        let about = app.as_ref().map_or(About::Organisation, About::App);
        api::list(&path, &parameters, about).await
    });
    let go = Callback::from({
        let cursors = cursors.clone();
        move |to: Option<String>| {
            let mut all = (*cursors).clone();
            match to {
                Some(cursor) => all.push(cursor),
                None => drop(all.pop()),
            }
            cursors.set(all);
        }
    });
    PagesOf { page, before: cursors.len(), go }
}

impl<T: PartialEq + 'static> PagesOf<T> {
    /// The page as a table; `none` where the list is empty.
    pub(crate) fn show(&self, site: &Site, id: &'static str, columns: &[Column<'_, T>], none: &Html) -> Html {
        self.page.show(site, |page| {
            if page.items.is_empty() && self.before == 0 {
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
        if self.before == 0 && next.is_none() {
            return Html::default();
        }
        let number = (self.before + 1).to_string();
        let next = next.cloned();
        let is_last = next.is_none();
        html! {
            <nav class="db-pages" aria-label={site.text(Text::Pages)}>
                <button type="button" class="db-button" disabled={self.before == 0} onclick={self.go.reform(|_| None)}>
                    {site.text(Text::PageBefore)}
                </button>
                <span role="status">{site.fill(Text::Page, &[("page", &number)])}</span>
                <button type="button" class="db-button" disabled={is_last} onclick={self.go.reform(move |_| next.clone())}>
                    {site.text(Text::PageNext)}
                </button>
            </nav>
        }
    }
}
