//! A code to scan. The server draws it, so that nothing here knows how.

use banklink_flow::WaitView;
use banklink_protocol::{challenge::QrCode, elements, texts::Text};

use crate::{
    screens::{
        Context,
        challenge::{app_link, waiting},
    },
    ui::tag::{Name, Tag, tag},
};

pub(super) fn qr(context: &Context<'_>, code: &QrCode, wait: WaitView, institution: &str) -> Tag {
    let size = code.size.to_string();
    let code_drawn = tag("svg")
        .id(elements::QR_SCA)
        .class("bl-qr")
        .set(Name::ViewBox, ["0 0 ", &size, " ", &size].concat().into())
        .with(Name::Role, "img")
        .set(Name::AriaLabel, context.about(Text::QrAlt, institution))
        .child(tag("path").set(Name::D, code.path.clone().into()));
    tag("div")
        .class("bl-form")
        .child(code_drawn)
        .child_some(app_link(context, code.app_link.as_deref(), institution))
        .child(waiting(context, wait, institution))
}
