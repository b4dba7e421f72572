//! The texts of the languages in `locales/`, one file each.

use std::{collections::BTreeMap, sync::Arc};

use banklink_connectors::{Language, Texts};
use banklink_platform::texts::{TEXT_KEYS as DASHBOARD_KEYS, Text as DashboardText};
use banklink_protocol::texts::{FIRST_TEXTS, TEXT_KEYS, Text};
use icu_locale_core::Locale as LanguageTag;
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules};
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
pub struct Locales(BTreeMap<String, Arc<Locale>>);

/// One language.
#[derive(Debug)]
pub struct Locale {
    /// BCP 47 tag.
    pub tag: String,
    /// Which way it is written.
    pub direction: Direction,
    /// The widget's texts, a line each, in the order of `protocol::texts::Text`.
    pub widget_lines: String,
    /// The dashboard's texts, a line each, in the order of `platform::texts::Text`.
    pub dashboard_lines: String,
    server: BTreeMap<String, Wording>,
}

/// A text as its file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Wording {
    /// The same for every number.
    Plain(String),
    /// In a form for each plural category of the language.
    Counted(BTreeMap<String, String>),
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
    /// The file's name is not a language's tag, or no plural rules are known for it.
    #[error("{0} is not a language with plural rules")]
    Language(String),
    /// A key is missing or unknown, or its text is not of the shape that it must have.
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
    widget: BTreeMap<String, Wording>,
    dashboard: BTreeMap<String, Wording>,
    server: BTreeMap<String, Wording>,
}

impl Locales {
    /// Reads every language and checks that its keys are complete.
    pub fn load() -> Result<Self, LocaleError> {
        let mut locales = BTreeMap::new();
        for path in Files::iter() {
            if let (Some(tag), Some(file)) = (path.strip_suffix(".toml"), Files::get(&path)) {
                let text = String::from_utf8_lossy(&file.data);
                locales.insert(tag.to_owned(), Arc::new(Locale::parse(tag, &text)?));
            }
        }
        if locales.contains_key(FALLBACK) { Ok(Self(locales)) } else { Err(LocaleError::NoFallback) }
    }

    /// The best language for these tags, most wanted first: the tag itself, else its language, else English.
    pub fn best<'a>(&self, wanted: impl IntoIterator<Item = &'a str>) -> &Locale {
        self.shared(wanted)
    }

    /// The language for a tag, as connectors are told it.
    pub fn language(&self, tag: &str) -> Language {
        let locale: Arc<Locale> = Arc::clone(self.shared([tag]));
        Language::new(locale)
    }

    fn shared<'a>(&self, wanted: impl IntoIterator<Item = &'a str>) -> &Arc<Locale> {
        let found = wanted.into_iter().find_map(|tag| {
            let tag = tag.trim().to_ascii_lowercase();
            let language = tag.split('-').next().unwrap_or_default();
            self.0.get(&tag).or_else(|| self.0.get(language))
        });
        found.or_else(|| self.0.get(FALLBACK)).unwrap_or_else(|| unreachable!("load() checked that English is there"))
    }
}

/// Texts as pages carry them, a line each, in the order of their keys; or the key that is wrong, and how.
fn lines(texts: &BTreeMap<String, Wording>, keys: &[&str]) -> Result<String, (String, &'static str)> {
    if let Some(key) = texts.keys().find(|key| !keys.contains(&key.as_str())) {
        return Err((key.clone(), "unknown key"));
    }
    let line = |key: &&str| texts.get(*key).map(Wording::line).ok_or_else(|| ((*key).to_owned(), "missing key"));
    Ok(keys.iter().map(line).collect::<Result<Vec<_>, _>>()?.join("\n"))
}

impl Locale {
    fn parse(tag: &str, text: &str) -> Result<Self, LocaleError> {
        let file: File = toml::from_str(text).map_err(|error| LocaleError::Unreadable(tag.to_owned(), error))?;
        let plurals = plural_rules(tag).ok_or_else(|| LocaleError::Language(tag.to_owned()))?;
        let wrong = |key: &str, what| LocaleError::Key { tag: tag.to_owned(), key: key.to_owned(), what };
        for (key, wording) in file.widget.iter().chain(&file.dashboard).chain(&file.server) {
            wording.check(&plurals).map_err(|what| wrong(key, what))?;
        }
        let complete = |texts, keys| lines(texts, keys).map_err(|(key, what)| wrong(&key, what));
        Ok(Self {
            tag: tag.to_owned(),
            direction: if file.right_to_left { Direction::Rtl } else { Direction::Ltr },
            widget_lines: complete(&file.widget, TEXT_KEYS)?,
            dashboard_lines: complete(&file.dashboard, DASHBOARD_KEYS)?,
            server: file.server,
        })
    }

    /// A text of the dashboard's.
    pub fn dashboard(&self, text: DashboardText) -> &str {
        self.dashboard_lines.lines().nth(text as usize).unwrap_or_default()
    }

    /// The first [`FIRST_TEXTS`] of the widget's lines.
    pub fn first_lines(&self) -> &str {
        let ends = self.widget_lines.match_indices('\n').map(|(end, _)| end);
        let end = ends.take(FIRST_TEXTS).last().unwrap_or(self.widget_lines.len());
        self.widget_lines.get(..end).unwrap_or_default()
    }

    /// A text of the server's; the key itself where it is missing, which a test rules out.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        match self.server.get(key) {
            Some(Wording::Plain(text)) => text,
            Some(Wording::Counted(_)) | None => key,
        }
    }

    /// A text of the server's in the form that the language has for a number, with its `{names}` filled in.
    pub fn count(&self, key: &str, number: u32, values: &[(&str, &str)]) -> String {
        match self.server.get(key) {
            Some(Wording::Counted(forms)) => {
                let category = plural_rules(&self.tag).map_or("other", |plurals| name_of(plurals.category_for(number)));
                let form = forms.get(category).or_else(|| forms.get("other"));
                fill(form.map_or(key, String::as_str), values)
            }
            Some(Wording::Plain(_)) | None => self.fill(key, values),
        }
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

impl Texts for Locale {
    fn tag(&self) -> &str {
        &self.tag
    }

    fn text<'a>(&'a self, key: &'a str) -> &'a str {
        Self::text(self, key)
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        Self::fill(self, key, values)
    }
}

impl Wording {
    /// What is wrong with its shape.
    fn check(&self, plurals: &PluralRules) -> Result<(), &'static str> {
        let texts: Vec<&String> = match self {
            Self::Plain(text) => vec![text],
            Self::Counted(forms) => forms.values().collect(),
        };
        if texts.iter().any(|text| text.contains(['\n', '\t'])) {
            return Err("line break or tab in");
        }
        let Self::Counted(forms) = self else { return Ok(()) };
        let mut categories: Vec<&str> = plurals.categories().map(name_of).collect();
        categories.sort_unstable();
        if forms.keys().eq(categories) { Ok(()) } else { Err("other forms than the language's plural categories in") }
    }

    /// As the page has it.
    fn line(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Counted(forms) => {
                let forms: Vec<String> = forms.iter().map(|(category, text)| [category, "=", text].concat()).collect();
                forms.join("\t")
            }
        }
    }
}

fn plural_rules(tag: &str) -> Option<PluralRules> {
    let tag: LanguageTag = tag.parse().ok()?;
    PluralRules::try_new((&tag).into(), PluralRuleType::Cardinal.into()).ok()
}

/// What CLDR, and a browser's `Intl`, call a category.
const fn name_of(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
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
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_language_is_complete() {
        let locales = Locales::load().unwrap();
        let english = &locales.0[FALLBACK];
        for locale in locales.0.values() {
            assert!(locale.server.keys().eq(english.server.keys()), "{}", locale.tag);
            for (line, in_english) in locale.dashboard_lines.lines().zip(english.dashboard_lines.lines()) {
                assert_eq!(names(line), names(in_english), "{}: {line}", locale.tag);
            }
        }
    }

    /// What is filled in.
    fn names(line: &str) -> BTreeSet<&str> {
        line.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
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
        let all = |keys: &[&str]| keys.iter().map(|key| [key, " = \"x\"\n"].concat()).collect::<String>();
        let (complete, dashboard) = (all(TEXT_KEYS), all(DASHBOARD_KEYS));
        let parse =
            |widget: &str| Locale::parse("xx", &format!("[widget]\n{widget}\n[dashboard]\n{dashboard}\n[server]\n"));
        assert!(parse(&complete).is_ok());
        assert!(parse(&format!("{complete}more = \"x\"")).is_err());
        assert!(parse(complete.split_once('\n').unwrap().1).is_err());
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(fill("{a} and {b}{c}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
    }
}
