//! Strong customer authentication: what an institution asks, in every kind there is, and the answers
//! (`widget.md`, section 2).

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ChoiceId, QuestionId},
    institutions::InstitutionSummary,
    secret::Secret,
    session::{Choice, Rejection},
};

/// A step of strong customer authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeStep {
    /// Who asks.
    pub institution: InstitutionSummary,
    /// Counts the challenges of a session: the same number, the same challenge, however it changed meanwhile.
    pub round: u16,
    /// What is asked.
    pub challenge: Challenge,
    /// How many wrong answers the institution still takes, where it says.
    pub attempts_left: Option<u8>,
    /// Seconds until the institution stops waiting for the answer, where it says.
    pub expires_in: Option<u32>,
    /// Seconds until it can be asked to send again; none where it can't.
    pub resend_in: Option<u32>,
    /// Whether it was sent again at the person's wish just now.
    pub resent: bool,
    /// Whether there is another method to choose.
    pub can_switch: bool,
    /// What was wrong with the last answer.
    pub rejected: Option<Rejection>,
}

/// The kinds of challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Challenge {
    /// Type a one-time code.
    OneTimeCode(OneTimeCode),
    /// Answer one or more security questions.
    Questions(Vec<Question>),
    /// Choose how to authenticate; never empty.
    Method(Vec<Method>),
    /// Type the characters at positions of a card.
    Coordinates(CoordinateCard),
    /// Read a picture, or pick among several.
    Picture(Picture),
    /// Scan a code with the bank's app.
    Qr(QrCode),
    /// Approve elsewhere, as in the bank's app.
    Approval(Approval),
    /// Log in on the bank's own page.
    BankPage(BankPage),
}

impl Challenge {
    /// Whether the answer comes from elsewhere, so that the widget waits for it.
    pub const fn is_awaited(&self) -> bool {
        matches!(self, Self::Qr(_) | Self::Approval(_) | Self::BankPage(_))
    }
}

/// A one-time code to type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeCode {
    /// Where the person finds it.
    pub source: CodeSource,
    /// Where it was sent, masked, as `••• ••42`.
    pub sent_to: Option<String>,
    /// How many characters it has, where known.
    pub length: Option<u8>,
    /// Whether it is made of digits only.
    pub digits_only: bool,
}

/// Where a one-time code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CodeSource {
    /// A text message.
    Sms,
    /// An e-mail.
    Email,
    /// A phone call.
    Call,
    /// The bank's app shows it.
    App,
    /// An authenticator app shows it.
    Authenticator,
    /// A card reader shows it.
    CardReader,
    /// A token or code device shows it.
    Device,
    /// The bank does not say.
    Unspecified,
}

/// A security question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Sent back with the answer.
    pub id: QuestionId,
    /// As the institution words it.
    pub prompt: String,
    /// Empty: free text; else one of these.
    pub options: Vec<Choice>,
}

/// A way to authenticate, among several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// Sent back.
    pub id: ChoiceId,
    /// What it is.
    pub kind: MethodKind,
    /// Which one, masked or named: `••• ••42`, `Ana's phone`.
    pub detail: Option<String>,
}

/// What a way to authenticate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MethodKind {
    /// A code by text message.
    Sms,
    /// A code by e-mail.
    Email,
    /// A code by phone call.
    Call,
    /// A code that the bank's app shows.
    AppCode,
    /// Approval in the bank's app.
    Approval,
    /// A code of an authenticator app.
    Authenticator,
    /// A code of a card reader.
    CardReader,
    /// A code of a token or code device.
    Device,
    /// Positions of a coordinate card.
    CoordinateCard,
    /// A code to scan with the bank's app.
    Qr,
    /// Security questions.
    Questions,
}

/// Positions of a card whose characters are to be typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoordinateCard {
    /// Which card, as its last digits, where the person may have several.
    pub card: Option<String>,
    /// The positions in the institution's order; never empty.
    pub cells: Vec<CoordinateCell>,
}

/// A position of a coordinate card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoordinateCell {
    /// Sent back with the answer.
    pub id: QuestionId,
    /// As it is printed on the card: `B4`.
    pub position: String,
}

/// A picture as a `data:` address: PNG, JPEG, GIF, WebP or SVG.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Image(String);

impl Image {
    /// Takes the address as it is.
    pub fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A picture to read, or pictures to pick from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// As the institution words it; none where the task says all.
    pub prompt: Option<String>,
    /// What to do.
    pub task: PictureTask,
}

/// What to do with a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureTask {
    /// Type the characters that it shows.
    Read(Image),
    /// Pick one of these.
    PickOne(Vec<PictureChoice>),
    /// Pick those of these that the prompt asks for.
    PickSeveral(Vec<PictureChoice>),
}

/// A picture to pick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureChoice {
    /// Sent back.
    pub id: ChoiceId,
    /// Shown.
    pub image: Image,
    /// What it shows, for those who can't see it.
    pub label: String,
}

/// A code to scan, drawn by the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrCode {
    /// Its side in modules, quiet zone included.
    pub size: u16,
    /// Its dark modules, as the `d` of an SVG path in a square of that side.
    pub path: String,
    /// Opens the bank's app on the phone that shows the code.
    pub app_link: Option<String>,
}

/// Something to approve elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Where, as the institution calls it; none: in its app.
    pub device: Option<String>,
    /// What is shown there too, to compare, as `47`.
    pub shows: Option<String>,
    /// Opens the bank's app on the phone that shows this.
    pub app_link: Option<String>,
}

/// The bank's own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankPage {
    /// Where the person logs in and comes back from by the institution's redirect to the server.
    pub url: String,
}

/// An answer to a challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Challenge::OneTimeCode`] and [`PictureTask::Read`].
    Code(Secret),
    /// To [`Challenge::Questions`] and [`Challenge::Coordinates`]: every one, in any order. An option is answered with
    /// its [`ChoiceId`].
    Questions(Vec<QuestionAnswer>),
    /// To [`Challenge::Method`] (exactly one), [`PictureTask::PickOne`] (one) and [`PictureTask::PickSeveral`].
    Choices(Vec<ChoiceId>),
}

/// The answer to one question or position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionAnswer {
    /// Which one.
    pub question: QuestionId,
    /// What was typed or chosen.
    pub answer: Secret,
}
