//! The one component: it holds the flow, draws its view, and hands what happens back and forth.

use yew::{Callback, Component, Context, Html, Renderer};

use banklink_flow::{Event, Model, View};

use crate::{
    browser,
    i18n::Texts,
    message::Message,
    page::{self, Page},
    screens,
    shell::Shell,
    ui::field::Fields,
};

/// Puts the widget in the place of the page's own first screen. Where that is impossible it fails, and `boot.js` stands in
/// for it.
pub fn mount() {
    Renderer::<App>::with_root(browser::mount()).render();
}

/// The widget.
pub(crate) struct App {
    model: Model,
    shell: Shell,
    texts: Texts,
    /// What the fields of the screen with this number show.
    fields: (u32, Fields),
    send: Callback<Message>,
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    /// Where the page can't be read, `boot.js` stands in for the widget.
    fn create(context: &Context<Self>) -> Self {
        let Some(Page { start, texts }) = page::read() else {
            browser::give_up();
            wasm_bindgen::throw_str("the page's data can't be read");
        };
        let mut shell = Shell::new(context.link().callback(|message| message));
        let (model, effects) = Model::start(start);
        shell.run(effects, &texts);
        Self { model, shell, texts, fields: (0, Fields::default()), send: context.link().callback(|message| message) }
    }

    fn update(&mut self, _: &Context<Self>, message: Message) -> bool {
        let event = match message {
            Message::Flow(event) => event,
            Message::Field(event) => return self.fields.1.update(event),
            Message::Texts(lines) => {
                self.texts = Texts::new(&browser::language(), browser::is_rtl(), &lines);
                return true;
            }
            Message::Submitted => match screens::form::read(&View::from(&self.model).screen) {
                Some(act) => Event::Did(act),
                None => return false,
            },
        };
        let effects = self.model.update(event);
        self.shell.run(effects, &self.texts);
        let number = self.model.screen_number();
        if self.fields.0 != number {
            self.fields = (number, Fields::default());
        }
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        screens::app(&View::from(&self.model), &self.texts, &self.fields.1, &self.send)
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.shell.drawn();
    }
}
