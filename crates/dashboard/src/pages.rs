//! The pages, one file each.

use banklink_platform::ids::{AppId, OperatorId};
use yew::{Html, html};

use crate::route::Route;

mod app;
mod apps;
mod client_secrets;
mod created;
mod entries;
mod new_app;
mod not_found;
mod operators;
mod overview;
pub(crate) mod sign_in;
pub(crate) mod welcome;

/// What stands at an address.
pub(crate) fn of(route: &Route, you: &OperatorId) -> Html {
    match route {
        Route::Apps => html! { <apps::Apps /> },
        Route::Operators => html! { <operators::Operators you={you.clone()} /> },
        Route::NewApp => html! { <new_app::NewApp /> },
        Route::Overview { app }
        | Route::RedirectUris { app }
        | Route::Origins { app }
        | Route::ClientSecrets { app } => {
            html! { <app::AppPage key={app.as_str()} app={AppId::new(app)} route={route.clone()} /> }
        }
        Route::Welcome | Route::NotFound => html! { <not_found::NotFound /> },
    }
}
