//! Who linked a bank to an app.

use std::rc::Rc;

use banklink_platform::{
    connections::{Connection, ConnectionStatus},
    ids::AppId,
    items::Items,
    texts::Text,
};
use yew::{Callback, Html, Properties, component, html};

use crate::{
    route::Route,
    site::{Site, use_site},
    ui::{
        field::{self, Field, Kind},
        filter::filter,
        form::{Refusal, Values, use_form},
        link::Link,
        pages_of::{FIRST_PAGE, use_pages_of},
        place::{self, Place, use_place},
        table::Column,
        title::Title,
    },
};

const EXTERNAL_ID: &str = "external_id";
const STATUS: &str = "status";
const INSTITUTION: &str = "institution";
const ORDER: &str = "order";

/// How connections can be that are listed, as it is sent and as it is called.
const STATUSES: [(&str, Text); 2] =
    [("active", Text::ConnectionActive), ("needs_reauthorisation", Text::ConnectionNeedsReauthorisation)];

/// From which end, if not the one that they are listed from anyway.
const NEWEST: &str = "newest";
const OLDEST: (&str, Text) = ("oldest", Text::OrderOldest);

/// Most bytes of such an id.
const MOST_EXTERNAL_ID: usize = 256;

#[derive(PartialEq, Properties)]
pub(super) struct ConnectionsProps {
    pub(super) app: AppId,
}

/// The section.
#[component]
pub(super) fn Connections(ConnectionsProps { app }: &ConnectionsProps) -> Html {
    let site = use_site();
    let place = use_place();
    let person = place.get(EXTERNAL_ID);
    let narrowed = [EXTERNAL_ID, STATUS, INSTITUTION].map(|name| place.get(name).map(|wanted| (name, wanted)));
    let narrowed: Vec<_> = narrowed.into_iter().flatten().collect();
    let is_narrowed = !narrowed.is_empty();
    let order = (ORDER, place.get(ORDER).unwrap_or_else(|| NEWEST.to_owned()));
    let query = narrowed.into_iter().chain([order]).collect();
    let path = "connections".to_owned();
    let connections = use_pages_of::<Connection>(path, Some(app.clone()), query, place.clone());
    let search = use_form({
        let (site, place) = (site.clone(), place.clone());
        move |values: Values| {
            let wanted = values.some(EXTERNAL_ID);
            let is_long = wanted.as_ref().is_some_and(|id| id.len() > MOST_EXTERNAL_ID);
            let wrong = is_long.then(|| Refusal::of(EXTERNAL_ID, site.text(Text::ExternalIdWrong)));
            if wrong.is_none() {
                place.set(&[(EXTERNAL_ID, wanted.as_deref()), FIRST_PAGE]);
            }
            async { wrong.map_or(Ok(()), Err) }
        }
    });
    let bank = |connection: &Connection| {
        let to = Route::Connection { app: app.to_string(), connection: connection.id.to_string() };
        html! { <Link {to} classes="db-link"><bdi>{&connection.institution.name}</bdi></Link> }
    };
    let person_of = |connection: &Connection| html! { <bdi class="db-what">{connection.external_id.clone().unwrap_or_default()}</bdi> };
    let status = |connection: &Connection| status(&site, connection.status);
    let refreshed = |connection: &Connection| {
        html! { {connection.refreshed_at.map(|at| site.moment(at)).unwrap_or_default()} }
    };
    let columns = [
        Column { title: Text::ConnectionBank, cell: &bank, order: None },
        Column { title: Text::ExternalId, cell: &person_of, order: None },
        Column { title: Text::State, cell: &status, order: None },
        Column { title: Text::ConnectionRefreshed, cell: &refreshed, order: None },
    ];
    let none = if is_narrowed { Text::ConnectionsNoMatch } else { Text::ConnectionsNone };
    let none = html! { <p class="db-empty" role="status">{site.text(none)}</p> };
    html! {
        <>
            <Title text={site.text(Text::ConnectionsTitle)} />
            <p class="bl-text">{site.text(Text::ConnectionsText)}</p>
            <form class="db-searching" id="form-search" role="search" novalidate=true onsubmit={search.onsubmit.clone()}>
                <Field name={EXTERNAL_ID} label={Text::ExternalId} kind={Kind::Address} optional=true
                    initial={person.clone().unwrap_or_default()} hint={site.text(Text::ExternalIdHint)} wrong={search.wrong.clone()} />
                {field::send(&search, site.text(Text::Search), site.text(Text::Working))}
            </form>
            <div class="db-filters">
                {filter(&site, &place, STATUS, Text::State, Text::FilterAll, STATUSES)}
                {filter(&site, &place, ORDER, Text::SortBy, Text::OrderNewest, [OLDEST])}
            </div>
            {only_bank(&site, &place, connections.page.thing())}
            {connections.show(&site, "table-connections", &columns, &none)}
        </>
    }
}

/// Where in this page those at one bank are.
pub(super) fn at_bank(institution: &str) -> String {
    place::of(&[(INSTITUTION, institution)])
}

/// Which bank the list is narrowed to, and how to see all of them again.
fn only_bank(site: &Site, place: &Place, page: Option<&Rc<Items<Connection>>>) -> Html {
    let Some(institution) = place.get(INSTITUTION) else { return Html::default() };
    let named = |page: &Rc<Items<Connection>>| {
        let first = page.items.first().map(|connection| &connection.institution);
        first.filter(|there| there.id == institution).map_or_else(|| institution.clone(), |there| there.name.clone())
    };
    let place = place.clone();
    let all = Callback::from(move |_| place.set(&[(INSTITUTION, None), FIRST_PAGE]));
    html! {
        <p class="db-filter" id="only-bank">
            <span class="bl-label">{site.text(Text::ConnectionBank)}</span>
            <bdi>{page.map(named).unwrap_or_default()}</bdi>
            <button type="button" class="db-button" onclick={all}>{site.text(Text::AllBanks)}</button>
        </p>
    }
}

/// How a connection is.
pub(super) fn status(site: &Site, status: ConnectionStatus) -> Html {
    let (class, text) = match status {
        ConnectionStatus::Active => ("db-badge db-badge-live", Text::ConnectionActive),
        ConnectionStatus::NeedsReauthorisation => ("db-badge", Text::ConnectionNeedsReauthorisation),
        ConnectionStatus::Deleted => ("db-badge db-badge-bad", Text::ConnectionDeleted),
    };
    html! { <span {class}>{site.text(text)}</span> }
}
