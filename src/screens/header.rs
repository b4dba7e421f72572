//! The bar above every screen: back, the app's name, close.

use yew::{Html, html};

use banklink_flow::{Act, FrameView};
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::Context,
    ui::{button, icon},
};

pub(super) fn header(context: &Context<'_>, frame: &FrameView<'_>) -> Html {
    if !frame.header && !frame.back && !frame.close {
        return Html::default();
    }
    let send = context.send.clone();
    // Leaving is always possible, also while an answer is on its way.
    let close = send.reform(|_| Act::Close);
    html! {
        <header id={elements::HEADER} class="bl-header">
            if frame.back {
                { button::icon(elements::BUTTON_BACK, "bl-back", context.text(Text::Back), icon::back(), context.act(Act::Back)) }
            }
            if frame.header {
                <span class="bl-header-name">{ context.about(Text::Header, "") }</span>
            }
            if frame.close {
                { button::icon(elements::BUTTON_CLOSE, "bl-close", context.text(Text::Close), icon::close(), close) }
            }
        </header>
    }
}
