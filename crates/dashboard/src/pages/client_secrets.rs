//! An app's client secrets, and its data key.

use banklink_platform::{
    apps::App,
    client_secrets::{self, ClientSecret, Confirmation, CreatedClientSecret, DataKey},
    ids::AppId,
    texts::Text,
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::{
    api::{self, About, Failure},
    site::{Site, use_site},
    ui::{
        confirm::{self, Words, use_asking},
        field,
        form::{Key, Refusal, Values, use_form},
        load::use_load,
        shown_once::{self, use_once},
        title::Title,
    },
};

const PATH: &str = "app/client_secrets";

const SECRET: shown_once::Words = shown_once::Words {
    title: Text::SecretNew,
    text: Text::SecretNewText,
    label: Text::ClientSecret,
    id: "client-secret",
    saved: Text::SecretSaved,
};

const DATA_KEY: shown_once::Words =
    shown_once::Words { title: Text::DataKeyNew, label: Text::DataKey, id: "data-key", ..SECRET };

/// What is made to work no more.
#[derive(Clone)]
enum Ending {
    ClientSecret(ClientSecret),
    /// For a new one.
    DataKey,
}

#[derive(PartialEq, Properties)]
pub(super) struct ClientSecretsProps {
    pub(super) app: App,
}

/// The section.
#[component]
pub(super) fn ClientSecrets(ClientSecretsProps { app }: &ClientSecretsProps) -> Html {
    let id = &app.id;
    let site = use_site();
    let once = use_once();
    let secrets = use_load(id.clone(), |app| async move { api::all::<ClientSecret>(PATH, About::App(&app)).await });
    let create = use_form({
        let (site, app, once, again) = (site.clone(), id.clone(), once.clone(), secrets.again.clone());
        move |values: Values| {
            let (site, app, once, again) = (site.clone(), app.clone(), once.clone(), again.clone());
            async move {
                once.add(SECRET, create(&site, &app, &values.key).await?.secret);
                again.emit(());
                Ok(())
            }
        }
    });
    let asking = use_asking({
        let (site, app, once, again) = (site.clone(), id.clone(), once.clone(), secrets.again.clone());
        move |ending: Ending, values| {
            let (site, app, once, again) = (site.clone(), app.clone(), once.clone(), again.clone());
            async move {
                if let Some(data_key) = end(&site, &app, ending, &values).await? {
                    once.add(DATA_KEY, data_key);
                }
                again.emit(());
                Ok(())
            }
        }
    });
    let rows = secrets.show(&site, |secrets| list(&site, secrets, &asking.ask));
    let dialog = asking
        .dialog_with_password(|ending| (words(&site, ending), html! { <p class="db-what"><bdi>{&app.name}</bdi></p> }));
    let replace = asking.ask.reform(|_| Some(Ending::DataKey));
    html! {
        <>
            <Title text={site.text(Text::SecretsTitle)} />
            <p class="bl-text">{counted(&site, Text::SecretsText)}</p>
            {once.show()}
            {rows}
            <form class="db-add" id="form-new-secret" novalidate=true onsubmit={create.onsubmit.clone()}>
                {field::send(&create, site.text(Text::SecretNew), site.text(Text::Working))}
            </form>
            <h2 class="db-subtitle">{site.text(Text::DataKey)}</h2>
            <p class="bl-text">{site.text(Text::DataKeyText)}</p>
            <button type="button" class="db-button" id="replace-data-key" onclick={replace}>
                {site.text(Text::DataKeyReplace)}
            </button>
            {dialog}
        </>
    }
}

fn counted(site: &Site, text: Text) -> AttrValue {
    site.fill(text, &[("count", &client_secrets::MOST.to_string())])
}

fn words(site: &Site, ending: &Ending) -> Words {
    match ending {
        Ending::ClientSecret(secret) => Words {
            title: site.fill(Text::SecretRevoke, &[("fingerprint", &secret.fingerprint)]),
            text: site.text(Text::SecretRevokeText),
            go: site.text(Text::Revoke),
        },
        Ending::DataKey => Words {
            title: site.text(Text::DataKeyReplaceTitle),
            text: site.text(Text::DataKeyReplaceText),
            go: site.text(Text::DataKeyReplace),
        },
    }
}

fn list(site: &Site, secrets: &[ClientSecret], ask: &Callback<Option<Ending>>) -> Html {
    let row = |secret: &ClientSecret| {
        let onclick = ask.reform({
            let secret = secret.clone();
            move |_| Some(Ending::ClientSecret(secret.clone()))
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

async fn create(site: &Site, app: &AppId, key: &Key) -> Result<CreatedClientSecret, Refusal> {
    let created = api::create::<CreatedClientSecret>(PATH, About::App(app), &(), key).await;
    created.map_err(|failure| match failure.code() {
        Some(ProblemCode::Conflict) => Refusal::whole(counted(site, Text::SecretsFull)),
        _ => failure.into(),
    })
}

/// Ends a client secret, or puts a new data key in place of the old one and returns it.
async fn end(site: &Site, app: &AppId, ending: Ending, values: &Values) -> Result<Option<Secret>, Refusal> {
    let confirmation = Confirmation { password: confirm::password(site, values)? };
    let refused = |failure| refusal(site, failure);
    match ending {
        Ending::ClientSecret(secret) => {
            let path = format!("{PATH}/{}/revoke", secret.id);
            api::tell(&path, About::App(app), &confirmation).await.map_err(refused)?;
            site.say.emit(site.fill(Text::SecretWasRevoked, &[("fingerprint", &secret.fingerprint)]));
            Ok(None)
        }
        Ending::DataKey => {
            let made = api::create::<DataKey>("app/data_key", About::App(app), &confirmation, &values.key).await;
            Ok(Some(made.map_err(refused)?.data_key))
        }
    }
}

fn refusal(site: &Site, failure: Failure) -> Refusal {
    match (failure.code(), failure.parameter()) {
        (Some(ProblemCode::InvalidParameter), Some(confirm::PASSWORD)) => confirm::not_your_password(site),
        _ => failure.into(),
    }
}
