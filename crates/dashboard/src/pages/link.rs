//! A link: its address, plain and with parameters, and whether it opens anything.

use banklink_platform::{
    apps::{App, RedirectUri},
    ids::{AppId, LinkId},
    links::{Link as Item, LinkDetails, LinkState, LinkTurn, NewLink},
    texts::Text,
};
use yew::{Callback, Html, Properties, component, html};
use yew_router::hooks::use_navigator;

use super::links::{self, Details};
use crate::{
    api::{self, About, Failure, Version, Versioned},
    route::Route,
    site::{Site, use_site},
    ui::{
        address_builder::AddressBuilder,
        confirm::{Words, use_asking},
        field,
        form::{Refusal, Values, use_form},
        link::Link,
        load::use_load,
        seen::{Seen, use_seen},
        title::Title,
    },
};

#[derive(PartialEq, Properties)]
pub(super) struct LinkPageProps {
    pub(super) app: App,
    pub(super) link: LinkId,
}

/// A link, and where it can lead.
#[derive(Clone, PartialEq)]
struct There {
    link: Versioned<Item>,
    redirect_uris: Vec<RedirectUri>,
}

async fn there((app, path): (AppId, String)) -> Result<There, Failure> {
    let about = About::App(&app);
    let link = api::get_versioned(&path, about).await?;
    Ok(There { link, redirect_uris: api::all("app/redirect_uris", about).await? })
}

/// The page.
#[component]
pub(super) fn LinkPage(LinkPageProps { app, link }: &LinkPageProps) -> Html {
    let site = use_site();
    let (is_forced, app) = (app.settings.force_authorize_token, app.id.clone());
    let loaded = use_load((app.clone(), format!("links/{link}")), there);
    loaded.show_page(&site, Text::LinksTitle, |there| {
        let link = &there.link.thing;
        let again = loaded.again.clone();
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
                <ChangeLink app={app.clone()} there={(**there).clone()} again={again.clone()} />
                <Actions app={app.clone()} link={link.clone()} {again} />
            </>
        }
    })
}

#[derive(PartialEq, Properties)]
struct ActionsProps {
    app: AppId,
    link: Item,
    /// Reads it anew.
    again: Callback<()>,
}

/// What is done with it.
#[component]
fn Actions(ActionsProps { app, link, again }: &ActionsProps) -> Html {
    let (site, navigator) = (use_site(), use_navigator());
    let path = format!("links/{}", link.id);
    let (turned, button) = match link.state {
        LinkState::Active => (LinkState::Paused, Text::LinkPause),
        LinkState::Paused => (LinkState::Active, Text::LinkResume),
    };
    let turn = use_form({
        let (app, path, again) = (app.clone(), path.clone(), again.clone());
        move |_| {
            let (app, path, again) = (app.clone(), path.clone(), again.clone());
            async move {
                let change = LinkTurn { state: turned };
                api::patch::<Item>(&path, About::App(&app), &Version::Any, &change).await?;
                again.emit(());
                Ok(())
            }
        }
    });
    let asking = use_asking({
        let (site, app, name) = (site.clone(), app.clone(), link.name.clone());
        move |(), _| {
            let (site, app, path, name) = (site.clone(), app.clone(), path.clone(), name.clone());
            let navigator = navigator.clone();
            async move {
                api::delete(&path, &[], About::App(&app), &Version::Any).await?;
                site.say.emit(site.fill(Text::Removed, &[("what", &name)]));
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Links { app: app.to_string() });
                }
                Ok(())
            }
        }
    });
    let dialog = asking.dialog(|()| {
        let words = Words {
            title: site.fill(Text::LinkDeleteTitle, &[("name", &link.name)]),
            text: site.text(Text::LinkDeleteText),
            go: site.text(Text::Delete),
        };
        (words, Html::default())
    });
    html! {
        <div class="db-actions">
            <form novalidate=true id="form-turn" onsubmit={turn.onsubmit.clone()}>
                {field::send(&turn, site.text(button), site.text(Text::Working))}
            </form>
            <button type="button" class="db-button" id="delete-link" onclick={asking.ask.reform(|_| Some(()))}>
                {site.text(Text::Delete)}
            </button>
            {dialog}
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ChangeLinkProps {
    app: AppId,
    there: There,
    /// Reads it anew.
    again: Callback<()>,
}

/// What it is called, and where it leads.
#[component]
fn ChangeLink(ChangeLinkProps { app, there, again }: &ChangeLinkProps) -> Html {
    let site = use_site();
    let Versioned { thing: link, version } = &there.link;
    let seen = use_seen(version.clone(), of(link));
    let touch = seen.touched();
    let form = use_form({
        let (site, app, id, again) = (site.clone(), app.clone(), link.id.clone(), again.clone());
        move |values: Values| {
            let (site, app, id, seen, again) = (site.clone(), app.clone(), id.clone(), seen.clone(), again.clone());
            async move {
                save(&site, &app, &id, &seen, &values).await?;
                site.say.emit(site.text(Text::Saved));
                again.emit(());
                Ok(())
            }
        }
    });
    html! {
        <details class="db-details" id="change-link">
            <summary>{site.text(Text::LinkChange)}</summary>
            <form class="bl-form db-narrow" id="form-link" novalidate=true oninput={touch}
                onsubmit={form.onsubmit.clone()}>
                {links::fields(&site, &form, &there.redirect_uris, &of(link))}
                {field::send(&form, site.text(Text::Save), site.text(Text::Working))}
            </form>
        </details>
    }
}

/// What the form changes of it.
fn of(link: &Item) -> Details {
    Details {
        name: link.name.clone(),
        redirect_uri: link.redirect_uri.clone(),
        company_name: link.company_name.clone().unwrap_or_default(),
        terms_url: link.terms_url.clone().unwrap_or_default(),
        privacy_url: link.privacy_url.clone().unwrap_or_default(),
    }
}

async fn save(site: &Site, app: &AppId, id: &LinkId, seen: &Seen<Details>, values: &Values) -> Result<(), Refusal> {
    let NewLink { name, redirect_uri, company_name, terms_url, privacy_url } = links::read(site, values)?;
    let change = LinkDetails { name, redirect_uri, company_name, terms_url, privacy_url };
    let changed = api::patch::<Item>(&format!("links/{id}"), About::App(app), &seen.version(), &change).await;
    let changed =
        changed.map_err(|failure| links::refusal(site, &failure).unwrap_or_else(|| seen.refusal(site, failure)))?;
    seen.saved(changed.version, of(&changed.thing));
    Ok(())
}
