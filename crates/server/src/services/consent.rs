//! The consent text: what the person agrees to, in their language, and the hash that proves which text it was.

use banklink_protocol::session::ConsentStep;
use sha2::{Digest, Sha256};

use crate::locale::Locale;

/// What the text names.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Who asks.
    pub customer_name: &'a str,
    /// Their terms.
    pub terms_url: Option<&'a str>,
    /// How long access lasts.
    pub days: u16,
}

/// The names of what is shared, as the API shows a consent's scopes.
pub const SCOPES: [&str; 3] = ["accounts", "transactions", "holder"];

/// The text in a language.
pub fn step(locale: &Locale, asking: Asking<'_>) -> ConsentStep {
    let days = asking.days.to_string();
    let names = [("customer", asking.customer_name), ("days", days.as_str())];
    let fill = |key: &str| locale.fill(key, &names);
    let paragraphs = ["consent.why", "consent.credentials", "consent.withdraw"].map(fill).to_vec();
    let scopes = ["consent.accounts", "consent.transactions", "consent.holder"].map(fill).to_vec();
    let text_hash = hash(locale, &paragraphs, &scopes, asking.terms_url);
    ConsentStep {
        customer_name: asking.customer_name.to_owned(),
        paragraphs,
        scopes,
        terms_url: asking.terms_url.map(str::to_owned),
        text_hash,
    }
}

/// SHA-256 over language, paragraphs, scopes and terms, a line each.
fn hash(locale: &Locale, paragraphs: &[String], scopes: &[String], terms_url: Option<&str>) -> String {
    let mut hasher = Sha256::new();
    let lines = [locale.tag.as_str()].into_iter().chain(paragraphs.iter().chain(scopes).map(String::as_str));
    for line in lines.chain(terms_url) {
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locales;

    #[test]
    fn another_text_has_another_hash() {
        let locales = Locales::load().unwrap();
        let locale = locales.best(["en"]);
        let hash = |customer_name, days, terms_url| step(locale, Asking { customer_name, terms_url, days }).text_hash;
        let one = hash("Pennywise", 90, None);
        assert_eq!(one, hash("Pennywise", 90, None));
        assert_ne!(one, hash("Somebody", 90, None));
        assert_ne!(one, hash("Pennywise", 180, None));
        assert_ne!(one, hash("Pennywise", 90, Some("https://pennywise.example/terms")));
    }
}
