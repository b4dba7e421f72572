//! All apps.

use banklink_platform::{
    apps::{App, AppMode},
    texts::Text,
};
use yew::{Html, component, html};

use crate::{
    api::{self, About},
    route::Route,
    site::{Site, use_site},
    ui::{
        link::Link,
        load::use_load,
        table::{Column, Order, Rows, Table, use_table},
        title::Title,
    },
};

/// The page.
#[component]
pub(crate) fn Apps() -> Html {
    let (site, table) = (use_site(), use_table());
    let apps = use_load((), |()| api::all::<App>("apps", About::Organisation));
    let list = apps.show(&site, |apps| if apps.is_empty() { none(&site) } else { rows(&site, &table, apps) });
    html! {
        <>
            <div class="db-heading">
                <Title text={site.text(Text::AppsTitle)} />
                <Link to={Route::NewApp} classes="bl-button db-short">{site.text(Text::AppsNew)}</Link>
            </div>
            <p class="bl-text">{site.text(Text::AppsText)}</p>
            {list}
        </>
    }
}

fn none(site: &Site) -> Html {
    html! {
        <div class="db-empty">
            <h2 class="db-subtitle">{site.text(Text::AppsNone)}</h2>
            <p class="bl-text">{site.text(Text::AppsNoneText)}</p>
        </div>
    }
}

fn rows(site: &Site, table: &Table, apps: &[App]) -> Html {
    let name = |app: &App| {
        let to = Route::Overview { app: app.id.to_string() };
        html! { <Link {to} classes="db-link"><bdi>{&app.name}</bdi></Link> }
    };
    let mode = |app: &App| self::mode(site, app.mode);
    let created = |app: &App| html! { {site.day(app.created_at)} };
    let columns = [
        Column {
            title: Text::AppName,
            cell: &name,
            order: Some(Order { name: "name", compare: |a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase()) }),
        },
        Column {
            title: Text::AppMode,
            cell: &mode,
            order: Some(Order { name: "mode", compare: |a, b| (a.mode as u8).cmp(&(b.mode as u8)) }),
        },
        Column {
            title: Text::AppCreated,
            cell: &created,
            order: Some(Order { name: "created", compare: |a, b| a.created_at.cmp(&b.created_at) }),
        },
    ];
    table.show(
        site,
        &Rows {
            id: "table-apps",
            search: Text::AppsSearch,
            no_match: Text::AppsNoMatch,
            all: apps,
            says: |app| app.name.clone(),
            columns: &columns,
        },
    )
}

/// Whether an app is for trying or for real.
pub(super) fn mode(site: &Site, mode: AppMode) -> Html {
    match mode {
        AppMode::Sandbox => html! { <span class="db-badge">{site.text(Text::ModeSandbox)}</span> },
        AppMode::Live => html! { <span class="db-badge db-badge-live">{site.text(Text::ModeLive)}</span> },
    }
}
