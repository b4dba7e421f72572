//! An institution that is linked already, whose connection needs the person again.

use banklink_flow::{Act, ReauthoriseView};
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, actions, card, paragraph, title},
    ui::{
        button::{self, Rank},
        tag::Tag,
    },
};

pub(super) fn reauthorise(context: &Context<'_>, view: &ReauthoriseView<'_>) -> Tag {
    let name = &view.institution.name;
    let button = button::button(elements::BUTTON_CONTINUE, Rank::Main, context.text(Text::Continue), context.working());
    card(elements::DIV_REAUTHORISE)
        .child(title(elements::TITLE_REAUTHORISE, context.about(Text::ReauthoriseTitle, name)))
        .child(context.institution(view.institution))
        .child(paragraph(context.about(view.text, name)).id(elements::TEXT_REAUTHORISE))
        .child(context.error(name))
        .child(actions().child(button::pressed(button, context.act(|| Act::Reauthorise))))
}
