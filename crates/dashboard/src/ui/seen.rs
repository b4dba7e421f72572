//! What a page saw of something that several people edit.

use std::{cell::RefCell, rc::Rc};

use banklink_platform::texts::Text;
use banklink_protocol::problem::ProblemCode;
use yew::{Callback, InputEvent, hook, use_effect_with, use_mut_ref};

use crate::{
    api::{Failure, Version},
    site::Site,
    ui::form::Refusal,
};

/// What a page saw. A change that is based on it is refused where somebody else made another meanwhile.
#[derive(Clone)]
pub(crate) struct Seen<T>(Rc<RefCell<State<T>>>);

struct State<T> {
    version: Version,
    /// What the form began with.
    of: T,
    /// Whether something else stands in the form.
    is_touched: bool,
}

impl<T: Clone + PartialEq + 'static> Seen<T> {
    /// For a change.
    pub(crate) fn version(&self) -> Version {
        self.0.borrow().version.clone()
    }

    /// What the form began with, or what they saved since.
    pub(crate) fn of(&self) -> T {
        self.0.borrow().of.clone()
    }

    /// The person edits: from now on, what others do is no longer what they saw.
    pub(crate) fn touch(&self) {
        self.0.borrow_mut().is_touched = true;
    }

    /// The same, for the form that they edit.
    pub(crate) fn touched(&self) -> Callback<InputEvent> {
        let seen = self.clone();
        Callback::from(move |_| seen.touch())
    }

    /// Their change was made, and this is what there is now.
    pub(crate) fn saved(&self, version: Version, of: T) {
        self.0.replace(State { version, of, is_touched: false });
    }

    /// What the person hears of a failure. Who was told that somebody else was faster, and goes on, means it.
    pub(crate) fn refusal(&self, site: &Site, failure: Failure) -> Refusal {
        if failure.code() != Some(ProblemCode::PreconditionFailed) {
            return failure.into();
        }
        self.0.borrow_mut().version = Version::Any;
        Refusal::whole(site.text(Text::ChangedMeanwhile))
    }

    /// It was read anew. A page reads anew for reasons of its own: what somebody else changed while the person edited
    /// is not seen by that.
    fn reads(&self, version: Version, of: T) {
        let mut state = self.0.borrow_mut();
        if !state.is_touched || state.of == of {
            state.version = version;
            state.of = of;
        }
    }
}

/// What the page sees now: `of` is what the form shows of the thing.
#[hook]
pub(crate) fn use_seen<T: Clone + PartialEq + 'static>(version: Version, of: T) -> Seen<T> {
    let seen = Seen(use_mut_ref(|| State { version: version.clone(), of: of.clone(), is_touched: false }));
    use_effect_with((version, of), {
        let seen = seen.clone();
        move |(version, of)| seen.reads(version.clone(), of.clone())
    });
    seen
}
