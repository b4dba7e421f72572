//! The bar above every screen: back, the app's name, close.

use banklink_flow::{Act, FrameView};
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::Context,
    ui::{
        button,
        icon::Icon,
        tag::{Tag, tag},
    },
};

pub(super) fn header(context: &Context<'_>, frame: &FrameView<'_>) -> Option<Tag> {
    let round = |class, text, icon, act: fn() -> Act| button::round(class, context.text(text), icon, context.act(act));
    let back = frame
        .back
        .then(|| round("bl-icon-button bl-back", Text::Back, Icon::BACK, || Act::Back).id(elements::BUTTON_BACK));
    let name = frame.header.then(|| tag("span").class("bl-header-name").text(context.about(Text::Header, "")));
    let close = frame
        .close
        .then(|| round("bl-icon-button bl-close", Text::Close, Icon::CLOSE, || Act::Close).id(elements::BUTTON_CLOSE));
    let bar = || tag("header").id(elements::HEADER).class("bl-header");
    let is_shown = back.is_some() || name.is_some() || close.is_some();
    is_shown.then(|| bar().child_some(back).child_some(name).child_some(close))
}
