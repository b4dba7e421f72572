//! A field of a form. Its value lives in the browser alone: nothing here keeps what is typed.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::{AttrValue, Callback, virtual_dom::Key};

use crate::ui::{
    button,
    icon::Icon,
    message,
    tag::{Kind, Name, Tag, tag},
};

/// What the fields of a screen show beside their values.
#[derive(Default)]
pub(crate) struct Fields {
    /// The field whose value is revealed.
    revealed: Option<String>,
    /// The field that is typed into.
    typed: String,
    caps_lock: bool,
    stray_space: bool,
}

/// What happens in a field.
pub(crate) enum FieldEvent {
    /// Its value is to be revealed, or hidden again.
    Reveal(String),
    /// It was typed into.
    Typed {
        /// The field.
        id: String,
        /// Whether a space stands at either end.
        stray_space: bool,
    },
    /// A key was pressed in it.
    Key {
        /// The field.
        id: String,
        /// Whether Caps Lock is on.
        caps_lock: bool,
    },
}

impl Fields {
    /// Takes what happened. Whether it shows.
    pub(crate) fn update(&mut self, event: FieldEvent) -> bool {
        match event {
            FieldEvent::Reveal(id) => {
                let hides = self.revealed.as_ref() == Some(&id);
                self.revealed = (!hides).then_some(id);
                true
            }
            FieldEvent::Typed { id, stray_space } => {
                self.enter(id) | (core::mem::replace(&mut self.stray_space, stray_space) != stray_space)
            }
            FieldEvent::Key { id, caps_lock } => {
                self.enter(id) | (core::mem::replace(&mut self.caps_lock, caps_lock) != caps_lock)
            }
        }
    }

    fn enter(&mut self, id: String) -> bool {
        let moved = self.typed != id;
        if moved {
            *self = Self { revealed: self.revealed.take(), typed: id, ..Self::default() };
        }
        moved
    }

    fn is_revealed(&self, id: &str) -> bool {
        self.revealed.as_deref() == Some(id)
    }
}

/// What is said around a field.
pub(crate) struct Words {
    /// The id of the label.
    pub(crate) label_id: String,
    /// Above it.
    pub(crate) label: AttrValue,
    /// Below the label, with its id.
    pub(crate) hint: Option<(String, AttrValue)>,
    /// What is wrong with it, with its id.
    pub(crate) fault: Option<(String, AttrValue)>,
    /// Ids of elements elsewhere on the screen that belong to it.
    pub(crate) also: Vec<&'static str>,
}

impl Words {
    /// A field's frame: label and hint above `control`, fault below it. `control` is told what describes it.
    pub(crate) fn around(self, id: &str, control: Tag, wrap: impl FnOnce(Tag) -> Tag) -> Tag {
        let described = self.described_by();
        let label =
            tag("label").set(Name::Id, self.label_id.into()).class("bl-label").set(Name::For, id.to_owned().into());
        let hint = self.hint.map(|(id, text)| tag("p").set(Name::Id, id.into()).class("bl-hint").text(text));
        let fault = self.fault.map(|(id, text)| message::fault(id, text));
        tag("div")
            .class("bl-field")
            .key(Key::from(id))
            .child(label.text(self.label))
            .child_some(hint)
            .child(wrap(control.set_some(Name::AriaDescribedby, described)))
            .child_some(fault)
    }
}

impl Words {
    /// A group's frame: legend above `choices`, fault below them.
    pub(crate) fn around_group(self, fieldset: Tag, choices: Tag) -> Tag {
        let ids = self.described_by();
        fieldset
            .set_some(Name::AriaDescribedby, ids)
            .child(tag("legend").set(Name::Id, self.label_id.into()).class("bl-label").text(self.label))
            .child(choices)
            .child_some(self.fault.map(|(id, text)| message::fault(id, text)))
    }

    fn described_by(&self) -> Option<AttrValue> {
        let own = [&self.hint, &self.fault].into_iter().flatten().map(|(id, _)| id.as_str());
        let ids: Vec<&str> = own.chain(self.also.iter().copied()).collect();
        (!ids.is_empty()).then(|| ids.join(" ").into())
    }
}

/// How a field's value can be revealed, and what to warn of while it is typed.
pub(crate) struct Watch<'a> {
    /// What the fields show now.
    pub(crate) fields: &'a Fields,
    /// Where what happens in them goes.
    pub(crate) send: Callback<FieldEvent>,
    /// Said while Caps Lock is on, in a password.
    pub(crate) caps_lock: AttrValue,
    /// Said while a space stands at either end.
    pub(crate) stray_space: AttrValue,
}

/// An input that warns of stray spaces.
pub(crate) fn text(id: &str, input: Tag, words: Words, watch: &Watch<'_>) -> Tag {
    let input = watch.spaces(id, input);
    let warning = watch.warning(id);
    words
        .around(id, input.set(Name::Id, id.to_owned().into()), |input| tag("div").class("bl-control").child(input))
        .child(warning)
}

/// A password: hidden, with a button to reveal it, and a warning while Caps Lock is on.
pub(crate) fn password(id: &str, input: Tag, words: Words, watch: &Watch<'_>, reveal: (String, AttrValue)) -> Tag {
    let is_revealed = watch.fields.is_revealed(id);
    let input = watch.keys(id, watch.spaces(id, input)).with(Name::Type, if is_revealed { "text" } else { "password" });
    let (send, field) = (watch.send.clone(), id.to_owned());
    let press = Rc::new(move |_| send.emit(FieldEvent::Reveal(field.clone())));
    let icon = if is_revealed { Icon::EYE_OFF } else { Icon::EYE };
    let button = button::round("bl-icon-button bl-reveal", reveal.1, icon, press)
        .set(Name::Id, reveal.0.into())
        .with(Name::AriaPressed, if is_revealed { "true" } else { "false" });
    let warning = watch.warning(id);
    let wrap = |input| tag("div").class("bl-control bl-control-reveal").child(input).child(button);
    words.around(id, input.set(Name::Id, id.to_owned().into()), wrap).child(warning)
}

impl Watch<'_> {
    fn spaces(&self, id: &str, input: Tag) -> Tag {
        let (send, id) = (self.send.clone(), id.to_owned());
        let heard = move |event: web_sys::Event| {
            if let Some(value) = value(&event) {
                let stray_space = value.trim_ascii().len() != value.len();
                send.emit(FieldEvent::Typed { id: id.clone(), stray_space });
            }
        };
        input.on(Kind::Input, Rc::new(heard))
    }

    fn keys(&self, id: &str, input: Tag) -> Tag {
        let (send, id) = (self.send.clone(), id.to_owned());
        let heard = move |event: web_sys::Event| {
            // A password manager fills fields with key events that are none.
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                let caps_lock = event.get_modifier_state("CapsLock");
                send.emit(FieldEvent::Key { id: id.clone(), caps_lock });
            }
        };
        input.on(Kind::KeyUp, Rc::new(heard))
    }

    fn warning(&self, id: &str) -> Tag {
        let text = if self.fields.typed != id {
            None
        } else if self.fields.caps_lock {
            Some(&self.caps_lock)
        } else {
            self.fields.stray_space.then_some(&self.stray_space)
        };
        let warning = text.map(|text| tag("p").class("bl-warning").text(text.clone()));
        tag("div").with(Name::Role, "status").child_some(warning)
    }
}

fn value(event: &web_sys::Event) -> Option<String> {
    Some(event.target()?.dyn_into::<HtmlInputElement>().ok()?.value())
}
