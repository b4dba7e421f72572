//! An app's links.

use banklink_platform::{
    apps::RedirectUri,
    ids::AppId,
    links::{Link as Item, LinkState, NewLink},
    texts::Text,
};
use banklink_protocol::problem::ProblemCode;
use yew::{Html, Properties, component, html};
use yew_router::hooks::use_navigator;

use crate::{
    api::{self, About, Failure},
    route::Route,
    site::{Site, use_site},
    ui::{
        field::{self, Choice, Field, Kind},
        form::{Form, Refusal, Values, use_form},
        link::Link,
        load::use_load,
        table::{Column, Order, Rows, Table, use_table},
        title::Title,
    },
};

const NAME: &str = "name";
pub(super) const REDIRECT_URI: &str = "redirect_uri";
const COMPANY_NAME: &str = "company_name";
const TERMS_URL: &str = "terms_url";
const PRIVACY_URL: &str = "privacy_url";

/// What stands in the form of a link: what a link may be without is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Details {
    pub(super) name: String,
    pub(super) redirect_uri: String,
    pub(super) company_name: String,
    pub(super) terms_url: String,
    pub(super) privacy_url: String,
}

#[derive(PartialEq, Properties)]
pub(super) struct LinksProps {
    pub(super) app: AppId,
}

/// All links, and where they can lead.
#[derive(PartialEq)]
struct There {
    links: Vec<Item>,
    redirect_uris: Vec<RedirectUri>,
}

async fn there(app: AppId) -> Result<There, Failure> {
    let about = About::App(&app);
    Ok(There { links: api::all("links", about).await?, redirect_uris: api::all("app/redirect_uris", about).await? })
}

/// The section.
#[component]
pub(super) fn Links(LinksProps { app }: &LinksProps) -> Html {
    let (site, table, navigator) = (use_site(), use_table(), use_navigator());
    let loaded = use_load(app.clone(), there);
    let form = use_form({
        let (site, app) = (site.clone(), app.clone());
        move |values| {
            let (site, app, navigator) = (site.clone(), app.clone(), navigator.clone());
            async move {
                let link = create(&site, &app, &values).await?;
                if let Some(navigator) = navigator {
                    navigator.push(&Route::Link { app: app.to_string(), link: link.id.to_string() });
                }
                Ok(())
            }
        }
    });
    let content = loaded.show(&site, |there| {
        html! {
            <>
                if there.links.is_empty() {
                    <p class="db-empty">{site.text(Text::LinksNone)}</p>
                } else {
                    {rows(&site, &table, app, &there.links)}
                }
                {new(&site, &form, &there.redirect_uris)}
            </>
        }
    });
    html! {
        <>
            <Title text={site.text(Text::LinksTitle)} />
            <p class="bl-text">{site.text(Text::LinksText)}</p>
            {content}
        </>
    }
}

fn rows(site: &Site, table: &Table, app: &AppId, links: &[Item]) -> Html {
    let name = |link: &Item| {
        let to = Route::Link { app: app.to_string(), link: link.id.to_string() };
        html! { <Link {to} classes="db-link"><bdi>{&link.name}</bdi></Link> }
    };
    let to = |link: &Item| html! { <code class="db-what" dir="ltr">{&link.redirect_uri}</code> };
    let state = |link: &Item| self::state(site, link.state);
    let columns = [
        Column {
            title: Text::LinkName,
            cell: &name,
            order: Some(Order { name: "name", compare: |a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase()) }),
        },
        Column {
            title: Text::RedirectUri,
            cell: &to,
            order: Some(Order { name: "redirect_uri", compare: |a, b| a.redirect_uri.cmp(&b.redirect_uri) }),
        },
        Column {
            title: Text::State,
            cell: &state,
            order: Some(Order { name: "state", compare: |a, b| (a.state as u8).cmp(&(b.state as u8)) }),
        },
    ];
    table.show(
        site,
        &Rows {
            id: "table-links",
            search: Text::LinksSearch,
            no_match: Text::LinksNoMatch,
            all: links,
            says: |link| format!("{} {}", link.name, link.redirect_uri),
            columns: &columns,
        },
    )
}

/// Whether a link opens anything.
pub(super) fn state(site: &Site, state: LinkState) -> Html {
    match state {
        LinkState::Active => html! { <span class="db-badge db-badge-live">{site.text(Text::LinkActive)}</span> },
        LinkState::Paused => html! { <span class="db-badge">{site.text(Text::LinkPaused)}</span> },
    }
}

/// The fields of a link, with what is in them.
pub(super) fn fields(site: &Site, form: &Form, redirect_uris: &[RedirectUri], before: &Details) -> Html {
    let options = redirect_uris.iter().map(|entry| (entry.uri.clone().into(), entry.uri.clone().into()));
    html! {
        <>
            <Field name={NAME} label={Text::LinkName} kind={Kind::Text} hint={site.text(Text::LinkNameHint)}
                initial={before.name.clone()} wrong={form.wrong.clone()} />
            <Choice name={REDIRECT_URI} label={Text::RedirectUri} addresses=true options={options.collect::<Vec<_>>()}
                initial={before.redirect_uri.clone()} wrong={form.wrong.clone()} />
            <Field name={COMPANY_NAME} label={Text::SettingCustomerName} kind={Kind::Text} optional=true
                initial={before.company_name.clone()} hint={site.text(Text::LinkAgreementHint)}
                wrong={form.wrong.clone()} />
            <Field name={TERMS_URL} label={Text::SettingTermsUrl} kind={Kind::Address} optional=true
                initial={before.terms_url.clone()} hint={site.text(Text::LinkAgreementHint)}
                wrong={form.wrong.clone()} />
            <Field name={PRIVACY_URL} label={Text::LinkPrivacyUrl} kind={Kind::Address} optional=true
                initial={before.privacy_url.clone()} hint={site.text(Text::SettingTermsUrlHint)}
                wrong={form.wrong.clone()} />
        </>
    }
}

fn new(site: &Site, form: &Form, redirect_uris: &[RedirectUri]) -> Html {
    html! {
        <>
            <h2 class="db-subtitle">{site.text(Text::LinkNew)}</h2>
            <form class="bl-form db-narrow" id="form-new-link" novalidate=true onsubmit={form.onsubmit.clone()}>
                {fields(site, form, redirect_uris, &Details::default())}
                {field::send(form, site.text(Text::LinkCreate), site.text(Text::Working))}
            </form>
        </>
    }
}

async fn create(site: &Site, app: &AppId, values: &Values) -> Result<Item, Refusal> {
    let created = api::create("links", About::App(app), &read(site, values)?, &values.key).await;
    created.map_err(|failure| refusal(site, &failure).unwrap_or_else(|| failure.into()))
}

/// What stands in the form.
pub(super) fn read(site: &Site, values: &Values) -> Result<NewLink, Refusal> {
    let name = values.some(NAME).ok_or_else(|| Refusal::of(NAME, site.text(Text::NameWrong)))?;
    Ok(NewLink {
        name,
        redirect_uri: values.text(REDIRECT_URI),
        company_name: values.some(COMPANY_NAME),
        terms_url: values.some(TERMS_URL),
        privacy_url: values.some(PRIVACY_URL),
    })
}

/// Why a link can't be like that, if that is what the failure says.
pub(super) fn refusal(site: &Site, failure: &Failure) -> Option<Refusal> {
    let faults = [
        (NAME, Text::NameWrong),
        // Somebody removed it meanwhile.
        (REDIRECT_URI, Text::ProblemGone),
        (COMPANY_NAME, Text::SettingCustomerNameWrong),
        (TERMS_URL, Text::SettingTermsUrlWrong),
        (PRIVACY_URL, Text::SettingTermsUrlWrong),
    ];
    let parameter = failure.parameter().filter(|_| failure.code() == Some(ProblemCode::InvalidParameter))?;
    let (field, text) = faults.into_iter().find(|(field, _)| *field == parameter)?;
    Some(Refusal::of(field, site.text(text)))
}
