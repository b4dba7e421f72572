//! What the person sees, derived from the model and flattened: a screen reads it from top to bottom.

mod screens;

use banklink_protocol::{
    failures::FailureAction,
    institutions::{Health, InstitutionSummary},
    session::{AccountSummary, Choice, CodeSource, ConsentStep, Field, Question},
    texts::Text,
};

use crate::{
    event::Embedding,
    model::{Model, Phase},
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
    /// What went wrong with the last try.
    pub error: Option<Text>,
    /// What is wrong with the network.
    pub notice: Option<Text>,
    /// Whether the person is asked if they really want to leave.
    pub asks_to_leave: bool,
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
    /// One-time code.
    Code(CodeView<'a>),
    /// Security questions.
    Questions(QuestionsView<'a>),
    /// Account selection.
    Accounts(AccountsView<'a>),
    /// Success.
    Success(SuccessView<'a>),
    /// A failure.
    Failure(FailureView<'a>),
    /// Token invalid.
    TokenInvalid,
    /// Session expired.
    SessionExpired,
    /// The person left.
    Left,
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

/// A one-time code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CodeView<'a> {
    /// Who asks.
    pub institution: &'a InstitutionSummary,
    /// What to do.
    pub text: Text,
    /// Where the code was sent, masked.
    pub sent_to: Option<&'a str>,
    /// Where the code comes from.
    pub source: CodeSource,
    /// How many characters it has.
    pub length: Option<u8>,
    /// Whether it is made of digits only.
    pub digits_only: bool,
    /// How many wrong codes the institution still takes.
    pub attempts_left: Option<u8>,
    /// Whether something is wrong with it.
    pub invalid: bool,
    /// What to say beside it.
    pub fault: Option<Text>,
}

/// Security questions.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionsView<'a> {
    /// Who asks.
    pub institution: &'a InstitutionSummary,
    /// The questions; never empty.
    pub questions: Vec<QuestionView<'a>>,
    /// How many wrong answers the institution still takes.
    pub attempts_left: Option<u8>,
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
            error: model.sheet.error,
            notice: notice(model),
            asks_to_leave: model.asking,
        }
    }
}

fn frame(model: &Model) -> FrameView<'_> {
    let parts = model.page.parts;
    let can_go_back = matches!(&model.phase, Phase::Open(session) if session.state.can_go_back);
    let can_close = !matches!(model.phase, Phase::Reloading | Phase::Linked(_) | Phase::Left(_));
    FrameView {
        app_name: &model.page.app_name,
        header: parts.header,
        back: parts.back && can_go_back,
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
