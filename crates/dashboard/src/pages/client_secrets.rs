//! An app's client secrets.

use banklink_platform::{
    client_secrets::{self, ClientSecret, Confirmation, CreatedClientSecret},
    ids::AppId,
    items::Items,
    texts::Text,
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use yew::{Callback, Html, Properties, component, html, use_state};

use crate::{
    api::{self, About, Failure},
    site::{Site, use_site},
    ui::{
        confirm::{Words, use_asking},
        copyable::Copyable,
        dialog::Dialog,
        field::{self, Field, Kind},
        form::{Refusal, Values, use_form},
        load::use_load,
        title::Title,
    },
};

const PATH: &str = "app/client_secrets";
const PASSWORD: &str = "password";

#[derive(PartialEq, Properties)]
pub(super) struct ClientSecretsProps {
    pub(super) app: AppId,
}

/// The section.
#[component]
pub(super) fn ClientSecrets(ClientSecretsProps { app }: &ClientSecretsProps) -> Html {
    let site = use_site();
    let created = use_state(|| None::<Secret>);
    let secrets =
        use_load(app.clone(), |app| async move { api::get::<Items<ClientSecret>>(PATH, About::App(&app)).await });
    let create = use_form({
        let (site, app, created, again) = (site.clone(), app.clone(), created.setter(), secrets.again.clone());
        move |_| {
            let (site, app, created, again) = (site.clone(), app.clone(), created.clone(), again.clone());
            async move {
                let new = create(&site, &app).await?;
                created.set(Some(new.secret.clone()));
                again.emit(());
                Ok(())
            }
        }
    });
    let asking = use_asking({
        let (site, app, again) = (site.clone(), app.clone(), secrets.again.clone());
        move |secret: ClientSecret, values| {
            let (site, app, again) = (site.clone(), app.clone(), again.clone());
            async move {
                revoke(&site, &app, &secret, &values).await?;
                again.emit(());
                Ok(())
            }
        }
    });
    let rows = secrets.show(&site, |secrets| list(&site, &secrets.items, &asking.ask));
    let dialog = asking.dialog(&site, |secret| {
        let words = Words {
            title: site.fill(Text::SecretRevoke, &[("fingerprint", &secret.fingerprint)]),
            text: site.text(Text::SecretRevokeText),
            go: site.text(Text::Revoke),
        };
        let field = html! {
            <Field name={PASSWORD} label={Text::Password} kind={Kind::Password} autocomplete="current-password"
                wrong={asking.form.wrong.clone()} />
        };
        (words, field)
    });
    let shown = created.as_ref().map(|secret| {
        let close = Callback::from({
            let created = created.setter();
            move |()| created.set(None)
        });
        shown_once(&site, secret, &close)
    });
    html! {
        <>
            <Title text={site.text(Text::SecretsTitle)} />
            <p class="bl-text">{counted(&site, Text::SecretsText)}</p>
            {rows}
            <form class="db-add" novalidate=true onsubmit={create.onsubmit.clone()}>
                {field::send(&create, site.text(Text::SecretNew), site.text(Text::Working))}
            </form>
            {dialog}
            {shown}
        </>
    }
}

fn counted(site: &Site, text: Text) -> yew::AttrValue {
    site.fill(text, &[("count", &client_secrets::MOST.to_string())])
}

fn list(site: &Site, secrets: &[ClientSecret], ask: &Callback<Option<ClientSecret>>) -> Html {
    let row = |secret: &ClientSecret| {
        let onclick = ask.reform({
            let secret = secret.clone();
            move |_| Some(secret.clone())
        });
        let state = match secret.revoked_at {
            None => site.text(Text::SecretWorks),
            Some(at) => site.fill(Text::SecretRevoked, &[("date", &site.day(at))]),
        };
        let created = site.fill(Text::CreatedOn, &[("date", &site.day(secret.created_at))]);
        let label = format!("{} {}", site.text(Text::Revoke), secret.fingerprint);
        html! {
            <li class="db-row" key={secret.id.as_str()}>
                <div><code dir="ltr">{&secret.fingerprint}</code><p class="bl-hint">{created}{" · "}{state}</p></div>
                if secret.revoked_at.is_none() {
                    <button type="button" class="db-button" aria-label={label} {onclick}>
                        {site.text(Text::Revoke)}
                    </button>
                }
            </li>
        }
    };
    html! { <ul class="db-rows" id="client-secrets">{for secrets.iter().map(row)}</ul> }
}

fn shown_once(site: &Site, secret: &Secret, close: &Callback<()>) -> Html {
    html! {
        <Dialog title={site.text(Text::SecretNew)} close={close.clone()}>
            <p class="db-warning">{site.text(Text::SecretNewText)}</p>
            <Copyable id="client-secret" label={site.text(Text::ClientSecret)} value={secret.expose().to_owned()} />
            <button type="button" class="bl-button db-short" onclick={close.reform(|_| ())}>
                {site.text(Text::SecretSaved)}
            </button>
        </Dialog>
    }
}

async fn create(site: &Site, app: &AppId) -> Result<CreatedClientSecret, Refusal> {
    let created = api::post::<CreatedClientSecret>(PATH, About::App(app), &()).await;
    created.map_err(|failure| match failure.code() {
        Some(ProblemCode::Conflict) => Refusal::whole(counted(site, Text::SecretsFull)),
        _ => failure.into(),
    })
}

async fn revoke(site: &Site, app: &AppId, secret: &ClientSecret, values: &Values) -> Result<(), Refusal> {
    let password = Secret::new(values.exact(PASSWORD));
    if password.is_empty() {
        return Err(Refusal::of(PASSWORD, site.text(Text::PasswordMissing)));
    }
    let path = format!("{PATH}/{}/revoke", secret.id);
    let revoked = api::tell(&path, About::App(app), &Confirmation { password }).await;
    revoked.map_err(|failure| refusal(site, failure))?;
    site.say.emit(site.fill(Text::SecretWasRevoked, &[("fingerprint", &secret.fingerprint)]));
    Ok(())
}

fn refusal(site: &Site, failure: Failure) -> Refusal {
    match failure.code() {
        Some(ProblemCode::InvalidParameter) => Refusal::of(PASSWORD, site.text(Text::PasswordNotYours)),
        _ => failure.into(),
    }
}
