//! Which text says what went wrong.

use banklink_protocol::{
    challenge::{Challenge, PictureTask},
    failures::{FailureAction, FailureCode},
    problem::ProblemCode,
    session::Step,
    texts::Text,
};

use crate::checks::{Fault, Spot};

/// Title and text of a failure's screen.
pub(crate) const fn failure(code: FailureCode) -> (Text, Text) {
    match code {
        FailureCode::InvalidCredentials => (Text::CredentialsFailedTitle, Text::CredentialsFailedText),
        FailureCode::InvalidSca => (Text::ScaFailedTitle, Text::ScaFailedText),
        FailureCode::AttemptsExhausted => (Text::AttemptsFailedTitle, Text::AttemptsFailedText),
        FailureCode::DisabledLogin => (Text::LockedTitle, Text::LockedText),
        FailureCode::RetryLater => (Text::UnavailableTitle, Text::UnavailableText),
        FailureCode::ScaTypeNotAllowed => (Text::ScaUnsupportedTitle, Text::ScaUnsupportedText),
        FailureCode::CredentialsAlreadyExist => (Text::DuplicateTitle, Text::DuplicateText),
        FailureCode::Denied => (Text::DeniedTitle, Text::DeniedText),
        FailureCode::NotApproved => (Text::NotApprovedTitle, Text::NotApprovedText),
        FailureCode::UserInteractionNeeded => (Text::InteractionTitle, Text::InteractionText),
        FailureCode::DataError => (Text::DataTitle, Text::DataText),
        FailureCode::InternalError => (Text::InternalTitle, Text::InternalText),
    }
}

/// Title and text of the screen of a page that can't go on.
pub(crate) const fn problem(code: ProblemCode) -> (Text, Text) {
    if is_ours(code) { (Text::InternalTitle, Text::InternalText) } else { (Text::SetupTitle, Text::SetupText) }
}

/// Whether a problem is the server's, so that trying again makes sense, or comes from how the page was opened.
pub(crate) const fn is_ours(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::Internal
            | ProblemCode::Unavailable
            | ProblemCode::TooManyRequests
            | ProblemCode::Conflict
            | ProblemCode::VersionMismatch
    )
}

/// The label of a failure screen's button.
pub(crate) const fn action(action: FailureAction) -> Text {
    match action {
        FailureAction::Retry => Text::Retry,
        FailureAction::ChooseAnother => Text::ChooseAnother,
        FailureAction::Leave => Text::Leave,
    }
}

/// What to say above a form that is shown again.
pub(crate) fn rejection(code: FailureCode, step: &Step) -> Text {
    match (code, step) {
        (FailureCode::InvalidCredentials, _) => Text::CredentialsRejected,
        (FailureCode::InvalidSca, Step::Challenge(step)) => match &step.challenge {
            Challenge::Questions(questions) if questions.len() > 1 => Text::QuestionsRejectedMany,
            Challenge::Questions(_) => Text::QuestionsRejected,
            Challenge::Coordinates(_) => Text::CoordinatesRejected,
            Challenge::Picture(picture) if !matches!(picture.task, PictureTask::Read(_)) => Text::PictureRejected,
            _ => Text::CodeRejected,
        },
        (code, _) => failure(code).0,
    }
}

/// What to say beside a field; nothing where the message above the form says it.
pub(crate) const fn fault(spot: &Spot, fault: Fault) -> Option<Text> {
    match (spot, fault) {
        (Spot::Field(_), Fault::Missing) => Some(Text::FieldRequired),
        (Spot::Code, Fault::Missing) => Some(Text::CodeRequired),
        (Spot::Coordinate(_), Fault::Missing) => Some(Text::CoordinatesRequired),
        (Spot::Pictures, Fault::Missing) => Some(Text::PictureRequired),
        (Spot::Question(_), Fault::Missing) => Some(Text::QuestionsRequired),
        (_, Fault::Rejected) => None,
        (_, Fault::WrongLength) => Some(Text::CodeLength),
        (_, Fault::NotDigits) => Some(Text::CodeDigits),
        (_, Fault::Malformed) => Some(Text::FieldMalformed),
    }
}
