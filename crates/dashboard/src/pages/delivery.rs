//! Something that a webhook is told: what was sent, and what was answered each time.

use banklink_platform::{
    ids::{AppId, WebhookId},
    texts::Text,
    webhooks::{DeliveryAttempt, DeliveryWithAttempts},
};
use yew::{Html, Properties, component, html};

use super::{webhook, webhooks::PATH};
use crate::{
    api::{self, About},
    route::Route,
    site::{Site, use_site},
    ui::{field, form::use_form, link::Link, load::use_load, title::Title},
};

#[derive(PartialEq, Properties)]
pub(super) struct DeliveryPageProps {
    pub(super) app: AppId,
    pub(super) webhook: WebhookId,
    /// Its number.
    pub(super) delivery: i64,
}

/// The page.
#[component]
pub(super) fn DeliveryPage(DeliveryPageProps { app, webhook, delivery }: &DeliveryPageProps) -> Html {
    let site = use_site();
    let path = format!("{PATH}/{webhook}/deliveries/{delivery}");
    let loaded = use_load((app.clone(), path.clone()), |(app, path)| async move {
        api::get::<DeliveryWithAttempts>(&path, About::App(&app)).await
    });
    let redeliver = use_form({
        let (site, app, again) = (site.clone(), app.clone(), loaded.again.clone());
        move |_| {
            let (site, app, path, again) = (site.clone(), app.clone(), format!("{path}/redeliver"), again.clone());
            async move {
                api::tell(&path, About::App(&app), &()).await?;
                site.say.emit(site.text(Text::Redelivering));
                again.emit(());
                Ok(())
            }
        }
    });
    let back = Route::Webhook { app: app.to_string(), webhook: webhook.to_string() };
    loaded.show_page(&site, Text::DeliveriesTitle, |there| {
        let DeliveryWithAttempts { delivery, body, attempts } = &**there;
        let body = serde_json::to_string_pretty(body).unwrap_or_default();
        html! {
            <>
                <Title text={delivery.event.clone()} />
                <dl class="db-facts">
                    <dt>{site.text(Text::State)}</dt><dd>{webhook::state(&site, delivery)}</dd>
                    <dt>{site.text(Text::ActivityAt)}</dt><dd>{site.moment(delivery.at)}</dd>
                    <dt>{"webhook-id"}</dt><dd><code class="db-what" dir="ltr">{&delivery.id}</code></dd>
                </dl>
                <h2 class="db-subtitle">{site.text(Text::DeliveryBody)}</h2>
                <pre class="db-code" id="delivery-body" dir="ltr" tabindex="0">{body}</pre>
                <h2 class="db-subtitle">{site.text(Text::DeliveryAttempts)}</h2>
                if attempts.is_empty() {
                    <p class="db-empty">{site.text(Text::DeliveryAttemptsNone)}</p>
                } else {
                    <ul class="db-rows" id="attempts">{for attempts.iter().map(|attempt| self::attempt(&site, attempt))}</ul>
                }
                <div class="db-actions">
                    <form novalidate=true id="form-redeliver" onsubmit={redeliver.onsubmit.clone()}>
                        {field::send(&redeliver, site.text(Text::Redeliver), site.text(Text::Working))}
                    </form>
                    <button type="button" class="db-button" id="read-again" onclick={loaded.again.reform(|_| ())}>
                        {site.text(Text::ReadAgain)}
                    </button>
                    <Link to={back} classes="db-link">{site.text(Text::ToWebhook)}</Link>
                </div>
            </>
        }
    })
}

fn attempt(site: &Site, attempt: &DeliveryAttempt) -> Html {
    let DeliveryAttempt { at, millis, status, body, silence } = attempt;
    let answered = match (status, silence.as_deref()) {
        (Some(status), _) => site.fill(Text::AttemptAnswered, &[("status", &status.to_string())]),
        (None, Some("not_public")) => site.text(Text::AttemptNotPublic),
        (None, Some("too_slow")) => site.text(Text::AttemptTooSlow),
        (None, Some("unsent")) => site.text(Text::AttemptUnsent),
        (None, _) => site.text(Text::AttemptUnreachable),
    };
    html! {
        <li class="db-row">
            <div class="db-attempt">
                <strong>{answered}</strong>
                <p class="bl-hint">{site.moment(*at)}{" · "}{format!("{millis} ms")}</p>
                if let Some(body) = body.as_ref().filter(|body| !body.is_empty()) {
                    <pre class="db-code" dir="auto" tabindex="0">{body}</pre>
                }
            </div>
        </li>
    }
}
