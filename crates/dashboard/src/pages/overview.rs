//! What an app is.

use banklink_platform::{apps::App, texts::Text};
use yew::{Html, Properties, component, html};

use super::apps;
use crate::{
    site::use_site,
    ui::{copyable::Copyable, title::Title},
};

#[derive(PartialEq, Properties)]
pub(super) struct OverviewProps {
    pub(super) app: App,
}

/// The section.
#[component]
pub(super) fn Overview(OverviewProps { app }: &OverviewProps) -> Html {
    let site = use_site();
    html! {
        <>
            <Title text={site.text(Text::OverviewTitle)} />
            <dl class="db-facts">
                <dt>{site.text(Text::AppName)}</dt><dd><bdi>{&app.name}</bdi></dd>
                <dt>{site.text(Text::AppMode)}</dt><dd>{apps::mode(&site, app.mode)}</dd>
                <dt>{site.text(Text::AppCreated)}</dt><dd>{site.day(app.created_at)}</dd>
            </dl>
            <Copyable id="client-id" label={site.text(Text::ClientId)} value={app.client_id.to_string()} />
        </>
    }
}
