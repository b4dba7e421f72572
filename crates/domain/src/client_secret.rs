//! Client secrets: how an app's server proves to the API who it is.

use jiff::Timestamp;

use crate::{
    ids::{AppId, ClientSecretId},
    token::TokenHash,
    transition::InvalidTransition,
};

/// A secret of an app. It is shown once, when it is made; only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSecret {
    /// Names it, to revoke it.
    pub id: ClientSecretId,
    /// Whose.
    pub app_id: AppId,
    /// All that is kept of it.
    pub hash: TokenHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether it still works.
    pub state: ClientSecretState,
}

/// Whether a client secret still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientSecretState {
    /// It does.
    Live,
    /// It does not, and never will again.
    Revoked {
        /// Since when.
        at: Timestamp,
    },
}

impl ClientSecret {
    /// How many live ones an app has at most (seed 003, *Limitations*).
    pub const MAX_LIVE: u64 = 5;

    /// A secret that works.
    pub fn new(id: ClientSecretId, app_id: AppId, hash: TokenHash, now: Timestamp) -> Self {
        Self { id, app_id, hash, created_at: now, state: ClientSecretState::Live }
    }

    /// What tells it from others, to whoever sees it in a list: the start of its hash, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        self.hash.to_string().chars().take(8).collect()
    }

    /// Ends it for good.
    pub fn revoke(self, at: Timestamp) -> Result<Self, InvalidTransition> {
        match self.state {
            ClientSecretState::Live => Ok(Self { state: ClientSecretState::Revoked { at }, ..self }),
            ClientSecretState::Revoked { .. } => {
                Err(InvalidTransition { entity: "client secret", from: "revoked", to: "revoked" })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revoking_is_final() {
        let at = Timestamp::UNIX_EPOCH;
        let secret = ClientSecret::new(
            ClientSecretId::new(at, [0; 10]),
            AppId::new(at, [0; 10]),
            TokenHash::of_text("bl_sk_"),
            at,
        );
        let revoked = secret.revoke(at).unwrap();
        assert_eq!(revoked.state, ClientSecretState::Revoked { at });
        assert!(revoked.revoke(at).is_err());
    }
}
