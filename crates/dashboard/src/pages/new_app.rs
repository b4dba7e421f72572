//! A new app.

use banklink_platform::{
    apps::{AppMode, CreatedApp, NewApp as Request},
    texts::Text,
};
use banklink_protocol::problem::ProblemCode;
use yew::{Callback, Html, UseStateHandle, component, html, use_state};

use super::created::Created;
use crate::{
    api::{self, About, Failure},
    site::{Site, use_site},
    ui::{
        field::{self, Field, Kind},
        form::{Form, Refusal, Values, use_form},
        title::Title,
    },
};

const NAME: &str = "name";
const MODE: &str = "mode";
const SANDBOX: &str = "sandbox";
const LIVE: &str = "live";
const REDIRECT_URI: &str = "redirect_uri";
const ORIGIN: &str = "origin";

/// The page.
#[component]
pub(crate) fn NewApp() -> Html {
    let site = use_site();
    let created = use_state(|| None::<Shown>);
    let mode = use_state(|| SANDBOX);
    let form = use_form({
        let (site, created) = (site.clone(), created.setter());
        move |values| {
            let (site, created) = (site.clone(), created.clone());
            async move {
                created.set(Some(Shown(create(&site, values).await?)));
                Ok(())
            }
        }
    });
    match &*created {
        Some(shown) => html! { <Created created={shown.clone()} /> },
        None => fill_in(&site, &form, &mode),
    }
}

/// A new app, compared by which it is: its secrets are new.
#[derive(Clone)]
pub(super) struct Shown(pub(super) CreatedApp);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        self.0.app.id == other.0.app.id
    }
}

fn fill_in(site: &Site, form: &Form, mode: &UseStateHandle<&'static str>) -> Html {
    let wrong = || form.wrong.clone();
    html! {
        <div class="db-narrow">
            <Title text={site.text(Text::NewAppTitle)} />
            <form class="bl-form" id="form-new-app" novalidate=true onsubmit={form.onsubmit.clone()}>
                <Field name={NAME} label={Text::AppName} kind={Kind::Text} hint={site.text(Text::NewAppNameHint)}
                    wrong={wrong()} />
                <fieldset class="db-choices" aria-describedby="mode-hint">
                    <legend class="bl-label">{site.text(Text::AppMode)}</legend>
                    {choice(site, SANDBOX, Text::ModeSandbox, Text::ModeSandboxHint, mode)}
                    {choice(site, LIVE, Text::ModeLive, Text::ModeLiveHint, mode)}
                    <p class="bl-hint" id="mode-hint">{site.text(Text::NewAppModeHint)}</p>
                </fieldset>
                <Field name={REDIRECT_URI} label={Text::RedirectUri} kind={Kind::Address}
                    hint={site.text(Text::RedirectUriHint)} wrong={wrong()} />
                <Field name={ORIGIN} label={Text::Origin} kind={Kind::Address} optional=true
                    hint={site.text(Text::OriginHint)} wrong={wrong()} />
                {field::send(form, site.text(Text::NewAppButton), site.text(Text::Working))}
            </form>
        </div>
    }
}

/// One of the modes. Which is chosen is kept here: drawn again, the page would choose the first one.
fn choice(site: &Site, value: &'static str, label: Text, hint: Text, mode: &UseStateHandle<&'static str>) -> Html {
    let choose = Callback::from({
        let mode = mode.setter();
        move |_| mode.set(value)
    });
    html! {
        <label class="db-choice">
            <input type="radio" name={MODE} {value} checked={**mode == value} onchange={choose} />
            <span><strong>{site.text(label)}</strong><br /><span class="bl-hint">{site.text(hint)}</span></span>
        </label>
    }
}

async fn create(site: &Site, values: Values) -> Result<CreatedApp, Refusal> {
    let mode = if values.text(MODE) == LIVE { AppMode::Live } else { AppMode::Sandbox };
    let name = values.some(NAME).ok_or_else(|| Refusal::of(NAME, site.text(Text::NameWrong)))?;
    let redirect_uri = values.some(REDIRECT_URI);
    let redirect_uri = redirect_uri.ok_or_else(|| Refusal::of(REDIRECT_URI, site.text(Text::RedirectUriWrong)))?;
    let origins = values.some(ORIGIN).into_iter().collect();
    let request = Request { name, mode, redirect_uris: vec![redirect_uri], origins };
    api::create("apps", About::Organisation, &request, &values.key).await.map_err(|failure| refusal(site, failure))
}

fn refusal(site: &Site, failure: Failure) -> Refusal {
    let parameter = failure.parameter().unwrap_or_default().to_owned();
    match failure.code() {
        Some(ProblemCode::InvalidParameter) if parameter == NAME => Refusal::of(NAME, site.text(Text::NameWrong)),
        Some(ProblemCode::InvalidParameter) if parameter.starts_with(REDIRECT_URI) => {
            Refusal::of(REDIRECT_URI, site.text(Text::RedirectUriWrong))
        }
        Some(ProblemCode::InvalidParameter) if parameter.starts_with(ORIGIN) => {
            Refusal::of(ORIGIN, site.text(Text::OriginWrong))
        }
        _ => failure.into(),
    }
}
