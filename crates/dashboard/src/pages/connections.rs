//! Who linked a bank to an app.

use banklink_platform::{
    connections::{Connection, ConnectionStatus},
    ids::AppId,
    texts::Text,
};
use yew::{Html, Properties, component, html, use_state};

use crate::{
    route::Route,
    site::{Site, use_site},
    ui::{
        field::{self, Field, Kind},
        form::{Values, use_form},
        link::Link,
        pages_of::use_pages_of,
        table::Column,
        title::Title,
    },
};

const EXTERNAL_ID: &str = "external_id";

#[derive(PartialEq, Properties)]
pub(super) struct ConnectionsProps {
    pub(super) app: AppId,
}

/// The section.
#[component]
pub(super) fn Connections(ConnectionsProps { app }: &ConnectionsProps) -> Html {
    let site = use_site();
    let person = use_state(|| None::<String>);
    let query = (*person).clone().map(|id| (EXTERNAL_ID, id));
    let connections = use_pages_of::<Connection>("connections".to_owned(), Some(app.clone()), query);
    let search = use_form({
        let person = person.setter();
        move |values: Values| {
            person.set(values.some(EXTERNAL_ID));
            async { Ok(()) }
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
                    hint={site.text(Text::ExternalIdHint)} wrong={search.wrong.clone()} />
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
