//! Buttons.

use yew::AttrValue;

use crate::ui::{
    icon::Icon,
    tag::{Handler, Kind, Name, Tag, tag},
};

/// How a button looks.
#[derive(Clone, Copy)]
pub(crate) enum Rank {
    /// The screen's main action.
    Main,
    /// Another way on.
    Second,
    /// A way out that does not ask for attention.
    Quiet,
}

/// A button. While an answer is on its way it stays focusable, says what it waits for, and looks it.
pub(crate) fn button(id: &'static str, rank: Rank, label: AttrValue, working: Option<AttrValue>) -> Tag {
    let class = match rank {
        Rank::Main => "bl-button",
        Rank::Second => "bl-button bl-button-second",
        Rank::Quiet => "bl-button bl-button-quiet",
    };
    let spinner = working.is_some().then(|| tag("span").class("bl-spinner").with(Name::AriaHidden, "true"));
    tag("button")
        .id(id)
        .class(class)
        .when(working.is_some(), Name::AriaDisabled)
        .child_some(spinner)
        .child(tag("span").text(working.unwrap_or(label)))
}

/// A button that acts when pressed.
pub(crate) fn pressed(button: Tag, press: Handler) -> Tag {
    button.with(Name::Type, "button").on(Kind::Click, press)
}

/// The main action of a form.
pub(crate) fn submit(id: &'static str, label: AttrValue, working: Option<AttrValue>) -> Tag {
    button(id, Rank::Main, label, working).with(Name::Type, "submit")
}

/// A button that acts at once.
pub(crate) fn action(id: &'static str, rank: Rank, label: AttrValue, press: Handler) -> Tag {
    pressed(button(id, rank, label, None), press)
}

/// A round button with an icon and a name for those who can't see it.
pub(crate) fn round(class: &'static str, name: AttrValue, icon: Icon, press: Handler) -> Tag {
    tag("button")
        .with(Name::Type, "button")
        .class(class)
        .set(Name::AriaLabel, name)
        .on(Kind::Click, press)
        .child(icon.draw())
}
