//! A webhook: what it is told, and how that went.

use banklink_platform::{
    ids::{AppId, WebhookId},
    texts::Text,
    webhooks::{Delivery, DeliveryNumber, DeliveryState, Webhook, WebhookChange, WebhookWithSecret},
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use yew::{Callback, Html, Properties, component, html, use_state};
use yew_router::hooks::use_navigator;

use super::{
    not_found::NotFound,
    webhook_fields,
    webhooks::{PATH, shown, style, told},
};
use crate::{
    api::{self, About, Versioned},
    route::Route,
    site::{Site, use_site},
    ui::{
        confirm::{Words, use_asking},
        field,
        form::{Refusal, Values, use_form},
        link::Link,
        load::{Load, use_load},
        pages_of::{PagesOf, use_pages_of},
        seen::{Seen, use_seen},
        table::Column,
        title::Title,
    },
};

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
    let (site, navigator) = (use_site(), use_navigator());
    let path = format!("{PATH}/{webhook}");
    let new = use_state(|| None::<Secret>);
    let loaded = use_load((app.clone(), path.clone()), |(app, path)| async move {
        api::get_versioned::<Webhook>(&path, About::App(&app)).await
    });
    let log = use_pages_of::<Delivery>(format!("{path}/deliveries"), Some(app.clone()), None);
    let test = use_form({
        let (app, path, again) = (app.clone(), path.clone(), log.page.again.clone());
        move |values: Values| {
            let (app, path, again) = (app.clone(), path.clone(), again.clone());
            async move {
                let path = format!("{path}/test");
                api::create::<DeliveryNumber>(&path, About::App(&app), &(), &values.key).await?;
                again.emit(());
                Ok(())
            }
        }
    });
    let asking = use_asking({
        let (app, path, new, again) = (app.clone(), path.clone(), new.setter(), loaded.again.clone());
        move |doing: Doing, values: Values| {
            let (app, path, new, again) = (app.clone(), path.clone(), new.clone(), again.clone());
            let navigator = navigator.clone();
            async move {
                match doing {
                    Doing::RotateKey => {
                        new.set(rotate(&app, &path, &values).await?);
                        again.emit(());
                    }
                    Doing::Remove => {
                        remove(&app, &path).await?;
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::Webhooks { app: app.to_string() });
                        }
                    }
                }
                Ok(())
            }
        }
    });
    let dialog = asking.dialog(|doing| (words(&site, doing), Html::default()));
    let close = Callback::from({
        let new = new.setter();
        move |()| new.set(None)
    });
    if matches!(&loaded.state, Load::Failed(failure) if failure.code() == Some(ProblemCode::NotFound)) {
        return html! { <NotFound /> };
    }
    let ask = |doing: Doing| asking.ask.reform(move |_| Some(doing.clone()));
    loaded.show(&site, |loaded_one| {
        let there = &loaded_one.thing;
        html! {
            <>
                <Title text={there.url.clone()} />
                {new.as_ref().map(|secret| shown(secret, close))}
                {facts(&site, there)}
                <h2 class="db-subtitle">{site.text(Text::DeliveriesTitle)}</h2>
                {deliveries(&site, app, webhook, &log)}
                <div class="db-actions">
                    <form novalidate=true id="form-test" onsubmit={test.onsubmit.clone()}>
                        {field::send(&test, site.text(Text::WebhookTest), site.text(Text::Working))}
                    </form>
                    <button type="button" class="db-button" id="read-again" onclick={log.page.again.reform(|_| ())}>
                        {site.text(Text::ReadAgain)}
                    </button>
                </div>
                <ChangeWebhook app={app.clone()} there={(**loaded_one).clone()} again={loaded.again.clone()} />
                <div class="db-actions">
                    <button type="button" class="db-button" id="rotate-key" onclick={ask(Doing::RotateKey)}>
                        {site.text(Text::WebhookRotate)}
                    </button>
                    <button type="button" class="db-button" id="remove-webhook" onclick={ask(Doing::Remove)}>
                        {site.text(Text::Remove)}
                    </button>
                </div>
                {dialog}
            </>
        }
    })
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

fn deliveries(site: &Site, app: &AppId, webhook: &WebhookId, log: &PagesOf<Delivery>) -> Html {
    let event = |delivery: &Delivery| {
        let to = Route::Delivery { app: app.to_string(), webhook: webhook.to_string(), delivery: delivery.number };
        html! { <Link {to} classes="db-link"><code dir="ltr">{&delivery.event}</code></Link> }
    };
    let at = |delivery: &Delivery| html! { {site.moment(delivery.at)} };
    let state = |delivery: &Delivery| state(site, delivery);
    let columns = [
        Column { title: Text::DeliveryEvent, cell: &event, order: None },
        Column { title: Text::ActivityAt, cell: &at, order: None },
        Column { title: Text::State, cell: &state, order: None },
    ];
    let none = html! { <p class="db-empty">{site.text(Text::DeliveriesNone)}</p> };
    log.show(site, "table-deliveries", &columns, &none)
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
    let (webhook, seen) = (&there.thing, use_seen(there.version.clone()));
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
            <form class="bl-form db-narrow" id="form-webhook" novalidate=true onsubmit={form.onsubmit.clone()}>
                {webhook_fields::fields(&site, &form, &webhook.url, &webhook.events)}
                {field::send(&form, site.text(Text::Save), site.text(Text::Working))}
            </form>
        </details>
    }
}

async fn save(site: &Site, app: &AppId, id: &WebhookId, seen: &Seen, values: &Values) -> Result<(), Refusal> {
    let (url, events) = webhook_fields::read(site, values)?;
    let change = WebhookChange { url: Some(url), events: Some(events) };
    let changed = api::patch::<Webhook>(&format!("{PATH}/{id}"), About::App(app), &seen.version(), &change).await;
    changed
        .map(drop)
        .map_err(|failure| webhook_fields::refusal(site, &failure).unwrap_or_else(|| seen.refusal(site, failure)))
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

async fn remove(app: &AppId, path: &str) -> Result<(), Refusal> {
    match api::delete(path, &[], About::App(app)).await {
        // Somebody else did it meanwhile: it is gone, as wanted.
        Err(failure) if failure.code() != Some(ProblemCode::NotFound) => Err(failure.into()),
        _ => Ok(()),
    }
}
