//! Tables that one searches, sorts and turns the pages of. All of it is there; what comes page by page from the server is
//! in `pages_of.rs`.

use core::cmp::Ordering;

use banklink_platform::texts::Text;
use web_sys::{HtmlInputElement, HtmlSelectElement, InputEvent};
use yew::{Callback, Event, Html, TargetCast as _, hook, html};

use super::place::{Place, use_place};
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
    pub(crate) order: Option<Order<T>>,
}

/// What sorts a table.
pub(crate) struct Order<T> {
    /// As it stands in the address.
    pub(crate) name: &'static str,
    pub(crate) compare: fn(&T, &T) -> Ordering,
}

// How a table is looked at, as it stands in the address.
const SEARCH: &str = "search";
const SORT: &str = "sort";
const PAGE_NUMBER: &str = "page";

/// A table that is looked at.
pub(crate) struct Table(Place);

/// A table, sorted by its first column until the person sorts it otherwise.
#[hook]
pub(crate) fn use_table() -> Table {
    Table(use_place())
}

/// By which column a table is sorted, and whether downwards.
type Sorting = (usize, bool);

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
        let sorting = self.sorting(rows.columns);
        let found = self.found(rows, sorting);
        let pages = found.len().div_ceil(PAGE).max(1);
        let page = self.0.get(PAGE_NUMBER).and_then(|number| number.parse().ok()).unwrap_or(1_usize).clamp(1, pages);
        let shown = found.iter().skip((page - 1) * PAGE).take(PAGE);
        let head = |(at, column): (usize, &Column<'_, T>)| self.head(site, sorting, at, column);
        html! {
            <>
                if rows.all.len() >= MANY {
                    {self.search(site, rows, found.len())}
                    {self.sort_by(site, rows.columns, sorting)}
                }
                if found.is_empty() {
                    <p class="db-empty">{site.text(rows.no_match)}</p>
                } else {
                    <table class="db-table" id={rows.id}>
                        <thead><tr>{for rows.columns.iter().enumerate().map(head)}</tr></thead>
                        <tbody>{for shown.map(|row| line(site, rows.columns, row))}</tbody>
                    </table>
                }
                if pages > 1 { {self.turn(site, page, pages)} }
            </>
        }
    }

    fn wanted(&self) -> String {
        self.0.get(SEARCH).unwrap_or_default()
    }

    fn sorting<T>(&self, columns: &[Column<'_, T>]) -> Sorting {
        let said = self.0.get(SORT).unwrap_or_default();
        let (is_down, name) = said.strip_prefix('-').map_or((false, &*said), |name| (true, name));
        let at = columns.iter().position(|column| column.order.as_ref().is_some_and(|order| order.name == name));
        at.map_or((0, false), |at| (at, is_down))
    }

    fn found<'r, T>(&self, rows: &Rows<'r, T>, (column, is_down): Sorting) -> Vec<&'r T> {
        let wanted = self.wanted().trim().to_lowercase();
        let mut found: Vec<&T> =
            rows.all.iter().filter(|row| (rows.says)(row).to_lowercase().contains(&wanted)).collect();
        if let Some(order) = rows.columns.get(column).and_then(|column| column.order.as_ref()) {
            let compare = order.compare;
            found.sort_by(|one, other| if is_down { compare(other, one) } else { compare(one, other) });
        }
        found
    }

    /// Where the table is looked for something, and how much was found.
    fn search<T>(&self, site: &Site, rows: &Rows<'_, T>, count: usize) -> Html {
        let place = self.0.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            let wanted = event.target_unchecked_into::<HtmlInputElement>().value();
            place.set(&[(SEARCH, Some(&*wanted).filter(|wanted| !wanted.is_empty())), (PAGE_NUMBER, None)]);
        });
        let (id, wanted) = (format!("{}-search", rows.id), self.wanted());
        let said = (!wanted.trim().is_empty()).then(|| site.fill(Text::Found, &[("count", &count.to_string())]));
        html! {
            <div class="bl-field">
                <label class="bl-label" for={id.clone()}>{site.text(rows.search)}</label>
                <input class="bl-input db-search" type="search" {id} {oninput} ~defaultValue={wanted} />
                <p class="bl-sr" role="status">{said}</p>
            </div>
        }
    }

    /// Where narrow windows have no heads of columns, what they do.
    fn sort_by<T>(&self, site: &Site, columns: &[Column<'_, T>], sorting: Sorting) -> Html {
        let place = self.0.clone();
        let onchange = Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            place.set(&[(SORT, Some(&chosen)), (PAGE_NUMBER, None)]);
        });
        let option = |(at, column): (usize, &Column<'_, T>)| {
            let order = column.order.as_ref()?;
            let title = site.text(column.title);
            let both = [(false, Text::SortAscending), (true, Text::SortDescending)].map(|(is_down, text)| {
                let value = written(order.name, is_down);
                let called = site.fill(text, &[("column", &title)]);
                html! { <option {value} selected={sorting == (at, is_down)}>{called}</option> }
            });
            Some(html! { <>{for both}</> })
        };
        html! {
            <label class="db-sort-by">
                <span class="bl-label">{site.text(Text::SortBy)}</span>
                <select class="db-select" {onchange}>{for columns.iter().enumerate().filter_map(option)}</select>
            </label>
        }
    }

    fn head<T>(&self, site: &Site, (sorts, is_down): Sorting, at: usize, column: &Column<'_, T>) -> Html {
        let title = site.text(column.title);
        let Some(Order { name, .. }) = &column.order else { return html! { <th scope="col">{title}</th> } };
        let (direction, sign) = match (sorts == at, is_down) {
            (false, _) => (None, ""),
            (true, false) => (Some("ascending"), " ↑"),
            (true, true) => (Some("descending"), " ↓"),
        };
        let (place, next) = (self.0.clone(), written(name, (sorts, is_down) == (at, false)));
        let onclick = Callback::from(move |_| place.set(&[(SORT, Some(&next)), (PAGE_NUMBER, None)]));
        html! {
            <th scope="col" aria-sort={direction}>
                <button type="button" class="db-sort" {onclick}>{title}<span aria-hidden="true">{sign}</span></button>
            </th>
        }
    }

    fn turn(&self, site: &Site, page: usize, pages: usize) -> Html {
        let to = |page: usize| {
            let place = self.0.clone();
            Callback::from(move |_| place.set(&[(PAGE_NUMBER, Some(&page.to_string()))]))
        };
        let (number, count) = (page.to_string(), pages.to_string());
        let at = site.fill(Text::PageOf, &[("page", &number), ("pages", &count)]);
        html! {
            <nav class="db-pages" aria-label={site.text(Text::Pages)}>
                <button type="button" class="db-button" disabled={page == 1} onclick={to(page.saturating_sub(1))}>
                    {site.text(Text::PageBefore)}
                </button>
                <span role="status">{at}</span>
                <button type="button" class="db-button" disabled={page == pages} onclick={to(page + 1)}>
                    {site.text(Text::PageNext)}
                </button>
            </nav>
        }
    }
}

/// How a table is sorted, as it stands in the address.
fn written(name: &str, is_down: bool) -> String {
    if is_down { format!("-{name}") } else { name.to_owned() }
}

/// A row, and in narrow windows what each of its cells is.
pub(crate) fn line<T>(site: &Site, columns: &[Column<'_, T>], row: &T) -> Html {
    let cell = |column: &Column<'_, T>| {
        html! { <td data-label={site.text(column.title)}><div>{(column.cell)(row)}</div></td> }
    };
    html! { <tr>{for columns.iter().map(cell)}</tr> }
}
