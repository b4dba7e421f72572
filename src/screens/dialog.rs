//! Asks once before leaving.

use yew::{Callback, Html, KeyboardEvent, html};

use banklink_flow::Act;
use banklink_protocol::{elements, texts::Text};

use crate::{
    screens::{Context, document},
    ui::button::{self, Rank},
};

pub(super) fn leave(context: &Context<'_>) -> Html {
    let stay = context.send.reform(|()| Act::Stay);
    let on_key = Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" => stay.emit(()),
        "Tab" => keep_inside(&event),
        _ => {}
    });
    let press = |act: Act| context.send.reform(move |_| act.clone());
    html! {
        <div class="bl-veil" onkeydown={on_key}>
            <div id={elements::DIALOG_LEAVE} class="bl-dialog" role="alertdialog" aria-modal="true"
                aria-labelledby={elements::TITLE_LEAVE} aria-describedby="text-leave">
                <h2 id={elements::TITLE_LEAVE} class="bl-title" tabindex="-1">{ context.text(Text::LeaveTitle) }</h2>
                <p id="text-leave" class="bl-text">{ context.text(Text::LeaveText) }</p>
                <div class="bl-actions">
                    { button::action(elements::BUTTON_STAY, Rank::Main, context.text(Text::LeaveStay), None, press(Act::Stay)) }
                    { button::action(elements::BUTTON_LEAVE, Rank::Second, context.text(Text::LeaveConfirm), None, press(Act::Leave)) }
                </div>
            </div>
        </div>
    }
}

/// The dialog has two buttons: Tab goes from one to the other.
fn keep_inside(event: &KeyboardEvent) {
    use wasm_bindgen::JsCast;
    event.prevent_default();
    let Some(page) = document() else { return };
    let on_stay = page.active_element().is_some_and(|active| active.id() == elements::BUTTON_STAY);
    let to = if on_stay { elements::BUTTON_LEAVE } else { elements::BUTTON_STAY };
    if let Some(button) = page.get_element_by_id(to).and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A button of the page can always take the focus.
        button.focus().unwrap_or_default();
    }
}
