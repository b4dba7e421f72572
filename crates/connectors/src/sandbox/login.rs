//! Who logged in at the sandbox.
//!
//! A user whose name begins with `changed` has changed their password at the bank since: every login with what was saved
//! is rejected, and they log in anew.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use banklink_protocol::{failures::FailureCode, ids::InstitutionId, secret::Secret, session::Rejection};

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
    data: Data,
}

/// Whether data can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Data {
    Readable,
    Broken,
}

impl Login {
    pub(super) fn new(institution: InstitutionId, country: String, username: Secret) -> Self {
        Self { institution, country, username, first: None, data: Data::Readable }
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
                self.first = asked.recurs().then_some(asked);
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
            Some(asked) => Pending::ask(self, asked, language, now),
            None => self.done(),
        }
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
