//! An app: its sections, and the one that the address names.

use banklink_platform::{
    apps::App,
    ids::{AppId, LinkId, WebhookId},
    texts::Text,
};
use banklink_protocol::{ids::ConnectionId, problem::ProblemCode};
use yew::{Callback, Html, Properties, component, html, use_state};

use super::{
    activities::Activities,
    apps,
    client_secrets::ClientSecrets,
    connection::ConnectionPage,
    connections::Connections,
    delivery::DeliveryPage,
    entries::{Entries, Entry},
    institutions::Institutions,
    is_id,
    link::LinkPage,
    links::Links,
    overview::Overview,
    settings::Settings,
    theme::ThemePage,
    webhook::WebhookPage,
    webhooks::Webhooks,
};
use crate::{
    api::{self, About, Versioned},
    route::Route,
    site::use_site,
    ui::{
        link::Link,
        load::{Load, use_load},
        not_found::NotFound,
        title::Title,
    },
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
    let loaded = use_load(app.clone(), |id| async move { api::get_versioned::<App>("app", About::App(&id)).await });
    if let Load::Failed(failure) = &loaded.state {
        if matches!(failure.code(), Some(ProblemCode::NotFound | ProblemCode::InvalidParameter)) {
            return html! { <NotFound /> };
        }
        return html! { <><Title text={site.text(Text::AppsTitle)} />{loaded.show(&site, |_| Html::default())}</> };
    }
    loaded.show(&site, |there| {
        let app = &there.thing;
        html! {
            <div class="db-app-page">
                <div class="db-side">
                    <p class="db-app-name"><bdi>{&app.name}</bdi> {apps::mode(&site, app.mode)}</p>
                    <Sections app={app.id.clone()} here={route.clone()} />
                </div>
                <div class="db-section">{section(there, route, &loaded.again)}</div>
            </div>
        }
    })
}

fn section(there: &Versioned<App>, route: &Route, again: &Callback<()>) -> Html {
    let Versioned { thing: app, version } = there;
    let id = app.id.clone();
    match route {
        Route::Settings { .. } => {
            html! { <Settings app={app.clone()} version={version.clone()} again={again.clone()} /> }
        }
        Route::ClientSecrets { .. } => html! { <ClientSecrets app={app.clone()} /> },
        Route::RedirectUris { .. } => html! { <Entries key="redirect-uris" app={id} entry={Entry::RedirectUri} /> },
        Route::Origins { .. } => html! { <Entries key="origins" app={id} entry={Entry::Origin} /> },
        Route::Links { .. } => html! { <Links app={id} /> },
        Route::Link { link, .. } if is_id(link) => {
            html! { <LinkPage key={link.as_str()} app={app.clone()} link={LinkId::new(link)} /> }
        }
        Route::Institutions { .. } => {
            html! { <Institutions app={app.clone()} version={version.clone()} again={again.clone()} /> }
        }
        Route::Theme { .. } => html! { <ThemePage app={app.clone()} /> },
        Route::Connections { .. } => html! { <Connections app={id} /> },
        Route::Connection { connection, .. } if is_id(connection) => {
            html! { <ConnectionPage key={connection.as_str()} app={app.clone()} connection={ConnectionId::new(connection)} /> }
        }
        Route::Webhooks { .. } => html! { <Webhooks app={id} /> },
        Route::Webhook { webhook, .. } if is_id(webhook) => {
            html! { <WebhookPage key={webhook.as_str()} app={id} webhook={WebhookId::new(webhook)} /> }
        }
        Route::Delivery { webhook, delivery, .. } if is_id(webhook) => {
            html! { <DeliveryPage key={*delivery} app={id} webhook={WebhookId::new(webhook)} delivery={*delivery} /> }
        }
        Route::AppActivities { .. } => html! { <Activities key="app" app={id} /> },
        Route::Overview { .. } => html! { <Overview app={app.clone()} /> },
        _ => html! { <NotFound /> },
    }
}

#[derive(PartialEq, Properties)]
struct SectionsProps {
    app: AppId,
    here: Route,
}

/// The sections. In narrow windows a button opens them.
#[component]
fn Sections(SectionsProps { app, here }: &SectionsProps) -> Html {
    let site = use_site();
    let is_open = use_state(|| false);
    let close = Callback::from({
        let is_open = is_open.setter();
        move |_| is_open.set(false)
    });
    let turn = Callback::from({
        let is_open = is_open.clone();
        move |_| is_open.set(!*is_open)
    });
    let sections = sections(app);
    let here = section_of(here);
    let title = sections.iter().find(|(to, _)| *to == here).map_or(Text::AppSections, |(_, title)| *title);
    let item = |(to, title): (Route, Text)| {
        let is_here = to == here;
        let classes = if is_here { "db-tab db-tab-here" } else { "db-tab" };
        html! { <li><Link {to} {classes} {is_here}>{site.text(title)}</Link></li> }
    };
    html! {
        <nav aria-label={site.text(Text::AppSections)}>
            <button type="button" class="db-button db-menu" aria-expanded={is_open.to_string()} aria-controls="sections"
                onclick={turn}>{site.text(title)}<span aria-hidden="true">{"▾"}</span></button>
            <ul class="db-tabs" id="sections" data-open={is_open.then_some("")} onclick={close}>
                {for sections.into_iter().map(item)}
            </ul>
        </nav>
    }
}

fn sections(app: &AppId) -> [(Route, Text); 11] {
    let app = || app.to_string();
    [
        (Route::Overview { app: app() }, Text::OverviewTitle),
        (Route::Settings { app: app() }, Text::SettingsTitle),
        (Route::ClientSecrets { app: app() }, Text::SecretsTitle),
        (Route::RedirectUris { app: app() }, Text::RedirectUrisTitle),
        (Route::Origins { app: app() }, Text::OriginsTitle),
        (Route::Links { app: app() }, Text::LinksTitle),
        (Route::Institutions { app: app() }, Text::InstitutionsTitle),
        (Route::Theme { app: app() }, Text::ThemeTitle),
        (Route::Connections { app: app() }, Text::ConnectionsTitle),
        (Route::Webhooks { app: app() }, Text::WebhooksTitle),
        (Route::AppActivities { app: app() }, Text::ActivitiesTitle),
    ]
}

/// The section that a page is in.
fn section_of(route: &Route) -> Route {
    match route {
        Route::Link { app, .. } => Route::Links { app: app.clone() },
        Route::Connection { app, .. } => Route::Connections { app: app.clone() },
        Route::Webhook { app, .. } | Route::Delivery { app, .. } => Route::Webhooks { app: app.clone() },
        other => other.clone(),
    }
}
