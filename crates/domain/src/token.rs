//! Tokens: what each kind looks like, and the hash that is stored instead of it.
//!
//! A token is 256 random bits, prefixed by its kind, so that a leaked one is recognised (by people, by secret
//! scanners) and one kind is never taken for another. Vendor dialects keep the vendor's shape under the same rules
//! of storage (`server.md`, *Words*).

use banklink_protocol::{secret::Secret, session::SESSION_KEY_PREFIX};
use uuid::Builder;
use zeroize::Zeroize;

use crate::{hash::sha256, reauthorisation::ReauthorisationPurpose};

pub use crate::hash::TokenHash;

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Opens one link session.
    AuthorizeToken,
    /// Names a link; public, it stands in URLs.
    LinkToken,
    /// An app's secret for the API.
    ClientSecret,
    /// Exchanged once for the connection's token.
    LinkCode,
    /// Reads a connection's data.
    ConnectionToken,
    /// The tab's key to its own session.
    SessionKey,
    /// An app's header secret for the Flinks data endpoints.
    DataKey,
    /// What the bank's own page sends a person back with.
    BankTicket,
    /// What makes somebody an operator.
    Invitation,
    /// What an operator's browser holds while they are signed in.
    OperatorSession,
    /// Shown by an app's own server to a vendor's API.
    AccessToken,
    /// A data recipient's lasting leave to read.
    RefreshToken,
    /// Brings the person of a connection back.
    Reauthorisation(ReauthorisationPurpose),
}

impl TokenKind {
    /// All of them, for tables and tests.
    pub const ALL: [Self; 15] = [
        Self::AuthorizeToken,
        Self::LinkToken,
        Self::ClientSecret,
        Self::LinkCode,
        Self::ConnectionToken,
        Self::SessionKey,
        Self::DataKey,
        Self::BankTicket,
        Self::Invitation,
        Self::OperatorSession,
        Self::AccessToken,
        Self::RefreshToken,
        Self::Reauthorisation(ReauthorisationPurpose::Access),
        Self::Reauthorisation(ReauthorisationPurpose::Credentials),
        Self::Reauthorisation(ReauthorisationPurpose::Transactions),
    ];

    /// What a token of this kind begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::AuthorizeToken => "bl_at_",
            Self::LinkToken => "bl_link_",
            Self::ClientSecret => "bl_sk_",
            Self::LinkCode => "bl_lc_",
            Self::ConnectionToken => "bl_ct_",
            Self::SessionKey => SESSION_KEY_PREFIX,
            Self::DataKey => "bl_dk_",
            Self::BankTicket => "bl_bt_",
            Self::Invitation => "bl_inv_",
            Self::OperatorSession => "bl_os_",
            Self::AccessToken => "bl_bearer_",
            Self::RefreshToken => "bl_rt_",
            Self::Reauthorisation(ReauthorisationPurpose::Access) => "bl_sca_",
            Self::Reauthorisation(ReauthorisationPurpose::Credentials) => "bl_reset_",
            Self::Reauthorisation(ReauthorisationPurpose::Transactions) => "bl_tx_",
        }
    }

    /// A token of this kind from 32 random bytes, which are wiped: the prefix and 64 hexadecimal digits, so that it
    /// needs no escaping anywhere.
    pub fn mint(self, mut random: [u8; 32]) -> Secret {
        let prefix = self.prefix();
        // Of its final size from the start: growing would leave a copy behind.
        let mut text = String::with_capacity(prefix.len() + 64);
        text.push_str(prefix);
        for byte in random {
            text.push(hex_digit(byte >> 4));
            text.push(hex_digit(byte & 0xf));
        }
        random.zeroize();
        Secret::new(text)
    }

    /// The kind that `text` claims to be by its prefix, if the rest has the right shape. Says nothing about whether
    /// such a token was ever issued.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| {
            text.strip_prefix(kind.prefix()).is_some_and(|rest| {
                rest.len() == 64 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            })
        })
    }
}

/// The key of the session that a one-time token opens without a widget: whoever has the token has the session, and nobody
/// who reads the database has either.
pub fn session_key_of(token: &Secret) -> Secret {
    TokenKind::SessionKey.mint(sha256(&[b"banklink direct session\0", token.expose().as_bytes()]))
}

/// A token in the shape of a UUID, as the Flinks dialect's are, from 16 random bytes, which are wiped.
pub fn mint_uuid(mut random: [u8; 16]) -> Secret {
    let mut uuid = Builder::from_random_bytes(random).into_uuid().into_bytes();
    let mut text = String::with_capacity(36);
    for (index, byte) in uuid.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(hex_digit(byte >> 4));
        text.push(hex_digit(byte & 0xf));
    }
    random.zeroize();
    uuid.zeroize();
    Secret::new(text)
}

impl TokenHash {
    /// The hash of a token.
    pub fn of(token: &Secret) -> Self {
        Self::of_text(token.expose())
    }

    /// The hash of a token's text.
    pub fn of_text(token: &str) -> Self {
        Self::from_bytes(sha256(&[token.as_bytes()]))
    }
}

fn hex_digit(nibble: u8) -> char {
    char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_its_kind_and_holds_every_random_bit() {
        for kind in TokenKind::ALL {
            let token = kind.mint([0xa5; 32]);
            assert_eq!(token.expose(), format!("{}{}", kind.prefix(), "a5".repeat(32)));
            assert_eq!(TokenKind::of(token.expose()), Some(kind));
            for bit in 0..256 {
                let mut random = [0xa5; 32];
                random[bit / 8] ^= 1 << (bit % 8);
                assert_ne!(kind.mint(random), token);
            }
        }
    }

    #[test]
    fn prefixes_are_no_prefixes_of_each_other() {
        for one in TokenKind::ALL {
            let others = TokenKind::ALL.into_iter().filter(|other| *other != one);
            assert!(others.into_iter().all(|other| !other.prefix().starts_with(one.prefix())));
        }
    }

    #[test]
    fn what_only_looks_like_a_token_has_no_kind() {
        let token = TokenKind::LinkCode.mint([1; 32]);
        let text = token.expose();
        for bad in
            ["", "bl_lc_", &text[1..], &text[..text.len() - 1], &text.to_uppercase(), &text.replace("bl_", "xx_")]
        {
            assert_eq!(TokenKind::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_vendor_shaped_token_is_a_random_uuid() {
        let token = mint_uuid([0xff; 16]);
        assert_eq!(token.expose(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let uuid: uuid::Uuid = mint_uuid([0x12; 16]).expose().parse().unwrap();
        assert_eq!(uuid.get_version_num(), 4);
    }

    #[test]
    fn debug_output_of_a_hash_and_a_token_does_not_show_the_token() {
        let token = TokenKind::SessionKey.mint([7; 32]);
        assert_eq!(format!("{token:?}"), "Secret");
        assert!(!format!("{:?}", TokenHash::of(&token)).contains("0707"));
    }
}
