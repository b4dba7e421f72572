//! TestBank: any user name, and the password chooses what happens (`vendor-apis.md`, 2.3).
//!
//! [`PASSWORDS`], [`ANSWERS`] and [`SCA`] are all there is to it: a password that none of them names is right, and so
//! is an answer, unless it is nothing but zeros. What is typed into any challenge chains: a name of [`SCA`] asks for
//! that.
//!
//! TestBank itself takes codes of any length and letters, since the special ones must fit in. The named institutions
//! ask as banks do, mostly for a number of digits: there nothing but zeros is the wrong code to type.

use banklink_protocol::{failures::FailureCode, session::Rejection};

use super::{
    challenges::{Asked, Verdict},
    form::Credentials,
    login::Opening,
};

/// What special passwords lead to.
const PASSWORDS: [(&str, Opening); 6] = [
    ("INVALID_CREDENTIALS", Opening::Rejects(Rejection { code: FailureCode::InvalidCredentials, field: None })),
    ("INTERNAL_ERROR", Opening::Fails(FailureCode::InternalError)),
    ("SCA_TYPE_NOT_ALLOWED", Opening::Fails(FailureCode::ScaTypeNotAllowed)),
    ("USER_INTERACTION_NEEDED", Opening::Fails(FailureCode::UserInteractionNeeded)),
    ("ALREADY_EXISTS", Opening::Fails(FailureCode::CredentialsAlreadyExist)),
    ("DATA_ERROR_PRODUCT_ACCOUNT", Opening::WelcomeWithoutData),
];

/// What special answers lead to.
const ANSWERS: [(&str, Verdict); 3] = [
    ("INVALID_SCA", Verdict::Wrong),
    ("INTERNAL_ERROR", Verdict::Fails(FailureCode::InternalError)),
    ("USER_INTERACTION_NEEDED", Verdict::Fails(FailureCode::UserInteractionNeeded)),
];

/// What special passwords and answers ask for. The last five are our own; vendors document the others.
const SCA: [(&str, Asked); 22] = [
    ("SCA_SMS", Asked::Sms),
    ("SCA_EMAIL", Asked::Email),
    ("SCA_CALL", Asked::Call),
    ("SCA_CODE", Asked::Code),
    ("SCA_APP_CODE", Asked::AppCode),
    ("SCA_CODE_FROM_APP", Asked::CodeFromApp),
    ("SCA_CODE_DEVICE", Asked::CodeDevice),
    ("SCA_GOOGLE_AUTHENTICATOR", Asked::GoogleAuthenticator),
    ("SCA_CRYPTOCALCULATOR", Asked::CryptoCalculator),
    ("SCA_DIGIPASS", Asked::Digipass),
    ("SCA_CARD_READER", Asked::CardReader),
    ("SCA_COORDINATE", Asked::Coordinate),
    ("SCA_COORDINATE_CARD", Asked::CoordinateCard),
    ("SCA_QR_ACCEPT", Asked::QrAccept),
    ("SCA_UPDATABLE_QR", Asked::UpdatableQr),
    ("SCA_APP", Asked::App),
    ("SCA_EXTERNAL_WAIT", Asked::ExternalWait),
    ("SCA_METHODS", Asked::Methods),
    ("SCA_QUESTIONS", Asked::Questions),
    ("SCA_CAPTCHA", Asked::Captcha),
    ("SCA_PICTURE", Asked::Picture),
    ("SCA_PICTURES", Asked::Pictures),
];

/// What a login with these credentials leads to.
pub(super) fn open(credentials: &Credentials) -> Opening {
    let password = credentials.password.expose();
    named(PASSWORDS, password).or_else(|| named(SCA, password).map(Opening::Asks)).unwrap_or(Opening::Welcome)
}

/// What text without spaces around it leads to, typed as an answer or a part of one.
pub(super) fn typed(text: &str) -> Verdict {
    if text.is_empty() {
        return Verdict::Unfit(None);
    }
    let otherwise = || if text.bytes().all(|byte| byte == b'0') { Verdict::Wrong } else { Verdict::Right };
    named(ANSWERS, text).or_else(|| named(SCA, text).map(Verdict::Asks)).unwrap_or_else(otherwise)
}

fn named<T, const N: usize>(table: [(&str, T); N], text: &str) -> Option<T> {
    table.into_iter().find(|(name, _)| *name == text).map(|(_, meaning)| meaning)
}
