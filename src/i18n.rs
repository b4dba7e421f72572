//! The messages of the page's one language, and what `Intl` writes in it.

use js_sys::{Array, Function, Intl, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use yew::AttrValue;

use banklink_protocol::{money::Money, texts::Text};

/// The texts that the server wrote into the page, a line each, in the order of [`Text`].
pub(crate) struct Texts {
    language: String,
    lines: Vec<AttrValue>,
}

impl Texts {
    /// Takes the lines of `<template id="bl-texts">`.
    pub(crate) fn new(language: &str, lines: &str) -> Self {
        Self {
            language: language.to_owned(),
            lines: lines.lines().map(|line| AttrValue::from(line.to_owned())).collect(),
        }
    }

    /// A text without anything to fill in.
    pub(crate) fn get(&self, text: Text) -> AttrValue {
        self.lines.get(text as usize).cloned().unwrap_or_default()
    }

    /// A text with its `{names}` filled in.
    pub(crate) fn fill(&self, text: Text, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let line = self.get(text);
        let mut rest = line.as_str();
        while let Some((before, from)) = rest.split_once('{') {
            filled.push_str(before);
            let (name, after) = from.split_once('}').unwrap_or((from, ""));
            if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
                filled.push_str(value);
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// A whole number as this language writes it.
    pub(crate) fn number(&self, number: u32) -> String {
        self.formatted(&JsValue::from_f64(f64::from(number)), &Object::new())
    }

    /// An amount with its currency as this language writes it. The digits stay text all the way: `Intl` reads decimals
    /// exactly, a float would not.
    pub(crate) fn money(&self, money: &Money) -> String {
        let options = Object::new();
        for (name, value) in [("style", "currency"), ("currency", money.currency.as_str())] {
            // Can't fail on a fresh object.
            Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).unwrap_or_default();
        }
        self.formatted(&JsValue::from_str(&money.amount), &options)
    }

    fn formatted(&self, value: &JsValue, options: &Object) -> String {
        let languages = Array::of1(&JsValue::from_str(&self.language));
        let format: Function = Intl::NumberFormat::new(&languages, options).format().unchecked_into();
        let text = format.call1(&JsValue::UNDEFINED, value).ok();
        text.and_then(|text| text.dyn_into::<JsString>().ok()).map(String::from).unwrap_or_default()
    }
}
