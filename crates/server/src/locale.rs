//! The texts of the languages in `locales/`, one file each.

use std::collections::BTreeMap;

use banklink_protocol::texts::{TEXT_KEYS, Text};
use rust_embed::Embed;
use serde::Deserialize;
use thiserror::Error;

#[derive(Embed)]
#[folder = "../../locales"]
struct Files;

/// The language when nothing better is known.
pub const FALLBACK: &str = "en";

/// All languages.
#[derive(Debug)]
pub struct Locales(BTreeMap<String, Locale>);

/// One language.
#[derive(Debug)]
pub struct Locale {
    /// BCP 47 tag.
    pub tag: String,
    /// Which way it is written.
    pub direction: Direction,
    /// The widget's texts, a line each, in the order of `protocol::texts::Text`.
    pub widget_lines: String,
    server: BTreeMap<String, String>,
}

/// Which way a language is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of the `dir` attribute.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// Why a locale can't be used.
#[derive(Debug, Error)]
pub enum LocaleError {
    /// The file is not TOML of the known shape.
    #[error("locale {0} can't be read")]
    Unreadable(String, #[source] toml::de::Error),
    /// A key is missing, unknown, or its text spans lines.
    #[error("locale {tag}: {what} {key}")]
    Key {
        /// Which language.
        tag: String,
        /// Which key.
        key: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// There is no English.
    #[error("there is no locale {FALLBACK}")]
    NoFallback,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    right_to_left: bool,
    widget: BTreeMap<String, String>,
    server: BTreeMap<String, String>,
}

impl Locales {
    /// Reads every language and checks that its keys are complete.
    pub fn load() -> Result<Self, LocaleError> {
        let mut locales = BTreeMap::new();
        for path in Files::iter() {
            if let (Some(tag), Some(file)) = (path.strip_suffix(".toml"), Files::get(&path)) {
                let text = String::from_utf8_lossy(&file.data);
                locales.insert(tag.to_owned(), Locale::parse(tag, &text)?);
            }
        }
        if locales.contains_key(FALLBACK) { Ok(Self(locales)) } else { Err(LocaleError::NoFallback) }
    }

    /// The best language for these tags, most wanted first: the tag itself, else its language, else English.
    pub fn best<'a>(&self, wanted: impl IntoIterator<Item = &'a str>) -> &Locale {
        let found = wanted.into_iter().find_map(|tag| {
            let tag = tag.trim().to_ascii_lowercase();
            let language = tag.split('-').next().unwrap_or_default();
            self.0.get(&tag).or_else(|| self.0.get(language))
        });
        found.or_else(|| self.0.get(FALLBACK)).unwrap_or_else(|| unreachable!("load() checked that English is there"))
    }
}

impl Locale {
    fn parse(tag: &str, text: &str) -> Result<Self, LocaleError> {
        let file: File = toml::from_str(text).map_err(|error| LocaleError::Unreadable(tag.to_owned(), error))?;
        let wrong = |key: &str, what| LocaleError::Key { tag: tag.to_owned(), key: key.to_owned(), what };
        if let Some(key) = file.widget.keys().find(|key| !TEXT_KEYS.contains(&key.as_str())) {
            return Err(wrong(key, "unknown key"));
        }
        let mut lines = Vec::with_capacity(TEXT_KEYS.len());
        for key in TEXT_KEYS {
            let line = file.widget.get(*key).ok_or_else(|| wrong(key, "missing key"))?;
            if line.contains('\n') {
                return Err(wrong(key, "line break in"));
            }
            lines.push(line.as_str());
        }
        let direction = if file.right_to_left { Direction::Rtl } else { Direction::Ltr };
        Ok(Self { tag: tag.to_owned(), direction, widget_lines: lines.join("\n"), server: file.server })
    }

    /// A text of the server's; the key itself where it is missing, which a test rules out.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.server.get(key).map_or(key, String::as_str)
    }

    /// A text of the server's with its `{names}` filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.text(key), values)
    }

    /// A text of the widget's with its `{names}` filled in.
    pub fn fill_widget(&self, text: Text, values: &[(&str, &str)]) -> String {
        fill(self.widget_lines.lines().nth(text as usize).unwrap_or_default(), values)
    }
}

/// Fills `{names}` in, once: what is filled in is not looked at again.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_complete() {
        let locales = Locales::load().unwrap();
        let english = &locales.0[FALLBACK];
        for locale in locales.0.values() {
            assert!(locale.server.keys().eq(english.server.keys()), "{}", locale.tag);
        }
    }

    #[test]
    fn the_best_language_is_the_first_that_there_is() {
        let locales = Locales::load().unwrap();
        assert_eq!(locales.best(["xx", "en-GB"]).tag, "en");
        assert_eq!(locales.best(["xx"]).tag, "en");
        assert_eq!(locales.best([]).tag, "en");
    }

    #[test]
    fn a_file_with_a_missing_or_unknown_key_is_refused() {
        let complete = TEXT_KEYS.iter().map(|key| [key, " = \"x\"\n"].concat()).collect::<Vec<_>>().concat();
        let parse = |widget: &str| Locale::parse("xx", &format!("[widget]\n{widget}\n[server]\n"));
        assert!(parse(&complete).is_ok());
        assert!(parse(&format!("{complete}more = \"x\"")).is_err());
        assert!(parse(complete.split_once('\n').unwrap().1).is_err());
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(fill("{a} and {b}{c}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
    }
}
