//! Reads what stands in a screen's form at the moment when it is sent.

use banklink_flow::{Act, ChallengeKind, FieldView, QuestionView, ScreenView, TypedValue};
use banklink_protocol::{
    challenge::{Answer, CoordinateCell, QuestionAnswer},
    elements::{self, of_field},
    ids::{AccountId, ChoiceId},
    secret::Secret,
};

use crate::browser;

/// What the person does by sending the form of this screen; nothing where it has none.
pub(crate) fn read(screen: &ScreenView<'_>) -> Option<Act> {
    Some(match screen {
        ScreenView::Credentials(view) => Act::SubmitCredentials(view.fields.iter().map(typed).collect()),
        ScreenView::Challenge(view) => Act::Answer(challenge(&view.kind)?),
        ScreenView::Accounts(_) => {
            Act::ChooseAccounts(browser::checked(elements::FORM_ACCOUNTS).lines().map(AccountId::new).collect())
        }
        _ => return None,
    })
}

/// The answer that a challenge's form holds; nothing where it has none.
fn challenge(kind: &ChallengeKind<'_>) -> Option<Answer> {
    Some(match kind {
        ChallengeKind::Code(_) | ChallengeKind::Read(_) => {
            Answer::Code(Secret::new(browser::value(elements::INPUT_SCA)))
        }
        ChallengeKind::Questions(questions) => Answer::Questions(questions.iter().map(answer).collect()),
        ChallengeKind::Coordinates(view) => {
            Answer::Questions(view.cells.iter().map(|(cell, _)| position(cell)).collect())
        }
        ChallengeKind::Pick(_) => {
            Answer::Choices(browser::checked(elements::LIST_PICTURES).lines().map(ChoiceId::new).collect())
        }
        ChallengeKind::Methods(_)
        | ChallengeKind::Qr(..)
        | ChallengeKind::Approval(..)
        | ChallengeKind::BankPage(..) => return None,
    })
}

fn position(cell: &CoordinateCell) -> QuestionAnswer {
    let id = of_field(elements::INPUT_COORDINATE, cell.id.as_str());
    QuestionAnswer { question: cell.id.clone(), answer: Secret::new(browser::value(&id)) }
}

fn typed(view: &FieldView<'_>) -> TypedValue {
    let field = view.field.id.clone();
    let id = of_field(elements::INPUT_CREDENTIAL, field.as_str());
    TypedValue { field, value: Secret::new(browser::value(&id)), well_formed: browser::is_well_formed(&id) }
}

/// The answer to a question: an option's id, or what was typed; empty where there is neither.
fn answer(view: &QuestionView<'_>) -> QuestionAnswer {
    let question = view.question.id.clone();
    let id = of_field(elements::INPUT_QUESTION, question.as_str());
    let answer = if view.options().is_some() { browser::checked(&id) } else { browser::value(&id) };
    QuestionAnswer { question, answer: Secret::new(answer) }
}
