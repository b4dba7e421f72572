//! Modal dialogs: the browser's own, which trap the focus, make the rest inert, and close on Escape.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

/// Opens the dialog with this id, if it is on the page and not open yet.
pub(crate) fn open(id: &str) {
    let dialog = super::element(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok());
    if let Some(dialog) = dialog.filter(|dialog| !dialog.open()) {
        // Fails only for a dialog that is open or not in the page.
        _ = dialog.show_modal();
    }
}
