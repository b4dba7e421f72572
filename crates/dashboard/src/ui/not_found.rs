//! Nothing is at this address.

use banklink_platform::texts::Text;
use yew::{Html, component, html};

use super::{link::Link, title::Title};
use crate::{route::Route, site::use_site};

/// The page that says so.
#[component]
pub(crate) fn NotFound() -> Html {
    let site = use_site();
    html! {
        <div class="db-empty">
            <Title text={site.text(Text::NotFoundTitle)} />
            <p class="bl-text">{site.text(Text::NotFoundText)}</p>
            <Link to={Route::Apps} classes="bl-button db-short">{site.text(Text::ToApps)}</Link>
        </div>
    }
}
