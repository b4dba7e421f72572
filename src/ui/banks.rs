//! The list of institutions: tiles or rows, walked with the arrow keys.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};
use yew::{AttrValue, virtual_dom::Key};

use banklink_protocol::{
    elements,
    institutions::{Health, InstitutionSummary},
};

use crate::{
    browser,
    ui::tag::{Handler, Kind, Name, Tag, tag},
};

/// An empty list. `are_tiles`: a few, to choose from at a glance; else any number, to read.
pub(crate) fn list(are_tiles: bool, label: AttrValue) -> Tag {
    tag("ul")
        .id(elements::LIST_BANKS)
        .class(if are_tiles { "bl-tiles" } else { "bl-rows" })
        .with(Name::Role, "list")
        .set(Name::AriaLabel, label)
        .on(Kind::KeyDown, walk())
}

/// One of its institutions: the country where that tells it from others, and what is to be said of its health.
pub(crate) fn bank(
    mark: Tag,
    institution: &InstitutionSummary,
    country: Option<AttrValue>,
    note: Option<AttrValue>,
    choose: Handler,
) -> Tag {
    let note_class = match institution.health {
        Health::Up | Health::Soon => "bl-bank-note",
        Health::Degraded => "bl-bank-note bl-bank-degraded",
        Health::Down => "bl-bank-note bl-bank-down",
    };
    let name = tag("span").class("bl-bank-name").part(elements::BANK_NAME).text(institution.name.clone().into());
    let words = tag("span")
        .class("bl-bank-words")
        .child(name)
        .child_some(country.map(|country| tag("span").class("bl-bank-note").text(country)))
        .child_some(note.map(|note| tag("span").class(note_class).text(note)));
    let button = tag("button")
        .with(Name::Type, "button")
        .class("bl-bank")
        .part(elements::BANK_BOX)
        .when(institution.health == Health::Soon, Name::AriaDisabled)
        .on(Kind::Click, choose)
        .child(mark.part(elements::BANK_IMG))
        .child(words);
    tag("li").key(Key::from(institution.id.as_str())).child(button)
}

/// Moves the focus into the list and within it, as the key says. Tab leaves it, Enter chooses, as with any buttons.
pub(crate) fn walk() -> Handler {
    Rc::new(|event: Event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            browser::walk(event, elements::LIST_BANKS, elements::INPUT_SEARCH_BANK);
        }
    })
}
