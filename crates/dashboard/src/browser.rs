//! The browser, as the dashboard uses it.

use jiff::Timestamp;
use js_sys::{Array, Date, Function, Intl::NumberFormat, Math, Object, Reflect, encode_uri_component};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, Document, DragEvent, Element, File, FocusOptions, HtmlAnchorElement, HtmlBodyElement, HtmlElement,
    HtmlIFrameElement, HtmlTemplateElement, HtmlTextAreaElement, Url, UrlSearchParams, Window, window,
};

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

/// Leaves the words of a panic where `start.js` finds them.
pub(crate) fn note_panic(words: &str) {
    _ = Reflect::set(&js_sys::global(), &"dbPanic".into(), &words.into());
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

/// Where operators turn for help, if the server says.
pub(crate) fn support() -> Option<String> {
    let said = page()?.1.query_selector("meta[name=db-support]").ok()??.get_attribute("content")?;
    Some(said).filter(|address| !address.is_empty())
}

/// Asks for another language from now on: the page is loaded again in it.
pub(crate) fn speak(language: &str) {
    let Some((window, document)) = page() else { return };
    let cookie = format!("banklink-language={language}; Path=/dashboard; Max-Age=31536000; SameSite=Strict");
    // Where cookies are refused, the browser's own language stays.
    _ = Reflect::set(&document, &"cookie".into(), &cookie.into());
    _ = window.location().reload();
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

/// Puts the focus on the first element that a selector finds within another.
pub(crate) fn focus_in(element: &Element, selector: &str) {
    let found = element.query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        _ = element.focus();
    }
}

/// What stands in the address behind `#`.
pub(crate) fn place() -> String {
    let hash = page().and_then(|(window, _)| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Puts something else there, without a step that one could go back.
pub(crate) fn set_place(says: &str) {
    let Some((window, _)) = page() else { return };
    let (Ok(path), Ok(history)) = (window.location().pathname(), window.history()) else { return };
    let address = if says.is_empty() { path } else { format!("{path}#{says}") };
    // A browser that finds this too often keeps the address that it has.
    _ = history.replace_state_with_url(&history.state().unwrap_or_default(), "", Some(&address));
}

/// A parameter of a text of `name=value` pairs.
pub(crate) fn parameter(text: &str, name: &str) -> Option<String> {
    UrlSearchParams::new_with_str(text).ok()?.get(name)
}

/// A text of `name=value` pairs with some of them changed; none is taken out.
pub(crate) fn with_parameters(text: &str, changes: &[(&str, Option<&str>)]) -> String {
    let Ok(parameters) = UrlSearchParams::new_with_str(text) else { return String::new() };
    for (name, value) in changes {
        match value {
            Some(value) => parameters.set(name, value),
            None => parameters.delete(name),
        }
    }
    parameters.to_string().into()
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

/// Something that nobody said before.
pub(crate) fn random() -> String {
    format!("{:x}{:x}", Math::random().to_bits(), Math::random().to_bits())
}

/// Puts the focus on the page's title where what had it is gone.
pub(crate) fn catch_focus() {
    let Some((_, document)) = page() else { return };
    if document.active_element().is_none_or(|element| element.has_type::<HtmlBodyElement>()) {
        let title = document.query_selector("h1").ok().flatten().and_then(|found| found.dyn_into::<HtmlElement>().ok());
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        title.map(|title| title.focus_with_options(&options));
    }
}

/// A length of time in minutes, as a language writes it.
pub(crate) fn minutes(language: &str, minutes: u32) -> String {
    let options = options(&[("style", "unit"), ("unit", "minute"), ("unitDisplay", "long")]);
    let format = NumberFormat::new(&Array::of1(&language.into()), &options).format();
    format.call1(&JsValue::NULL, &minutes.into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A day as a language writes it.
pub(crate) fn day(language: &str, at: Timestamp) -> String {
    date(at).to_locale_date_string(language, &options(&[("dateStyle", "medium")])).into()
}

/// A moment as a language writes it.
pub(crate) fn moment(language: &str, at: Timestamp) -> String {
    date(at).to_locale_string(language, &options(&[("dateStyle", "medium"), ("timeStyle", "medium")])).into()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of this age fit")]
fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.as_millisecond() as f64))
}

fn options(of: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in of {
        _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
}

/// An address of this very server.
pub(crate) fn at(path: &str) -> String {
    let origin = page().and_then(|(window, _)| window.location().origin().ok()).unwrap_or_default();
    format!("{origin}{path}")
}

/// Whether an address means the machine that it is opened on: another one does not get here by it.
pub(crate) fn is_local(address: &str) -> bool {
    let host = Url::new(address).map(|url| url.hostname()).unwrap_or_default();
    host == "localhost" || host.starts_with("127.") || host == "[::1]"
}

/// An address with parameters added.
pub(crate) fn with_query<'a>(address: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let encoded = |text: &str| String::from(encode_uri_component(text));
    parameters.into_iter().fold(address.to_owned(), |address, (name, value)| {
        let sign = if address.contains('?') { '&' } else { '?' };
        format!("{address}{sign}{}={}", encoded(name), encoded(value))
    })
}

/// Leaves it to the page what is done with files that are dropped: a browser would open them in place of the page, with
/// all that was typed there.
pub(crate) fn refuse_dropped_files() {
    let Some((_, document)) = page() else { return };
    let refuse = Closure::<dyn Fn(DragEvent)>::new(|event: DragEvent| {
        let files = event.data_transfer().map(|dragged| dragged.types());
        if files.is_some_and(|types| types.includes(&"Files".into(), 0)) {
            event.prevent_default();
        }
    });
    for kind in ["dragover", "drop"] {
        _ = document.add_event_listener_with_callback(kind, refuse.as_ref().unchecked_ref());
    }
    // As long as the page.
    refuse.forget();
}

/// What is in a file of text.
pub(crate) async fn text_of(file: &File) -> Option<String> {
    JsFuture::from(file.text()).await.ok()?.as_string()
}

/// Puts a text into a field, as if it had been typed.
pub(crate) fn write_into(id: &str, text: &str) {
    if let Some(field) = text_area(id) {
        field.set_value(text);
    }
}

fn text_area(id: &str) -> Option<HtmlTextAreaElement> {
    page().and_then(|(_, document)| document.get_element_by_id(id)).and_then(|found| found.dyn_into().ok())
}

/// Goes to a line of a field of many, from 1.
pub(crate) fn go_to_line(id: &str, line: u32) {
    let Some(field) = text_area(id) else { return };
    let (text, line) = (field.value(), line.max(1) as usize - 1);
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(0);
    let start: u32 = text.split_inclusive('\n').take(line).map(units).sum();
    let length = text.split('\n').nth(line).map_or(0, units);
    // A field that takes no selection has the focus all the same.
    _ = field.focus();
    _ = field.set_selection_range(start, start + length);
    // Not all browsers bring what is selected into sight.
    let lines = i32::try_from(text.split('\n').count()).unwrap_or(i32::MAX);
    let middle = field.scroll_height() / lines * i32::try_from(line).unwrap_or(0) - field.client_height() / 2;
    field.set_scroll_top(middle);
}

/// Gives a text to the person as a file.
pub(crate) fn download(name: &str, text: &str) {
    let Some((_, document)) = page() else { return };
    let Ok(blob) = Blob::new_with_str_sequence(&Array::of1(&text.into())) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let link = document.create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    _ = Url::revoke_object_url(&address);
}

/// Gives the page in a frame of ours a stylesheet on top of its own. The policy of the page forbids those that are
/// written into it, not those that a script makes.
pub(crate) fn dress(frame: &HtmlIFrameElement, css: &str) {
    let Some(window) = frame.content_window() else { return };
    let dressed = || {
        let class = Reflect::get(&window, &"CSSStyleSheet".into())?.dyn_into::<Function>()?;
        let sheet = Reflect::construct(&class, &Array::new())?;
        let replace = Reflect::get(&sheet, &"replaceSync".into())?.dyn_into::<Function>()?;
        replace.call1(&sheet, &css.into())?;
        let document = Reflect::get(&window, &"document".into())?;
        Reflect::set(&document, &"adoptedStyleSheets".into(), &Array::of1(&sheet))
    };
    // A browser that does not know such stylesheets shows the default theme.
    _ = dressed();
}
