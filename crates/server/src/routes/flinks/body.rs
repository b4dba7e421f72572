//! Bodies as Flinks reads them: an object whose keys are in any case (`vendor-apis.md`, 1.3).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::error::FlinksError;

/// Answers by the prompt that they are to.
pub(super) type Answers<'a> = Vec<(&'a str, Vec<&'a str>)>;

/// The fields of a body, by their names in lower case.
pub(super) struct Body(BTreeMap<String, Value>);

impl Body {
    /// Reads a body; an empty one has no fields.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, FlinksError> {
        if bytes.trim_ascii().is_empty() {
            return Ok(Self(BTreeMap::new()));
        }
        let fields: Map<String, Value> = serde_json::from_slice(bytes)
            .map_err(|_| FlinksError::invalid("The body must be empty or a JSON object."))?;
        Ok(Self(fields.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()))
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(&name.to_ascii_lowercase()).filter(|value| !value.is_null())
    }

    /// A text. One that is empty is as good as none: forms send those.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, FlinksError> {
        let text = self.get(name).map(|value| value.as_str().ok_or_else(|| FlinksError::field(name, "a string")));
        Ok(text.transpose()?.filter(|text| !text.is_empty()))
    }

    /// A text that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, FlinksError> {
        self.text(name)?.ok_or_else(|| FlinksError::field(name, "it: it is missing"))
    }

    /// Yes or no, as JSON has it or as text.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, FlinksError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let read = match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        };
        read.map(Some).ok_or_else(|| FlinksError::field(name, "true or false"))
    }

    /// A list of texts; none and an empty one are alike.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<&str>, FlinksError> {
        let expected = || FlinksError::field(name, "a list of strings");
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let items = value.as_array().ok_or_else(expected)?;
        items.iter().map(|item| item.as_str().ok_or_else(expected)).collect()
    }

    /// A list of objects with these two texts in each.
    pub(super) fn pairs(&self, name: &str, [first, second]: [&str; 2]) -> Result<Vec<(&str, &str)>, FlinksError> {
        let expected = || FlinksError::field(name, &format!("a list of objects with {first} and {second}"));
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let read = |item| Some((text_of(item, first)?, text_of(item, second)?));
        let items = value.as_array().ok_or_else(expected)?;
        items.iter().map(|item| read(item).ok_or_else(expected)).collect()
    }

    /// Answers by their prompt: each a text or a list of texts.
    pub(super) fn responses<'a>(&'a self, name: &str) -> Result<Option<Answers<'a>>, FlinksError> {
        let expected = || FlinksError::field(name, "an object of prompts with their answers");
        let Some(value) = self.get(name) else { return Ok(None) };
        let answers = |value: &'a Value| match value {
            Value::String(text) => Some(vec![text.as_str()]),
            Value::Array(items) => items.iter().map(Value::as_str).collect(),
            _ => None,
        };
        let prompts = value.as_object().ok_or_else(expected)?.iter();
        let read = prompts.map(|(prompt, value)| Ok((prompt.as_str(), answers(value).ok_or_else(expected)?)));
        read.collect::<Result<_, _>>().map(Some)
    }
}

fn text_of<'a>(item: &'a Value, name: &str) -> Option<&'a str> {
    let mut fields = item.as_object()?.iter();
    fields.find(|(key, _)| key.eq_ignore_ascii_case(name))?.1.as_str()
}
