//! The pages, one file each.

use banklink_platform::{ids::AppId, operators::Operator};
use yew::{Html, html};

use crate::{route::Route, ui::not_found::NotFound};

mod activities;
mod app;
mod apps;
mod client_secrets;
mod connection;
mod connections;
mod created;
mod delivery;
mod entries;
mod institutions;
mod link;
mod links;
mod new_app;
mod operators;
mod overview;
mod settings;
pub(crate) mod sign_in;
mod theme;
mod webhook;
mod webhook_fields;
mod webhooks;
pub(crate) mod welcome;
mod you;

/// What stands at an address.
pub(crate) fn of(route: &Route, you: &Operator) -> Html {
    if let Some(id) = route.app() {
        return if is_id(id) {
            html! { <app::AppPage key={id.to_owned()} app={AppId::new(id)} route={route.clone()} /> }
        } else {
            html! { <NotFound /> }
        };
    }
    match route {
        Route::Apps => html! { <apps::Apps /> },
        Route::Operators => html! { <operators::Operators you={you.id.clone()} /> },
        Route::Activities => html! { <activities::Activities key="all" /> },
        Route::You => html! { <you::You you={you.clone()} /> },
        Route::NewApp => html! { <new_app::NewApp /> },
        _ => html! { <NotFound /> },
    }
}

/// Whether this can be an id at all: what can't is not sent to the server.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
