//! Forms: read when they are sent, sent once, and what is wrong is said where it is.

use std::{future::Future, rc::Rc};

use wasm_bindgen::JsCast as _;
use web_sys::{FormData, HtmlFormElement, SubmitEvent};
use yew::{AttrValue, Callback, hook, use_effect_with, use_state};

use crate::{api::Failure, browser, site::use_site};

/// What is wrong with what was sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wrong {
    /// The name of the field; none: the whole.
    pub(crate) field: Option<&'static str>,
    /// What, and what to do.
    pub(crate) text: AttrValue,
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
    pub(crate) const fn of(field: &'static str, text: AttrValue) -> Self {
        Self::Wrong(Wrong { field: Some(field), text })
    }

    /// What is wrong with the whole.
    pub(crate) const fn whole(text: AttrValue) -> Self {
        Self::Wrong(Wrong { field: None, text })
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What stands in a form.
pub(crate) struct Values(Option<FormData>);

impl Values {
    /// What stands in a field, as it is: passwords may begin with a space.
    pub(crate) fn exact(&self, name: &str) -> String {
        self.0.as_ref().and_then(|data| data.get(name).as_string()).unwrap_or_default()
    }

    /// What stands in a field, without spaces around it.
    pub(crate) fn text(&self, name: &str) -> String {
        self.exact(name).trim().to_owned()
    }

    /// The same, if there is something.
    pub(crate) fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }
}

/// A form, as it is now.
#[derive(Clone, PartialEq)]
pub(crate) struct Form {
    /// Whether an answer is on its way.
    pub(crate) is_busy: bool,
    /// What was wrong with the last try.
    pub(crate) wrong: Option<Wrong>,
    /// For the `form` element.
    pub(crate) onsubmit: Callback<SubmitEvent>,
}

/// A form that is sent by `send`.
#[hook]
pub(crate) fn use_form<F>(send: impl Fn(Values) -> F + 'static) -> Form
where
    F: Future<Output = Result<(), Refusal>> + 'static,
{
    let site = use_site();
    let is_busy = use_state(|| false);
    // Counted, so that the same fault twice is told twice.
    let wrong = use_state(|| (0_u32, None::<Wrong>));
    use_effect_with((*wrong).clone(), |(_, wrong)| {
        if wrong.is_some() {
            // What is behind a dialog is out of reach.
            browser::focus(if browser::has("dialog") {
                "dialog :is([aria-invalid=true], .bl-alert)"
            } else {
                "form :is([aria-invalid=true], .bl-alert)"
            });
        }
    });
    let onsubmit = Callback::from({
        let (is_busy, wrong, send) = (is_busy.clone(), wrong.clone(), Rc::new(send));
        move |event: SubmitEvent| {
            event.prevent_default();
            if *is_busy {
                return;
            }
            is_busy.set(true);
            let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
            let sent = send(Values(form.and_then(|form| FormData::new_with_form(&form).ok())));
            let (is_busy, wrong, site, times) = (is_busy.setter(), wrong.setter(), site.clone(), wrong.0 + 1);
            yew::platform::spawn_local(async move {
                let refused = match sent.await {
                    Ok(()) => None,
                    Err(Refusal::Wrong(wrong)) => Some(wrong),
                    Err(Refusal::Failed(failure)) if site.is_signed_out(&failure) => None,
                    Err(Refusal::Failed(failure)) => Some(Wrong { field: None, text: site.failure(&failure) }),
                };
                wrong.set((times, refused));
                is_busy.set(false);
            });
        }
    });
    Form { is_busy: *is_busy, wrong: wrong.1.clone(), onsubmit }
}
