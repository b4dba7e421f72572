//! Moving the focus.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Focuses the element with this id. A group focuses its first control; a text field selects what is in it, so that
/// typing replaces it.
pub(crate) fn by_id(id: &str) {
    let Some(element) = super::element(id) else { return };
    let control = if element.tag_name() == "FIELDSET" { first_control(&element) } else { None };
    let Ok(target) = control.unwrap_or(element).dyn_into::<HtmlElement>() else { return };
    // What can't take the focus leaves it where it is.
    _ = target.focus();
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
}

fn first_control(group: &Element) -> Option<Element> {
    group.query_selector("input").ok().flatten()
}
