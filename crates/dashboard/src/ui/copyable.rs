//! Something to take elsewhere: an id, a secret, an address.

use core::time::Duration;

use banklink_platform::texts::Text;
use web_sys::Element;
use yew::{AttrValue, Callback, Html, Properties, component, html, platform::time::sleep, use_node_ref, use_state};

use crate::{browser, site::use_site};

/// How long it is said that something was copied.
const SAID: Duration = Duration::from_secs(4);

#[derive(PartialEq, Properties)]
pub(crate) struct CopyableProps {
    /// What it is called.
    pub(crate) label: AttrValue,
    /// The thing.
    pub(crate) value: AttrValue,
    /// What helps to use it.
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
    /// The id of the element that shows it.
    pub(crate) id: &'static str,
}

/// Something to take elsewhere, with a button that does.
#[component]
pub(crate) fn Copyable(CopyableProps { label, value, hint, id }: &CopyableProps) -> Html {
    let site = use_site();
    let shown = use_node_ref();
    let is_copied = use_state(|| false);
    let copy = Callback::from({
        let (value, shown, is_copied) = (value.clone(), shown.clone(), is_copied.setter());
        move |_| {
            let (value, element, is_copied) = (value.clone(), shown.cast::<Element>(), is_copied.clone());
            yew::platform::spawn_local(async move {
                is_copied.set(browser::copy(&value, element).await);
                sleep(SAID).await;
                is_copied.set(false);
            });
        }
    });
    html! {
        <div class="db-copyable">
            <div class="bl-label" id={format!("{id}-label")}>{label}</div>
            <div class="db-value">
                <code id={*id} dir="ltr" ref={shown}>{value}</code>
                <span class="db-copied" role="status">{is_copied.then(|| site.text(Text::Copied))}</span>
                <button type="button" class="db-button" onclick={copy} aria-describedby={format!("{id}-label")}>
                    {site.text(Text::Copy)}
                </button>
            </div>
            if let Some(hint) = hint.clone() { <p class="bl-hint">{hint}</p> }
        </div>
    }
}
