//! All apps.

use std::rc::Rc;

use banklink_platform::{
    apps::{App, AppMode},
    items::Items,
    texts::Text,
};
use web_sys::{HtmlInputElement, InputEvent};
use yew::{Callback, Html, TargetCast as _, component, html, use_state};
use yew_router::components::Link;

use crate::{
    api::{self, About},
    route::Route,
    site::{Site, use_site},
    ui::{load::use_load, title::Title},
};

/// From how many apps on one looks for them rather than at them.
const MANY: usize = 8;

/// The page.
#[component]
pub(crate) fn Apps() -> Html {
    let site = use_site();
    let wanted = use_state(String::new);
    let apps = use_load((), |()| api::get::<Items<App>>("apps", About::Organisation));
    let list = apps.show(&site, |apps| {
        let search = Callback::from({
            let wanted = wanted.setter();
            move |event: InputEvent| wanted.set(event.target_unchecked_into::<HtmlInputElement>().value())
        });
        if apps.items.is_empty() {
            return none(&site);
        }
        html! {
            <>
                if apps.items.len() >= MANY {
                    <input class="bl-input db-search" type="search" id="search-apps" oninput={search}
                        aria-label={site.text(Text::AppsSearch)} placeholder={site.text(Text::AppsSearch)} />
                }
                {table(&site, apps, &wanted)}
            </>
        }
    });
    html! {
        <>
            <div class="db-heading">
                <Title text={site.text(Text::AppsTitle)} />
                <Link<Route> to={Route::NewApp} classes="bl-button db-short">{site.text(Text::AppsNew)}</Link<Route>>
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

/// Those whose names contain what is wanted, by name.
fn table(site: &Site, apps: &Rc<Items<App>>, wanted: &str) -> Html {
    let wanted = wanted.trim().to_lowercase();
    let mut found: Vec<&App> = apps.items.iter().filter(|app| app.name.to_lowercase().contains(&wanted)).collect();
    found.sort_by_key(|app| app.name.to_lowercase());
    if found.is_empty() {
        return html! { <p class="db-empty" role="status">{site.text(Text::AppsNoMatch)}</p> };
    }
    html! {
        <table class="db-table" id="table-apps">
            <thead>
                <tr>
                    <th scope="col">{site.text(Text::AppName)}</th>
                    <th scope="col">{site.text(Text::AppMode)}</th>
                    <th scope="col">{site.text(Text::AppCreated)}</th>
                </tr>
            </thead>
            <tbody>{for found.into_iter().map(|app| row(site, app))}</tbody>
        </table>
    }
}

fn row(site: &Site, app: &App) -> Html {
    let to = Route::Overview { app: app.id.to_string() };
    html! {
        <tr key={app.id.as_str()}>
            <td><Link<Route> {to} classes="db-link"><bdi>{&app.name}</bdi></Link<Route>></td>
            <td>{mode(site, app.mode)}</td>
            <td>{site.day(app.created_at)}</td>
        </tr>
    }
}

/// Whether an app is for trying or for real.
pub(super) fn mode(site: &Site, mode: AppMode) -> Html {
    match mode {
        AppMode::Sandbox => html! { <span class="db-badge">{site.text(Text::ModeSandbox)}</span> },
        AppMode::Live => html! { <span class="db-badge db-badge-live">{site.text(Text::ModeLive)}</span> },
    }
}
