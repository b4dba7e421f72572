//! The messages of the page's one language, and numbers as it writes them.

use yew::AttrValue;

use banklink_protocol::{
    money::Money,
    texts::{FIRST_TEXTS, Text},
};

use crate::intl;

/// The texts that the server wrote into the page, a line each, in the order of [`Text`].
pub(crate) struct Texts {
    language: String,
    /// Whether the language is written from right to left.
    is_rtl: bool,
    lines: Vec<AttrValue>,
}

impl Texts {
    /// Takes the lines of `<template id="bl-texts">`.
    pub(crate) fn new(language: &str, is_rtl: bool, lines: &str) -> Self {
        Self {
            language: language.to_owned(),
            is_rtl,
            lines: lines.split('\n').map(|line| AttrValue::from(line.to_owned())).collect(),
        }
    }

    /// Whether the texts of every screen are there, rather than those of the first ones.
    pub(crate) const fn are_all(&self) -> bool {
        self.lines.len() > FIRST_TEXTS
    }

    /// A text without anything to fill in.
    #[inline(never)]
    pub(crate) fn get(&self, text: Text) -> AttrValue {
        self.lines.get(text as usize).cloned().unwrap_or_default()
    }

    /// A text with its `{names}` filled in.
    #[inline(never)]
    pub(crate) fn fill(&self, text: Text, values: &[(&str, &str)]) -> String {
        self.fill_in(&self.get(text), values)
    }

    /// A text in the form that the language has for a number, with the number as `{count}`, and another one as `{shown}`.
    #[inline(never)]
    pub(crate) fn count(&self, text: Text, count: u32, shown: u32) -> String {
        let line = self.get(text);
        let category = intl::plural(&self.language, count);
        let forms = || line.split('\t').filter_map(|form| form.split_once('='));
        let (_, form) = forms().find(|(name, _)| *name == category).or_else(|| forms().next_back()).unwrap_or_default();
        self.fill_in(form, &[("count", &self.number(count)), ("shown", &self.number(shown))])
    }

    /// A form with its `{names}` filled in.
    fn fill_in(&self, form: &str, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        for (index, part) in form.split('{').enumerate() {
            let (name, rest) = if index == 0 { ("", part) } else { part.split_once('}').unwrap_or(("", part)) };
            if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
                filled.extend(self.isolated(value));
            }
            filled.push_str(rest);
        }
        filled
    }

    /// What others wrote: between Arabic words it has a direction of its own. That of its letters; where there are none, as
    /// in a masked number, from left to right.
    pub(crate) fn isolated<'a>(&self, text: &'a str) -> [&'a str; 3] {
        let is_letter = |character: char| character.is_ascii_alphabetic() || character > '\u{bf}' && character != '•';
        match text.contains(is_letter) {
            _ if !self.is_rtl => ["", text, ""],
            true => ["\u{2068}", text, "\u{2069}"],
            false => ["\u{2066}", text, "\u{2069}"],
        }
    }

    /// What a country (ISO 3166-1 alpha-2) is called in this language.
    pub(crate) fn country(&self, code: &str) -> String {
        intl::country(&self.language, code)
    }

    /// Countries in the order of what they are called in this language.
    pub(crate) fn sorted_countries(&self, codes: &[String]) -> String {
        intl::sorted_countries(&self.language, &codes.join(" "))
    }

    /// A whole number as this language writes it.
    pub(crate) fn number(&self, number: u32) -> String {
        intl::format_number(&self.language, &number.to_string(), "")
    }

    /// An amount with its currency as this language writes it. The digits stay text all the way.
    pub(crate) fn money(&self, money: &Money) -> String {
        intl::format_number(&self.language, &money.amount, &money.currency)
    }
}
