//! Something to approve elsewhere: the screen follows by itself.

use banklink_flow::WaitView;
use banklink_protocol::{challenge::Approval, elements, texts::Text};

use crate::{
    screens::{
        Context,
        challenge::{app_link, waiting},
    },
    ui::tag::{Tag, tag},
};

pub(super) fn approval(context: &Context<'_>, approval: &Approval, wait: WaitView, institution: &str) -> Tag {
    let compare = approval.shows.clone().map(|shows| {
        tag("div")
            .class("bl-compare")
            .child(tag("p").class("bl-small").text(context.text(Text::ApprovalCompare)))
            .child(tag("p").id(elements::TEXT_COMPARE).class("bl-compare-text").text(shows.into()))
    });
    tag("div")
        .class("bl-form")
        .child_some(compare)
        .child_some(app_link(context, approval.app_link.as_deref(), institution))
        .child(waiting(context, wait, institution))
}
