//! A secret that is shown this once: it stays on its page until the person says that they have it.

use banklink_platform::texts::Text;
use yew::{AttrValue, Callback, Html, Properties, component, html, use_effect_with};

use super::copyable::Copyable;
use crate::{browser, site::use_site};

#[derive(PartialEq, Properties)]
pub(crate) struct ShownOnceProps {
    /// What it is.
    pub(crate) title: Text,
    /// What to do with it.
    pub(crate) text: Text,
    /// What the secret itself is called.
    pub(crate) label: Text,
    /// The id of the element that shows it.
    pub(crate) id: &'static str,
    /// The secret.
    pub(crate) value: AttrValue,
    /// The button of who has it.
    pub(crate) saved: Text,
    /// They have it.
    pub(crate) close: Callback<()>,
}

/// A secret that is shown this once.
#[component]
pub(crate) fn ShownOnce(props: &ShownOnceProps) -> Html {
    let site = use_site();
    let ShownOnceProps { title, text, label, id, value, saved, close } = props;
    use_effect_with(value.clone(), |_| browser::focus("#once-title"));
    let done = close.reform(|_| browser::focus("h1"));
    html! {
        <section class="db-once" aria-labelledby="once-title">
            <h2 class="db-subtitle" id="once-title" tabindex="-1">{site.text(*title)}</h2>
            <p class="db-warning">{site.text(*text)}</p>
            <Copyable {id} label={site.text(*label)} value={value.clone()} />
            <button type="button" class="bl-button db-short" onclick={done}>{site.text(*saved)}</button>
        </section>
    }
}
