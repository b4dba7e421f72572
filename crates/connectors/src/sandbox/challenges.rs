//! What the sandbox can ask, a file for each kind of challenge.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use banklink_protocol::{
    challenge::{Answer, Challenge, CodeSource},
    failures::FailureCode,
    ids::FieldId,
};

use super::{flinks_capital, login::Login, random::Seed};
use crate::contract::Language;
use approval::Approvals;
use code::Code;
use coordinates::Coordinates;
use method::Methods;
use picture::Pictures;
use qr::Qr;
use questions::{Known, Questions};

pub(super) mod approval;
pub(super) mod bank_page;
mod code;
mod coordinates;
pub(super) mod elsewhere;
mod method;
mod picture;
mod qr;
pub(super) mod questions;

/// What is asked. Saved states hold it by name: a name that changes here makes the connections that have it unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Asked {
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
    Coordinate,
    CoordinateCard,
    QrAccept,
    UpdatableQr,
    App,
    ExternalWait,
    Methods,
    Questions,
    Captcha,
    Picture,
    Pictures,
    /// Flinks Capital's own questions.
    CapitalQuestions,
}

impl Asked {
    /// The kind that it is of.
    pub(super) const fn kind(self) -> &'static dyn Kind {
        match self {
            Self::Sms => &Code { source: CodeSource::Sms, digits: Some(6) },
            Self::Email => &Code { source: CodeSource::Email, digits: Some(6) },
            Self::Call => &Code { source: CodeSource::Call, digits: Some(6) },
            Self::Code => &Code { source: CodeSource::Unspecified, digits: None },
            Self::AppCode | Self::CodeFromApp => &Code { source: CodeSource::App, digits: Some(6) },
            Self::GoogleAuthenticator => &Code { source: CodeSource::Authenticator, digits: Some(6) },
            Self::CodeDevice | Self::CryptoCalculator | Self::Digipass => {
                &Code { source: CodeSource::Device, digits: Some(8) }
            }
            Self::CardReader => &Code { source: CodeSource::CardReader, digits: Some(8) },
            Self::Coordinate => &Coordinates::One,
            Self::CoordinateCard => &Coordinates::Several,
            Self::QrAccept => &Qr::Static,
            Self::UpdatableQr => &Qr::Updatable,
            Self::App => &Approvals::App,
            Self::ExternalWait => &Approvals::Somewhere,
            Self::Methods => &Methods,
            Self::Questions => &Questions(questions::PROFILE),
            Self::Captcha => &Pictures::Captcha,
            Self::Picture => &Pictures::One,
            Self::Pictures => &Pictures::Several,
            Self::CapitalQuestions => &Questions(flinks_capital::QUESTIONS),
        }
    }

    /// What it asks, if nothing but questions that have the same answers each time.
    pub(super) const fn questions(self) -> Option<&'static [Known]> {
        match self {
            Self::Questions => Some(questions::PROFILE),
            Self::CapitalQuestions => Some(flinks_capital::QUESTIONS),
            _ => None,
        }
    }

    /// Whether what the person answered is kept for the logins that follow.
    pub(super) const fn is_remembered(self) -> bool {
        matches!(self, Self::CapitalQuestions)
    }
}

/// A kind of challenge.
pub(super) trait Kind: Sync {
    /// What is shown.
    fn challenge(&self, scene: &Scene<'_>) -> Result<Challenge, Undrawable>;

    /// Where it is answered.
    fn answered(&self) -> Answered;

    /// What an answer leads to. One to a challenge that is answered elsewhere never fits.
    fn judge(&self, scene: &Scene<'_>, answer: &Answer) -> Verdict;

    /// How long it is good for.
    fn lifetime(&self) -> Option<SignedDuration> {
        None
    }

    /// Whether it can be sent again.
    fn can_resend(&self) -> bool {
        false
    }

    /// When it shows something else.
    fn renewal(&self) -> Renewal {
        Renewal::Never
    }
}

/// Where a challenge is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// In the widget; a wrong answer costs an attempt.
    Here,
    /// In the widget, where no answer is wrong.
    Freely,
    /// Not in the widget, which waits.
    Elsewhere,
}

/// When a challenge shows something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renewal {
    Never,
    /// After a wrong answer.
    WhenWrong,
    /// While it is shown.
    Every(SignedDuration),
}

/// How long anything is good for that is.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// What a challenge is made up from.
pub(super) struct Scene<'a> {
    /// Who is asked.
    pub(super) login: &'a Login,
    /// How often it was renewed or sent again.
    pub(super) edition: u32,
    /// What they read.
    pub(super) language: &'a Language,
}

impl Scene<'_> {
    /// What the part `label` of the challenge comes from: the same person is shown the same in every login.
    fn seed(&self, label: &str) -> Seed {
        let household = self.login.household();
        household.seed.part("challenge", 0).part(label, u64::from(self.edition))
    }

    /// What opens the bank's app. No bank is behind it.
    fn app_link(&self) -> String {
        format!("https://example.com/approve?request={}", self.seed("request").uuid())
    }
}

/// What an answer leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    /// Costs an attempt.
    Wrong,
    /// No answer to what was asked; costs nothing. Which part, where that is known.
    Unfit(Option<FieldId>),
    Fails(FailureCode),
    /// Right, and something else is asked.
    Asks(Asked),
    /// How the person wants to go on; they can come back.
    Chooses(Asked),
}

impl Verdict {
    /// The verdict on an answer in parts: one that doesn't fit, else the first that isn't right.
    fn on_all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Right;
        for part in parts {
            match (&all, &part) {
                (_, Self::Unfit(_)) => return part,
                (Self::Right, _) => all = part,
                _ => (),
            }
        }
        all
    }
}

/// A challenge could not be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the challenge can't be drawn")]
pub(super) struct Undrawable;
