//! A link: its address, plain and with parameters, and whether it opens anything.

use banklink_platform::{
    apps::App,
    ids::LinkId,
    links::{Link as Item, LinkChange, LinkState},
    texts::Text,
};
use banklink_protocol::problem::ProblemCode;
use yew::{Html, Properties, component, html};
use yew_router::hooks::use_navigator;

use super::{links, not_found::NotFound};
use crate::{
    api::{self, About},
    route::Route,
    site::use_site,
    ui::{
        address_builder::AddressBuilder,
        confirm::{Words, use_asking},
        field,
        form::use_form,
        link::Link,
        load::{Load, use_load},
        title::Title,
    },
};

#[derive(PartialEq, Properties)]
pub(super) struct LinkPageProps {
    pub(super) app: App,
    pub(super) link: LinkId,
}

/// The page.
#[component]
pub(super) fn LinkPage(LinkPageProps { app, link }: &LinkPageProps) -> Html {
    let (site, navigator) = (use_site(), use_navigator());
    let (is_forced, app) = (app.settings.force_authorize_token, app.id.clone());
    let path = format!("links/{link}");
    let loaded =
        use_load(
            (app.clone(), path.clone()),
            |(app, path)| async move { api::get::<Item>(&path, About::App(&app)).await },
        );
    let is_active = matches!(&loaded.state, Load::There(link) if link.state == LinkState::Active);
    let turn = use_form({
        let (app, path, again) = (app.clone(), path.clone(), loaded.again.clone());
        move |_| {
            let (app, path, again) = (app.clone(), path.clone(), again.clone());
            let state = if is_active { LinkState::Paused } else { LinkState::Active };
            async move {
                let change = LinkChange { state: Some(state), ..LinkChange::default() };
                api::patch::<Item>(&path, About::App(&app), &change).await?;
                again.emit(());
                Ok(())
            }
        }
    });
    let asking = use_asking({
        let (site, app) = (site.clone(), app.clone());
        move |link: Item, _| {
            let (site, app, navigator) = (site.clone(), app.clone(), navigator.clone());
            async move {
                match api::delete(&format!("links/{}", link.id), &[], About::App(&app)).await {
                    // Somebody else did it meanwhile: it is gone, as wanted.
                    Err(failure) if failure.code() != Some(ProblemCode::NotFound) => return Err(failure.into()),
                    _ => site.say.emit(site.fill(Text::Removed, &[("what", &link.name)])),
                }
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Links { app: app.to_string() });
                }
                Ok(())
            }
        }
    });
    let dialog = asking.dialog(|link| {
        let words = Words {
            title: site.fill(Text::LinkDeleteTitle, &[("name", &link.name)]),
            text: site.text(Text::LinkDeleteText),
            go: site.text(Text::Delete),
        };
        (words, Html::default())
    });
    if matches!(&loaded.state, Load::Failed(failure) if failure.code() == Some(ProblemCode::NotFound)) {
        return html! { <NotFound /> };
    }
    loaded.show(&site, |link| {
        let delete = asking.ask.reform({
            let link = (**link).clone();
            move |_| Some(link.clone())
        });
        let pause = if is_active { Text::LinkPause } else { Text::LinkResume };
        html! {
            <>
                <div class="db-heading">
                    <Title text={link.name.clone()} />
                    {links::state(&site, link.state)}
                </div>
                <dl class="db-facts">
                    <dt>{site.text(Text::RedirectUri)}</dt><dd><code class="db-what" dir="ltr">{&link.redirect_uri}</code></dd>
                    <dt>{site.text(Text::AppCreated)}</dt><dd>{site.day(link.created_at)}</dd>
                </dl>
                if is_forced {
                    <div class="db-warning" id="link-forced">
                        {site.text(Text::LinkForced)}{" "}
                        <Link to={Route::Settings { app: app.to_string() }} classes="db-link">
                            {site.text(Text::SettingsTitle)}
                        </Link>
                    </div>
                }
                <AddressBuilder url={link.url.clone()} />
                <div class="db-actions">
                    <form novalidate=true id="form-turn" onsubmit={turn.onsubmit.clone()}>
                        {field::send(&turn, site.text(pause), site.text(Text::Working))}
                    </form>
                    <button type="button" class="db-button" id="delete-link" onclick={delete}>
                        {site.text(Text::Delete)}
                    </button>
                </div>
                {dialog}
            </>
        }
    })
}
