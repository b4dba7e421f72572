//! Something to take elsewhere: an id, a secret, an address.

use core::time::Duration;
use std::rc::Rc;

use banklink_platform::texts::Text;
use web_sys::Element;
use yew::{
    AttrValue, Callback, Html, Properties, component, html, platform::time::sleep, use_mut_ref, use_node_ref, use_state,
};

use crate::{browser, site::use_site};

/// How long it is said what became of it.
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
    pub(crate) id: AttrValue,
}

/// Something to take elsewhere, with a button that does.
#[component]
pub(crate) fn Copyable(CopyableProps { label, value, hint, id }: &CopyableProps) -> Html {
    let site = use_site();
    let shown = use_node_ref();
    let said = use_state(|| None::<Text>);
    let times = use_mut_ref(|| 0_u32);
    let copy = Callback::from({
        let (value, shown, said) = (value.clone(), shown.clone(), said.setter());
        move |_| {
            let (value, element, said) = (value.clone(), shown.cast::<Element>(), said.clone());
            let (times, this) = (Rc::clone(&times), *times.borrow() + 1);
            times.replace(this);
            yew::platform::spawn_local(async move {
                let is_copied = browser::copy(&value, element).await;
                said.set(Some(if is_copied { Text::Copied } else { Text::CopySelected }));
                sleep(SAID).await;
                // Unless it was copied once more meanwhile.
                if *times.borrow() == this {
                    said.set(None);
                }
            });
        }
    });
    html! {
        <div class="db-copyable">
            <div class="bl-label" id={format!("{id}-label")}>{label}</div>
            <div class="db-value">
                <code {id} dir="ltr" ref={shown}>{value}</code>
                <span class="db-copied" role="status">{said.map(|text| site.text(text))}</span>
                <button type="button" class="db-button" onclick={copy} aria-describedby={format!("{id}-label")}>
                    {site.text(Text::Copy)}
                </button>
            </div>
            if let Some(hint) = hint.clone() { <p class="bl-hint">{hint}</p> }
        </div>
    }
}
