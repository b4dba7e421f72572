//! Asks once more before something is gone.

use std::future::Future;

use banklink_platform::texts::Text;
use yew::{AttrValue, Callback, Html, hook, html, use_state};

use crate::{
    site::Site,
    ui::{
        dialog::Dialog,
        field,
        form::{Form, Refusal, Values, use_form},
    },
};

/// What is asked about, if something is; how to ask about something, and to leave it.
pub(crate) struct Asking<T> {
    /// What it is about.
    pub(crate) about: Option<T>,
    /// Asks, or leaves it.
    pub(crate) ask: Callback<Option<T>>,
    /// What is sent when the person goes on.
    pub(crate) form: Form,
}

/// Asks about things before `go` is done to them.
#[hook]
pub(crate) fn use_asking<T, F>(go: impl Fn(T, Values) -> F + 'static) -> Asking<T>
where
    T: Clone + 'static,
    F: Future<Output = Result<(), Refusal>> + 'static,
{
    let about = use_state(|| None::<T>);
    let form = use_form({
        let about = about.clone();
        move |values| {
            let (gone, about) = ((*about).clone().map(|thing| go(thing, values)), about.setter());
            async move {
                if let Some(gone) = gone {
                    gone.await?;
                }
                about.set(None);
                Ok(())
            }
        }
    });
    let ask = Callback::from({
        let about = about.setter();
        move |thing| about.set(thing)
    });
    Asking { about: (*about).clone(), ask, form }
}

/// The words of a question.
pub(crate) struct Words {
    /// What would be done, to what.
    pub(crate) title: AttrValue,
    /// What it leads to.
    pub(crate) text: AttrValue,
    /// The button that does it.
    pub(crate) go: AttrValue,
}

impl<T: 'static> Asking<T> {
    /// The dialog, while something is asked about. `more` stands between the words and the buttons.
    pub(crate) fn dialog(&self, site: &Site, words: impl FnOnce(&T) -> (Words, Html)) -> Html {
        let Some(about) = &self.about else { return Html::default() };
        let (Words { title, text, go }, more) = words(about);
        let leave = self.ask.reform(|()| None);
        html! {
            <Dialog {title} close={leave.clone()}>
                <form class="bl-form" novalidate=true onsubmit={self.form.onsubmit.clone()}>
                    <p class="bl-text">{text}</p>
                    {more}
                    <div class="db-buttons db-danger">
                        <button type="button" class="bl-button bl-button-second db-short"
                            onclick={leave.reform(|_| ())}>{site.text(Text::Cancel)}</button>
                        {field::send(&self.form, go, site.text(Text::Working))}
                    </div>
                </form>
            </Dialog>
        }
    }
}
