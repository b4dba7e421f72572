//! Asks once before leaving.

use std::rc::Rc;

use banklink_flow::{Act, Event};
use banklink_protocol::{elements, texts::Text};

use crate::{
    message::Message,
    screens::{Context, actions, paragraph},
    ui::{
        button::{self, Rank},
        tag::{Kind, Name, Tag, tag},
    },
};

pub(super) fn leave(context: &Context<'_>) -> Tag {
    let send = context.send.clone();
    // Escape: the flow decides, and with it whether the dialog is there.
    let cancel = move |event: web_sys::Event| {
        event.prevent_default();
        send.emit(Message::Flow(Event::Did(Act::Stay)));
    };
    let button = |id, rank, text, act: fn() -> Act| button::action(id, rank, context.text(text), context.act(act));
    tag("dialog")
        .id(elements::DIALOG_LEAVE)
        .class("bl-dialog")
        .with(Name::AriaLabelledby, elements::TITLE_LEAVE)
        .with(Name::AriaDescribedby, elements::TEXT_LEAVE)
        .on(Kind::Cancel, Rc::new(cancel))
        .child(
            tag("h2")
                .id(elements::TITLE_LEAVE)
                .class("bl-title")
                .with(Name::Tabindex, "-1")
                .text(context.text(Text::LeaveTitle)),
        )
        .child(paragraph(context.text(Text::LeaveText)).id(elements::TEXT_LEAVE))
        .child(actions().child(button(elements::BUTTON_STAY, Rank::Main, Text::LeaveStay, || Act::Stay)).child(button(
            elements::BUTTON_LEAVE,
            Rank::Second,
            Text::LeaveConfirm,
            || Act::Leave,
        )))
}
