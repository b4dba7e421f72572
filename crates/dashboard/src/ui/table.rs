//! Tables that one searches, sorts and turns the pages of. All of it is there; what comes page by page from the server is
//! in `pages_of.rs`.

use core::cmp::Ordering;

use banklink_platform::texts::Text;
use web_sys::{HtmlInputElement, InputEvent};
use yew::{Callback, Html, TargetCast as _, UseStateHandle, hook, html, use_state};

use crate::site::Site;

/// From how many rows on one looks for them rather than at them.
const MANY: usize = 8;

/// Rows on a page.
const PAGE: usize = 25;

/// A column.
pub(crate) struct Column<'a, T> {
    /// What stands above it.
    pub(crate) title: Text,
    /// What stands in it.
    pub(crate) cell: &'a dyn Fn(&T) -> Html,
    /// By what one sorts it; none: one does not.
    pub(crate) order: Option<fn(&T, &T) -> Ordering>,
}

/// How a table is looked at.
#[derive(Clone, Default, PartialEq)]
struct View {
    wanted: String,
    /// The column that sorts, and whether downwards.
    order: (usize, bool),
    page: usize,
}

/// A table that is looked at.
pub(crate) struct Table(UseStateHandle<View>);

/// A table, sorted by its first column.
#[hook]
pub(crate) fn use_table() -> Table {
    Table(use_state(View::default))
}

/// What is in a table.
pub(crate) struct Rows<'a, T> {
    /// The id of the element.
    pub(crate) id: &'static str,
    /// What the field says that searches it.
    pub(crate) search: Text,
    /// What is said where nothing is found.
    pub(crate) no_match: Text,
    /// All that there is.
    pub(crate) all: &'a [T],
    /// What of each is searched.
    pub(crate) says: fn(&T) -> String,
    /// What is shown of each.
    pub(crate) columns: &'a [Column<'a, T>],
}

impl Table {
    /// The table.
    pub(crate) fn show<T>(&self, site: &Site, rows: &Rows<'_, T>) -> Html {
        let found = self.found(rows);
        let pages = found.len().div_ceil(PAGE).max(1);
        let page = self.0.page.min(pages - 1);
        let shown = found.iter().skip(page * PAGE).take(PAGE);
        html! {
            <>
                if rows.all.len() >= MANY { {self.search(site, rows)} }
                if found.is_empty() {
                    <p class="db-empty" role="status">{site.text(rows.no_match)}</p>
                } else {
                    <table class="db-table" id={rows.id}>
                        <thead><tr>{for rows.columns.iter().enumerate().map(|(at, column)| self.head(site, at, column))}</tr></thead>
                        <tbody>{for shown.map(|row| line(site, rows.columns, row))}</tbody>
                    </table>
                }
                if pages > 1 { {self.turn(site, page, pages)} }
            </>
        }
    }

    fn found<'r, T>(&self, rows: &Rows<'r, T>) -> Vec<&'r T> {
        let View { wanted, order: (column, is_down), .. } = &*self.0;
        let wanted = wanted.trim().to_lowercase();
        let mut found: Vec<&T> =
            rows.all.iter().filter(|row| (rows.says)(row).to_lowercase().contains(&wanted)).collect();
        if let Some(order) = rows.columns.get(*column).and_then(|column| column.order) {
            found.sort_by(|one, other| if *is_down { order(other, one) } else { order(one, other) });
        }
        found
    }

    fn set(&self, change: impl FnOnce(&mut View)) {
        let mut view = (*self.0).clone();
        change(&mut view);
        self.0.set(view);
    }

    /// Changes how it is looked at, when something happens.
    fn on<E: 'static>(&self, change: impl Fn(&mut View, E) + 'static) -> Callback<E> {
        let view = Self(self.0.clone());
        Callback::from(move |event| view.set(|view| change(view, event)))
    }

    fn search<T>(&self, site: &Site, rows: &Rows<'_, T>) -> Html {
        let oninput = self.on(|view, event: InputEvent| {
            view.wanted = event.target_unchecked_into::<HtmlInputElement>().value();
            view.page = 0;
        });
        html! {
            <input class="bl-input db-search" type="search" id={format!("{}-search", rows.id)} {oninput}
                aria-label={site.text(rows.search)} placeholder={site.text(rows.search)} />
        }
    }

    fn head<T>(&self, site: &Site, at: usize, column: &Column<'_, T>) -> Html {
        let title = site.text(column.title);
        if column.order.is_none() {
            return html! { <th scope="col">{title}</th> };
        }
        let (sorts, is_down) = self.0.order;
        let (direction, sign) = match (sorts == at, is_down) {
            (false, _) => (None, ""),
            (true, false) => (Some("ascending"), " ↑"),
            (true, true) => (Some("descending"), " ↓"),
        };
        let onclick = self.on(move |view, _| view.order = (at, view.order == (at, false)));
        html! {
            <th scope="col" aria-sort={direction}>
                <button type="button" class="db-sort" {onclick}>{title}<span aria-hidden="true">{sign}</span></button>
            </th>
        }
    }

    fn turn(&self, site: &Site, page: usize, pages: usize) -> Html {
        let to = |page: usize| self.on(move |view, _| view.page = page);
        let (number, count) = ((page + 1).to_string(), pages.to_string());
        let at = site.fill(Text::PageOf, &[("page", &number), ("pages", &count)]);
        html! {
            <nav class="db-pages" aria-label={site.text(Text::Pages)}>
                <button type="button" class="db-button" disabled={page == 0} onclick={to(page.saturating_sub(1))}>
                    {site.text(Text::PageBefore)}
                </button>
                <span role="status">{at}</span>
                <button type="button" class="db-button" disabled={page + 1 == pages} onclick={to(page + 1)}>
                    {site.text(Text::PageNext)}
                </button>
            </nav>
        }
    }
}

/// A row, and in narrow windows what each of its cells is.
pub(crate) fn line<T>(site: &Site, columns: &[Column<'_, T>], row: &T) -> Html {
    let cell = |column: &Column<'_, T>| {
        html! { <td data-label={site.text(column.title)}>{(column.cell)(row)}</td> }
    };
    html! { <tr>{for columns.iter().map(cell)}</tr> }
}
