//! The browser, as the dashboard uses it.

use jiff::Timestamp;
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlElement, HtmlTemplateElement, Window, window};

fn page() -> Option<(Window, Document)> {
    let window = window()?;
    let document = window.document()?;
    Some((window, document))
}

/// The element that the dashboard is drawn in. Without it the page is not ours, and there is nothing to be done.
pub(crate) fn mount() -> Element {
    let mount = page().and_then(|(_, document)| document.get_element_by_id("db-app"));
    mount.unwrap_or_else(|| wasm_bindgen::throw_str("the page has no place for the dashboard"))
}

/// The texts that the server wrote into the page, a line each.
pub(crate) fn texts() -> String {
    let template = page().and_then(|(_, document)| document.get_element_by_id("db-texts"));
    let template = template.and_then(|found| found.dyn_into::<HtmlTemplateElement>().ok());
    template.and_then(|template| template.content().text_content()).unwrap_or_default()
}

/// The language that the page is in.
pub(crate) fn language() -> String {
    let root = page().and_then(|(_, document)| document.document_element());
    root.and_then(|root| root.get_attribute("lang")).unwrap_or_default()
}

/// Asks for another language from now on: the page is loaded again in it.
pub(crate) fn speak(language: &str) {
    let Some((window, document)) = page() else { return };
    let cookie = format!("banklink-language={language}; Path=/dashboard; Max-Age=31536000; SameSite=Strict");
    // Where cookies are refused, the browser's own language stays.
    _ = Reflect::set(&document, &"cookie".into(), &cookie.into());
    _ = window.location().reload();
}

/// What stands behind `#` in the address.
pub(crate) fn fragment() -> String {
    let Some((window, _)) = page() else { return String::new() };
    let fragment = window.location().hash().unwrap_or_default();
    fragment.trim_start_matches('#').to_owned()
}

/// What the browser's window is called.
pub(crate) fn entitle(title: &str) {
    if let Some((_, document)) = page() {
        document.set_title(title);
    }
}

/// Puts the focus on the first element that a selector finds.
pub(crate) fn focus(selector: &str) {
    let found = page().and_then(|(_, document)| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // What can't be focused keeps the focus where it is.
        _ = element.focus();
    }
}

/// Puts a text where it can be pasted from. Where the browser refuses, the element that shows it is selected, so that
/// the person can copy it by themselves; then it says false.
pub(crate) async fn copy(text: &str, shown_in: Option<Element>) -> bool {
    let Some((window, _)) = page() else { return false };
    // Only pages that came safely have a clipboard.
    let has_clipboard = Reflect::get(&window.navigator(), &"clipboard".into()).is_ok_and(|it| !it.is_undefined());
    if has_clipboard && JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    if let (Ok(Some(selection)), Some(element)) = (window.get_selection(), shown_in) {
        _ = selection.select_all_children(&element);
    }
    false
}

/// A day as a language writes it.
pub(crate) fn day(language: &str, at: Timestamp) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this age fit")]
    let date = Date::new(&JsValue::from_f64(at.as_millisecond() as f64));
    let options = Object::new();
    _ = Reflect::set(&options, &"dateStyle".into(), &"medium".into());
    date.to_locale_date_string(language, &options).into()
}

/// Whether the page has something that a selector finds.
pub(crate) fn has(selector: &str) -> bool {
    page().is_some_and(|(_, document)| document.query_selector(selector).is_ok_and(|found| found.is_some()))
}
