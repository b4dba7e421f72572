//! What the server wrote into the page, and what the browser knows about it.

use wasm_bindgen::JsCast;
use web_sys::HtmlTemplateElement;

use banklink_flow::{Embedding, Start};
use banklink_protocol::boot::Boot;

use crate::{
    dom::{self, storage},
    host::Host,
    i18n::Texts,
};

/// A page to mount the widget on.
pub(crate) struct Page {
    /// How the flow starts.
    pub(crate) start: Start,
    /// The texts of the page's language.
    pub(crate) texts: Texts,
    /// The page or app around us.
    pub(crate) host: Host,
}

/// Reads the page; nothing if it is not one of ours, or of another version.
pub(crate) fn read() -> Option<Page> {
    let boot: Boot = postcard::from_bytes(&base64(&template("bl-boot")?)?).ok()?;
    let texts = Texts::new(&boot.language, &template("bl-texts")?);
    let host = Host::around(&boot.allowed_origins);
    let start = Start {
        embedding: if dom::is_framed() { Embedding::Frame } else { Embedding::Page },
        session_key: storage::session_key(),
        online: dom::window().navigator().on_line(),
        reloaded: storage::take_reload_mark(),
        boot,
    };
    Some(Page { start, texts, host })
}

fn template(id: &str) -> Option<String> {
    dom::element(id)?.dyn_into::<HtmlTemplateElement>().ok()?.content().text_content()
}

fn base64(text: &str) -> Option<Vec<u8>> {
    // `atob` gives a string of one character for each byte.
    let bytes = dom::window().atob(text.trim()).ok()?;
    Some(bytes.chars().filter_map(|byte| u8::try_from(u32::from(byte)).ok()).collect())
}
