//! What is wrong with what a person typed, before it is sent.

use banklink_protocol::{
    challenge::{
        Answer, Challenge, CoordinateCell, OneTimeCode, Picture, PictureChoice, PictureTask, Question, QuestionAnswer,
    },
    ids::{ChoiceId, FieldId, QuestionId},
    secret::Secret,
    session::{Field, FieldKind, FieldValue, MAX_FIELD_LENGTH},
};

use crate::event::TypedValue;

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    Field(FieldId),
    /// The one field of a challenge.
    Code,
    Question(QuestionId),
    Coordinate(QuestionId),
    /// The pictures to pick from.
    Pictures,
}

/// What is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Missing,
    Malformed,
    WrongLength,
    NotDigits,
    /// The institution says so.
    Rejected,
}

pub(crate) type Faults = Vec<(Spot, Fault)>;

/// The values of a form in the order of its fields, or what is wrong with them. Values of no field of the form are
/// left out.
pub(crate) fn credentials(fields: &[Field], mut typed: Vec<TypedValue>) -> Result<Vec<FieldValue>, Faults> {
    let mut values = Vec::with_capacity(fields.len());
    let mut faults = Faults::new();
    for field in fields {
        let value = typed.iter().position(|value| value.field == field.id).map(|index| typed.swap_remove(index));
        match field_fault(field, value.as_ref()) {
            Some(fault) => faults.push((Spot::Field(field.id.clone()), fault)),
            None => values.extend(value.map(|value| FieldValue { field: value.field, value: value.value })),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(faults) }
}

fn field_fault(field: &Field, typed: Option<&TypedValue>) -> Option<Fault> {
    let Some(typed) = typed.filter(|typed| !typed.value.is_empty()) else {
        return (!field.optional).then_some(Fault::Missing);
    };
    let value = typed.value.expose();
    let offered = match &field.kind {
        FieldKind::Select(choices) => choices.iter().any(|choice| choice.id.as_str() == value),
        _ => true,
    };
    let fits = typed.well_formed && offered && value.len() <= MAX_FIELD_LENGTH;
    (!fits).then_some(Fault::Malformed)
}

/// An answer as it is sent, or what is wrong with it. `None`: the challenge asks for another kind of answer, or for
/// something that it does not offer.
pub(crate) fn answer(challenge: &Challenge, answer: Answer) -> Option<Result<Answer, Faults>> {
    match (challenge, answer) {
        (Challenge::OneTimeCode(asked), Answer::Code(typed)) => Some(code(asked, &typed).map(Answer::Code)),
        (Challenge::Picture(Picture { task: PictureTask::Read(_), .. }), Answer::Code(typed)) => {
            Some(read(typed).map(Answer::Code))
        }
        (Challenge::Questions(questions), Answer::Questions(typed)) => {
            Some(answers(questions, typed).map(Answer::Questions))
        }
        (Challenge::Coordinates(card), Answer::Questions(typed)) => {
            Some(coordinates(&card.cells, typed).map(Answer::Questions))
        }
        (Challenge::Method(methods), Answer::Choices(chosen)) => {
            let offered = methods.iter().map(|method| &method.id).filter(|id| chosen.contains(id)).cloned();
            let chosen: Vec<ChoiceId> = offered.collect();
            (chosen.len() == 1).then_some(Ok(Answer::Choices(chosen)))
        }
        (Challenge::Picture(Picture { task: PictureTask::PickOne(choices), .. }), Answer::Choices(chosen)) => {
            let chosen = picked(choices, &chosen);
            Some(if chosen.len() == 1 {
                Ok(Answer::Choices(chosen))
            } else {
                Err(vec![(Spot::Pictures, Fault::Missing)])
            })
        }
        (Challenge::Picture(Picture { task: PictureTask::PickSeveral(choices), .. }), Answer::Choices(chosen)) => {
            let chosen = picked(choices, &chosen);
            Some(if chosen.is_empty() {
                Err(vec![(Spot::Pictures, Fault::Missing)])
            } else {
                Ok(Answer::Choices(chosen))
            })
        }
        _ => None,
    }
}

fn picked(choices: &[PictureChoice], chosen: &[ChoiceId]) -> Vec<ChoiceId> {
    choices.iter().map(|choice| &choice.id).filter(|id| chosen.contains(id)).cloned().collect()
}

/// Characters read from a picture.
fn read(typed: Secret) -> Result<Secret, Faults> {
    let length = typed.expose().trim().len();
    if length == 0 {
        Err(vec![(Spot::Code, Fault::Missing)])
    } else if length > MAX_FIELD_LENGTH {
        Err(vec![(Spot::Code, Fault::Malformed)])
    } else {
        Ok(typed)
    }
}

/// The characters at every position in their order, or the positions that have none.
fn coordinates(cells: &[CoordinateCell], mut typed: Vec<QuestionAnswer>) -> Result<Vec<QuestionAnswer>, Faults> {
    let mut answers = Vec::with_capacity(cells.len());
    let mut faults = Faults::new();
    for cell in cells {
        let answer = typed.iter().position(|answer| answer.question == cell.id).map(|index| typed.swap_remove(index));
        match answer.filter(|answer| fits(&answer.answer)) {
            Some(answer) => answers.push(answer),
            None => faults.push((Spot::Coordinate(cell.id.clone()), Fault::Missing)),
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

fn fits(answer: &Secret) -> bool {
    !answer.expose().trim().is_empty() && answer.expose().len() <= MAX_FIELD_LENGTH
}

/// A code without the spaces and dashes that people paste along, or what is wrong with it.
fn code(asked: &OneTimeCode, typed: &Secret) -> Result<Secret, Faults> {
    let separates = |character: char| character.is_whitespace() || (asked.digits_only && character == '-');
    let code = Secret::new(typed.expose().replace(separates, ""));
    let length = code.expose().chars().count();
    let fault = if length == 0 {
        Fault::Missing
    } else if asked.digits_only && !code.expose().bytes().all(|byte| byte.is_ascii_digit()) {
        Fault::NotDigits
    } else if asked.length.is_some_and(|expected| usize::from(expected) != length) {
        Fault::WrongLength
    } else if code.expose().len() > MAX_FIELD_LENGTH {
        Fault::Malformed
    } else {
        return Ok(code);
    };
    Err(vec![(Spot::Code, fault)])
}

/// An answer to every question in their order, or the questions that have none.
fn answers(questions: &[Question], mut typed: Vec<QuestionAnswer>) -> Result<Vec<QuestionAnswer>, Faults> {
    let mut answers = Vec::with_capacity(questions.len());
    let mut faults = Faults::new();
    for question in questions {
        let answer =
            typed.iter().position(|answer| answer.question == question.id).map(|index| typed.swap_remove(index));
        match answer.filter(|answer| answer_fits(question, answer)) {
            Some(answer) => answers.push(answer),
            None => faults.push((Spot::Question(question.id.clone()), Fault::Missing)),
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

fn answer_fits(question: &Question, answer: &QuestionAnswer) -> bool {
    let given = answer.answer.expose();
    let offered = question.options.is_empty() || question.options.iter().any(|option| option.id.as_str() == given);
    offered && fits(&answer.answer)
}
