//! Text that must not leak.

use core::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A token, password or answer: no `Display`, a `Debug` that shows nothing, wiped when dropped.
///
/// It serialises because it crosses the wire; nothing that is logged or stored in the clear may hold one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret. The given text is moved, not copied.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself. Callers are few on purpose; search for them when reviewing.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
