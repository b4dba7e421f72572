//! What a screen reader says while the focus stays where it is.

/// The element whose changes are announced; it stands in the page from the start, since one that is added with its
/// text already in it is not heard.
const LIVE: &str = "bl-live";

/// Says a text, politely. The same text is said again when it comes again.
pub(crate) fn say(text: &str) {
    if let Some(live) = super::element(LIVE) {
        let repeated = live.text_content().is_some_and(|said| said == text);
        // A space that is neither heard nor seen makes it another text.
        let text = if repeated { [text, "\u{a0}"].concat() } else { text.to_owned() };
        live.set_text_content(Some(&text));
    }
}
