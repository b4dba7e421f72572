//! What went wrong, and what the network does.

use yew::{AttrValue, Html, html};

use banklink_protocol::elements;

use crate::ui::icon;

/// What went wrong with the last try. The element is always there, so that screen readers hear it change.
pub(crate) fn error(text: Option<AttrValue>) -> Html {
    html! {
        <div role="alert">
            if let Some(text) = text {
                <p id={elements::MESSAGE_ERROR} class="bl-alert">{ icon::alert() }<span>{ text }</span></p>
            }
        </div>
    }
}

/// What the network does.
pub(crate) fn network(text: Option<AttrValue>) -> Html {
    html! {
        <div role="status">
            if let Some(text) = text {
                <p id={elements::MESSAGE_NETWORK} class="bl-notice">{ icon::alert() }<span>{ text }</span></p>
            }
        </div>
    }
}

/// What is wrong beside a field.
pub(crate) fn fault(id: AttrValue, text: Option<AttrValue>) -> Html {
    html! {
        if let Some(text) = text {
            <p id={id} class="bl-fault">{ icon::alert() }<span>{ text }</span></p>
        }
    }
}
