//! Carries out what the flow asks for, and feeds back what happens.

use wasm_bindgen::closure::Closure;
use yew::Callback;

use banklink_flow::{Announcement, Command, Effect, Event, Target, Timer};
use banklink_protocol::{elements, secret::Secret, texts::Text};

use crate::{
    api,
    browser::{self, Heard},
    host,
    i18n::Texts,
    message::Message,
    page,
};

/// The browser, as the flow uses it.
pub(crate) struct Shell {
    /// What to focus once the screen is drawn.
    focus: Option<String>,
}

impl Shell {
    /// A shell that sends what happens to the flow, for as long as the page lives.
    pub(crate) fn new(send: Callback<Message>) -> Self {
        let heard = move |what: u32, number: u32, bytes: Vec<u8>| {
            if what == Heard::TEXTS {
                return send.emit(Message::Texts(String::from_utf8(bytes).unwrap_or_default()));
            }
            let event = match what {
                Heard::ONLINE => Some(Event::Online),
                Heard::OFFLINE => Some(Event::Offline),
                Heard::RETURNED => Some(Event::Returned),
                Heard::RESIZED => Some(Event::Resized(number)),
                Heard::WENT_BACK => Some(Event::WentBack(number)),
                Heard::ENGAGED => Some(Event::Engaged),
                Heard::COMMAND => command(number, bytes).map(Event::Commanded),
                Heard::TIMER => Timer::ALL.get(number as usize).copied().map(Event::Fired),
                _ => api::answer(what, number, &bytes),
            };
            if let Some(event) = event {
                send.emit(Message::Flow(event));
            }
        };
        browser::listen(Closure::<dyn Fn(u32, u32, Vec<u8>)>::new(heard).into_js_value());
        Self { focus: None }
    }

    /// Carries effects out, in their order.
    pub(crate) fn run(&mut self, effects: Vec<Effect>, texts: &Texts) {
        for effect in effects {
            self.run_one(effect, texts);
        }
    }

    fn run_one(&mut self, effect: Effect, texts: &Texts) {
        match effect {
            Effect::Open { request, session_key, token, carry_on } => {
                api::open(request, session_key, token, carry_on);
            }
            Effect::Wait { request, session_key, revision } => api::wait(request, &session_key, revision),
            Effect::Leave { request, session_key, leaving } => api::leave(request, &session_key, &leaving),
            Effect::RememberKey { session_key, token } => _ = page::remember(session_key, Some(&token)),
            Effect::Submit { request, session_key, submission } => api::submit(request, &session_key, &submission),
            Effect::Read { request, session_key } => api::session(request, &session_key),
            Effect::Search { version, session_key, text, country } => {
                api::search(version, &session_key, &text, country.as_deref().unwrap_or_default());
            }
            Effect::Post(posting) => host::post(&posting),
            Effect::Navigate(navigation) => browser::go(&navigation.url, navigation.target == Target::Top),
            Effect::ForgetKey => page::forget(),
            Effect::Focus(element) => self.focus = Some(element),
            Effect::Announce(announcement) => browser::say(&announced(announcement, texts)),
            Effect::StartTimer(timer, milliseconds) => browser::start(timer as u32, milliseconds),
            Effect::StopTimer(timer) => browser::stop(timer as u32),
            Effect::Deepen(depth) => browser::deepen(depth),
            Effect::GoOut => browser::go_out(),
            Effect::Reload => browser::reload(),
        }
    }

    /// The screen is drawn: now what could not be done before it was there.
    pub(crate) fn drawn(&mut self) {
        browser::modal(elements::DIALOG_LEAVE);
        browser::drawn();
        // What its texts are still missing for is not drawn yet.
        if self.focus.as_ref().is_some_and(|element| browser::focus(element)) {
            self.focus = None;
        }
    }
}

/// What the host wants, as `boot.js` numbers it.
fn command(number: u32, bytes: Vec<u8>) -> Option<Command> {
    Some(match number {
        0 => Command::Back,
        1 => Command::Close,
        _ => {
            let token = Secret::new(String::from_utf8(bytes).ok()?);
            Command::RefreshToken { token, session_key: page::new_key() }
        }
    })
}

fn announced(announcement: Announcement, texts: &Texts) -> String {
    match announcement {
        Announcement::Text(text) => texts.get(text).to_string(),
        Announcement::Nothing => String::new(),
        Announcement::Results { total: 0, query } => texts.fill(Text::InstitutionsNone, &[("query", &query)]),
        Announcement::Results { total, .. } => texts.count(Text::InstitutionsFound, total, total),
    }
}
