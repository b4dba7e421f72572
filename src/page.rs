//! What the server wrote into the page, and what the browser knows about it.

use web_sys::{Location, window};

use banklink_flow::{Embedding, Start};
use banklink_protocol::{boot::Boot, secret::Secret, session::SESSION_KEY_PREFIX};

use crate::{browser, i18n::Texts};

/// A page to run the widget on.
pub(crate) struct Page {
    /// How the flow starts.
    pub(crate) start: Start,
    /// The texts of the page's language.
    pub(crate) texts: Texts,
}

/// Reads the page; nothing if it is not one of ours, or of another version.
pub(crate) fn read() -> Option<Page> {
    let boot: Boot = banklink_wire::decode(&browser::decode(&browser::template("bl-boot")?).ok()?)?;
    let texts = Texts::new(&boot.language, &browser::template("bl-texts")?);
    let kept = browser::get(&key_name()).map(Secret::new);
    let start = Start {
        embedding: if browser::framed() { Embedding::Frame } else { Embedding::Page },
        resumes: kept.is_some(),
        session_key: kept.unwrap_or_else(new_key),
        online: window()?.navigator().on_line(),
        reloaded: browser::reloaded(),
        boot,
    };
    Some(Page { start, texts })
}

fn location() -> Option<Location> {
    Some(window()?.location())
}

/// The path and the query of the page's address.
pub(crate) fn address() -> (String, String) {
    let location = location();
    let part = |part: fn(&Location) -> Result<String, _>| location.as_ref().and_then(|location| part(location).ok());
    (part(Location::pathname).unwrap_or_default(), part(Location::search).unwrap_or_default())
}

/// The name under which the tab keeps its session's key: one for each address, so that a new token starts anew.
fn key_name() -> String {
    let (path, query) = address();
    ["banklink ", &path, &query].concat()
}

/// A key of the tab's own for its session, kept before anything is sent: if the answer to that is lost with this
/// document, the next one finds the session.
fn new_key() -> Secret {
    let key = browser::new_key(SESSION_KEY_PREFIX);
    browser::set(&key_name(), &key);
    Secret::new(key)
}

/// Forgets it.
pub(crate) fn forget() {
    browser::remove(&key_name());
}
