//! Asks once more before something is gone.

use std::{future::Future, pin::Pin};

use banklink_platform::texts::Text;
use banklink_protocol::secret::Secret;
use yew::{AttrValue, Callback, Children, Html, Properties, component, hook, html, use_effect_with, use_state};

use crate::{
    site::{Site, use_site},
    ui::{
        dialog::Dialog,
        field::{self, Field, Kind},
        form::{Refusal, Values, use_form},
    },
};

/// The field in which operators show that it is they.
pub(crate) const PASSWORD: &str = "password";

/// What is done, on its way.
type Going = Pin<Box<dyn Future<Output = Result<(), Refusal>>>>;

/// What is asked about, if something is, and how to ask.
pub(crate) struct Asking<T> {
    /// What it is about.
    about: Option<T>,
    /// Asks, or leaves it.
    pub(crate) ask: Callback<Option<T>>,
    /// What is done when the person goes on.
    go: Callback<Values, Going>,
}

/// Asks about things before `go` is done to them.
#[hook]
pub(crate) fn use_asking<T, F>(go: impl Fn(T, Values) -> F + 'static) -> Asking<T>
where
    T: Clone + 'static,
    F: Future<Output = Result<(), Refusal>> + 'static,
{
    let about = use_state(|| None::<T>);
    let ask = Callback::from({
        let about = about.setter();
        move |thing| about.set(thing)
    });
    let asked = (*about).clone();
    let go = Callback::from({
        let asked = asked.clone();
        move |values| -> Going {
            match asked.clone() {
                Some(thing) => Box::pin(go(thing, values)),
                None => Box::pin(async { Ok(()) }),
            }
        }
    });
    Asking { about: asked, ask, go }
}

/// The words of a question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Words {
    /// What would be done, to what.
    pub(crate) title: AttrValue,
    /// What it leads to.
    pub(crate) text: AttrValue,
    /// The button that does it.
    pub(crate) go: AttrValue,
}

impl<T: 'static> Asking<T> {
    /// The dialog, while something is asked about. `words` says what, and what stands below the words.
    pub(crate) fn dialog(&self, words: impl FnOnce(&T) -> (Words, Html)) -> Html {
        self.asks(false, words)
    }

    /// The same, where the person shows by their password that it is they.
    pub(crate) fn dialog_with_password(&self, words: impl FnOnce(&T) -> (Words, Html)) -> Html {
        self.asks(true, words)
    }

    fn asks(&self, takes_password: bool, words: impl FnOnce(&T) -> (Words, Html)) -> Html {
        let Some(about) = &self.about else { return Html::default() };
        let (words, more) = words(about);
        let close = self.ask.reform(|()| None);
        html! { <Confirm {words} {takes_password} {close} go={self.go.clone()}>{more}</Confirm> }
    }
}

#[derive(PartialEq, Properties)]
struct ConfirmProps {
    words: Words,
    takes_password: bool,
    close: Callback<()>,
    go: Callback<Values, Going>,
    children: Children,
}

/// A question. It is a component of its own, so that what went wrong with one is not said of the next.
#[component]
fn Confirm(ConfirmProps { words, takes_password, close, go, children }: &ConfirmProps) -> Html {
    let site = use_site();
    let form = use_form({
        let go = go.clone();
        move |values| go.emit(values)
    });
    use_effect_with(form.sent, {
        let close = close.clone();
        move |sent| {
            if *sent > 0 {
                close.emit(());
            }
        }
    });
    let Words { title, text, go } = words.clone();
    // What is on its way can't be called back.
    let close = if form.is_busy { Callback::noop() } else { close.clone() };
    html! {
        <Dialog {title} close={close.clone()}>
            <form class="bl-form" novalidate=true onsubmit={form.onsubmit.clone()}>
                <p class="bl-text">{text}</p>
                {children.clone()}
                if *takes_password {
                    <Field name={PASSWORD} label={Text::Password} kind={Kind::Password}
                        autocomplete="current-password" wrong={form.wrong.clone()} />
                }
                <div class="db-buttons db-danger">
                    <button type="button" class="bl-button bl-button-second db-short"
                        aria-disabled={form.is_busy.then_some("true")} onclick={close.reform(|_| ())}>
                        {site.text(Text::Cancel)}
                    </button>
                    {field::send(&form, go, site.text(Text::Working))}
                </div>
            </form>
        </Dialog>
    }
}

/// The password that shows that it is the operator.
pub(crate) fn password(site: &Site, values: &Values) -> Result<Secret, Refusal> {
    let password = Secret::new(values.exact(PASSWORD));
    if password.is_empty() { Err(Refusal::of(PASSWORD, site.text(Text::PasswordMissing))) } else { Ok(password) }
}

/// That it is another one.
pub(crate) fn not_your_password(site: &Site) -> Refusal {
    Refusal::of(PASSWORD, site.text(Text::PasswordNotYours))
}
