//! Dialogs, as the browser knows them: what is behind is out of reach, Esc closes, and the focus comes back.

use web_sys::HtmlDialogElement;
use yew::{AttrValue, Callback, Children, Event, Html, Properties, component, html, use_effect_with, use_node_ref};

use crate::browser;

#[derive(PartialEq, Properties)]
pub(crate) struct DialogProps {
    /// Begins the ids of what is in it: two may be open, one above the other.
    #[prop_or("dialog")]
    pub(crate) id: &'static str,
    /// What it is about.
    pub(crate) title: AttrValue,
    /// Where the focus goes; else to the first that can have it.
    #[prop_or_default]
    pub(crate) focus: Option<&'static str>,
    /// The person leaves it.
    pub(crate) close: Callback<()>,
    /// What is in it.
    pub(crate) children: Children,
}

/// A dialog, open as long as it is there.
#[component]
pub(crate) fn Dialog(DialogProps { id, title, focus, close, children }: &DialogProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), *focus), |(node, focus)| {
        let dialog = node.cast::<HtmlDialogElement>();
        if let Some(dialog) = &dialog {
            // A browser that can't show it as one shows it as it is.
            _ = dialog.show_modal();
            if let Some(selector) = focus {
                browser::focus_in(dialog, selector);
            }
        }
        move || {
            if let Some(dialog) = dialog {
                dialog.close();
            }
        }
    });
    let oncancel = close.reform(|event: Event| event.prevent_default());
    // Browsers close it when Esc is pressed twice, whatever is said to the first. While it is here, it is open.
    let onclose = Callback::from({
        let node = node.clone();
        move |_: Event| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                _ = dialog.show_modal();
            }
        }
    });
    let title_id = format!("{id}-title");
    html! {
        <dialog class="bl-dialog db-dialog" id={*id} ref={node} aria-labelledby={title_id.clone()} {oncancel} {onclose}>
            <h2 class="db-subtitle" id={title_id}>{title}</h2>
            {children.clone()}
        </dialog>
    }
}
