//! What the server wrote into the page, and what the browser knows about it.

use std::cell::RefCell;

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
    let boot: Boot = banklink_wire::decode(&browser::decode(&browser::template("bl-boot")?))?;
    let texts = Texts::new(&boot.language, browser::is_rtl(), &browser::template("bl-texts")?);
    PAGE.with(|page| page.replace(boot.page.clone()));
    // A key, and the token that opened its session if that is not the address's own.
    let handed_over = browser::handed_over(SESSION_KEY_PREFIX);
    if let Some(key) = &handed_over {
        browser::set(&key_name(), key);
    }
    let kept = handed_over.or_else(|| browser::get(&key_name()));
    let resumes = kept.is_some();
    let (key, token) = match kept.as_deref().and_then(|kept| kept.split_once(' ')) {
        Some((key, token)) => (Some(key.to_owned()), Some(Secret::new(token))),
        None => (kept, None),
    };
    let start = Start {
        embedding: if browser::framed() { Embedding::Frame } else { Embedding::Page },
        resumes,
        session_key: key.map_or_else(|| remember(new_key(), None), Secret::new),
        token,
        online: browser::online(),
        depth: browser::depth(),
        reloaded: browser::reloaded(),
        boot,
    };
    Some(Page { start, texts })
}

thread_local! {
    /// What the server calls this page, whatever else its address says.
    static PAGE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The name under which the tab keeps its session's key: one for each page, so that a new token starts anew.
fn key_name() -> String {
    PAGE.with(|page| ["banklink ", page.borrow().as_str()].concat())
}

/// A key of the tab's own for a session.
pub(crate) fn new_key() -> Secret {
    Secret::new(browser::new_key(SESSION_KEY_PREFIX))
}

/// Keeps a session's key before anything is sent: if the answer to that is lost with this document, the next one finds
/// the session. And the token that opens it, if that is not the address's own.
pub(crate) fn remember(key: Secret, token: Option<&Secret>) -> Secret {
    match token {
        Some(token) => browser::set(&key_name(), &[key.expose(), " ", token.expose()].concat()),
        None => browser::set(&key_name(), key.expose()),
    }
    key
}

/// Forgets it.
pub(crate) fn forget() {
    browser::remove(&key_name());
}
