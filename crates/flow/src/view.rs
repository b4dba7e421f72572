//! What the person sees, derived from the model and flattened: a screen reads it from top to bottom.

mod challenge;
mod screens;

use banklink_protocol::{
    boot::BankPageMode,
    challenge::{Approval, CoordinateCell, Image, Method, PictureChoice, QrCode, Question},
    failures::FailureAction,
    institutions::{Health, InstitutionSummary},
    session::{AccountSummary, Choice, ConsentStep, Field},
    texts::Text,
};

use crate::{
    event::Embedding,
    model::{Model, Phase, Popup, Watch},
};

/// What the person sees.
#[derive(Clone, Debug, PartialEq)]
pub struct View<'a> {
    /// What is around every screen.
    pub frame: FrameView<'a>,
    /// The one screen.
    pub screen: ScreenView<'a>,
    /// Another number, another screen: its fields are new even where they look like the last one's.
    pub number: u32,
    /// Whether an answer is on its way: the main button is busy, fields can't be changed.
    pub busy: bool,
    /// Whether logos may be fetched.
    pub logos: Logos,
    /// What went wrong with the last try.
    pub error: Option<Text>,
    /// What is wrong with the network.
    pub notice: Option<Text>,
    /// Whether the session ends in a minute, unless the person says that they are still there.
    pub ends_soon: bool,
    /// Whether the person is asked if they really want to leave.
    pub asks_to_leave: bool,
}

/// Whether logos may be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logos {
    /// Not while the session is being opened: they would be in its way.
    Later,
    /// They may.
    Now,
}

/// What is around every screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameView<'a> {
    /// The app that the person links a bank to.
    pub app_name: &'a str,
    /// Whether there is a bar above the screens.
    pub header: bool,
    /// Whether one can go back from here.
    pub back: bool,
    /// Whether one can close the widget from here.
    pub close: bool,
}

/// The screens.
#[derive(Clone, Debug, PartialEq)]
pub enum ScreenView<'a> {
    /// Before the first screen.
    Loading,
    /// Consent.
    Consent(&'a ConsentStep),
    /// List of institutions.
    Institutions(InstitutionsView<'a>),
    /// Credentials.
    Credentials(CredentialsView<'a>),
    /// Re-authorisation.
    Reauthorise(ReauthoriseView<'a>),
    /// A challenge of any kind.
    Challenge(ChallengeView<'a>),
    /// Account selection.
    Accounts(AccountsView<'a>),
    /// Success.
    Success(SuccessView<'a>),
    /// A failure.
    Failure(FailureView<'a>),
    /// Token invalid.
    TokenInvalid,
    /// Session expired.
    SessionExpired {
        /// Whether the page can be opened again.
        reopens: bool,
    },
    /// It is over without a connection.
    Left(LeftView<'a>),
}

/// The list of institutions.
#[derive(Clone, Debug, PartialEq)]
pub struct InstitutionsView<'a> {
    /// The rows, best first.
    pub rows: Vec<&'a InstitutionSummary>,
    /// What the rows are.
    pub results: ResultsView<'a>,
    /// What a new search box begins with.
    pub typed: &'a str,
    /// The countries to choose from, ISO 3166-1 alpha-2; empty where there is no choice.
    pub countries: &'a [String],
    /// The one that is chosen.
    pub country: Option<&'a str>,
    /// An institution that was asked for by URL and is not there.
    pub not_found: Option<&'a str>,
}

/// What the rows of the list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultsView<'a> {
    /// The popular ones; nothing is searched for.
    Popular,
    /// Those known so far that fit; the server's answer is on its way.
    Searching,
    /// Those known so far that fit; the server can't be asked just now.
    Failed,
    /// The server's answer.
    Found {
        /// How many there are in all.
        total: u32,
        /// What was searched for.
        query: &'a str,
    },
}

/// A credentials form.
#[derive(Clone, Debug, PartialEq)]
pub struct CredentialsView<'a> {
    /// Whose form it is.
    pub institution: &'a InstitutionSummary,
    /// The fields.
    pub fields: Vec<FieldView<'a>>,
    /// The institution's own help.
    pub forgotten_password_url: Option<&'a str>,
}

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldView<'a> {
    /// What it takes.
    pub field: &'a Field,
    /// Whether something is wrong with it.
    pub invalid: bool,
    /// What to say beside it.
    pub fault: Option<Text>,
}

/// A challenge: what is the same for every kind, and its own part.
#[derive(Clone, Debug, PartialEq)]
pub struct ChallengeView<'a> {
    /// Who asks.
    pub institution: &'a InstitutionSummary,
    /// What it is.
    pub title: Text,
    /// What to do.
    pub text: Text,
    /// What the text names as `{device}`.
    pub device: Option<&'a str>,
    /// What to do it with.
    pub kind: ChallengeKind<'a>,
    /// How many wrong answers the institution still takes.
    pub attempts_left: Option<u8>,
    /// Seconds until the institution stops waiting.
    pub time_left: Option<u32>,
    /// Seconds until it can be asked to send again; none where it can't.
    pub resend_in: Option<u32>,
    /// Whether it was sent again just now.
    pub resent: bool,
    /// Whether there is another method to choose.
    pub can_switch: bool,
}

/// The part of a challenge that its kind has for itself.
#[derive(Clone, Debug, PartialEq)]
pub enum ChallengeKind<'a> {
    /// A code to type.
    Code(CodeView<'a>),
    /// Questions to answer; never empty.
    Questions(Vec<QuestionView<'a>>),
    /// Methods to choose from; never empty.
    Methods(&'a [Method]),
    /// Positions of a card; never empty.
    Coordinates(CoordinatesView<'a>),
    /// A picture to read.
    Read(ReadView<'a>),
    /// Pictures to pick from.
    Pick(PickView<'a>),
    /// A code to scan.
    Qr(&'a QrCode, WaitView),
    /// Something to approve elsewhere.
    Approval(&'a Approval, WaitView),
    /// The bank's own page.
    BankPage(BankPageView<'a>, WaitView),
}

/// Waiting for the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitView {
    /// Whether it takes so long that help is due.
    pub takes_long: bool,
}

/// A one-time code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CodeView<'a> {
    /// Where the code was sent, masked.
    pub sent_to: Option<&'a str>,
    /// How many characters it has.
    pub length: Option<u8>,
    /// Whether it is made of digits only.
    pub digits_only: bool,
    /// Whether something is wrong with it.
    pub invalid: bool,
    /// What to say beside it.
    pub fault: Option<Text>,
}

/// Positions of a coordinate card.
#[derive(Clone, Debug, PartialEq)]
pub struct CoordinatesView<'a> {
    /// Which card.
    pub card: Option<&'a str>,
    /// The positions, each with what to say beside it.
    pub cells: Vec<(&'a CoordinateCell, Option<Text>)>,
}

/// A picture to read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReadView<'a> {
    /// As the institution words it.
    pub prompt: Option<&'a str>,
    /// The picture.
    pub image: &'a Image,
    /// Whether something is wrong with what was typed.
    pub invalid: bool,
    /// What to say beside it.
    pub fault: Option<Text>,
}

/// Pictures to pick from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PickView<'a> {
    /// As the institution words it.
    pub prompt: Option<&'a str>,
    /// The pictures.
    pub choices: &'a [PictureChoice],
    /// Whether several may be picked.
    pub several: bool,
    /// What to say beside them.
    pub fault: Option<Text>,
}

/// The bank's own page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankPageView<'a> {
    /// Where it is.
    pub url: &'a str,
    /// How it is opened.
    pub mode: BankPageMode,
    /// What became of its window.
    pub popup: Popup,
}

/// A security question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuestionView<'a> {
    /// What is asked.
    pub question: &'a Question,
    /// What to say beside it.
    pub fault: Option<Text>,
}

impl QuestionView<'_> {
    /// The options of a question that has some.
    pub fn options(&self) -> Option<&[Choice]> {
        (!self.question.options.is_empty()).then_some(&self.question.options)
    }
}

/// Account selection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AccountsView<'a> {
    /// Whose accounts.
    pub institution: &'a InstitutionSummary,
    /// The accounts; never empty.
    pub accounts: &'a [AccountSummary],
    /// Whether several may be chosen.
    pub multiple: bool,
}

/// Success.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SuccessView<'a> {
    /// Which institution was linked.
    pub institution: &'a InstitutionSummary,
    /// What happens now.
    pub text: Text,
    /// Where to go on, if the page still stands.
    pub continue_url: Option<&'a str>,
    /// Whether the link leaves the frame.
    pub leaves_frame: bool,
}

/// It is over without a connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeftView<'a> {
    /// Where to go on, if the page still stands.
    pub continue_url: Option<&'a str>,
    /// Whether the link leaves the frame.
    pub leaves_frame: bool,
    /// Whether the page can be opened again.
    pub reopens: bool,
}

/// A connection that needs the person again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReauthoriseView<'a> {
    /// Whose connection.
    pub institution: &'a InstitutionSummary,
    /// What for.
    pub text: Text,
}

/// A failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailureView<'a> {
    /// Where it happened.
    pub institution: Option<&'a InstitutionSummary>,
    /// Whether something went wrong, or there is just nothing to do.
    pub is_bad: bool,
    /// What happened.
    pub title: Text,
    /// What to do.
    pub text: Text,
    /// The main action.
    pub main: ButtonView,
    /// The second action.
    pub second: Option<ButtonView>,
}

/// A button of a failure screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ButtonView {
    /// What it does.
    pub action: FailureAction,
    /// What it says.
    pub label: Text,
}

/// What to say about an institution's health; nothing where linking works.
pub const fn health(health: Health) -> Option<Text> {
    match health {
        Health::Up => None,
        Health::Degraded => Some(Text::HealthDegraded),
        Health::Down => Some(Text::HealthDown),
        Health::Soon => Some(Text::HealthSoon),
    }
}

impl<'a> From<&'a Model> for View<'a> {
    fn from(model: &'a Model) -> Self {
        Self {
            frame: frame(model),
            screen: screens::screen(model),
            number: model.sheet.number,
            busy: model.is_submitting(),
            logos: if matches!(model.phase, Phase::Opening(_)) { Logos::Later } else { Logos::Now },
            error: model.sheet.error,
            notice: notice(model),
            ends_soon: model.watch == Watch::Warned,
            asks_to_leave: model.asking,
        }
    }
}

fn frame(model: &Model) -> FrameView<'_> {
    let parts = model.page.parts;
    let can_close = !matches!(model.phase, Phase::Reloading | Phase::Linked(_) | Phase::Left(_));
    FrameView {
        app_name: &model.page.app_name,
        header: parts.header,
        back: parts.back && model.can_go_back(),
        close: parts.close && can_close,
    }
}

fn notice(model: &Model) -> Option<Text> {
    if !matches!(model.phase, Phase::Opening(_) | Phase::Open(_)) {
        None
    } else if !model.network.online {
        Some(Text::Offline)
    } else if let Some(attempt) = model.attempt().filter(|attempt| attempt.lost > 0) {
        Some(if attempt.answered { Text::Overloaded } else { Text::Reconnecting })
    } else {
        model.network.slow.then_some(Text::Slow)
    }
}

/// Whether the widget is in a frame.
pub(crate) fn is_framed(model: &Model) -> bool {
    model.page.embedding == Embedding::Frame
}
