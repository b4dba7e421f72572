//! Challenges as Flinks asks them: each a prompt, by which it is answered. `QuestionAndAnswer` is the one kind that is
//! known for certain (`vendor-apis.md`, 5); the others say plainly what they are.

use banklink_connectors::Texts;
use banklink_protocol::{
    challenge::{Answer, Challenge, CodeSource, CoordinateCell, MethodKind, PictureTask, Question, QuestionAnswer},
    ids::ChoiceId,
    secret::Secret,
};
use serde::Serialize;

use super::{
    body::Answers,
    error::{Code, FlinksError},
};

/// `SecurityChallenges` of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SecurityChallenge {
    r#type: &'static str,
    prompt: String,
    /// What may be answered, where it is one of several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    iterables: Vec<String>,
}

const QUESTION: &str = "QuestionAndAnswer";
const CHOICE: &str = "MultipleChoice";
const CHOICES: &str = "MultipleChoiceMultipleAnswers";
const PICTURE: &str = "ImageSelection";
const APPROVAL: &str = "Approval";

/// What is asked. None where only the person's own browser can go on.
pub(super) fn asked(challenge: &Challenge, texts: &dyn Texts) -> Option<Vec<SecurityChallenge>> {
    let one = |r#type, prompt: String, iterables| vec![SecurityChallenge { r#type, prompt, iterables }];
    Some(match challenge {
        Challenge::Questions(questions) => questions.iter().map(question).collect(),
        Challenge::OneTimeCode(code) => one(QUESTION, code_prompt(code.source, code.sent_to.as_deref(), texts), vec![]),
        Challenge::Method(methods) => {
            let labels = methods.iter().map(|method| method_label(method.kind, method.detail.as_deref(), texts));
            one(CHOICE, texts.text("flinks.method").to_owned(), labels.collect())
        }
        Challenge::Coordinates(card) => {
            let cells = card.cells.iter().map(|cell| cell.position.clone());
            cells.map(|prompt| SecurityChallenge { r#type: QUESTION, prompt, iterables: vec![] }).collect()
        }
        Challenge::Picture(picture) => {
            let prompt = picture.prompt.clone().unwrap_or_else(|| texts.text("flinks.picture").to_owned());
            match &picture.task {
                PictureTask::Read(image) => one(PICTURE, prompt, vec![image.as_str().to_owned()]),
                PictureTask::PickOne(choices) | PictureTask::PickSeveral(choices) => {
                    let several = matches!(picture.task, PictureTask::PickSeveral(_));
                    let labels = choices.iter().map(|choice| choice.label.clone()).collect();
                    one(if several { CHOICES } else { CHOICE }, prompt, labels)
                }
            }
        }
        Challenge::Approval(_) => one(APPROVAL, texts.text("flinks.approval").to_owned(), vec![]),
        Challenge::Qr(_) | Challenge::BankPage(_) => return None,
    })
}

fn question(question: &Question) -> SecurityChallenge {
    let iterables: Vec<String> = question.options.iter().map(|option| option.label.clone()).collect();
    let r#type = if iterables.is_empty() { QUESTION } else { CHOICE };
    SecurityChallenge { r#type, prompt: question.prompt.clone(), iterables }
}

fn code_prompt(source: CodeSource, sent_to: Option<&str>, texts: &dyn Texts) -> String {
    let key = match source {
        CodeSource::Sms => "flinks.code.sms",
        CodeSource::Email => "flinks.code.email",
        CodeSource::Call => "flinks.code.call",
        CodeSource::App | CodeSource::Authenticator => "flinks.code.app",
        CodeSource::CardReader | CodeSource::Device => "flinks.code.device",
        CodeSource::Unspecified => "flinks.code.unspecified",
    };
    let text = texts.text(key);
    sent_to.map_or_else(|| text.to_owned(), |sent_to| format!("{text} ({sent_to})"))
}

fn method_label(kind: MethodKind, detail: Option<&str>, texts: &dyn Texts) -> String {
    let key = match kind {
        MethodKind::Sms => "flinks.method.sms",
        MethodKind::Email => "flinks.method.email",
        MethodKind::Call => "flinks.method.call",
        MethodKind::AppCode | MethodKind::Authenticator => "flinks.method.app_code",
        MethodKind::Approval => "flinks.method.approval",
        MethodKind::CardReader | MethodKind::Device => "flinks.method.device",
        MethodKind::CoordinateCard => "flinks.method.card",
        MethodKind::Qr => "flinks.method.qr",
        MethodKind::Questions => "flinks.method.questions",
    };
    let text = texts.text(key);
    detail.map_or_else(|| text.to_owned(), |detail| format!("{text} ({detail})"))
}

/// What a caller answered, by prompt.
pub(super) struct Responses<'a>(pub(super) Answers<'a>);

impl<'a> Responses<'a> {
    /// The answers to a prompt. Callers keep prompts in files and databases, where white space and case change.
    fn to(&self, prompt: &str) -> Result<&[&'a str], FlinksError> {
        let found = self.0.iter().find(|(answered, _)| same(answered, prompt));
        let answers = found.map(|(_, answers)| answers.as_slice()).filter(|answers| !answers.is_empty());
        answers.ok_or(FlinksError::new(
            Code::SecurityResponsesIncomplete,
            "SecurityResponses must have an answer to each prompt that was asked.",
        ))
    }

    /// The answer to a prompt that takes one.
    fn one(&self, prompt: &str) -> Result<&'a str, FlinksError> {
        self.to(prompt).map(|answers| answers[0])
    }

    /// Refuses answers to what was not asked.
    fn check(&self, asked: &[SecurityChallenge]) -> Result<(), FlinksError> {
        let is_asked = |prompt: &str| asked.iter().any(|asked| same(prompt, &asked.prompt));
        if self.0.iter().all(|(prompt, _)| is_asked(prompt)) {
            return Ok(());
        }
        let message = "SecurityResponses answers a prompt that was not asked: send the prompts as they came.";
        Err(FlinksError::new(Code::UnknownChallengeKey, message))
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// The answer to a challenge; none where it is given elsewhere.
pub(super) fn answered(
    challenge: &Challenge,
    responses: &Responses<'_>,
    texts: &dyn Texts,
) -> Result<Option<Answer>, FlinksError> {
    let asked = asked(challenge, texts).unwrap_or_default();
    let first = asked.first().map(|asked| asked.prompt.as_str()).unwrap_or_default();
    if challenge.is_awaited() {
        return Ok(None);
    }
    responses.check(&asked)?;
    Ok(Some(match challenge {
        Challenge::Questions(questions) => {
            let answer = |question: &Question| Ok(answer_to(question, responses.one(&question.prompt)?));
            Answer::Questions(questions.iter().map(answer).collect::<Result<_, FlinksError>>()?)
        }
        Challenge::Coordinates(card) => {
            let answer = |cell: &CoordinateCell| {
                let answer = Secret::new(responses.one(&cell.position)?);
                Ok(QuestionAnswer { question: cell.id.clone(), answer })
            };
            Answer::Questions(card.cells.iter().map(answer).collect::<Result<_, FlinksError>>()?)
        }
        Challenge::Method(methods) => {
            let labels = methods.iter().map(|method| method_label(method.kind, method.detail.as_deref(), texts));
            let known = labels.zip(methods.iter().map(|method| &method.id)).collect::<Vec<_>>();
            Answer::Choices(chosen(responses.to(first)?, &known)?)
        }
        Challenge::Picture(picture) => match &picture.task {
            PictureTask::Read(_) => Answer::Code(Secret::new(responses.one(first)?)),
            PictureTask::PickOne(choices) | PictureTask::PickSeveral(choices) => {
                let known: Vec<_> = choices.iter().map(|choice| (choice.label.clone(), &choice.id)).collect();
                Answer::Choices(chosen(responses.to(first)?, &known)?)
            }
        },
        Challenge::OneTimeCode(_) => Answer::Code(Secret::new(responses.one(first)?)),
        Challenge::Approval(_) | Challenge::Qr(_) | Challenge::BankPage(_) => return Ok(None),
    }))
}

/// The answer to a question, which is an option's id where it has options.
fn answer_to(question: &Question, text: &str) -> QuestionAnswer {
    let chosen = question.options.iter().find(|option| same(&option.label, text));
    let answer = Secret::new(chosen.map_or(text, |option| option.id.as_str()));
    QuestionAnswer { question: question.id.clone(), answer }
}

/// Answers to some of these questions, by their prompts.
pub(super) fn kept(questions: &[Question], given: &[(&str, &str)]) -> Result<Vec<QuestionAnswer>, FlinksError> {
    let message = "Questions answers a prompt that is not asked: send the prompts as GetMFAQuestions has them.";
    let unknown = FlinksError::new(Code::UnknownChallengeKey, message);
    let answer = |(prompt, answer): &(&str, &str)| {
        let question = questions.iter().find(|question| same(&question.prompt, prompt));
        Ok(answer_to(question.ok_or_else(|| unknown.clone())?, answer))
    };
    given.iter().map(answer).collect()
}

fn chosen(answers: &[&str], known: &[(String, &ChoiceId)]) -> Result<Vec<ChoiceId>, FlinksError> {
    let choice = |answer: &&str| known.iter().find(|(label, _)| same(label, answer)).map(|(_, id)| (*id).clone());
    let unknown = FlinksError::new(Code::InvalidSecurityResponse, "Answer with one of Iterables, as it came.");
    answers.iter().map(choice).collect::<Option<_>>().ok_or(unknown)
}
