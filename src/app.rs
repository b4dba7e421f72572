//! The one component: it holds the flow, draws its view, and hands what happens back and forth.

use yew::{Callback, Component, Context, Html};

use banklink_flow::{Act, Event, Model, View};

use crate::{
    i18n::Texts,
    page::{self, Page},
    screens,
    shell::Shell,
};

/// The widget.
pub(crate) struct App {
    model: Model,
    shell: Shell,
    texts: Texts,
    send: Callback<Act>,
}

impl Component for App {
    type Message = Event;
    type Properties = ();

    /// A page that can't be read makes the widget fail at once, and `boot.js` stands in for it.
    fn create(context: &Context<Self>) -> Self {
        let Some(Page { start, texts, host }) = page::read() else {
            wasm_bindgen::throw_str("the page's data can't be read");
        };
        let mut shell = Shell::new(host, context.link().callback(|event| event));
        let (model, effects) = Model::start(start);
        shell.run(effects, &texts);
        Self { model, shell, texts, send: context.link().callback(Event::Did) }
    }

    fn update(&mut self, _: &Context<Self>, event: Event) -> bool {
        let effects = self.model.update(event);
        self.shell.run(effects, &self.texts);
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        screens::app(&View::from(&self.model), &self.texts, &self.send)
    }

    fn rendered(&mut self, _: &Context<Self>, is_first: bool) {
        if is_first {
            self.shell.mounted();
        }
        self.shell.drawn();
    }
}
