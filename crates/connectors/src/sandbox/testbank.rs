//! TestBank: any user name, and the password chooses what happens (`vendor-apis.md`, 2.3).
//!
//! | password | what happens |
//! | --- | --- |
//! | `INVALID_CREDENTIALS` | back to the form |
//! | `INTERNAL_ERROR`, `SCA_TYPE_NOT_ALLOWED`, `USER_INTERACTION_NEEDED` | that failure |
//! | `ALREADY_EXISTS` | `CREDENTIALS_ALREADY_EXIST` |
//! | `DATA_ERROR_PRODUCT_ACCOUNT` | linked, but its accounts can't be read |
//! | one of [`CodeKind`] | a one-time code of that kind |
//! | `SCA_APP`, `SCA_EXTERNAL_WAIT`, `SCA_COORDINATE`, `SCA_COORDINATE_CARD`, `SCA_QR_ACCEPT`, `SCA_UPDATABLE_QR` | `SCA_TYPE_NOT_ALLOWED`, as long as challenges of these kinds can't be shown |
//! | anything else | linked |
//!
//! | code | what happens |
//! | --- | --- |
//! | `INVALID_SCA`, or nothing but zeros | wrong, one attempt less |
//! | `INTERNAL_ERROR`, `USER_INTERACTION_NEEDED` | that failure |
//! | one of [`CodeKind`] | another code, of that kind |
//! | the six others | `SCA_TYPE_NOT_ALLOWED` |
//! | anything else | right |
//!
//! TestBank itself takes codes of any length and letters, since the special ones must fit in. The named institutions
//! ask as banks do, mostly for a number of digits: there nothing but zeros is the wrong code to type.

use banklink_protocol::{
    challenge::{CodeSource, OneTimeCode},
    failures::FailureCode,
    session::{MAX_FIELD_LENGTH, Rejection},
};
use serde::{Deserialize, Serialize};

use super::{
    form::Credentials,
    login::{Opening, Verdict},
};

/// The kinds of one-time code (`widget.md`, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum CodeKind {
    Sms,
    Email,
    Call,
    Code,
    AppCode,
    CodeFromApp,
    CodeDevice,
    GoogleAuthenticator,
    CryptoCalculator,
    Digipass,
    CardReader,
}

impl CodeKind {
    const ALL: [Self; 11] = [
        Self::Sms,
        Self::Email,
        Self::Call,
        Self::Code,
        Self::AppCode,
        Self::CodeFromApp,
        Self::CodeDevice,
        Self::GoogleAuthenticator,
        Self::CryptoCalculator,
        Self::Digipass,
        Self::CardReader,
    ];

    const fn password(self) -> &'static str {
        match self {
            Self::Sms => "SCA_SMS",
            Self::Email => "SCA_EMAIL",
            Self::Call => "SCA_CALL",
            Self::Code => "SCA_CODE",
            Self::AppCode => "SCA_APP_CODE",
            Self::CodeFromApp => "SCA_CODE_FROM_APP",
            Self::CodeDevice => "SCA_CODE_DEVICE",
            Self::GoogleAuthenticator => "SCA_GOOGLE_AUTHENTICATOR",
            Self::CryptoCalculator => "SCA_CRYPTOCALCULATOR",
            Self::Digipass => "SCA_DIGIPASS",
            Self::CardReader => "SCA_CARD_READER",
        }
    }

    const fn source(self) -> CodeSource {
        match self {
            Self::Sms => CodeSource::Sms,
            Self::Email => CodeSource::Email,
            Self::Call => CodeSource::Call,
            Self::Code => CodeSource::Unspecified,
            Self::AppCode | Self::CodeFromApp => CodeSource::App,
            Self::GoogleAuthenticator => CodeSource::Authenticator,
            Self::CardReader => CodeSource::CardReader,
            Self::CodeDevice | Self::CryptoCalculator | Self::Digipass => CodeSource::Device,
        }
    }

    /// How many digits it has at an institution that is strict about it; `None`: any letters and digits.
    const fn digits(self) -> Option<u8> {
        match self {
            Self::Code => None,
            Self::CodeDevice | Self::CryptoCalculator | Self::Digipass | Self::CardReader => Some(8),
            _ => Some(6),
        }
    }
}

/// Where codes are sent, masked.
pub(super) struct Contact {
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
}

/// What codes look like at an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codes {
    /// Anything can be typed.
    Free,
    /// A number of digits, where the kind has one.
    Strict,
}

/// The challenge for a code of this kind.
pub(super) fn one_time_code(kind: CodeKind, codes: Codes, contact: Contact) -> OneTimeCode {
    let length = match codes {
        Codes::Strict => kind.digits(),
        Codes::Free => None,
    };
    let sent_to = match kind.source() {
        CodeSource::Sms | CodeSource::Call => contact.phone,
        CodeSource::Email => contact.email,
        _ => None,
    };
    OneTimeCode { source: kind.source(), sent_to, length, digits_only: length.is_some() }
}

/// The special values that only name another challenge, or one that can't be shown yet.
enum Sca {
    Asks(CodeKind),
    NotYet,
}

fn special(text: &str) -> Option<Sca> {
    match text {
        "SCA_APP"
        | "SCA_EXTERNAL_WAIT"
        | "SCA_COORDINATE"
        | "SCA_COORDINATE_CARD"
        | "SCA_QR_ACCEPT"
        | "SCA_UPDATABLE_QR" => Some(Sca::NotYet),
        _ => CodeKind::ALL.into_iter().find(|kind| kind.password() == text).map(Sca::Asks),
    }
}

/// What a login with these credentials leads to.
pub(super) fn open(credentials: &Credentials) -> Opening {
    let password = credentials.password.expose();
    match password {
        "INVALID_CREDENTIALS" => Opening::Rejects(Rejection { code: FailureCode::InvalidCredentials, field: None }),
        "INTERNAL_ERROR" => Opening::Fails(FailureCode::InternalError),
        "SCA_TYPE_NOT_ALLOWED" => Opening::Fails(FailureCode::ScaTypeNotAllowed),
        "USER_INTERACTION_NEEDED" => Opening::Fails(FailureCode::UserInteractionNeeded),
        "ALREADY_EXISTS" => Opening::Fails(FailureCode::CredentialsAlreadyExist),
        "DATA_ERROR_PRODUCT_ACCOUNT" => Opening::WelcomeWithoutData,
        _ => match special(password) {
            Some(Sca::Asks(kind)) => Opening::Code(kind),
            Some(Sca::NotYet) => Opening::Fails(FailureCode::ScaTypeNotAllowed),
            None => Opening::Welcome,
        },
    }
}

/// What an answer to a code of this kind leads to.
pub(super) fn check(kind: CodeKind, codes: Codes, typed: &str) -> Verdict {
    if typed.len() > MAX_FIELD_LENGTH {
        return Verdict::Unfit(None);
    }
    // Codes are shown in groups, and pasted with them.
    let code: String = typed.chars().filter(|char| !char.is_whitespace()).collect();
    match code.as_str() {
        "" => Verdict::Unfit(None),
        "INVALID_SCA" => Verdict::Wrong,
        "INTERNAL_ERROR" => Verdict::Fails(FailureCode::InternalError),
        "USER_INTERACTION_NEEDED" => Verdict::Fails(FailureCode::UserInteractionNeeded),
        code => match special(code) {
            Some(Sca::Asks(next)) => Verdict::Asks(next),
            Some(Sca::NotYet) => Verdict::Fails(FailureCode::ScaTypeNotAllowed),
            None if code.bytes().all(|byte| byte == b'0') => Verdict::Wrong,
            None if codes == Codes::Strict && !has_shape(kind, code) => Verdict::Wrong,
            None => Verdict::Right,
        },
    }
}

fn has_shape(kind: CodeKind, code: &str) -> bool {
    kind.digits()
        .is_none_or(|digits| code.len() == usize::from(digits) && code.bytes().all(|byte| byte.is_ascii_digit()))
}

/// All but the last two digits of a telephone number hidden.
pub(super) fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let last: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
    format!("••• ••{last}")
}

/// All but the first letter of the part before the `@` hidden.
pub(super) fn masked_email(email: &str) -> String {
    let (mailbox, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = mailbox.chars().take(1).collect();
    format!("{first}•••@{domain}")
}
