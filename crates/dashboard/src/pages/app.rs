//! An app: its sections, and the one that the address names.

use banklink_platform::{apps::App, ids::AppId, texts::Text};
use yew::{Html, Properties, component, html};
use yew_router::components::Link;

use super::{
    apps,
    client_secrets::ClientSecrets,
    entries::{Entries, Entry},
    overview::Overview,
};
use crate::{
    api::{self, About},
    route::Route,
    site::{Site, use_site},
    ui::load::use_load,
};

#[derive(PartialEq, Properties)]
pub(super) struct AppProps {
    pub(super) app: AppId,
    /// The section's.
    pub(super) route: Route,
}

/// The page of an app.
#[component]
pub(super) fn AppPage(AppProps { app, route }: &AppProps) -> Html {
    let site = use_site();
    let loaded = use_load(app.clone(), |id| async move { api::get::<App>("app", About::App(&id)).await });
    loaded.show(&site, |app| {
        let id = app.id.clone();
        let section = match route {
            Route::RedirectUris { .. } => html! { <Entries key="redirect-uris" app={id} entry={Entry::RedirectUri} /> },
            Route::Origins { .. } => html! { <Entries key="origins" app={id} entry={Entry::Origin} /> },
            Route::ClientSecrets { .. } => html! { <ClientSecrets app={id} /> },
            _ => html! { <Overview app={(**app).clone()} /> },
        };
        html! {
            <div class="db-app-page">
                <div class="db-side">
                    <p class="db-app-name"><bdi>{&app.name}</bdi> {apps::mode(&site, app.mode)}</p>
                    {sections(&site, &app.id, route)}
                </div>
                <div class="db-section">{section}</div>
            </div>
        }
    })
}

fn sections(site: &Site, app: &AppId, here: &Route) -> Html {
    let app = || app.to_string();
    let sections = [
        (Route::Overview { app: app() }, Text::OverviewTitle),
        (Route::ClientSecrets { app: app() }, Text::SecretsTitle),
        (Route::RedirectUris { app: app() }, Text::RedirectUrisTitle),
        (Route::Origins { app: app() }, Text::OriginsTitle),
    ];
    let item = |(to, title): (Route, Text)| {
        let is_here = to == *here;
        let classes = if is_here { "db-tab db-tab-here" } else { "db-tab" };
        html! {
            <li aria-current={is_here.then_some("page")}>
                <Link<Route> {to} {classes}>{site.text(title)}</Link<Route>>
            </li>
        }
    };
    html! {
        <nav aria-label={site.text(Text::AppSections)}><ul class="db-tabs">{for sections.into_iter().map(item)}</ul></nav>
    }
}
