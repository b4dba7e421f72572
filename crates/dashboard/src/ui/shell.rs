//! What stands around the pages of somebody who is signed in.

use banklink_platform::{operators::OperatorSession, texts::Text};
use web_sys::HtmlSelectElement;
use yew::{Callback, Children, Event, Html, Properties, TargetCast as _, component, html};
use yew_router::components::Link;

use crate::{
    api::{self, About},
    browser,
    route::Route,
    site::{Site, use_site},
};

#[derive(PartialEq, Properties)]
pub(crate) struct ShellProps {
    /// Who is signed in.
    pub(crate) session: OperatorSession,
    /// The page.
    pub(crate) children: Children,
}

/// The frame around a page.
#[component]
pub(crate) fn Shell(ShellProps { session, children }: &ShellProps) -> Html {
    let site = use_site();
    let organisation = session.organisation.clone().unwrap_or_else(|| "banklink".to_owned());
    html! {
        <>
            <a class="db-skip" href="#content">{site.text(Text::Skip)}</a>
            <header class="db-header">
                <nav class="db-nav" aria-label={site.text(Text::Navigation)}>
                    <Link<Route> to={Route::Apps} classes="db-brand"><bdi>{organisation}</bdi></Link<Route>>
                    <Link<Route> to={Route::Apps} classes="db-nav-link">{site.text(Text::AppsTitle)}</Link<Route>>
                    <Link<Route> to={Route::Operators} classes="db-nav-link">
                        {site.text(Text::OperatorsTitle)}
                    </Link<Route>>
                </nav>
                <div class="db-person">
                    <span class="db-name">{&session.operator.name}</span>
                    <button type="button" class="db-button" id="sign-out" onclick={leaves(&site, "session")}>
                        {site.text(Text::SignOut)}
                    </button>
                </div>
            </header>
            <main class="db-main" id="content" tabindex="-1">{children.clone()}</main>
            <footer class="db-footer">
                {languages(&site)}
                <button type="button" class="db-button" id="sign-out-everywhere" onclick={leaves(&site, "sessions")}>
                    {site.text(Text::SignOutEverywhere)}
                </button>
            </footer>
        </>
    }
}

/// Signs out, here or everywhere.
fn leaves<E>(site: &Site, path: &'static str) -> Callback<E> {
    let site = site.clone();
    Callback::from(move |_| {
        let site = site.clone();
        yew::platform::spawn_local(async move {
            match api::delete(path, &[], About::Organisation).await {
                Ok(()) => site.enter.emit(None),
                Err(failure) if site.is_signed_out(&failure) => {}
                Err(failure) => site.say.emit(site.failure(&failure)),
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
            <footer class="db-footer">{languages(&site)}</footer>
        </div>
    }
}

/// The languages, each by its own name.
const LANGUAGES: [(&str, &str); 8] = [
    ("ar", "العربية"),
    ("ca", "Català"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("pt", "Português"),
];

fn languages(site: &Site) -> Html {
    let choose =
        Callback::from(|event: Event| browser::speak(&event.target_unchecked_into::<HtmlSelectElement>().value()));
    let option = |(tag, name): (&'static str, &'static str)| {
        html! { <option value={tag} lang={tag} selected={site.language() == tag}>{name}</option> }
    };
    html! {
        <label class="db-language">
            {site.text(Text::Language)}
            <select class="db-select" id="language" onchange={choose}>{for LANGUAGES.into_iter().map(option)}</select>
        </label>
    }
}
