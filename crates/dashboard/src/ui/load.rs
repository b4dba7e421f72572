//! What is fetched: not there yet, there, or not to be had.

use std::{future::Future, rc::Rc};

use banklink_platform::texts::Text;
use banklink_protocol::problem::ProblemCode;
use yew::{Callback, Html, Reducible, hook, html, use_effect_with, use_reducer};

use crate::{
    api::Failure,
    browser,
    site::{Site, use_site},
    ui::{not_found::NotFound, title::Title},
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
    /// Why it could not be fetched anew; what was there stays, and so does what was typed into it.
    missed: Option<Failure>,
    /// Fetches it anew; what is there stays in sight meanwhile.
    pub(crate) again: Callback<()>,
}

impl<T> Loaded<T> {
    /// What is shown: the thing itself, or that it is not there.
    pub(crate) fn show(&self, site: &Site, there: impl FnOnce(&Rc<T>) -> Html) -> Html {
        match &self.state {
            Load::Loading => loading(site),
            Load::Failed(failure) => failed(site, failure, &self.again),
            Load::There(thing) => {
                let missed = self.missed.as_ref().map(|failure| failed(site, failure, &self.again));
                html! { <>{missed.unwrap_or_default()}{there(thing)}</> }
            }
        }
    }

    /// The same of what is a page by itself, which then says that there is nothing, or what it would have been.
    pub(crate) fn show_page(&self, site: &Site, title: Text, there: impl FnOnce(&Rc<T>) -> Html) -> Html {
        match &self.state {
            // An address with something in it that can be no id leads nowhere either.
            Load::Failed(failure)
                if matches!(failure.code(), Some(ProblemCode::NotFound | ProblemCode::InvalidParameter)) =>
            {
                html! { <NotFound /> }
            }
            Load::Failed(failure) => {
                html! { <><Title text={site.text(title)} />{failed(site, failure, &self.again)}</> }
            }
            Load::Loading | Load::There(_) => self.show(site, there),
        }
    }

    /// The thing, if it is there.
    pub(crate) fn thing(&self) -> Option<&Rc<T>> {
        match &self.state {
            Load::There(thing) => Some(thing),
            Load::Loading | Load::Failed(_) => None,
        }
    }
}

/// How fetching goes.
struct Fetching<T> {
    state: Load<T>,
    missed: Option<Failure>,
    /// How often it was asked for.
    times: u32,
}

enum Fetch<T> {
    Again,
    Ends(Result<T, Failure>),
}

impl<T> Reducible for Fetching<T> {
    type Action = Fetch<T>;

    fn reduce(self: Rc<Self>, happened: Fetch<T>) -> Rc<Self> {
        let (times, there) = (self.times, matches!(self.state, Load::There(_)));
        let begun = if there { self.state.clone() } else { Load::Loading };
        Rc::new(match happened {
            Fetch::Again => Self { state: begun, missed: None, times: times + 1 },
            Fetch::Ends(Ok(thing)) => Self { state: Load::There(Rc::new(thing)), missed: None, times },
            // What is gone is shown no more.
            Fetch::Ends(Err(failure)) if there && failure.code() != Some(ProblemCode::NotFound) => {
                Self { state: begun, missed: Some(failure), times }
            }
            Fetch::Ends(Err(failure)) => Self { state: Load::Failed(failure), missed: None, times },
        })
    }
}

/// Fetches something when the component begins, and whenever `about` changes or somebody is back.
#[hook]
pub(crate) fn use_load<T, A, F>(about: A, fetch: impl Fn(A) -> F + 'static) -> Loaded<T>
where
    T: PartialEq + 'static,
    A: Clone + PartialEq + 'static,
    F: Future<Output = Result<T, Failure>> + 'static,
{
    let site = use_site();
    let fetching = use_reducer(|| Fetching { state: Load::Loading, missed: None, times: 0 });
    use_effect_with((about, fetching.times, site.is_away), {
        let happened = fetching.dispatcher();
        move |(about, _, is_away)| {
            // What comes too late, for another thing or after a newer answer, is not shown.
            let wanted = Rc::new(());
            let is_wanted = Rc::downgrade(&wanted);
            let fetched = (!is_away).then(|| fetch(about.clone()));
            yew::platform::spawn_local(async move {
                let Some(fetched) = fetched else { return };
                let result = fetched.await;
                if is_wanted.upgrade().is_none() {
                    return;
                }
                match result {
                    Err(failure) if site.is_signed_out(&failure) => {}
                    result => happened.dispatch(Fetch::Ends(result)),
                }
            });
            move || drop(wanted)
        }
    });
    use_effect_with(fetching.state.clone(), |_| browser::catch_focus());
    let again = Callback::from({
        let happened = fetching.dispatcher();
        move |()| happened.dispatch(Fetch::Again)
    });
    Loaded { state: fetching.state.clone(), missed: fetching.missed.clone(), again }
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
