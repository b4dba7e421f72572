//! Before the first screen is known: its shape.

use yew::{Html, html};

use banklink_protocol::texts::Text;

use crate::screens::Context;

pub(super) fn loading(context: &Context<'_>) -> Html {
    html! {
        <div class="bl-screen">
            <p class="bl-sr" role="status">{ context.text(Text::Loading) }</p>
            <div class="bl-skeleton bl-skeleton-title"></div>
            <div class="bl-skeleton bl-skeleton-input"></div>
            <div class="bl-tiles">
                { for (0..6).map(|_| html! { <div class="bl-skeleton bl-skeleton-tile"></div> }) }
            </div>
        </div>
    }
}
