//! How high the content is.

use js_sys::Array;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};

/// Calls `changed` with the height of the content of `element`, in pixels, now and whenever it changes.
pub(crate) fn watch(element: &Element, changed: impl Fn(u32) + 'static) {
    let heard = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
        let height = entries.iter().filter_map(|entry| {
            let target = entry.dyn_into::<ResizeObserverEntry>().ok()?.target();
            u32::try_from(target.scroll_height()).ok()
        });
        if let Some(height) = height.last() {
            changed(height);
        }
    });
    if let Ok(observer) = ResizeObserver::new(heard.as_ref().unchecked_ref()) {
        observer.observe(element);
        // It watches for as long as the page lives.
        heard.forget();
    }
}
