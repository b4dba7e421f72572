//! What a page saw of something that several people edit.

use std::{cell::RefCell, rc::Rc};

use banklink_platform::texts::Text;
use banklink_protocol::problem::ProblemCode;
use yew::{hook, use_effect_with, use_mut_ref};

use crate::{
    api::{Failure, Version},
    site::Site,
    ui::form::Refusal,
};

/// What a page saw. A change that is based on it is refused where somebody else made another meanwhile.
#[derive(Clone)]
pub(crate) struct Seen(Rc<RefCell<Version>>);

impl Seen {
    /// For a change.
    pub(crate) fn version(&self) -> Version {
        self.0.borrow().clone()
    }

    /// What the person hears of a failure. Who was told that somebody else was faster, and goes on, means it.
    pub(crate) fn refusal(&self, site: &Site, failure: Failure) -> Refusal {
        if failure.code() != Some(ProblemCode::PreconditionFailed) {
            return failure.into();
        }
        *self.0.borrow_mut() = Version::Any;
        Refusal::whole(site.text(Text::ChangedMeanwhile))
    }
}

/// What the page sees of it now.
#[hook]
pub(crate) fn use_seen(version: Version) -> Seen {
    let seen = Seen(use_mut_ref(|| version.clone()));
    use_effect_with(version, {
        let seen = seen.clone();
        move |version| *seen.0.borrow_mut() = version.clone()
    });
    seen
}
