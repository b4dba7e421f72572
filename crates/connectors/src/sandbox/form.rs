//! The credentials form of every sandbox institution: user name and password.

use banklink_protocol::{
    failures::FailureCode,
    ids::FieldId,
    secret::Secret,
    session::{Autocomplete, Field, FieldKind, FieldValue, MAX_FIELD_LENGTH, Rejection},
};

use super::behaviour::Behaviour;
use crate::contract::{CredentialsForm, Language};

const USERNAME: &str = "username";
const PASSWORD: &str = "password";

/// Longest value of either field, in UTF-16 units.
const MAX_LENGTH: u16 = 128;

/// The form of an institution.
pub(super) fn form(behaviour: Behaviour, language: &Language) -> CredentialsForm {
    let (username_hint, password_hint) = match behaviour {
        Behaviour::FlinksCapital => ("sandbox.flinks_capital.username_hint", "sandbox.flinks_capital.password_hint"),
        Behaviour::Always(_) => ("sandbox.elsewhere.username_hint", "sandbox.elsewhere.password_hint"),
        _ => ("sandbox.testbank.username_hint", "sandbox.testbank.password_hint"),
    };
    let field = |id: &str, label, hint, kind, autocomplete| Field {
        id: FieldId::from(id),
        label: language.text(label).to_owned(),
        kind,
        autocomplete,
        hint: Some(language.text(hint).to_owned()),
        pattern: None,
        max_length: MAX_LENGTH,
        optional: false,
    };
    CredentialsForm {
        fields: vec![
            field(USERNAME, "sandbox.username", username_hint, FieldKind::Text, Autocomplete::Username),
            field(PASSWORD, "sandbox.password", password_hint, FieldKind::Password, Autocomplete::CurrentPassword),
        ],
        forgotten_password_url: match behaviour {
            Behaviour::FlinksCapital => None,
            _ => Some("https://example.com/".to_owned()),
        },
    }
}

/// What was typed.
pub(super) struct Credentials {
    /// Without spaces around it.
    pub(super) username: Secret,
    pub(super) password: Secret,
}

/// Takes the form's values; each field exactly once.
pub(super) fn read(values: &[FieldValue]) -> Result<Credentials, Rejection> {
    let known = |value: &FieldValue| matches!(value.field.as_str(), USERNAME | PASSWORD);
    if !values.iter().all(known) {
        return Err(Rejection { code: FailureCode::InvalidCredentials, field: None });
    }
    let username = one(values, USERNAME)?;
    let password = one(values, PASSWORD)?;
    let username = self::username(username).ok_or_else(wrong_username)?;
    if password.is_empty() {
        return Err(wrong_password());
    }
    Ok(Credentials { username, password: Secret::new(password) })
}

/// A user name without spaces around it; `None`: it can't be one.
pub(super) fn username(text: &str) -> Option<Secret> {
    let name = text.trim();
    let is_sound = fits(name) && !name.is_empty() && !name.chars().any(char::is_control);
    is_sound.then(|| Secret::new(name))
}

/// The value of a field that came once and is not too long.
fn one<'a>(values: &'a [FieldValue], id: &str) -> Result<&'a str, Rejection> {
    let mut found = values.iter().filter(|value| value.field.as_str() == id);
    match (found.next(), found.next()) {
        (Some(value), None) if fits(value.value.expose()) => Ok(value.value.expose()),
        _ => Err(wrong(id)),
    }
}

fn fits(value: &str) -> bool {
    value.len() <= MAX_FIELD_LENGTH && value.encode_utf16().count() <= usize::from(MAX_LENGTH)
}

pub(super) fn wrong_username() -> Rejection {
    wrong(USERNAME)
}

pub(super) fn wrong_password() -> Rejection {
    wrong(PASSWORD)
}

fn wrong(field: &str) -> Rejection {
    Rejection { code: FailureCode::InvalidCredentials, field: Some(FieldId::from(field)) }
}
