//! What the app's own server reads of a session.

use axum::http::Method;
use banklink_domain::token::TokenHash;
use serde_json::Value;

use crate::support::{Person, World};

impl World {
    /// The session of somebody's tab, as the app reads it.
    pub(crate) async fn session_of(&self, person: &Person<'_>) -> Value {
        self.session_of_key(&person.key).await
    }

    /// The same, by the tab's key.
    pub(crate) async fn session_of_key(&self, key: &str) -> Value {
        let row = self.state.store.sessions().by_key_hash(&TokenHash::of_text(key)).await.unwrap().unwrap();
        self.platform(Method::GET, &format!("/platform/v1/link_sessions/{}", row.id), None).await.ok()
    }
}
