//! The ends without a connection: token invalid, session expired, left.

use yew::{Html, html};

use banklink_flow::Act;
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, title},
    ui::{
        button::{self, Rank},
        icon,
    },
};

pub(super) fn token_invalid(context: &Context<'_>) -> Html {
    html! {
        <div id={elements::DIV_TOKEN_INVALID} class="bl-screen bl-outcome">
            <div class="bl-sign bl-sign-wait">{ icon::clock() }</div>
            { title(elements::TITLE_TOKEN_INVALID, context.text(Text::TokenInvalidTitle)) }
            <p id={elements::TEXT_TOKEN_INVALID} class="bl-text">{ context.about(Text::TokenInvalidText, "") }</p>
        </div>
    }
}

pub(super) fn session_expired(context: &Context<'_>) -> Html {
    html! {
        <div id={elements::DIV_SESSION_EXPIRED} class="bl-screen bl-outcome">
            <div class="bl-sign bl-sign-wait">{ icon::clock() }</div>
            { title(elements::TITLE_SESSION_EXPIRED, context.text(Text::SessionExpiredTitle)) }
            <p id={elements::TEXT_SESSION_EXPIRED} class="bl-text">{ context.about(Text::SessionExpiredText, "") }</p>
            <div class="bl-actions">
                { button::action(elements::BUTTON_MAIN, Rank::Main, context.text(Text::StartAgain), None, context.act(Act::StartAgain)) }
            </div>
        </div>
    }
}

pub(super) fn left(context: &Context<'_>) -> Html {
    html! {
        <div id={elements::DIV_LEFT} class="bl-screen bl-outcome">
            <div class="bl-sign bl-sign-wait">{ icon::back() }</div>
            { title(elements::TITLE_LEFT, context.text(Text::LeftTitle)) }
            <p id={elements::TEXT_LEFT} class="bl-text">{ context.about(Text::LeftText, "") }</p>
        </div>
    }
}
