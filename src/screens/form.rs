//! Reads what stands in a screen's form at the moment when it is sent.

use banklink_flow::{Act, FieldView, QuestionView, ScreenView, TypedValue};
use banklink_protocol::{
    elements::{self, of_field},
    ids::AccountId,
    secret::Secret,
    session::QuestionAnswer,
};

use crate::browser;

/// What the person does by sending the form of this screen; nothing where it has none.
pub(crate) fn read(screen: &ScreenView<'_>) -> Option<Act> {
    Some(match screen {
        ScreenView::Credentials(view) => Act::SubmitCredentials(view.fields.iter().map(typed).collect()),
        ScreenView::Code(_) => Act::SubmitCode(Secret::new(browser::value(elements::INPUT_SCA))),
        ScreenView::Questions(view) => Act::SubmitAnswers(view.questions.iter().map(answer).collect()),
        ScreenView::Accounts(_) => {
            Act::ChooseAccounts(browser::checked(elements::FORM_ACCOUNTS).lines().map(AccountId::new).collect())
        }
        _ => return None,
    })
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
