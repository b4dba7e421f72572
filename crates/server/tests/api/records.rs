//! What the app's own server reads of a session.

use axum::http::Method;
use banklink_domain::token::TokenHash;
use serde_json::Value;

use crate::support::{Person, World};

impl World {
    /// The session of somebody's tab, as the app reads it.
    pub(crate) async fn session_of(&self, person: &Person<'_>) -> Value {
        let row = self.state.store.sessions().by_key_hash(&TokenHash::of_text(&person.key)).await.unwrap().unwrap();
        self.platform(Method::GET, &format!("/platform/v1/link_sessions/{}", row.id), None).await.ok()
    }
}
