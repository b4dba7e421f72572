//! What happens to the window.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::PageTransitionEvent;

/// Calls `happened` whenever this event reaches the window, for as long as the page lives.
pub(crate) fn on_window(name: &str, happened: impl Fn(web_sys::Event) + 'static) {
    let heard = Closure::<dyn Fn(web_sys::Event)>::new(happened);
    if super::window().add_event_listener_with_callback(name, heard.as_ref().unchecked_ref()).is_ok() {
        heard.forget();
    }
}

/// Calls `returned` whenever the page is shown again as it was, after other pages in the same tab.
pub(crate) fn on_page_returned(returned: impl Fn() + 'static) {
    on_window("pageshow", move |event| {
        if event.dyn_into::<PageTransitionEvent>().is_ok_and(|event| event.persisted()) {
            returned();
        }
    });
}
