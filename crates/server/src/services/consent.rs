//! The consent text: what the person agrees to, in their language, and the hash that proves which text it was.

use banklink_domain::{
    activity::Change,
    app::App,
    consent::{Consent, Scope},
    ids::ConsentId,
    text::without_overrides,
};
use banklink_protocol::{
    ids::ConnectionId,
    problem::ProblemCode,
    session::{ConsentDocument, ConsentStep},
};
use banklink_store::RevokeConsent;
use sha2::{Digest, Sha256};

use crate::{locale::Locale, problem::ApiError, state::AppState};

/// What the text names.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Who asks.
    pub customer_name: &'a str,
    /// Their terms.
    pub terms_url: Option<&'a str>,
    /// What they do with data.
    pub privacy_url: Option<&'a str>,
    /// How long access lasts.
    pub days: u16,
    /// What is shared. Nothing is shared without accounts, so they are always among it.
    pub scopes: &'a [Scope],
}

/// What a consent of these scopes lets read: accounts in any case.
pub fn granted(scopes: &[Scope]) -> Vec<Scope> {
    let is_granted = |scope: &Scope| *scope == Scope::Accounts || scopes.contains(scope);
    Scope::ALL.into_iter().filter(is_granted).collect()
}

const fn text_key(scope: Scope) -> &'static str {
    match scope {
        Scope::Accounts => "consent.accounts",
        Scope::Transactions => "consent.transactions",
        Scope::Holder => "consent.holder",
    }
}

/// The text in a language.
pub fn step(locale: &Locale, asking: Asking<'_>) -> ConsentStep {
    let days = asking.days.to_string();
    let customer_name = without_overrides(asking.customer_name);
    let names = [("customer", customer_name.as_str()), ("days", days.as_str())];
    let fill = |key: &str| locale.fill(key, &names);
    let withdraw = locale.count("consent.withdraw", asking.days.into(), &names);
    let paragraphs = vec![fill("consent.why"), fill("consent.credentials"), withdraw];
    let scopes: Vec<String> = granted(asking.scopes).into_iter().map(text_key).map(fill).collect();
    let document = |key, url: Option<&str>| url.map(|url| ConsentDocument { label: fill(key), url: url.to_owned() });
    let (terms, privacy) =
        (document("consent.terms", asking.terms_url), document("consent.privacy", asking.privacy_url));
    let text_hash = hash(locale, &paragraphs, &scopes, [&terms, &privacy]);
    ConsentStep { customer_name, paragraphs, scopes, terms, privacy, text_hash }
}

fn not_found() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "There is no such consent of this app's.")
}

/// A consent of the app's.
pub async fn of_app(state: &AppState, app: &App, id: ConsentId) -> Result<Consent, ApiError> {
    state.store.consents().get(app.id, id).await?.ok_or_else(not_found)
}

/// What covers a connection of the app's, or covered it until it was deleted.
pub async fn of_connection(state: &AppState, app: &App, connection: &ConnectionId) -> Result<Consent, ApiError> {
    let found = state.store.connections().get(app.id, connection).await?;
    match found.and_then(|connection| connection.consent_id) {
        Some(id) => of_app(state, app, id).await,
        None => Err(ApiError::new(ProblemCode::NotFound, "No consent covers a connection of this id.")),
    }
}

/// Takes a consent back, and erases what it covered. Again changes nothing.
pub async fn revoke(state: &AppState, app: &App, change: &Change, id: ConsentId) -> Result<Consent, ApiError> {
    match state.store.consents().revoke(app.id, id, change).await? {
        RevokeConsent::Revoked(consent) => Ok(consent),
        RevokeConsent::AlreadyRevoked => of_app(state, app, id).await,
        RevokeConsent::Unknown => Err(not_found()),
    }
}

/// SHA-256 over language, paragraphs, scopes and the addresses of documents, a line each.
fn hash(locale: &Locale, paragraphs: &[String], scopes: &[String], documents: [&Option<ConsentDocument>; 2]) -> String {
    let mut hasher = Sha256::new();
    let lines = [locale.tag.as_str()].into_iter().chain(paragraphs.iter().chain(scopes).map(String::as_str));
    for line in lines.chain(documents.into_iter().flatten().map(|document| document.url.as_str())) {
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
        let asking =
            |scopes| Asking { customer_name: "Pennywise", terms_url: None, privacy_url: None, days: 90, scopes };
        let hash = |customer_name, days, terms_url| {
            step(locale, Asking { customer_name, terms_url, days, ..asking(&Scope::ALL) }).text_hash
        };
        assert_ne!(step(locale, asking(&[Scope::Accounts])), step(locale, asking(&Scope::ALL)));
        assert_eq!(step(locale, asking(&[Scope::Accounts])), step(locale, asking(&[])));
        let one = hash("Pennywise", 90, None);
        assert_eq!(one, hash("Pennywise", 90, None));
        assert_ne!(one, hash("Somebody", 90, None));
        assert_ne!(one, hash("Pennywise", 180, None));
        let url = Some("https://pennywise.example/terms");
        assert_ne!(one, hash("Pennywise", 90, url));
        let private = Asking { customer_name: "Pennywise", privacy_url: url, ..asking(&Scope::ALL) };
        assert_ne!(one, step(locale, private).text_hash);
    }
}
