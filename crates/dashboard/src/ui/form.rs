//! Forms: read when they are sent, sent once, and what is wrong is said where it is.

use std::{future::Future, rc::Rc};

use wasm_bindgen::JsCast as _;
use web_sys::{FormData, HtmlFormElement, SubmitEvent};
use yew::{AttrValue, Callback, Html, Reducible, hook, html, use_effect_with, use_mut_ref, use_reducer};

use crate::{
    api::Failure,
    browser,
    site::{Site, use_site},
};

/// What is wrong with what was sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wrong {
    /// The name of the field; none: the whole.
    pub(crate) field: Option<&'static str>,
    /// What, and what to do.
    pub(crate) text: Html,
}

/// Why a form was not sent, or not taken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// A field is not as it must be.
    Wrong(Wrong),
    /// The server did not take it, for a reason that the form knows no words for.
    Failed(Failure),
}

impl Refusal {
    /// What is wrong with a field.
    pub(crate) fn of(field: &'static str, text: AttrValue) -> Self {
        Self::Wrong(Wrong { field: Some(field), text: html! { {text} } })
    }

    /// What is wrong with the whole.
    pub(crate) fn whole(text: AttrValue) -> Self {
        Self::Wrong(Wrong { field: None, text: html! { {text} } })
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What stands in a form.
pub(crate) struct Values {
    form: Option<HtmlFormElement>,
    data: Option<FormData>,
    /// By which the server knows the same try once more.
    pub(crate) key: Key,
}

impl Values {
    fn of(event: &SubmitEvent, key: Key) -> Self {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let data = form.as_ref().and_then(|form| FormData::new_with_form(form).ok());
        Self { form, data, key }
    }

    /// What stands in a field, as it is: passwords may begin with a space.
    pub(crate) fn exact(&self, name: &str) -> String {
        self.data.as_ref().and_then(|data| data.get(name).as_string()).unwrap_or_default()
    }

    /// What stands in a field, without spaces around it.
    pub(crate) fn text(&self, name: &str) -> String {
        self.exact(name).trim().to_owned()
    }

    /// Whether a box is ticked.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.data.as_ref().is_some_and(|data| data.has(name))
    }

    /// Empties the form: what was in it is taken.
    pub(crate) fn clear(&self) {
        if let Some(form) = &self.form {
            form.reset();
        }
    }

    /// The same, if there is something.
    pub(crate) fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }
}

/// Names a try to make something. Where the answer is lost, the next try has the same key, and makes nothing twice.
#[derive(Clone, Debug)]
pub(crate) struct Key(pub(crate) String);

impl Key {
    /// That of something else that the same try makes.
    pub(crate) fn of(&self, what: &str) -> Self {
        Self(format!("{}-{what}", self.0))
    }
}

/// A form, as it is now.
#[derive(Clone, PartialEq)]
pub(crate) struct Form {
    /// Whether an answer is on its way.
    pub(crate) is_busy: bool,
    /// How often it was sent and taken.
    pub(crate) sent: u32,
    /// What was wrong with the last try.
    pub(crate) wrong: Option<Wrong>,
    /// For the `form` element.
    pub(crate) onsubmit: Callback<SubmitEvent>,
}

/// What became of a form so far.
#[derive(Default)]
struct Tries {
    is_busy: bool,
    sent: u32,
    /// Counted, so that the same fault twice is told twice.
    refused: u32,
    wrong: Option<Wrong>,
}

enum Try {
    Begins,
    IsTaken,
    /// Nothing is said where nobody is there to read it.
    IsRefused(Option<Wrong>),
}

impl Reducible for Tries {
    type Action = Try;

    fn reduce(self: Rc<Self>, happened: Try) -> Rc<Self> {
        let Self { sent, refused, .. } = *self;
        Rc::new(match happened {
            Try::Begins => Self { is_busy: true, sent, refused, wrong: self.wrong.clone() },
            Try::IsTaken => Self { is_busy: false, sent: sent + 1, refused, wrong: None },
            Try::IsRefused(wrong) => Self { is_busy: false, sent, refused: refused + 1, wrong },
        })
    }
}

/// A form that is sent by `send`.
#[hook]
pub(crate) fn use_form<F>(send: impl Fn(Values) -> F + 'static) -> Form
where
    F: Future<Output = Result<(), Refusal>> + 'static,
{
    let site = use_site();
    let tries = use_reducer(Tries::default);
    let key = use_mut_ref(browser::random);
    let element = use_mut_ref(|| None::<HtmlFormElement>);
    use_effect_with((tries.refused, tries.wrong.clone()), {
        let element = Rc::clone(&element);
        move |(_, wrong)| {
            if let (Some(_), Some(form)) = (wrong, &*element.borrow()) {
                browser::focus_in(form, ":is([aria-invalid=true], .bl-alert)");
            }
        }
    });
    let is_going = use_mut_ref(|| false);
    let happened = tries.dispatcher();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if is_going.replace(true) {
            return;
        }
        happened.dispatch(Try::Begins);
        let values = Values::of(&event, Key(key.borrow().clone()));
        element.borrow_mut().clone_from(&values.form);
        let sent = send(values);
        let (site, happened, key, is_going) = (site.clone(), happened.clone(), Rc::clone(&key), Rc::clone(&is_going));
        yew::platform::spawn_local(async move {
            let answered = sent.await;
            if !matches!(answered, Err(Refusal::Failed(Failure::Network))) {
                *key.borrow_mut() = browser::random();
            }
            is_going.replace(false);
            happened.dispatch(outcome(&site, answered));
        });
    });
    Form { is_busy: tries.is_busy, sent: tries.sent, wrong: tries.wrong.clone(), onsubmit }
}

fn outcome(site: &Site, answered: Result<(), Refusal>) -> Try {
    match answered {
        Ok(()) => Try::IsTaken,
        Err(Refusal::Wrong(wrong)) => Try::IsRefused(Some(wrong)),
        Err(Refusal::Failed(failure)) if site.is_signed_out(&failure) => Try::IsRefused(None),
        Err(Refusal::Failed(failure)) => Try::IsRefused(Some(Wrong { field: None, text: site.failure(&failure) })),
    }
}
