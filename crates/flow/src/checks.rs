//! What is wrong with what a person typed, before it is sent.

use banklink_protocol::{
    ids::{FieldId, QuestionId},
    secret::Secret,
    session::{Field, FieldKind, FieldValue, MAX_FIELD_LENGTH, OneTimeCode, Question, QuestionAnswer},
};

use crate::event::TypedValue;

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    Field(FieldId),
    Code,
    Question(QuestionId),
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

/// A code without the spaces and dashes that people paste along, or what is wrong with it.
pub(crate) fn code(asked: &OneTimeCode, typed: &Secret) -> Result<Secret, Faults> {
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
pub(crate) fn answers(questions: &[Question], mut typed: Vec<QuestionAnswer>) -> Result<Vec<QuestionAnswer>, Faults> {
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
    let answer = answer.answer.expose();
    let offered = question.options.is_empty() || question.options.iter().any(|option| option.id.as_str() == answer);
    offered && !answer.trim().is_empty() && answer.len() <= MAX_FIELD_LENGTH
}
