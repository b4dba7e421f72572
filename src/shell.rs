//! Carries out what the flow asks for, and feeds back what happens.

use std::{future::Future, mem};

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use banklink_flow::{Announcement, Effect, Event, Timer};
use banklink_protocol::{elements, texts::Text};

use crate::{
    api,
    dom::{self, dialog, events, focus, live, size, storage},
    host::{self, Host},
    i18n::Texts,
};

/// The browser, as the flow uses it.
pub(crate) struct Shell {
    host: Host,
    send: Callback<Event>,
    timers: Vec<(Timer, Timeout)>,
    /// What to focus once the screen is drawn.
    focus: Option<String>,
}

impl Shell {
    /// Listens to the window, and sends what happens to the flow.
    pub(crate) fn new(host: Host, send: Callback<Event>) -> Self {
        for (name, event) in [("online", Event::Online), ("offline", Event::Offline)] {
            let send = send.clone();
            events::on_window(name, move |_| send.emit(event.clone()));
        }
        let returned = send.clone();
        events::on_page_returned(move || returned.emit(Event::Returned));
        Self { host, send, timers: Vec::new(), focus: None }
    }

    /// Carries effects out, in their order.
    pub(crate) fn run(&mut self, effects: Vec<Effect>, texts: &Texts) {
        for effect in effects {
            self.run_one(effect, texts);
        }
    }

    fn run_one(&mut self, effect: Effect, texts: &Texts) {
        match effect {
            Effect::Open { request, session_key } => {
                self.spawn(async move { Event::Opened(request, api::open(session_key).await) });
            }
            Effect::Submit { request, session_key, submission } => {
                self.spawn(async move { Event::Answered(request, api::submit(session_key, submission).await) });
            }
            Effect::Read { request, session_key } => {
                self.spawn(async move { Event::Answered(request, api::session(session_key).await) });
            }
            Effect::Search { version, session_key, text } => {
                self.spawn(async move { Event::Found(version, api::search(session_key, text).await) });
            }
            Effect::Post(posting) => self.host.post(&posting),
            Effect::Navigate(navigation) => host::navigate(&navigation),
            Effect::RememberKey(key) => storage::remember(&key),
            Effect::ForgetKey => storage::forget(),
            Effect::Focus(element) => self.focus = Some(element),
            Effect::Announce(announcement) => live::say(&announced(announcement, texts)),
            Effect::StartTimer(timer, milliseconds) => self.start_timer(timer, milliseconds),
            Effect::StopTimer(timer) => self.timers.retain(|(running, _)| *running != timer),
            Effect::Reload => {
                storage::mark_reload();
                _ = dom::window().location().reload();
            }
        }
    }

    fn spawn(&self, call: impl Future<Output = Event> + 'static) {
        let send = self.send.clone();
        spawn_local(async move { send.emit(call.await) });
    }

    fn start_timer(&mut self, timer: Timer, milliseconds: u32) {
        let send = self.send.clone();
        self.timers.retain(|(running, _)| *running != timer);
        self.timers.push((timer, Timeout::new(milliseconds, move || send.emit(Event::Fired(timer)))));
    }

    /// The widget is on the page.
    pub(crate) fn mounted(&self) {
        if let Some(mount) = dom::element(dom::MOUNT) {
            let send = self.send.clone();
            size::watch(&mount, move |height| send.emit(Event::Resized(height)));
        }
    }

    /// The screen is drawn: now what could not be done before it was there.
    pub(crate) fn drawn(&mut self) {
        dialog::open(elements::DIALOG_LEAVE);
        if let Some(element) = mem::take(&mut self.focus) {
            focus::by_id(&element);
        }
    }
}

fn announced(announcement: Announcement, texts: &Texts) -> String {
    match announcement {
        Announcement::Text(text) => texts.get(text).to_string(),
        Announcement::Results(0) => texts.get(Text::InstitutionsNoneHint).to_string(),
        Announcement::Results(1) => texts.get(Text::InstitutionsOne).to_string(),
        Announcement::Results(count) => texts.fill(Text::InstitutionsMany, &[("count", &texts.number(count))]),
    }
}
