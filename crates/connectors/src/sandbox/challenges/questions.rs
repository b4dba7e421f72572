//! Security questions, all at once.

use banklink_protocol::{
    challenge::{Answer, Challenge, Question, QuestionAnswer},
    ids::{ChoiceId, FieldId, QuestionId},
    session::{Choice, MAX_FIELD_LENGTH},
};

use super::{Answered, Kind, Scene, Undrawable, Verdict};
use crate::{contract::Language, sandbox::testbank};

/// A set of questions.
pub(super) struct Questions(pub(super) &'static [Known]);

/// A question.
pub(in crate::sandbox) struct Known {
    pub(in crate::sandbox) id: &'static str,
    /// The key of the text.
    pub(in crate::sandbox) prompt: &'static str,
    pub(in crate::sandbox) accepts: Accepts,
}

/// Which answers are right.
pub(in crate::sandbox) enum Accepts {
    /// These, lower case.
    Only(&'static [&'static str]),
    /// What TestBank takes for right.
    Anything,
    /// Each of these, by id and the key of its label.
    Options(&'static [(&'static str, &'static str)]),
}

/// Those that TestBank asks.
pub(super) const PROFILE: &[Known] = &[
    Known {
        id: "card",
        prompt: "sandbox.question.card",
        accepts: Accepts::Options(&[
            ("blue", "sandbox.question.card.blue"),
            ("green", "sandbox.question.card.green"),
            ("silver", "sandbox.question.card.silver"),
        ]),
    },
    Known { id: "pet", prompt: "sandbox.question.pet", accepts: Accepts::Anything },
];

impl Known {
    pub(in crate::sandbox) fn question(&self, language: &Language) -> Question {
        let options = match self.accepts {
            Accepts::Options(options) => options,
            Accepts::Only(_) | Accepts::Anything => &[],
        };
        let choice = |(id, label): &(&'static str, &'static str)| Choice {
            id: ChoiceId::from(*id),
            label: language.text(label).to_owned(),
        };
        Question {
            id: QuestionId::from(self.id),
            prompt: language.text(self.prompt).to_owned(),
            options: options.iter().map(choice).collect(),
        }
    }

    /// Whether this is the answer.
    pub(in crate::sandbox) fn is_answered_by(&self, text: &str) -> bool {
        matches!(self.judge(text.trim()), Verdict::Right)
    }

    fn judge(&self, text: &str) -> Verdict {
        match self.accepts {
            Accepts::Only(answers) if answers.contains(&text.to_lowercase().as_str()) => Verdict::Right,
            Accepts::Only(_) => Verdict::Wrong,
            Accepts::Anything => testbank::typed(text),
            Accepts::Options(options) if options.iter().any(|(id, _)| *id == text) => Verdict::Right,
            Accepts::Options(_) => Verdict::Unfit(Some(FieldId::from(self.id))),
        }
    }
}

impl Kind for Questions {
    fn challenge(&self, scene: &Scene<'_>) -> Result<Challenge, Undrawable> {
        Ok(Challenge::Questions(self.0.iter().map(|known| known.question(scene.language)).collect()))
    }

    fn answered(&self) -> Answered {
        Answered::Here
    }

    /// The bank does not say which answer is wrong.
    fn judge(&self, _: &Scene<'_>, answer: &Answer) -> Verdict {
        let Answer::Questions(given) = answer else { return Verdict::Unfit(None) };
        let ids: Vec<&str> = self.0.iter().map(|known| known.id).collect();
        match in_order(&ids, given) {
            Ok(texts) => Verdict::on_all(self.0.iter().zip(texts).map(|(known, text)| known.judge(text))),
            Err(field) => Verdict::Unfit(field),
        }
    }
}

/// What was typed for each id, in their order and without spaces around it: each must be there, once, and nothing else.
/// The error names the part that isn't, where it is one.
pub(super) fn in_order<'a>(ids: &[&str], given: &'a [QuestionAnswer]) -> Result<Vec<&'a str>, Option<FieldId>> {
    if !given.iter().all(|answer| ids.contains(&answer.question.as_str())) {
        return Err(None);
    }
    let text_of = |id: &&str| {
        let mut answers = given.iter().filter(|answer| answer.question.as_str() == *id);
        let text = match (answers.next(), answers.next()) {
            (Some(answer), None) => answer.answer.expose(),
            _ => "",
        };
        let is_sound = !text.trim().is_empty() && text.len() <= MAX_FIELD_LENGTH;
        if is_sound { Ok(text.trim()) } else { Err(Some(FieldId::from(*id))) }
    };
    ids.iter().map(text_of).collect()
}
