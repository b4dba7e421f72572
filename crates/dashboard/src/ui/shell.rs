//! What stands around the pages of somebody who is signed in.

use banklink_platform::{operators::OperatorSession, texts::Text};
use web_sys::MouseEvent;
use yew::{Callback, Children, Html, Properties, component, html, use_state};

use crate::{
    api::{self, About, Version},
    browser,
    presence::Move,
    route::Route,
    site::{Site, use_site},
    ui::{
        form::{Values, use_form},
        link::Link,
    },
};

#[derive(PartialEq, Properties)]
pub(crate) struct ShellProps {
    /// Who is signed in.
    pub(crate) session: OperatorSession,
    /// Where they are.
    pub(crate) route: Route,
    /// The page.
    pub(crate) children: Children,
}

/// The frame around a page.
#[component]
pub(crate) fn Shell(ShellProps { session, route, children }: &ShellProps) -> Html {
    let site = use_site();
    let wrong = use_state(|| None::<Html>);
    let leaves = |path| {
        leaves(
            &site,
            path,
            Callback::from({
                let wrong = wrong.setter();
                move |text| wrong.set(text)
            }),
        )
    };
    let section = |to: Route, title| {
        let is_here = to == *route;
        html! { <Link {to} classes="db-nav-link" {is_here}>{site.text(title)}</Link> }
    };
    // What stands behind `#` is the place in a list, which stays.
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        browser::focus("#content");
    });
    let organisation = session.organisation.clone().unwrap_or_else(|| "banklink".to_owned());
    html! {
        <>
            <a class="db-skip" href="#content" onclick={skip}>{site.text(Text::Skip)}</a>
            <header class="db-header">
                <nav class="db-nav" aria-label={site.text(Text::Navigation)}>
                    <Link to={Route::Apps} classes="db-brand"><bdi>{organisation}</bdi></Link>
                    {section(Route::Apps, Text::AppsTitle)}
                    {section(Route::Operators, Text::OperatorsTitle)}
                    {section(Route::Activities, Text::ActivitiesTitle)}
                </nav>
                <div class="db-person">
                    <Link to={Route::You} classes="db-name" is_here={*route == Route::You}>
                        <bdi>{&session.operator.name}</bdi>
                    </Link>
                    <button type="button" class="db-button" id="sign-out" onclick={leaves("session")}>
                        {site.text(Text::SignOut)}
                    </button>
                </div>
            </header>
            <div class="db-notice" role="alert">
                if let Some(wrong) = &*wrong { <p class="bl-alert">{wrong.clone()}</p> }
            </div>
            <main class="db-main" id="content" tabindex="-1">{children.clone()}</main>
            <footer class="db-footer">
                <Languages />
                {support(&site)}
                <button type="button" class="db-button" id="sign-out-everywhere" onclick={leaves("sessions")}>
                    {site.text(Text::SignOutEverywhere)}
                </button>
            </footer>
        </>
    }
}

/// Signs out, here or everywhere.
fn leaves<E>(site: &Site, path: &'static str, wrong: Callback<Option<Html>>) -> Callback<E> {
    let site = site.clone();
    Callback::from(move |_| {
        let (site, wrong) = (site.clone(), wrong.clone());
        wrong.emit(None);
        yew::platform::spawn_local(async move {
            match api::delete(path, &[], About::Organisation, &Version::Any).await {
                Ok(()) => site.happen.emit(Move::Leaves),
                Err(failure) if site.is_signed_out(&failure) => {}
                Err(failure) => wrong.emit(Some(site.failure(&failure))),
            }
        });
    })
}

#[derive(PartialEq, Properties)]
pub(crate) struct DoorProps {
    /// What stands in it.
    pub(crate) children: Children,
}

/// The frame around a page for those who are not signed in.
#[component]
pub(crate) fn Door(DoorProps { children }: &DoorProps) -> Html {
    let site = use_site();
    html! {
        <div class="db-door">
            <main class="db-card" id="content">{children.clone()}</main>
            <footer class="db-footer"><Languages />{support(&site)}</footer>
        </div>
    }
}

const LANGUAGE: &str = "language";

/// The languages, each by its own name.
pub(super) const LANGUAGES: [(&str, &str); 8] = [
    ("ar", "العربية"),
    ("ca", "Català"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("pt", "Português"),
];

/// Where to turn for help.
fn support(site: &Site) -> Html {
    match browser::support() {
        Some(address) => html! { <a class="db-nav-link" href={address} id="support">{site.text(Text::Support)}</a> },
        None => Html::default(),
    }
}

/// In which language one reads. It is asked for by a button: changed by the list alone, whoever walks through it by keys
/// would leave what they typed (WCAG 3.2.2).
#[component]
fn Languages() -> Html {
    let site = use_site();
    let form = use_form(|values: Values| async move {
        browser::speak(&values.text(LANGUAGE));
        Ok(())
    });
    let option = |(tag, name): (&'static str, &'static str)| {
        html! { <option value={tag} lang={tag} selected={site.language() == tag}>{name}</option> }
    };
    html! {
        <form class="db-language" onsubmit={form.onsubmit.clone()}>
            <label for="site-language">{site.text(Text::Language)}</label>
            <select class="db-select" id="site-language" name={LANGUAGE}>{for LANGUAGES.into_iter().map(option)}</select>
            <button type="submit" class="db-button">{site.text(Text::Apply)}</button>
        </form>
    }
}
