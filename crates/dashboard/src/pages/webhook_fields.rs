//! What a new webhook and one that is changed are asked alike.

use banklink_platform::{texts::Text, webhooks::EVENTS};
use banklink_protocol::problem::ProblemCode;
use yew::{Html, html};

use crate::{
    api::Failure,
    site::Site,
    ui::{
        field::{Check, Field, Kind},
        form::{Form, Refusal, Values},
    },
};

const URL: &str = "url";

/// The address, and of what it is told.
pub(super) fn fields(site: &Site, form: &Form, url: &str, events: &[String]) -> Html {
    let event = |event: &&'static str| {
        let initial = events.iter().any(|told| told == event);
        html! { <Check name={*event} label={*event} {initial} /> }
    };
    html! {
        <>
            <Field name={URL} label={Text::WebhookUrl} kind={Kind::Address} initial={url.to_owned()}
                hint={site.text(Text::WebhookUrlHint)} wrong={form.wrong.clone()} />
            <fieldset class="db-choices">
                <legend class="bl-label">{site.text(Text::WebhookEvents)}</legend>
                <p class="bl-hint">{site.text(Text::WebhookEventsHint)}</p>
                <div class="db-checks" dir="ltr">{for EVENTS.iter().map(event)}</div>
            </fieldset>
        </>
    }
}

/// The address and the events that stand in the form.
pub(super) fn read(site: &Site, values: &Values) -> Result<(String, Vec<String>), Refusal> {
    let url = values.some(URL).ok_or_else(|| Refusal::of(URL, site.text(Text::WebhookUrlWrong)))?;
    let events = EVENTS.iter().filter(|event| values.has(event)).map(|event| (*event).to_owned());
    Ok((url, events.collect()))
}

/// Why a webhook can't be like that, if that is what the failure says.
pub(super) fn refusal(site: &Site, failure: &Failure) -> Option<Refusal> {
    match (failure.code(), failure.parameter()) {
        (Some(ProblemCode::InvalidParameter), Some(URL)) => Some(Refusal::of(URL, site.text(Text::WebhookUrlWrong))),
        (Some(ProblemCode::Conflict), _) => Some(Refusal::whole(site.text(Text::EntriesFull))),
        _ => None,
    }
}
