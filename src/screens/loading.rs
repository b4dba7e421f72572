//! Before the first screen is known.

use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, card, title},
    ui::tag::{Tag, tag},
};

pub(super) fn loading(context: &Context<'_>) -> Tag {
    let bone = |class| tag("div").class(class);
    card(elements::DIV_LOADING)
        .child(title(elements::TITLE_LOADING, context.text(Text::Loading)))
        .child(bone("bl-skeleton bl-skeleton-input"))
        .child(bone("bl-skeleton bl-skeleton-line"))
        .child(bone("bl-skeleton bl-skeleton-input"))
        .child(bone("bl-skeleton bl-skeleton-input"))
}
