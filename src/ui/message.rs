//! What went wrong, and what the network does.

use yew::AttrValue;

use banklink_protocol::elements;

use crate::ui::{
    icon::Icon,
    tag::{Name, Tag, tag},
};

fn with_icon(text: AttrValue) -> Tag {
    tag("p").child(Icon::ALERT.draw()).child(tag("span").changing(text))
}

/// What went wrong with the last try. The region around it is always there, so that screen readers hear it change.
pub(crate) fn error(text: Option<AttrValue>) -> Tag {
    let message =
        text.map(|text| with_icon(text).id(elements::MESSAGE_ERROR).class("bl-alert").with(Name::Tabindex, "-1"));
    tag("div").with(Name::Role, "alert").child_some(message)
}

/// What the network does, or the session. The region around it is always there, as that of errors.
pub(crate) fn notice(id: &'static str, text: Option<AttrValue>) -> Tag {
    let message = text.map(|text| with_icon(text).id(id).class("bl-notice"));
    tag("div").with(Name::Role, "status").child_some(message)
}

/// What is wrong beside a field.
pub(crate) fn fault(id: String, text: AttrValue) -> Tag {
    with_icon(text).set(Name::Id, id.into()).class("bl-fault")
}
