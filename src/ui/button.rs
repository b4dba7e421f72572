//! Buttons.

use yew::{AttrValue, Callback, Html, MouseEvent, classes, html};

/// The main action of a form. While an answer is on its way it stays focusable, says so, and does nothing more.
pub(crate) fn submit(id: &'static str, label: AttrValue, busy: Option<AttrValue>) -> Html {
    let disabled = busy.is_some().then_some("true");
    html! {
        <button id={id} type="submit" class="bl-button" aria-disabled={disabled}>
            { content(label, busy) }
        </button>
    }
}

fn content(label: AttrValue, busy: Option<AttrValue>) -> Html {
    match busy {
        Some(working) => html! { <><span class="bl-spinner" aria-hidden="true"></span><span>{ working }</span></> },
        None => html! { <span>{ label }</span> },
    }
}

/// How a button looks.
#[derive(Clone, Copy)]
pub(crate) enum Rank {
    /// The screen's main action.
    Main,
    /// Another way on.
    Second,
    /// A way out that does not ask for attention.
    Quiet,
}

/// A button that acts at once.
pub(crate) fn action(
    id: &'static str,
    rank: Rank,
    label: AttrValue,
    busy: Option<AttrValue>,
    press: Callback<MouseEvent>,
) -> Html {
    let look = match rank {
        Rank::Main => None,
        Rank::Second => Some("bl-button-second"),
        Rank::Quiet => Some("bl-button-quiet"),
    };
    let disabled = busy.is_some().then_some("true");
    html! {
        <button id={id} type="button" class={classes!("bl-button", look)} aria-disabled={disabled} onclick={press}>
            { content(label, busy) }
        </button>
    }
}

/// A round button with an icon and a name for those who can't see it.
pub(crate) fn icon(
    id: &'static str,
    class: &'static str,
    name: AttrValue,
    icon: Html,
    press: Callback<MouseEvent>,
) -> Html {
    html! {
        <button id={id} type="button" class={classes!("bl-icon-button", class)} aria-label={name.clone()} title={name}
            onclick={press}>
            { icon }
        </button>
    }
}
