//! Failures: what happened, and how to go on.

use yew::{Html, html};

use banklink_flow::{Act, ButtonView, FailureView};
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, title},
    ui::{
        button::{self, Rank},
        icon, identity, message,
    },
};

pub(super) fn failure(context: &Context<'_>, view: &FailureView<'_>, error: Option<Text>) -> Html {
    let name = view.institution.map_or("", |institution| institution.name.as_str());
    let press = |id, rank, button: ButtonView, busy| {
        button::action(id, rank, context.text(button.label), busy, context.act(Act::Follow(button.action)))
    };
    html! {
        <div id={elements::DIV_FAILURE} class="bl-screen bl-outcome">
            <div class="bl-sign bl-sign-bad">{ icon::failed() }</div>
            { title(elements::TITLE_FAILURE, context.about(view.title, name)) }
            <p id={elements::TEXT_FAILURE} class="bl-text">{ context.about(view.text, name) }</p>
            if let Some(institution) = view.institution {
                { identity::institution(institution) }
            }
            { message::error(error.map(|error| context.about(error, name))) }
            <div class="bl-actions">
                { press(elements::BUTTON_MAIN, Rank::Main, view.main, context.working()) }
                if let Some(second) = view.second {
                    { press(elements::BUTTON_SECOND, Rank::Quiet, second, None) }
                }
            </div>
        </div>
    }
}
