//! An app's webhooks.

use banklink_platform::{
    ids::AppId,
    items::Items,
    texts::Text,
    webhooks::{NewWebhook, SignatureStyle, Webhook, WebhookWithSecret},
};
use yew::{AttrValue, Html, Properties, component, html};

use super::webhook_fields;
use crate::{
    api::{self, About},
    route::Route,
    site::{Site, use_site},
    ui::{
        field::{self, Choice},
        form::{Refusal, Values, use_form},
        link::Link,
        load::use_load,
        shown_once::{self, use_once},
        title::Title,
    },
};

pub(super) const PATH: &str = "app/webhooks";
const STYLE: &str = "style";

/// How what is sent is signed, as it is sent and as it is called.
const STYLES: [(SignatureStyle, &str, &str); 3] = [
    (SignatureStyle::Standard, "standard", "Standard Webhooks"),
    (SignatureStyle::FlinksHmac, "flinks_hmac", "Flinks (HMAC)"),
    (SignatureStyle::FinlinkJwt, "finlink_jwt", "Finlink (ES256 JWT)"),
];

#[derive(PartialEq, Properties)]
pub(super) struct WebhooksProps {
    pub(super) app: AppId,
}

/// The section.
#[component]
pub(super) fn Webhooks(WebhooksProps { app }: &WebhooksProps) -> Html {
    let site = use_site();
    let once = use_once();
    let webhooks = use_load(app.clone(), |app| async move { api::get::<Items<Webhook>>(PATH, About::App(&app)).await });
    let form = use_form({
        let (site, app, once, again) = (site.clone(), app.clone(), once.clone(), webhooks.again.clone());
        move |values: Values| {
            let (site, app, once, again) = (site.clone(), app.clone(), once.clone(), again.clone());
            async move {
                let added = add(&site, &app, &values).await?;
                values.clear();
                site.say.emit(site.fill(Text::Added, &[("what", &added.webhook.url)]));
                if let Some(secret) = added.secret {
                    once.add(SECRET, secret);
                }
                again.emit(());
                Ok(())
            }
        }
    });
    let styles = STYLES.map(|(_, sent, called)| (AttrValue::from(sent), AttrValue::from(called)));
    html! {
        <>
            <Title text={site.text(Text::WebhooksTitle)} />
            <p class="bl-text">{site.text(Text::WebhooksText)}</p>
            {once.show()}
            {webhooks.show(&site, |webhooks| list(&site, app, &webhooks.items))}
            <h2 class="db-subtitle">{site.text(Text::WebhookNew)}</h2>
            <form class="bl-form db-narrow" id="form-webhook" novalidate=true onsubmit={form.onsubmit.clone()}>
                {webhook_fields::fields(&site, &form, "", &[])}
                <Choice name={STYLE} label={Text::WebhookStyle} options={styles.to_vec()} initial="standard"
                    hint={site.text(Text::WebhookStyleHint)} />
                {field::send(&form, site.text(Text::Add), site.text(Text::Working))}
            </form>
        </>
    }
}

fn list(site: &Site, app: &AppId, webhooks: &[Webhook]) -> Html {
    if webhooks.is_empty() {
        return html! { <p class="db-empty">{site.text(Text::WebhooksNone)}</p> };
    }
    let row = |webhook: &Webhook| {
        let to = Route::Webhook { app: app.to_string(), webhook: webhook.id.to_string() };
        html! {
            <li class="db-row" key={webhook.id.as_str()}>
                <div>
                    <Link {to} classes="db-link"><code dir="ltr">{&webhook.url}</code></Link>
                    <p class="bl-hint">{told(site, &webhook.events)}</p>
                </div>
            </li>
        }
    };
    html! { <ul class="db-rows" id="webhooks">{for webhooks.iter().map(row)}</ul> }
}

/// Of what a webhook is told.
pub(super) fn told(site: &Site, events: &[String]) -> AttrValue {
    if events.is_empty() { site.text(Text::WebhookEventsAll) } else { events.join(", ").into() }
}

/// What a way of signing is called.
pub(super) fn style(style: SignatureStyle) -> &'static str {
    STYLES.iter().find(|(known, ..)| *known == style).map_or("", |(_, _, called)| called)
}

/// What signatures are checked with.
pub(super) const SECRET: shown_once::Words = shown_once::Words {
    title: Text::WebhookSecret,
    text: Text::SecretNewText,
    label: Text::WebhookSecret,
    id: "webhook-secret",
    saved: Text::SecretSaved,
};

async fn add(site: &Site, app: &AppId, values: &Values) -> Result<WebhookWithSecret, Refusal> {
    let (url, events) = webhook_fields::read(site, values)?;
    let wanted = values.text(STYLE);
    let style =
        STYLES.iter().find(|(_, sent, _)| *sent == wanted).map_or(SignatureStyle::default(), |(style, ..)| *style);
    let added = api::create(PATH, About::App(app), &NewWebhook { url, events, style }, &values.key).await;
    added.map_err(|failure| webhook_fields::refusal(site, &failure).unwrap_or_else(|| failure.into()))
}
