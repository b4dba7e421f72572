//! The screens. Each is a plain function from its part of the [`View`] to elements; what the person does goes back as
//! a [`Message`]. What stands in a form is read by `form.rs` at the moment when it is sent, and kept nowhere.

mod accounts;
mod challenge;
mod consent;
mod credentials;
mod dialog;
mod failure;
pub(crate) mod form;
mod header;
mod institutions;
mod loading;
mod outcome;
mod reauthorise;
mod success;

use std::rc::Rc;

use yew::{AttrValue, Callback, Html, virtual_dom::Key};

use banklink_flow::{Act, Event, Logos, ScreenView, View};
use banklink_protocol::{elements, institutions::InstitutionSummary, texts::Text};

use crate::{
    i18n::Texts,
    message::Message,
    ui::{
        button::{self, Rank},
        field::{Fields, Watch},
        identity, message,
        tag::{Handler, Kind, Name, Tag, tag},
    },
};

/// What every screen needs beside its own part of the view.
pub(crate) struct Context<'a> {
    /// The texts of the page's language.
    pub(crate) texts: &'a Texts,
    /// What the fields show.
    pub(crate) fields: &'a Fields,
    /// Where what the person does goes.
    pub(crate) send: &'a Callback<Message>,
    /// The app that the person links a bank to.
    pub(crate) app_name: &'a str,
    /// Whether an answer is on its way.
    pub(crate) busy: bool,
    /// Whether logos may be fetched.
    pub(crate) logos: Logos,
    /// What went wrong with the last try.
    pub(crate) error: Option<Text>,
}

impl Context<'_> {
    fn text(&self, text: Text) -> AttrValue {
        self.texts.get(text)
    }

    /// A text that can name the app and the institution.
    fn about(&self, text: Text, institution: &str) -> AttrValue {
        self.fill(text, &[("app", self.app_name), ("institution", institution)])
    }

    fn fill(&self, text: Text, values: &[(&str, &str)]) -> AttrValue {
        self.texts.fill(text, values).into()
    }

    /// What the main button says while an answer is on its way.
    fn working(&self) -> Option<AttrValue> {
        self.busy.then(|| self.text(Text::Working))
    }

    /// An institution's logo or monogram.
    fn mark(&self, institution: &InstitutionSummary) -> Tag {
        identity::mark(institution, self.logos)
    }

    /// The institution that a screen is about.
    fn institution(&self, institution: &InstitutionSummary) -> Tag {
        identity::institution(self.mark(institution), institution, self.country(institution))
    }

    /// Where an institution is, and what tells it from its namesakes there.
    fn country(&self, institution: &InstitutionSummary) -> AttrValue {
        let country = self.texts.country(&institution.country);
        match &institution.detail {
            Some(detail) => [&country, " · ", detail].concat().into(),
            None => country.into(),
        }
    }

    /// What describes every field while something is wrong with the last try.
    fn described_by_error(&self) -> Option<&'static str> {
        self.error.map(|_| elements::MESSAGE_ERROR)
    }

    /// What went wrong with the last try.
    fn error(&self, institution: &str) -> Tag {
        message::error(self.error.map(|error| self.about(error, institution)))
    }

    /// Does this when pressed.
    fn act(&self, act: fn() -> Act) -> Handler {
        let send = self.send.clone();
        Rc::new(move |_| send.emit(Message::Flow(Event::Did(act()))))
    }

    /// The screen's form: sent by its button or by Enter, read from the page when it is.
    fn form(&self, id: &'static str) -> Tag {
        let send = self.send.clone();
        let submit = move |event: web_sys::Event| {
            event.prevent_default();
            send.emit(Message::Submitted);
        };
        tag("form").id(id).class("bl-form").with(Name::Novalidate, "").on(Kind::Submit, Rc::new(submit))
    }

    fn watch(&self) -> Watch<'_> {
        Watch {
            fields: self.fields,
            send: self.send.reform(Message::Field),
            caps_lock: self.text(Text::FieldCapsLock),
            stray_space: self.text(Text::FieldStraySpace),
        }
    }

    /// A link that opens in a window of its own, and says so.
    fn link_out(&self, id: &'static str, url: &str, text: AttrValue) -> Tag {
        let note = [" (", &self.text(Text::NewWindow), ")"].concat();
        let link = tag("a")
            .id(id)
            .set(Name::Href, url.to_owned().into())
            .with(Name::Target, "_blank")
            .with(Name::Rel, "noopener noreferrer")
            .text(text)
            .child(tag("span").class("bl-sr").text(note.into()));
        tag("p").class("bl-links").child(link)
    }
}

/// A screen's card.
fn card(id: &'static str) -> Tag {
    tag("div").id(id).class("bl-screen")
}

/// The card of a screen that says how something went.
fn outcome_card(id: &'static str) -> Tag {
    tag("div").id(id).class("bl-screen bl-outcome")
}

/// A screen's title, which takes the focus when the screen is new.
fn title(id: &'static str, text: AttrValue) -> Tag {
    tag("h1").id(id).class("bl-title").with(Name::Tabindex, "-1").text(text)
}

fn paragraph(text: AttrValue) -> Tag {
    tag("p").class("bl-text").text(text)
}

/// The buttons at the end of a screen.
fn actions() -> Tag {
    tag("div").class("bl-actions")
}

/// Everything inside the mount node.
pub(crate) fn app(view: &View<'_>, texts: &Texts, fields: &Fields, send: &Callback<Message>) -> Html {
    let View { frame, busy, logos, error, .. } = view;
    let context = Context { texts, fields, send, app_name: frame.app_name, busy: *busy, logos: *logos, error: *error };
    let shown = shown(view, texts);
    // Another screen is another element, even where it looks like the last one: its fields are empty.
    // The first one is on the page before the widget is: it does not arrive again.
    let arrives = if view.number > 1 { "bl-slot bl-arrives" } else { "bl-slot" };
    let slot = tag("div").class(arrives).key(Key::from(view.number)).child(screen(&context, shown));
    // Below the screen nothing moves away from under a finger, and nothing else comes to be where it presses. Below a list
    // nobody would see it.
    let is_below = !matches!(shown, ScreenView::Institutions(_));
    let network = |is_here: bool| {
        let text = view.notice.filter(|_| is_here).map(|text| context.text(text));
        message::notice(elements::MESSAGE_NETWORK, text)
    };
    let card = tag("main")
        .class("bl-card")
        .when(matches!(shown, ScreenView::Loading), Name::AriaBusy)
        .child_some(header::header(&context, &view.frame))
        .child(network(!is_below))
        .child(ends_soon(&context, view.ends_soon))
        .child(slot)
        .child(network(is_below));
    let dialog = view.asks_to_leave.then(|| dialog::leave(&context));
    tag("div").class("bl-stage").child(card).child_some(dialog).into()
}

/// The screen, if its texts are there; those of the first screens are from the beginning, the others in a moment.
fn shown<'a>(view: &'a View<'a>, texts: &Texts) -> &'a ScreenView<'a> {
    match &view.screen {
        early @ (ScreenView::Consent(_) | ScreenView::Institutions(_) | ScreenView::Credentials(_)) => early,
        screen if texts.are_all() => screen,
        _ => &ScreenView::Loading,
    }
}

/// Warns whoever takes their time that a session's ends.
fn ends_soon(context: &Context<'_>, ends_soon: bool) -> Tag {
    let text = ends_soon.then(|| context.text(Text::SessionEndsSoon));
    let go_on = context.act(|| Act::KeepGoing);
    let button =
        || button::action(elements::BUTTON_KEEP_GOING, Rank::Second, context.text(Text::SessionKeepGoing), go_on);
    tag("div")
        .class("bl-ends-soon")
        .child(message::notice(elements::MESSAGE_SESSION, text))
        .child_some(ends_soon.then(button))
}

fn screen(context: &Context<'_>, screen: &ScreenView<'_>) -> Tag {
    match screen {
        ScreenView::Loading => loading::loading(context),
        ScreenView::Consent(consent) => consent::consent(context, consent),
        ScreenView::Institutions(institutions) => institutions::institutions(context, institutions),
        ScreenView::Credentials(credentials) => credentials::credentials(context, credentials),
        ScreenView::Reauthorise(reauthorise) => reauthorise::reauthorise(context, reauthorise),
        ScreenView::Challenge(challenge) => challenge::challenge(context, challenge),
        ScreenView::Accounts(accounts) => accounts::accounts(context, accounts),
        ScreenView::Success(success) => success::success(context, success),
        ScreenView::Failure(failure) => failure::failure(context, failure),
        ScreenView::TokenInvalid => outcome::token_invalid(context),
        ScreenView::SessionExpired { reopens } => outcome::session_expired(context, *reopens),
        ScreenView::Left(left) => outcome::left(context, left),
    }
}
