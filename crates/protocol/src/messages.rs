//! Messages to the host: the parent of the frame, the opener, or the native bridge (`widget.md`, section 4), and the
//! commands that the host sends.
//!
//! Each message is an object with `step` at the top level, as listeners of existing integrations expect. A payload never
//! holds a secret, a credential or an answer; [`Message::Redirect`] carries a code that is worth nothing without
//! the app's secret.
//!
//! [`MESSAGES`], [`SCREENS`] and [`COMMANDS`] generate `docs/messages.md`, `docs/messages.schema.json` and
//! `static/embed.d.ts`. The widget never refers to them, so that they are no part of the WebAssembly.

use crate::{
    failures::FailureCode,
    ids::{AccountId, InstitutionId},
    problem::ProblemCode,
    session::{Ending, ExitReason},
};

/// How a message looks to the host: a row of [`MESSAGES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageShape {
    /// The name in code; of its TypeScript type with `Message` after it.
    pub name: &'static str,
    /// Its `step`.
    pub step: StepName,
    /// What hosts can rely on.
    pub promise: Promise,
    /// The payload, in order.
    pub fields: &'static [FieldShape],
    /// What it means.
    pub meaning: &'static str,
}

/// The `step` of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepName {
    /// Always this one.
    Named(&'static str),
    /// That of the screen: [`ScreenShape::step`].
    OfScreen,
    /// None: the error events of Flinks have none.
    Absent,
}

impl StepName {
    const fn named(self) -> Option<&'static str> {
        if let Self::Named(step) = self { Some(step) } else { None }
    }
}

/// What hosts can rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Never changes its meaning.
    Stable,
    /// May change and grow with the screens.
    Informational,
}

/// A field of a payload or of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldShape {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ValueKind,
    /// Whether it is always there.
    pub presence: Presence,
    /// What it says.
    pub meaning: &'static str,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A whole number, not negative.
    Number,
    /// True or false.
    Flag,
    /// One of these texts.
    OneOf(&'static [&'static str]),
}

/// Whether a field is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    Always,
    /// Only where there is something to say.
    Sometimes,
}

/// The fields of a row.
macro_rules! fields {
    ($($name:ident: $kind:expr, $presence:ident, $meaning:literal);*) => {
        &[$(FieldShape {
            name: stringify!($name),
            kind: $kind,
            presence: Presence::$presence,
            meaning: $meaning,
        }),*]
    };
}

macro_rules! messages {
    ($(
        $variant:ident
        $(($inner:ty))?
        $({ $($(#[$doc:meta])* $part:ident: $type:ty),+ })?
        = $step:expr, $promise:ident, $meaning:literal, [$($fields:tt)*];
    )*) => {
        /// A message to the host.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Message {
            $(#[doc = $meaning] $variant $(($inner))? $({ $($(#[$doc])* $part: $type),+ })?,)*
        }

        /// Every message.
        pub const MESSAGES: &[MessageShape] = &[
            $(MessageShape {
                name: stringify!($variant),
                step: $step,
                promise: Promise::$promise,
                fields: fields!($($fields)*),
                meaning: $meaning,
            },)*
        ];

        impl Message {
            /// `step` of the message; none for the error events of Flinks.
            pub const fn step(&self) -> Option<&'static str> {
                if let Self::ScreenLoaded(screen) = self {
                    return Some(screen.loaded_step());
                }
                match self {
                    $(Self::$variant { .. } => const { $step.named() },)*
                }
            }
        }
    };
}

use StepName::{Absent, Named, OfScreen};
use ValueKind::{Flag, Number, OneOf, Text};

messages! {
    AppMounted = Named("APP_MOUNTED"), Stable, "The widget is on the page.", [];
    AppOnline = Named("APP_ONLINE"), Informational, "The browser is online again.", [];
    AppOffline = Named("APP_OFFLINE"), Informational, "The browser is offline.", [];
    ScreenLoaded(Screen) = OfScreen, Informational, "A screen is shown.", [];
    ConsentAccepted = Named("COMPONENT_ACCEPT_CONSENT"), Informational, "The person agreed.", [];
    TermsAccepted = Named("COMPONENT_ACCEPT_TERMS"), Informational,
        "The person agreed, and with that to the app's terms, which the consent names.", [];
    TermsDenied = Named("COMPONENT_DENY_TERMS"), Informational,
        "The person declined, and with that the app's terms, which the consent names.", [];
    ConsentDenied = Named("COMPONENT_DENY_CONSENT"), Informational, "The person declined.", [];
    InstitutionSelected(InstitutionId) = Named("INSTITUTION_SELECTED"), Stable, "The person chose an institution.",
        [institution: Text, Always, "its id"];
    CredentialSubmitted(InstitutionId) = Named("SUBMIT_CREDENTIAL"), Stable, "The person sent credentials.",
        [institution: Text, Always, "the institution's id"];
    MfaSubmitted = Named("SUBMIT_MFA"), Stable, "The person answered a challenge.", [];
    AccountSelected(Vec<AccountId>) = Named("ACCOUNT_SELECTED"), Stable, "The person chose accounts.",
        [accountId: Text, Always, "their ids, with commas between"];
    Searched {
        /// Characters typed.
        length: u32,
        /// Institutions found.
        results: u32
    } = Named("SEARCH"), Informational, "The person searched for an institution.",
        [length: Number, Always, "characters typed"; results: Number, Always, "institutions found"];
    TokenInvalid = Named("TOKEN_INVALID"), Stable,
        "The token is unknown, used or expired, or the session is: send a new one with `refreshToken`, or load the frame with it.",
        [];
    Error(ErrorMessage) = Named("ERROR"), Stable, "Something failed. The person reads of it on the screen.",
        [code: Text, Always, "what failed";
         parameter: Text, Sometimes, "with `INVALID_PARAMETER`: the parameter's name, never its value"];
    InstitutionFailed {
        /// What happened, as Flinks calls it.
        code: FlinksCode,
        /// Where.
        institution: Option<InstitutionId>
    } = Absent, Informational,
        "The institution failed or refused, as existing listeners expect to hear of it; posted after `ERROR`.",
        [requestId: Text, Always, "the session's id"; flinksCode: OneOf(FLINKS_CODES), Always, "what happened";
         institution: Text, Sometimes, "the institution's id"];
    PopupOpened = Named("POPUP_OPENED"), Informational, "The bank's own page is open in a window of its own.", [];
    PopupBlocked = Named("POPUP_BLOCKED"), Informational, "The browser refused that window.", [];
    OpenUrl(String) = Named("OPEN_URL"), Informational,
        "The app around the webview is asked to open an address in the system's browser.",
        [url: Text, Always, "the address"];
    MaximumRetryReached = Named("MAXIMUM_RETRY_REACHED"), Informational, "The institution takes no more answers.", [];
    BackHandled {
        /// Whether it did.
        moved: bool
    } = Named("BACK_HANDLED"), Informational, "The answer to the command `back`.",
        [moved: Flag, Always, "whether the flow went a step back"];
    CloseSession = Named("COMPONENT_CLOSE_SESSION"), Stable, "The person closed the widget.", [];
    Height(u32) = Named("HEIGHT"), Informational, "The content's height changed. Only in a frame.",
        [px: Number, Always, "CSS pixels that the screen needs to be seen without scrolling"];
    Redirect(Box<Ending>) = Named("REDIRECT"), Stable, "The flow ended with a connection.",
        [url: Text, Always, "the redirect URI with its parameters, where the person goes";
         code: Text, Always, "for one exchange by your server";
         loginId: Text, Always, "the connection's id";
         requestId: Text, Always, "the session's id";
         institution: Text, Always, "the institution's id";
         accountId: Text, Sometimes, "ids of the accounts that the person chose, with commas between";
         tag: Text, Sometimes, "the page's `tag`"];
    Exit {
        /// Why.
        reason: ExitReason,
        /// The screen that the person left.
        at: Screen,
        /// What they had searched for, if they did not find their institution.
        searched: Option<String>
    } = Named("EXIT"), Stable, "The flow ended without a connection.",
        [reason: OneOf(EXIT_REASON_NAMES), Always, "why";
         at: OneOf(SCREEN_NAMES), Always, "the screen that the person left";
         searched: Text, Sometimes, "what they had searched for, with `institution_not_found`"];
}

/// What a host can ask for: a row of [`COMMANDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandShape {
    /// The name, in `command`.
    pub name: &'static str,
    /// What else it says.
    pub fields: &'static [FieldShape],
    /// What it does.
    pub meaning: &'static str,
}

/// Every command, as `{ banklink: 1, command, …fields }`.
pub const COMMANDS: &[CommandShape] = &[
    CommandShape {
        name: "hello",
        fields: fields!(modal: Flag, Sometimes, "the frame is a dialog: Esc in it is the close button"),
        meaning: "Makes the host known where neither the browser nor the referrer tells, as from `http://localhost:*`. \
                  What was not heard until then is posted again.",
    },
    CommandShape { name: "back", fields: &[], meaning: "One step back; answered by `BACK_HANDLED`." },
    CommandShape {
        name: "close",
        fields: &[],
        meaning: "The same as the close button: asks the person where something would be lost.",
    },
    CommandShape {
        name: "setLanguage",
        fields: fields!(language: Text, Always, "a BCP 47 tag"),
        meaning: "Shows the texts in another language, if there is one.",
    },
    CommandShape {
        name: "setTheme",
        fields: fields!(theme: OneOf(&["auto", "light", "dark"]), Always, "as the parameter `theme`"),
        meaning: "Shows the widget in light or dark colours, or as the system.",
    },
    CommandShape {
        name: "refreshToken",
        fields: fields!(authorizeToken: Text, Always, "the new token"),
        meaning: "After `TOKEN_INVALID`: goes on with a new token where the person stood.",
    },
];

/// A reason of `EXIT`: a row of [`EXIT_REASONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitReasonShape {
    /// `reason` of the message.
    pub name: &'static str,
    /// What happened.
    pub meaning: &'static str,
}

macro_rules! exit_reasons {
    ($($reason:ident: $meaning:literal;)*) => {
        /// Every reason of `EXIT`.
        pub const EXIT_REASONS: &[ExitReasonShape] =
            &[$(ExitReasonShape { name: ExitReason::$reason.as_str(), meaning: $meaning }),*];

        const EXIT_REASON_NAMES: &[&str] = &[$(ExitReason::$reason.as_str()),*];

        // A reason that is missing here does not compile.
        const _: fn(ExitReason) = |reason| match reason {
            $(ExitReason::$reason => {})*
        };
    };
}

exit_reasons! {
    Closed: "The person closed the widget.";
    ConsentDenied: "The person declined the consent.";
    InstitutionNotFound: "The person did not find their institution.";
    Failed: "The person gave up after a failure, or the failure leaves by redirect (`rollback`).";
    TokenInvalid: "The person closed the screen of an invalid token.";
    SessionExpired: "The person closed the screen of an expired session.";
    Unsupported: "The browser can't run the widget, or the widget broke. The person reads so in the frame.";
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

macro_rules! flinks_codes {
    ($($variant:ident = $name:literal, $meaning:literal, [$($failure:ident),+];)*) => {
        /// What Flinks calls a failure of the institution (`vendor-apis.md`, 1.10).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FlinksCode {
            $(#[doc = $meaning] $variant,)*
        }

        const FLINKS_CODES: &[&str] = &[$($name),*];

        impl FlinksCode {
            /// What this failure is called there; none for those that are not known there.
            pub const fn of(failure: FailureCode) -> Option<Self> {
                match failure {
                    $($(FailureCode::$failure)|+ => Some(Self::$variant),)*
                    // A refusal, a time that ran out, a link that is there already: Flinks has no word for it.
                    _ => None,
                }
            }

            /// `flinksCode` of the message.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

flinks_codes! {
    InvalidLogin = "INVALID_LOGIN", "User name or password is wrong.", [InvalidCredentials];
    InvalidSecurityResponse = "INVALID_SECURITY_RESPONSE", "The code or answer is wrong.", [InvalidSca];
    RetryLater = "RETRY_LATER", "The institution is unavailable just now.", [RetryLater];
    DisabledLogin = "DISABLED_LOGIN", "The institution locked the person's online access.", [DisabledLogin];
    NewAccount = "NEW_ACCOUNT", "The institution wants something done on its own site first.", [UserInteractionNeeded];
    AggregationError = "AGGREGATION_ERROR", "The institution's data could not be read.", [DataError, InternalError];
}

/// A screen as hosts hear of it: a row of [`SCREENS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenShape {
    /// `at` of the `EXIT` message.
    pub name: &'static str,
    /// `step` of the message that it is shown.
    pub step: &'static str,
    /// What it is.
    pub meaning: &'static str,
}

macro_rules! screens {
    ($($variant:ident = $name:literal, $step:literal, $meaning:literal;)*) => {
        /// The screens, as hosts hear of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Screen {
            $(#[doc = $meaning] $variant,)*
        }

        /// Every screen.
        pub const SCREENS: &[ScreenShape] = &[$(ScreenShape { name: $name, step: $step, meaning: $meaning }),*];

        const SCREEN_NAMES: &[&str] = &[$($name),*];

        impl Screen {
            /// All of them, in the order of [`SCREENS`].
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// `at` of the `EXIT` message.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// `step` of the message that the screen is shown.
            const fn loaded_step(self) -> &'static str {
                match self {
                    $(Self::$variant => $step,)*
                }
            }
        }
    };
}

screens! {
    Opening = "opening", "COMPONENT_LOAD_OPENING", "Before the first screen.";
    Consent = "consent", "COMPONENT_LOAD_CONSENT", "Consent.";
    Institutions = "institutions", "COMPONENT_LOAD_INSTITUTION_SELECTOR", "The list of institutions.";
    Reauthorise = "reauthorise", "COMPONENT_LOAD_REAUTHORISE",
        "Re-authorisation of an institution that is linked already.";
    Credentials = "credentials", "COMPONENT_LOAD_CREDENTIAL", "Credentials.";
    Challenge = "challenge", "COMPONENT_LOAD_MFA", "Strong customer authentication.";
    Accounts = "accounts", "COMPONENT_LOAD_ACCOUNT_SELECTION", "Account selection.";
    Success = "success", "COMPONENT_LOAD_SUCCESS", "Success.";
    Failure = "failure", "COMPONENT_LOAD_FAILURE", "A failure.";
    TokenInvalid = "token_invalid", "COMPONENT_LOAD_TOKEN_INVALID", "The token is unknown, used or expired.";
    SessionExpired = "session_expired", "COMPONENT_LOAD_SESSION_EXPIRED", "The session expired.";
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
    /// Calls `visit` with each field of the payload. `request_id` is the session's id, which two of them repeat.
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
            Self::InstitutionFailed { code, institution } => {
                visit("requestId", Value::Text(request_id));
                visit("flinksCode", Value::Text(code.as_str()));
                if let Some(institution) = institution {
                    visit("institution", Value::Text(institution.as_str()));
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
