//! Who logged in at the sandbox.
//!
//! A user whose name begins with `changed` has changed their password at the bank since: every login with what was saved
//! is rejected, and they log in anew. Security questions are answered without the person where their answers were kept: at
//! Flinks Capital from the first login on, elsewhere once the app has them kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use banklink_protocol::{
    challenge::{Question, QuestionAnswer},
    failures::FailureCode,
    ids::InstitutionId,
    secret::Secret,
    session::{MAX_FIELD_LENGTH, Rejection},
};

use super::{behaviour::Behaviour, challenges::Asked, form, household::Household, pending::Pending};
use crate::contract::{Done, Language, SavedState, Step};

/// What credentials lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    Welcome,
    /// Accepted, but no data can be read.
    WelcomeWithoutData,
    Asks(Asked),
    Rejects(Rejection),
    Fails(FailureCode),
}

/// Who logged in where. It is all that the sandbox needs to make up their data.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Login {
    institution: InstitutionId,
    country: String,
    /// As typed.
    username: Secret,
    /// What every login of this person asks for first.
    first: Option<Asked>,
    #[serde(default, skip_serializing_if = "Kept::is_nothing")]
    kept: Kept,
    data: Data,
}

/// Answers for logins without the person.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Kept {
    /// Whether those are kept with which the person got in.
    as_given: bool,
    /// What was kept since.
    since: Vec<QuestionAnswer>,
}

impl Kept {
    const fn after(asked: Asked) -> Self {
        Self { as_given: asked.is_remembered(), since: Vec::new() }
    }

    const fn is_nothing(&self) -> bool {
        !self.as_given && self.since.is_empty()
    }
}

/// Whether data can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Data {
    Readable,
    Broken,
}

impl Login {
    pub(super) fn new(institution: InstitutionId, country: String, username: Secret) -> Self {
        Self { institution, country, username, first: None, kept: Kept::default(), data: Data::Readable }
    }

    /// Goes on with a login whose credentials were read.
    pub(super) fn open(mut self, opening: Opening, language: &Language, now: Timestamp) -> Step {
        match opening {
            Opening::Welcome => self.done(),
            Opening::WelcomeWithoutData => {
                self.data = Data::Broken;
                self.done()
            }
            Opening::Asks(asked) => {
                self.first = Some(asked);
                self.kept = Kept::after(asked);
                Pending::ask(self, asked, language, now)
            }
            Opening::Rejects(rejection) => Step::Rejected(rejection),
            Opening::Fails(code) => Step::Failed(code),
        }
    }

    /// Logs in again with what was saved.
    pub(super) fn refresh(self, language: &Language, now: Timestamp) -> Step {
        if self.identity().expose().starts_with("changed") {
            return Step::Rejected(form::wrong_password());
        }
        match self.first {
            Some(asked) if !self.can_answer(asked) => {
                Pending::ask(Self { kept: Kept::after(asked), ..self }, asked, language, now)
            }
            _ => self.done(),
        }
    }

    /// Whether what was kept answers what is asked.
    fn can_answer(&self, asked: Asked) -> bool {
        asked.questions().is_some_and(|questions| {
            questions.iter().all(|known| match self.kept.since.iter().find(|kept| kept.question.as_str() == known.id) {
                Some(kept) => known.is_answered_by(kept.answer.expose()),
                None => self.kept.as_given,
            })
        })
    }

    /// What every login asks, if nothing but questions.
    pub(super) fn questions(&self, language: &Language) -> Vec<Question> {
        let known = self.first.and_then(Asked::questions).unwrap_or_default();
        known.iter().map(|known| known.question(language)).collect()
    }

    /// Keeps answers, unless one is to something else, or can't be one.
    pub(super) fn keep_answers(mut self, answers: &[QuestionAnswer]) -> Option<Self> {
        let known = self.first.and_then(Asked::questions).unwrap_or_default();
        for answer in answers {
            if known.iter().all(|known| known.id != answer.question.as_str())
                || answer.answer.expose().len() > MAX_FIELD_LENGTH
            {
                return None;
            }
            self.kept.since.retain(|kept| kept.question != answer.question);
            self.kept.since.push(answer.clone());
        }
        Some(self)
    }

    pub(super) fn has_data(&self) -> bool {
        self.data == Data::Readable
    }

    pub(super) fn household(&self) -> Household {
        Household::new(self.institution.as_str(), &self.country, self.identity().expose())
    }

    /// The same however the user name is spelt.
    pub(super) fn identity(&self) -> Secret {
        Secret::new(self.username.expose().to_lowercase())
    }

    pub(super) fn behaviour(&self) -> Behaviour {
        Behaviour::of(&self.institution)
    }

    pub(super) fn done(self) -> Step {
        match SavedState::write(&self) {
            Ok(saved) => Step::Done(Done { saved, identity: self.identity(), username: self.username }),
            Err(_) => Step::Failed(FailureCode::InternalError),
        }
    }
}
