//! What is shown once of a new app.

use banklink_platform::texts::Text;
use yew::{Html, Properties, component, html};

use super::new_app::Shown;
use crate::{
    route::Route,
    site::use_site,
    ui::{copyable::Copyable, link::Link, title::Title},
};

#[derive(PartialEq, Properties)]
pub(super) struct CreatedProps {
    pub(super) created: Shown,
}

/// The secrets of a new app.
#[component]
pub(super) fn Created(CreatedProps { created: Shown(created) }: &CreatedProps) -> Html {
    let site = use_site();
    let app = &created.app;
    html! {
        <div class="db-narrow">
            <Title text={site.fill(Text::CreatedTitle, &[("app", &app.name)])} />
            <Copyable id="client-id" label={site.text(Text::ClientId)} value={app.client_id.to_string()} />
            <p class="db-warning">{site.text(Text::CreatedText)}</p>
            <Copyable id="client-secret" label={site.text(Text::ClientSecret)}
                value={created.client_secret.expose().to_owned()} />
            <Copyable id="data-key" label={site.text(Text::DataKey)} value={created.data_key.expose().to_owned()}
                hint={site.text(Text::DataKeyHint)} />
            <Link to={Route::Overview { app: app.id.to_string() }} classes="bl-button db-short">
                {site.text(Text::CreatedSaved)}
            </Link>
        </div>
    }
}
