//! Messages to the host: the parent of the frame, the opener, or the native bridge (`widget.md`, section 4).
//!
//! Each is an object with `step` at the top level, as listeners of existing integrations expect. A payload never
//! holds a secret, a credential or an answer; [`Message::Redirect`] carries a code that is worth nothing without
//! the app's secret.

use crate::{
    failures::FailureCode,
    ids::{AccountId, InstitutionId},
    problem::ProblemCode,
    session::{Ending, ExitReason},
};

/// A message to the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The widget is on the page.
    AppMounted,
    /// The browser is online again.
    AppOnline,
    /// The browser is offline.
    AppOffline,
    /// A screen is shown.
    ScreenLoaded(Screen),
    /// The person agreed.
    ConsentAccepted,
    /// The person declined.
    ConsentDenied,
    /// The person chose an institution.
    InstitutionSelected(InstitutionId),
    /// The person sent credentials.
    CredentialSubmitted(InstitutionId),
    /// The person answered a challenge.
    MfaSubmitted,
    /// The person chose accounts.
    AccountSelected(Vec<AccountId>),
    /// The person searched: length of the text in characters, number of results.
    Searched {
        /// Characters typed.
        length: u32,
        /// Institutions found.
        results: u32,
    },
    /// The token is unknown, used or expired, or the session is.
    TokenInvalid,
    /// Something failed.
    Error(ErrorMessage),
    /// The bank's own page is open in a window of its own.
    PopupOpened,
    /// The browser refused that window.
    PopupBlocked,
    /// The app around the webview is asked to open an address in the system's browser.
    OpenUrl(String),
    /// The institution takes no more answers.
    MaximumRetryReached,
    /// The answer to the host's `back`: whether the flow went a step back.
    BackHandled {
        /// Whether it did.
        moved: bool,
    },
    /// The person asked to close.
    CloseSession,
    /// The content's height changed.
    Height(u32),
    /// The flow ended with a connection.
    Redirect(Box<Ending>),
    /// The flow ended without one.
    Exit {
        /// Why.
        reason: ExitReason,
        /// The screen that the person left.
        at: Screen,
        /// What they had searched for, if they did not find their institution.
        searched: Option<String>,
    },
}

/// What an `ERROR` message tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorMessage {
    /// The institution or the connector failed.
    Failure(FailureCode),
    /// A request failed.
    Problem(ProblemCode),
    /// A parameter of the page's URL has a wrong value; its name, never its value.
    InvalidParameter(String),
    /// The browser can't run the widget, or it broke.
    Unsupported,
}

impl ErrorMessage {
    /// `code` of the message.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Failure(code) => code.as_str(),
            Self::Problem(code) => code.as_str(),
            Self::InvalidParameter(_) => ProblemCode::InvalidParameter.as_str(),
            Self::Unsupported => "UNSUPPORTED",
        }
    }
}

/// The screens, as hosts hear of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// Before the first screen.
    Opening,
    /// Consent.
    Consent,
    /// List of institutions.
    Institutions,
    /// Re-authorisation of an institution that is linked already.
    Reauthorise,
    /// Credentials.
    Credentials,
    /// Strong customer authentication.
    Challenge,
    /// Account selection.
    Accounts,
    /// Success.
    Success,
    /// A failure.
    Failure,
    /// Token invalid.
    TokenInvalid,
    /// Session expired.
    SessionExpired,
}

impl Screen {
    /// `at` of the `EXIT` message.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Consent => "consent",
            Self::Institutions => "institutions",
            Self::Reauthorise => "reauthorise",
            Self::Credentials => "credentials",
            Self::Challenge => "challenge",
            Self::Accounts => "accounts",
            Self::Success => "success",
            Self::Failure => "failure",
            Self::TokenInvalid => "token_invalid",
            Self::SessionExpired => "session_expired",
        }
    }

    /// `step` of the message that the screen is shown.
    const fn loaded_step(self) -> &'static str {
        match self {
            Self::Opening => "COMPONENT_LOAD_OPENING",
            Self::Consent => "COMPONENT_LOAD_CONSENT",
            Self::Institutions => "COMPONENT_LOAD_INSTITUTION_SELECTOR",
            Self::Reauthorise => "COMPONENT_LOAD_REAUTHORISE",
            Self::Credentials => "COMPONENT_LOAD_CREDENTIAL",
            Self::Challenge => "COMPONENT_LOAD_MFA",
            Self::Accounts => "COMPONENT_LOAD_ACCOUNT_SELECTION",
            Self::Success => "COMPONENT_LOAD_SUCCESS",
            Self::Failure => "COMPONENT_LOAD_FAILURE",
            Self::TokenInvalid => "COMPONENT_LOAD_TOKEN_INVALID",
            Self::SessionExpired => "COMPONENT_LOAD_SESSION_EXPIRED",
        }
    }
}

/// A value in a message's payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Number(u32),
    /// True or false.
    Flag(bool),
}

impl Message {
    /// `step` of the message.
    pub const fn step(&self) -> &'static str {
        match self {
            Self::AppMounted => "APP_MOUNTED",
            Self::AppOnline => "APP_ONLINE",
            Self::AppOffline => "APP_OFFLINE",
            Self::ScreenLoaded(screen) => screen.loaded_step(),
            Self::ConsentAccepted => "COMPONENT_ACCEPT_CONSENT",
            Self::ConsentDenied => "COMPONENT_DENY_CONSENT",
            Self::InstitutionSelected(_) => "INSTITUTION_SELECTED",
            Self::CredentialSubmitted(_) => "SUBMIT_CREDENTIAL",
            Self::MfaSubmitted => "SUBMIT_MFA",
            Self::AccountSelected(_) => "ACCOUNT_SELECTED",
            Self::Searched { .. } => "SEARCH",
            Self::TokenInvalid => "TOKEN_INVALID",
            Self::Error(_) => "ERROR",
            Self::PopupOpened => "POPUP_OPENED",
            Self::PopupBlocked => "POPUP_BLOCKED",
            Self::OpenUrl(_) => "OPEN_URL",
            Self::MaximumRetryReached => "MAXIMUM_RETRY_REACHED",
            Self::BackHandled { .. } => "BACK_HANDLED",
            Self::CloseSession => "COMPONENT_CLOSE_SESSION",
            Self::Height(_) => "HEIGHT",
            Self::Redirect(_) => "REDIRECT",
            Self::Exit { .. } => "EXIT",
        }
    }

    /// Calls `visit` with each field of the payload. `request_id` is the session's id, which `REDIRECT` repeats.
    pub fn payload(&self, request_id: &str, mut visit: impl FnMut(&'static str, Value<'_>)) {
        match self {
            Self::InstitutionSelected(institution) | Self::CredentialSubmitted(institution) => {
                visit("institution", Value::Text(institution.as_str()));
            }
            Self::AccountSelected(accounts) => visit("accountId", Value::Text(&AccountId::joined(accounts))),
            Self::OpenUrl(url) => visit("url", Value::Text(url)),
            Self::BackHandled { moved } => visit("moved", Value::Flag(*moved)),
            Self::Searched { length, results } => {
                visit("length", Value::Number(*length));
                visit("results", Value::Number(*results));
            }
            Self::Error(error) => {
                visit("code", Value::Text(error.code()));
                if let ErrorMessage::InvalidParameter(name) = error {
                    visit("parameter", Value::Text(name));
                }
            }
            Self::Height(pixels) => visit("px", Value::Number(*pixels)),
            Self::Redirect(ending) => redirect_payload(ending, request_id, visit),
            Self::Exit { reason, at, searched } => {
                visit("reason", Value::Text(reason.as_str()));
                visit("at", Value::Text(at.as_str()));
                if let Some(searched) = searched {
                    visit("searched", Value::Text(searched));
                }
            }
            _ => {}
        }
    }

    /// Whether it is one of the two that end a flow, of which a document posts exactly one, once.
    pub const fn ends_flow(&self) -> bool {
        matches!(self, Self::Redirect(_) | Self::Exit { .. })
    }
}

fn redirect_payload(ending: &Ending, request_id: &str, mut visit: impl FnMut(&'static str, Value<'_>)) {
    visit("url", Value::Text(&ending.url));
    visit("code", Value::Text(ending.code.expose()));
    visit("loginId", Value::Text(ending.login_id.as_str()));
    visit("requestId", Value::Text(request_id));
    visit("institution", Value::Text(ending.institution.id.as_str()));
    if !ending.accounts.is_empty() {
        visit("accountId", Value::Text(&AccountId::joined(&ending.accounts)));
    }
    if let Some(tag) = &ending.tag {
        visit("tag", Value::Text(tag));
    }
}
