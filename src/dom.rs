//! Browser tricks, each once.

pub(crate) mod dialog;
pub(crate) mod events;
pub(crate) mod focus;
pub(crate) mod live;
pub(crate) mod size;
pub(crate) mod storage;

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Window, console};

/// The id of the element that the widget is mounted in.
pub(crate) const MOUNT: &str = "bl-app";

/// The window. There is one wherever this runs.
pub(crate) fn window() -> Window {
    js_sys::global().unchecked_into()
}

/// The document. A window of a page has one.
pub(crate) fn document() -> Document {
    match window().document() {
        Some(document) => document,
        None => wasm_bindgen::throw_str("no document"),
    }
}

/// The element with this id.
pub(crate) fn element(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// Whether the page is in a frame.
pub(crate) fn is_framed() -> bool {
    let window = window();
    window.parent().ok().flatten().is_some_and(|parent| !Object::is(&parent, &window))
}

/// Sets a property of a JavaScript object. Sealed and exotic objects, which could refuse, are none of ours.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// Leaves the message of a panic in the console. `boot.js` sees the trap that follows.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|info| console::error_1(&JsValue::from_str(&info.to_string()))));
}
