//! A webhook: what it is told, and how that went.

use banklink_platform::{
    ids::{AppId, WebhookId},
    texts::Text,
    webhooks::{Delivery, DeliveryNumber, DeliveryState, Webhook, WebhookChange, WebhookWithSecret},
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use yew::{Callback, Html, Properties, component, html};
use yew_router::hooks::use_navigator;

use super::{
    webhook_fields,
    webhooks::{PATH, SECRET, style, told},
};
use crate::{
    api::{self, About, Version, Versioned},
    route::Route,
    site::{Site, use_site},
    ui::{
        confirm::{Words, use_asking},
        field,
        filter::filter,
        form::{Refusal, Values, use_form},
        link::Link,
        load::use_load,
        pages_of::use_pages_of,
        place::use_place,
        seen::{Seen, use_seen},
        shown_once::{Once, use_once},
        table::Column,
        title::Title,
    },
};

const STATE: &str = "state";

/// How deliveries can be, as it is asked for and as it is called.
const STATES: [(&str, Text); 3] =
    [("pending", Text::DeliveryPending), ("delivered", Text::Delivered), ("parked", Text::DeliveryParked)];

/// What is asked before it is done.
#[derive(Clone)]
enum Doing {
    RotateKey,
    Remove,
}

#[derive(PartialEq, Properties)]
pub(super) struct WebhookPageProps {
    pub(super) app: AppId,
    pub(super) webhook: WebhookId,
}

/// The page.
#[component]
pub(super) fn WebhookPage(WebhookPageProps { app, webhook }: &WebhookPageProps) -> Html {
    let (site, once) = (use_site(), use_once());
    let path = format!("{PATH}/{webhook}");
    let loaded = use_load((app.clone(), path), |(app, path)| async move {
        api::get_versioned::<Webhook>(&path, About::App(&app)).await
    });
    loaded.show_page(&site, Text::WebhooksTitle, |there| {
        let again = loaded.again.clone();
        html! {
            <>
                <Title text={there.thing.url.clone()} />
                {once.show()}
                {facts(&site, &there.thing)}
                <h2 class="db-subtitle">{site.text(Text::DeliveriesTitle)}</h2>
                <Deliveries app={app.clone()} webhook={webhook.clone()} />
                <ChangeWebhook app={app.clone()} there={(**there).clone()} again={again.clone()} />
                <Actions app={app.clone()} webhook={there.thing.clone()} {once} {again} />
            </>
        }
    })
}

#[derive(PartialEq, Properties)]
struct ActionsProps {
    app: AppId,
    webhook: Webhook,
    /// Where a new key is shown.
    once: Once,
    /// Reads it anew.
    again: Callback<()>,
}

/// What is done with it, once the person has confirmed it.
#[component]
fn Actions(ActionsProps { app, webhook, once, again }: &ActionsProps) -> Html {
    let (site, navigator) = (use_site(), use_navigator());
    let path = format!("{PATH}/{}", webhook.id);
    let asking = use_asking({
        let (site, app, url) = (site.clone(), app.clone(), webhook.url.clone());
        let (once, again) = (once.clone(), again.clone());
        move |doing: Doing, values: Values| {
            let (site, app, path, url) = (site.clone(), app.clone(), path.clone(), url.clone());
            let (once, again, navigator) = (once.clone(), again.clone(), navigator.clone());
            async move {
                match doing {
                    Doing::RotateKey => {
                        let secret = rotate(&app, &path, &values).await?;
                        site.say.emit(site.text(Text::WebhookRotated));
                        if let Some(secret) = secret {
                            once.add(SECRET, secret);
                        }
                        again.emit(());
                    }
                    Doing::Remove => {
                        api::delete(&path, &[], About::App(&app), &Version::Any).await?;
                        site.say.emit(site.fill(Text::Removed, &[("what", &url)]));
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::Webhooks { app: app.to_string() });
                        }
                    }
                }
                Ok(())
            }
        }
    });
    let dialog = asking
        .dialog(|doing| (words(&site, doing), html! { <p><code class="db-what" dir="ltr">{&webhook.url}</code></p> }));
    let ask = |doing: Doing| asking.ask.reform(move |_| Some(doing.clone()));
    html! {
        <div class="db-actions">
            <button type="button" class="db-button" id="rotate-key" onclick={ask(Doing::RotateKey)}>
                {site.text(Text::WebhookRotate)}
            </button>
            <button type="button" class="db-button" id="remove-webhook" onclick={ask(Doing::Remove)}>
                {site.text(Text::Remove)}
            </button>
            {dialog}
        </div>
    }
}

fn facts(site: &Site, webhook: &Webhook) -> Html {
    html! {
        <dl class="db-facts">
            <dt>{site.text(Text::WebhookEvents)}</dt><dd>{told(site, &webhook.events)}</dd>
            <dt>{site.text(Text::WebhookStyle)}</dt><dd>{style(webhook.style)}</dd>
            <dt>{site.text(Text::WebhookKey)}</dt><dd><code class="db-what" dir="ltr">{&webhook.key_id}</code></dd>
            if let Some(until) = webhook.previous_key_until {
                <dt>{site.text(Text::WebhookKeyBefore)}</dt><dd>{site.moment(until)}</dd>
            }
        </dl>
    }
}

#[derive(PartialEq, Properties)]
struct DeliveriesProps {
    app: AppId,
    webhook: WebhookId,
}

/// What it was told, and how that went.
#[component]
fn Deliveries(DeliveriesProps { app, webhook }: &DeliveriesProps) -> Html {
    let site = use_site();
    let path = format!("{PATH}/{webhook}");
    let place = use_place();
    let query: Vec<_> = place.get(STATE).map(|state| (STATE, state)).into_iter().collect();
    let is_narrowed = !query.is_empty();
    let log = use_pages_of::<Delivery>(format!("{path}/deliveries"), Some(app.clone()), query, place.clone());
    let test = use_form({
        let (site, app, again) = (site.clone(), app.clone(), log.page.again.clone());
        move |values: Values| {
            let (site, app, path, again) = (site.clone(), app.clone(), format!("{path}/test"), again.clone());
            async move {
                let sent = api::create::<DeliveryNumber>(&path, About::App(&app), &(), &values.key).await;
                sent.map_err(|failure| match failure.code() {
                    Some(ProblemCode::Conflict) => Refusal::whole(site.text(Text::WebhookTestsFull)),
                    _ => failure.into(),
                })?;
                again.emit(());
                Ok(())
            }
        }
    });
    let event = |delivery: &Delivery| {
        let to = Route::Delivery { app: app.to_string(), webhook: webhook.to_string(), delivery: delivery.number };
        html! { <Link {to} classes="db-link"><code dir="ltr">{&delivery.event}</code></Link> }
    };
    let at = |delivery: &Delivery| html! { {site.moment(delivery.at)} };
    let state = |delivery: &Delivery| state(&site, delivery);
    let columns = [
        Column { title: Text::DeliveryEvent, cell: &event, order: None },
        Column { title: Text::ActivityAt, cell: &at, order: None },
        Column { title: Text::State, cell: &state, order: None },
    ];
    let none = if is_narrowed { Text::FilterNone } else { Text::DeliveriesNone };
    let none = html! { <p class="db-empty" role="status">{site.text(none)}</p> };
    html! {
        <>
            {filter(&site, &place, STATE, Text::State, Text::FilterAll, STATES)}
            {log.show(&site, "table-deliveries", &columns, &none)}
            <div class="db-actions">
                <form novalidate=true id="form-test" onsubmit={test.onsubmit.clone()}>
                    {field::send(&test, site.text(Text::WebhookTest), site.text(Text::Working))}
                </form>
                <button type="button" class="db-button" id="read-again" onclick={log.page.again.reform(|_| ())}>
                    {site.text(Text::ReadAgain)}
                </button>
            </div>
        </>
    }
}

/// What became of a delivery.
pub(super) fn state(site: &Site, delivery: &Delivery) -> Html {
    let at = site.moment(delivery.state_at);
    match delivery.state {
        DeliveryState::Delivered => html! { <span class="db-badge db-badge-live">{site.text(Text::Delivered)}</span> },
        DeliveryState::Pending => html! {
            <>
                <span class="db-badge">{site.text(Text::DeliveryPending)}</span>
                if delivery.attempts > 0 {
                    <div class="bl-hint">{site.fill(Text::DeliveryNext, &[("time", &at)])}</div>
                }
            </>
        },
        DeliveryState::Parked => html! { <span class="db-badge db-badge-bad">{site.text(Text::DeliveryParked)}</span> },
    }
}

#[derive(PartialEq, Properties)]
struct ChangeWebhookProps {
    app: AppId,
    there: Versioned<Webhook>,
    /// Reads it anew.
    again: Callback<()>,
}

/// What can be changed of it.
#[component]
fn ChangeWebhook(ChangeWebhookProps { app, there, again }: &ChangeWebhookProps) -> Html {
    let site = use_site();
    let webhook = &there.thing;
    let seen = use_seen(there.version.clone(), of(webhook));
    let touch = seen.touched();
    let form = use_form({
        let (site, app, id, again) = (site.clone(), app.clone(), webhook.id.clone(), again.clone());
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
        <details class="db-details" id="change-webhook">
            <summary>{site.text(Text::WebhookChange)}</summary>
            <form class="bl-form db-narrow" id="form-webhook" novalidate=true oninput={touch}
                onsubmit={form.onsubmit.clone()}>
                {webhook_fields::fields(&site, &form, &webhook.url, &webhook.events)}
                {field::send(&form, site.text(Text::Save), site.text(Text::Working))}
            </form>
        </details>
    }
}

/// What the form changes of it.
type Changed = (String, Vec<String>);

fn of(webhook: &Webhook) -> Changed {
    (webhook.url.clone(), webhook.events.clone())
}

async fn save(site: &Site, app: &AppId, id: &WebhookId, seen: &Seen<Changed>, values: &Values) -> Result<(), Refusal> {
    let (url, events) = webhook_fields::read(site, values)?;
    let change = WebhookChange { url: Some(url), events: Some(events) };
    let changed = api::patch::<Webhook>(&format!("{PATH}/{id}"), About::App(app), &seen.version(), &change).await;
    let changed = changed
        .map_err(|failure| webhook_fields::refusal(site, &failure).unwrap_or_else(|| seen.refusal(site, failure)))?;
    seen.saved(changed.version, of(&changed.thing));
    Ok(())
}

fn words(site: &Site, doing: &Doing) -> Words {
    let (title, text, go) = match doing {
        Doing::RotateKey => (Text::WebhookRotateTitle, Text::WebhookRotateText, Text::WebhookRotate),
        Doing::Remove => (Text::WebhookRemoveTitle, Text::WebhookRemoveText, Text::Remove),
    };
    Words { title: site.text(title), text: site.text(text), go: site.text(go) }
}

async fn rotate(app: &AppId, path: &str, values: &Values) -> Result<Option<Secret>, Refusal> {
    let path = format!("{path}/rotate_key");
    Ok(api::create::<WebhookWithSecret>(&path, About::App(app), &(), &values.key).await?.secret)
}
