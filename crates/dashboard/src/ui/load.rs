//! What is fetched: not there yet, there, or not to be had.

use std::{future::Future, rc::Rc};

use banklink_platform::texts::Text;
use yew::{Callback, Html, hook, html, use_effect_with, use_state};

use crate::{
    api::Failure,
    browser,
    site::{Site, use_site},
};

/// Something that is fetched.
#[derive(Debug, PartialEq)]
pub(crate) enum Load<T> {
    /// On its way.
    Loading,
    /// Not to be had.
    Failed(Failure),
    /// Here.
    There(Rc<T>),
}

// Derived, it would ask the thing itself to be cloned.
impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Failed(failure) => Self::Failed(failure.clone()),
            Self::There(thing) => Self::There(Rc::clone(thing)),
        }
    }
}

/// Something that is fetched, and how to fetch it anew.
pub(crate) struct Loaded<T> {
    /// What it is now.
    pub(crate) state: Load<T>,
    /// Fetches it anew; what is there stays in sight meanwhile.
    pub(crate) again: Callback<()>,
}

impl<T> Loaded<T> {
    /// What is shown: the thing itself, or that it is not there.
    pub(crate) fn show(&self, site: &Site, there: impl FnOnce(&Rc<T>) -> Html) -> Html {
        match &self.state {
            Load::Loading => loading(site),
            Load::Failed(failure) => failed(site, failure, &self.again),
            Load::There(thing) => there(thing),
        }
    }
}

/// Fetches something when the component begins, and whenever `about` changes.
#[hook]
pub(crate) fn use_load<T, A, F>(about: A, fetch: impl Fn(A) -> F + 'static) -> Loaded<T>
where
    T: PartialEq + 'static,
    A: Clone + PartialEq + 'static,
    F: Future<Output = Result<T, Failure>> + 'static,
{
    let site = use_site();
    let state = use_state(|| Load::Loading);
    let times = use_state(|| 0_u32);
    use_effect_with((about, *times), {
        let state = state.setter();
        move |(about, _)| {
            let fetched = fetch(about.clone());
            // What comes too late, for another thing or after a newer answer, is not shown.
            let wanted = Rc::new(());
            let is_wanted = Rc::downgrade(&wanted);
            yew::platform::spawn_local(async move {
                let result = fetched.await;
                if is_wanted.upgrade().is_none() {
                    return;
                }
                match result {
                    Ok(thing) => state.set(Load::There(Rc::new(thing))),
                    Err(failure) if site.is_signed_out(&failure) => {}
                    Err(failure) => state.set(Load::Failed(failure)),
                }
            });
            move || drop(wanted)
        }
    });
    use_effect_with((*state).clone(), |_| browser::catch_focus());
    let again = Callback::from({
        let state = state.clone();
        move |()| {
            if matches!(*state, Load::Failed(_)) {
                state.set(Load::Loading);
            }
            times.set(*times + 1);
        }
    });
    Loaded { state: (*state).clone(), again }
}

/// That something is on its way.
pub(crate) fn loading(site: &Site) -> Html {
    html! {
        <div class="db-loading" role="status">
            <div class="bl-skeleton db-skeleton" aria-hidden="true"></div>
            <p class="bl-sr">{site.text(Text::Loading)}</p>
        </div>
    }
}

/// That something can't be had, and a way to try again.
pub(crate) fn failed(site: &Site, failure: &Failure, again: &Callback<()>) -> Html {
    html! {
        <div class="db-empty">
            <p class="bl-alert" role="alert">{site.failure(failure)}</p>
            <button type="button" class="bl-button bl-button-second db-short" onclick={again.reform(|_| ())}>
                {site.text(Text::Retry)}
            </button>
        </div>
    }
}
