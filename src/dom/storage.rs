//! The tab's memory. Where the browser denies a third-party frame its storage, linking works all the same and only
//! the resume is lost.

use web_sys::Storage;

use banklink_protocol::secret::Secret;

/// Marks that the page was loaded again because it was too old.
const RELOADED: &str = "banklink reloaded";

fn storage() -> Option<Storage> {
    super::window().session_storage().ok().flatten()
}

/// One name for each address, so that a new token starts a new session.
fn name() -> String {
    let location = super::window().location();
    let part = |part: Result<String, _>| part.unwrap_or_default();
    ["banklink ", &part(location.pathname()), &part(location.search())].concat()
}

/// The key of the session that this tab opened at this address.
pub(crate) fn session_key() -> Option<Secret> {
    storage()?.get_item(&name()).ok().flatten().map(Secret::new)
}

/// Keeps the key. A storage that is full or forbidden costs the resume, nothing else.
pub(crate) fn remember(key: &Secret) {
    if let Some(storage) = storage() {
        _ = storage.set_item(&name(), key.expose());
    }
}

/// Forgets it.
pub(crate) fn forget() {
    if let Some(storage) = storage() {
        _ = storage.remove_item(&name());
    }
}

/// Marks that the page is about to be loaded again.
pub(crate) fn mark_reload() {
    if let Some(storage) = storage() {
        _ = storage.set_item(RELOADED, "1");
    }
}

/// Whether this document is there because an earlier one was loaded again. Asked once.
pub(crate) fn take_reload_mark() -> bool {
    let Some(storage) = storage() else { return false };
    let marked = storage.get_item(RELOADED).ok().flatten().is_some();
    _ = storage.remove_item(RELOADED);
    marked
}
