//! Something to take elsewhere: an id, a secret, an address.

use banklink_platform::texts::Text;
use web_sys::Element;
use yew::{AttrValue, Callback, Html, Properties, component, html, use_node_ref, use_state};

use crate::{browser, site::use_site};

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
        let (value, shown, is_copied, site) = (value.clone(), shown.clone(), is_copied.setter(), site.clone());
        move |_| {
            let (value, element) = (value.clone(), shown.cast::<Element>());
            let (is_copied, site) = (is_copied.clone(), site.clone());
            yew::platform::spawn_local(async move {
                if browser::copy(&value, element).await {
                    is_copied.set(true);
                    site.say.emit(site.text(Text::Copied));
                }
            });
        }
    });
    let word = site.text(if *is_copied { Text::Copied } else { Text::Copy });
    html! {
        <div class="db-copyable">
            <div class="bl-label" id={format!("{id}-label")}>{label}</div>
            <div class="db-value">
                <code id={*id} dir="ltr" ref={shown}>{value}</code>
                <button type="button" class="db-button" onclick={copy} aria-describedby={format!("{id}-label")}>
                    {word}
                </button>
            </div>
            if let Some(hint) = hint.clone() { <p class="bl-hint">{hint}</p> }
        </div>
    }
}
