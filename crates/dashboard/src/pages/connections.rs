//! Who linked a bank to an app.

use banklink_platform::{
    connections::{Connection, ConnectionStatus},
    ids::AppId,
    texts::Text,
};
use yew::{Html, Properties, component, html};

use crate::{
    route::Route,
    site::{Site, use_site},
    ui::{
        field::{self, Field, Kind},
        form::{Refusal, Values, use_form},
        link::Link,
        pages_of::{FIRST_PAGE, use_pages_of},
        place::use_place,
        table::Column,
        title::Title,
    },
};

const EXTERNAL_ID: &str = "external_id";

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
    let connections = use_pages_of::<Connection>(
        "connections".to_owned(),
        Some(app.clone()),
        person.clone().map(|id| (EXTERNAL_ID, id)),
        place.clone(),
    );
    let search = use_form({
        let site = site.clone();
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
    let none = if person.is_some() { Text::ConnectionsNoMatch } else { Text::ConnectionsNone };
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
            {connections.show(&site, "table-connections", &columns, &none)}
        </>
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
