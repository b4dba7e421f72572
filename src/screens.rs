//! The screens: what the person sees, nothing else. Each is a plain function from its part of the [`View`] to HTML;
//! what the person does goes back as an [`Act`].

mod accounts;
mod code;
mod consent;
mod credentials;
mod dialog;
mod failure;
mod header;
mod institutions;
mod loading;
mod outcome;
mod questions;
mod success;

use web_sys::{Document, Element, HtmlInputElement};
use yew::{AttrValue, Callback, Html, html};

use banklink_flow::{Act, ScreenView, View};
use banklink_protocol::texts::Text;

use crate::i18n::Texts;

/// What every screen needs beside its own part of the view.
pub(crate) struct Context<'a> {
    /// The page's language.
    pub(crate) texts: &'a Texts,
    /// Where the person's acts go.
    pub(crate) send: &'a Callback<Act>,
    /// The app that the person links a bank to.
    pub(crate) app_name: &'a str,
    /// Whether an answer is on its way.
    pub(crate) busy: bool,
}

impl Context<'_> {
    fn text(&self, text: Text) -> AttrValue {
        self.texts.get(text)
    }

    /// A text that can name the app and the institution.
    fn about(&self, text: Text, institution: &str) -> AttrValue {
        self.texts.fill(text, &[("app", self.app_name), ("institution", institution)]).into()
    }

    /// What the main button says while an answer is on its way.
    fn working(&self) -> Option<AttrValue> {
        self.busy.then(|| self.text(Text::Working))
    }

    /// A callback that sends an act, unless an answer is on its way.
    fn act<E>(&self, act: Act) -> Callback<E> {
        let (send, busy) = (self.send.clone(), self.busy);
        Callback::from(move |_: E| {
            if !busy {
                send.emit(act.clone());
            }
        })
    }

    /// A form's `onsubmit`: reads the form with `read` and sends what it says, unless an answer is on its way.
    fn submit(&self, read: impl Fn(&Document) -> Option<Act> + 'static) -> Callback<yew::SubmitEvent> {
        let (send, busy) = (self.send.clone(), self.busy);
        Callback::from(move |event: yew::SubmitEvent| {
            event.prevent_default();
            let act = document().filter(|_| !busy).and_then(|page| read(&page));
            if let Some(act) = act {
                send.emit(act);
            }
        })
    }
}

fn document() -> Option<Document> {
    web_sys::window().and_then(|window| window.document())
}

/// The input with this id.
fn input(document: &Document, id: &str) -> Option<HtmlInputElement> {
    use wasm_bindgen::JsCast;
    document.get_element_by_id(id)?.dyn_into().ok()
}

/// The values of the checked radio buttons or check boxes of this name.
fn checked(document: &Document, name: &str) -> Vec<String> {
    use wasm_bindgen::JsCast;
    let Ok(found) = document.query_selector_all("input:checked") else { return Vec::new() };
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into::<HtmlInputElement>().ok())
        .filter(|input| input.name() == name)
        .map(|input| input.value())
        .collect()
}

/// A screen's title, which takes the focus when the screen is new.
fn title(id: &'static str, text: AttrValue) -> Html {
    html! { <h1 id={id} class="bl-title" tabindex="-1">{ text }</h1> }
}

/// Everything inside the mount node.
pub(crate) fn app(view: &View<'_>, texts: &Texts, send: &Callback<Act>) -> Html {
    let context = Context { texts, send, app_name: view.frame.app_name, busy: view.busy };
    html! {
        <>
            <main class="bl-card" aria-busy={matches!(view.screen, ScreenView::Loading).then_some("true")}>
                { header::header(&context, &view.frame) }
                { crate::ui::message::network(view.notice.map(|text| context.text(text))) }
                <div key={view.number} class="bl-screen-slot">
                    { screen(&context, view) }
                </div>
            </main>
            if view.asks_to_leave {
                { dialog::leave(&context) }
            }
        </>
    }
}

fn screen(context: &Context<'_>, view: &View<'_>) -> Html {
    match &view.screen {
        ScreenView::Loading => loading::loading(context),
        ScreenView::Consent(consent) => consent::consent(context, consent, view.error),
        ScreenView::Institutions(institutions) => institutions::institutions(context, institutions, view.error),
        ScreenView::Credentials(credentials) => credentials::credentials(context, credentials, view.error),
        ScreenView::Code(code) => code::code(context, code, view.error),
        ScreenView::Questions(questions) => questions::questions(context, questions, view.error),
        ScreenView::Accounts(accounts) => accounts::accounts(context, accounts, view.error),
        ScreenView::Success(success) => success::success(context, success),
        ScreenView::Failure(failure) => failure::failure(context, failure, view.error),
        ScreenView::TokenInvalid => outcome::token_invalid(context),
        ScreenView::SessionExpired => outcome::session_expired(context),
        ScreenView::Left => outcome::left(context),
    }
}

/// The closest list of institutions, for the search box.
fn list_of_banks() -> Option<Element> {
    document()?.get_element_by_id(banklink_protocol::elements::LIST_BANKS)
}
