//! A one-time code to type.

use banklink_protocol::{
    challenge::{Answer, Challenge, CodeSource, OneTimeCode},
    session::MAX_FIELD_LENGTH,
};
use jiff::SignedDuration;

use super::{Answered, Kind, LIFETIME, Scene, Undrawable, Verdict};
use crate::sandbox::{behaviour::Codes, testbank};

/// A one-time code.
pub(super) struct Code {
    pub(super) source: CodeSource,
    /// How many digits it has at an institution that is strict about it; `None`: any letters and digits.
    pub(super) digits: Option<u8>,
}

impl Code {
    fn digits_at(&self, scene: &Scene<'_>) -> Option<u8> {
        match scene.login.behaviour().codes() {
            Codes::Strict => self.digits,
            Codes::Free => None,
        }
    }
}

impl Kind for Code {
    fn challenge(&self, scene: &Scene<'_>) -> Result<Challenge, Undrawable> {
        let length = self.digits_at(scene);
        let contact = Contact::of(scene);
        let sent_to = match self.source {
            CodeSource::Sms | CodeSource::Call => contact.phone,
            CodeSource::Email => contact.email,
            _ => None,
        };
        Ok(Challenge::OneTimeCode(OneTimeCode { source: self.source, sent_to, length, digits_only: length.is_some() }))
    }

    fn answered(&self) -> Answered {
        Answered::Here
    }

    fn judge(&self, scene: &Scene<'_>, answer: &Answer) -> Verdict {
        let Answer::Code(typed) = answer else { return Verdict::Unfit(None) };
        if typed.expose().len() > MAX_FIELD_LENGTH {
            return Verdict::Unfit(None);
        }
        // Codes are shown in groups, and pasted with them.
        let code: String = typed.expose().chars().filter(|char| !char.is_whitespace()).collect();
        match testbank::typed(&code) {
            Verdict::Right if self.digits_at(scene).is_some_and(|digits| !has_shape(digits, &code)) => Verdict::Wrong,
            verdict => verdict,
        }
    }

    fn lifetime(&self) -> Option<SignedDuration> {
        Some(LIFETIME)
    }

    fn can_resend(&self) -> bool {
        matches!(self.source, CodeSource::Sms | CodeSource::Email | CodeSource::Call)
    }
}

fn has_shape(digits: u8, code: &str) -> bool {
    code.len() == usize::from(digits) && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where codes are sent, masked.
pub(super) struct Contact {
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
}

impl Contact {
    pub(super) fn of(scene: &Scene<'_>) -> Self {
        let household = scene.login.household();
        let holder = household.holder();
        Self { phone: holder.phone.as_deref().map(masked_phone), email: holder.email.as_deref().map(masked_email) }
    }
}

/// All but the last two digits of a telephone number hidden.
fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let last: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
    format!("••• ••{last}")
}

/// All but the first letter of the part before the `@` hidden.
fn masked_email(email: &str) -> String {
    let (mailbox, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = mailbox.chars().take(1).collect();
    format!("{first}•••@{domain}")
}
