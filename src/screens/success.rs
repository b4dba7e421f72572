//! Success: the institution is linked, and the person goes on to the app.

use banklink_flow::SuccessView;
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, actions, outcome::sign, outcome_card, paragraph, title},
    ui::{
        icon::Icon,
        tag::{Name, Tag, tag},
    },
};

pub(super) fn success(context: &Context<'_>, view: &SuccessView<'_>) -> Tag {
    let name = &view.institution.name;
    outcome_card(elements::DIV_SUCCESS)
        .child(sign("bl-sign bl-sign-good", Icon::CHECK))
        .child(title(elements::TITLE_SUCCESS, context.about(Text::SuccessTitle, name)))
        .child(paragraph(context.about(view.text, name)).id(elements::TEXT_SUCCESS))
        .child(context.institution(view.institution))
        .child_some(continue_link(context, view.continue_url, view.leaves_frame))
}

/// Back to the app, where the page still stands although it should have gone there.
pub(super) fn continue_link(context: &Context<'_>, url: Option<&str>, leaves_frame: bool) -> Option<Tag> {
    let target = if leaves_frame { "_top" } else { "_self" };
    let link = tag("a").id(elements::LINK_CONTINUE).class("bl-button").with(Name::Target, target);
    url.map(|url| {
        let text = context.about(Text::SuccessContinue, "");
        actions().child(link.set(Name::Href, url.to_owned().into()).text(text))
    })
}
