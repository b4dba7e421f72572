//! The browser, as the widget uses it: each trick once.
//!
//! The functions are `blWidget` of `static/boot.js`: a line there, a kilobyte of WebAssembly here.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Element, KeyboardEvent};

#[wasm_bindgen(js_namespace = blWidget)]
extern "C" {
    /// The element that the widget is mounted in. What the person did on the page's own first screen is done once more
    /// on the widget's, when that is drawn.
    pub(crate) fn mount() -> Element;

    /// Tells what happens, for as long as the page lives: [`Heard`], a number, and the bytes of an answer.
    pub(crate) fn listen(heard: JsValue);

    /// Calls the server. Without a body it is a read. What is heard are the two numbers, `what` raised by one if the
    /// answer is a good one, and its bytes: none if nothing came, or nothing of our server's.
    pub(crate) fn call(address: &str, session_key: &str, body: &[u8], outlives_page: bool, what: u32, number: u32);

    /// Tells [`Heard::TIMER`] with this number after so many milliseconds, instead of what it was to tell before.
    pub(crate) fn start(timer: u32, milliseconds: u32);
    /// Never mind.
    pub(crate) fn stop(timer: u32);

    /// The screen is drawn: tells [`Heard::RESIZED`] soon, if the content of a frame has another height than it had.
    pub(crate) fn drawn();

    /// Whether the page is in a frame.
    pub(crate) fn framed() -> bool;

    /// Posts a message to the parent or opener, if the app allows its origin. The message is a list of names and
    /// values; the screen is where the person is.
    pub(crate) fn post(message: Vec<JsValue>, session: Option<&str>, sequence: u32, screen: &str);

    /// Shows what stands in for a widget that can't run, and tells the host.
    #[wasm_bindgen(js_name = giveUp)]
    pub(crate) fn give_up();

    /// Loads the page again, which the next document knows.
    pub(crate) fn reload();
    /// Whether this document is there because an earlier one asked for [`reload`]. Says so once.
    pub(crate) fn reloaded() -> bool;

    /// Which of the page's entries in the tab's history this is.
    pub(crate) fn depth() -> u32;
    /// Adds an entry, which is this one. Going back from it is heard as [`Heard::WENT_BACK`].
    pub(crate) fn deepen(depth: u32);
    /// Leaves the page by its history.
    #[wasm_bindgen(js_name = goOut)]
    pub(crate) fn go_out();

    /// Opens an address in a window of its own, if the browser lets us: only in the click itself.
    pub(crate) fn popup(url: &str) -> bool;

    /// Goes to an address, in this window or in the top one.
    pub(crate) fn go(url: &str, top: bool);

    /// The text of a `<template>`.
    pub(crate) fn template(id: &str) -> Option<String>;

    /// The bytes that the page's data stand for.
    pub(crate) fn decode(data: &str) -> Vec<u8>;

    /// Whether the browser has a connection.
    pub(crate) fn online() -> bool;
    /// The path of the page's address.
    pub(crate) fn path() -> String;
    /// The query of the page's address, with its question mark.
    pub(crate) fn query() -> String;

    /// This prefix and 64 random hexadecimal digits.
    #[wasm_bindgen(js_name = newKey)]
    pub(crate) fn new_key(prefix: &str) -> String;

    /// The language of the page, as a BCP 47 tag.
    pub(crate) fn language() -> String;

    /// Whether the page is written from right to left.
    #[wasm_bindgen(js_name = isRtl)]
    pub(crate) fn is_rtl() -> bool;

    /// The session key that the page was handed in its address, with this prefix. Says so once.
    #[wasm_bindgen(js_name = handedOver)]
    pub(crate) fn handed_over(prefix: &str) -> Option<String>;

    /// What the tab keeps under a name.
    pub(crate) fn get(name: &str) -> Option<String>;
    /// Keeps a value under a name, where the browser lets us.
    pub(crate) fn set(name: &str, value: &str);
    /// Forgets what is under a name.
    pub(crate) fn remove(name: &str);

    /// Focuses an element; a group focuses its first control, a field selects what is in it. Whether it is there.
    pub(crate) fn focus(id: &str) -> bool;
    /// Opens a dialog, if it is on the page: the focus stays in it, the rest can't be used, Escape cancels it.
    pub(crate) fn modal(id: &str);
    /// Has a screen reader say something, politely.
    pub(crate) fn say(text: &str);

    /// What stands in a field.
    pub(crate) fn value(id: &str) -> String;
    /// Whether a field has the form that its attributes ask for.
    #[wasm_bindgen(js_name = wellFormed)]
    pub(crate) fn is_well_formed(id: &str) -> bool;
    /// The values of what is checked within an element, a line each.
    pub(crate) fn checked(id: &str) -> String;

    /// A number in a language; with a currency (ISO 4217), an amount of it.
    #[wasm_bindgen(js_name = format)]
    pub(crate) fn format_number(language: &str, number: &str, currency: &str) -> String;

    /// Which of its plural forms a language has for a number: `one`, `few`, `other` and so on.
    pub(crate) fn plural(language: &str, count: u32) -> String;

    /// What a country (ISO 3166-1 alpha-2) is called in a language.
    pub(crate) fn country(language: &str, code: &str) -> String;
    /// Codes of countries with spaces between, in the order of what the countries are called in a language.
    #[wasm_bindgen(js_name = sortedCountries)]
    pub(crate) fn sorted_countries(language: &str, codes: &str) -> String;

    /// Moves the focus from the search box into the list and among its buttons, as the key says.
    pub(crate) fn walk(event: &KeyboardEvent, list: &str, search: &str);
}

/// What [`listen`] hears, in numbers.
pub(crate) struct Heard;

impl Heard {
    /// The browser has a connection.
    pub(crate) const ONLINE: u32 = 0;
    /// The browser has none.
    pub(crate) const OFFLINE: u32 = 1;
    /// The page is shown again as it was.
    pub(crate) const RETURNED: u32 = 2;
    /// The content has another height, which is the number.
    pub(crate) const RESIZED: u32 = 3;
    /// A timer ran out; the number says which.
    pub(crate) const TIMER: u32 = 4;
    /// A call to open failed; the number says which.
    pub(crate) const OPENED: u32 = 5;
    /// It went well.
    pub(crate) const OPENED_WELL: u32 = 6;
    /// A call to read or submit failed; the number says which.
    pub(crate) const ANSWERED: u32 = 7;
    /// It went well.
    pub(crate) const ANSWERED_WELL: u32 = 8;
    /// A search failed; the number says which.
    pub(crate) const FOUND: u32 = 9;
    /// It went well.
    pub(crate) const FOUND_WELL: u32 = 10;
    /// The person touched the page for the first time.
    pub(crate) const ENGAGED: u32 = 11;
    /// The tab's history is at an earlier entry of the page, which is the number.
    pub(crate) const WENT_BACK: u32 = 14;
    /// The host commands; the number says what, and the bytes with what.
    pub(crate) const COMMAND: u32 = 12;
    /// The texts of another language came.
    pub(crate) const TEXTS: u32 = 13;
}
