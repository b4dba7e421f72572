//! Sealing: what must be read back is encrypted with a key that is not in the database.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac as _};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::random;

const NONCE_BYTES: usize = 24;

/// Seals and opens bytes (XChaCha20-Poly1305). A seal is bound to its purpose: what was sealed as a session does not
/// open as a connection.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    identity_key: Zeroizing<[u8; 32]>,
    fingerprint_key: Zeroizing<[u8; 32]>,
    signing_key: Zeroizing<[u8; 32]>,
}

/// What a sealed thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A session's data.
    Session,
    /// A connector's saved state.
    Connection,
    /// A connection's token.
    ConnectionToken,
    /// The user name of a connection's login.
    Username,
    /// A link code, so that unused ones can be listed.
    LinkCode,
    /// What a person searched for who did not find their institution.
    Search,
    /// An answer, for who asks again.
    Answer,
    /// What messages to a webhook are signed with.
    WebhookKey,
    /// A re-authorisation token, so that its app has it again.
    Reauthorisation,
    /// What is a secret of a message to a webhook.
    WebhookSecret,
    /// What shows whether a key is the database's own.
    Canary,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"banklink session v1",
            Self::Connection => b"banklink connection v1",
            Self::ConnectionToken => b"banklink connection token v1",
            Self::Username => b"banklink user name v1",
            Self::LinkCode => b"banklink link code v1",
            Self::Search => b"banklink search v1",
            Self::Answer => b"banklink answer v1",
            Self::WebhookKey => b"banklink webhook key v1",
            Self::Reauthorisation => b"banklink reauthorisation v1",
            Self::WebhookSecret => b"banklink webhook secret v1",
            Self::Canary => b"banklink canary v1",
        }
    }
}

/// Why something could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// The bytes were sealed with another key, for another purpose, or changed.
    #[error("sealed data can't be opened with this key")]
    Unopenable,
    /// The bytes opened, but are not what they should be.
    #[error("sealed data has another shape")]
    Shape,
}

/// The key that seals, 32 bytes; wiped when dropped.
pub struct SealKey(Zeroizing<[u8; 32]>);

impl SealKey {
    /// A new random key.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim(), bytes.as_mut()).ok()?;
        Some(Self(bytes))
    }

    /// As 64 hexadecimal digits, for the key file.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_ref()))
    }
}

impl Sealer {
    /// A sealer with this key.
    pub fn new(key: &SealKey) -> Self {
        let derived =
            |label: &[u8]| Zeroizing::new(Sha256::new().chain_update(label).chain_update(*key.0).finalize().into());
        Self {
            cipher: XChaCha20Poly1305::new((&*key.0).into()),
            identity_key: derived(b"banklink identity v1"),
            fingerprint_key: derived(b"banklink fingerprint v1"),
            signing_key: derived(b"banklink signature v1"),
        }
    }

    /// Tells the same from something else, without saying what it is: who has the database alone can't try what it may
    /// be, as they could with a plain hash of something short.
    pub fn fingerprint(&self, parts: &[&[u8]]) -> Result<[u8; 32], SealError> {
        let mut code = Hmac::<Sha256>::new_from_slice(&*self.fingerprint_key).map_err(|_| SealError::Shape)?;
        for part in parts {
            code.update(part);
        }
        Ok(code.finalize().into_bytes().into())
    }

    /// Signs bytes (HMAC-SHA256), as nobody can who has not the server's key.
    pub fn sign(&self, bytes: &[u8]) -> Result<[u8; 32], SealError> {
        let mut code = Hmac::<Sha256>::new_from_slice(&*self.signing_key).map_err(|_| SealError::Shape)?;
        code.update(bytes);
        Ok(code.finalize().into_bytes().into())
    }

    /// The key under which people at institutions are recognised, so that the database alone can't be asked whether
    /// somebody is in it.
    pub fn identity_key(&self) -> Zeroizing<[u8; 32]> {
        self.identity_key.clone()
    }

    /// Seals bytes.
    pub fn seal(&self, purpose: Purpose, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = random::bytes::<NONCE_BYTES>();
        let payload = Payload { msg: plain, aad: purpose.label() };
        let sealed = self.cipher.encrypt((&nonce).into(), payload).map_err(|_| SealError::Shape)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Sealer::seal`] sealed for the same purpose.
    pub fn open(&self, purpose: Purpose, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Unopenable)?;
        let payload = Payload { msg: text, aad: purpose.label() };
        self.cipher.decrypt(nonce.into(), payload).map(Zeroizing::new).map_err(|_| SealError::Unopenable)
    }

    /// Seals a value as postcard.
    pub fn seal_value<T: Serialize>(&self, purpose: Purpose, value: &T) -> Result<Vec<u8>, SealError> {
        let mut plain = postcard::to_allocvec(value).map_err(|_| SealError::Shape)?;
        let sealed = self.seal(purpose, &plain);
        plain.zeroize();
        sealed
    }

    /// Opens what [`Sealer::seal_value`] sealed.
    pub fn open_value<T: DeserializeOwned>(&self, purpose: Purpose, sealed: &[u8]) -> Result<T, SealError> {
        let plain = self.open(purpose, sealed)?;
        postcard::from_bytes(&plain).map_err(|_| SealError::Shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_with_the_same_key_and_purpose_only() {
        let sealer = Sealer::new(&SealKey::generate());
        let sealed = sealer.seal(Purpose::Session, b"everyday").unwrap();

        assert_eq!(sealer.open(Purpose::Session, &sealed).unwrap().as_slice(), b"everyday");
        assert_eq!(sealer.open(Purpose::LinkCode, &sealed), Err(SealError::Unopenable));
        assert_eq!(Sealer::new(&SealKey::generate()).open(Purpose::Session, &sealed), Err(SealError::Unopenable));
    }

    #[test]
    fn a_changed_byte_or_a_cut_does_not_open() {
        let sealer = Sealer::new(&SealKey::generate());
        let sealed = sealer.seal(Purpose::Session, b"everyday").unwrap();

        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(sealer.open(Purpose::Session, &changed), Err(SealError::Unopenable));
            assert_eq!(sealer.open(Purpose::Session, &sealed[..index]), Err(SealError::Unopenable));
        }
    }

    #[test]
    fn a_fingerprint_tells_the_same_from_something_else_to_who_has_the_key() {
        let (one, other) = (Sealer::new(&SealKey::generate()), Sealer::new(&SealKey::generate()));
        let print = one.fingerprint(&[b"a short ", b"password"]).unwrap();
        assert_eq!(one.fingerprint(&[b"a short password"]).unwrap(), print);
        assert_ne!(one.fingerprint(&[b"a short passwort"]).unwrap(), print);
        assert_ne!(other.fingerprint(&[b"a short password"]).unwrap(), print);
    }

    #[test]
    fn a_key_survives_its_text() {
        let key = SealKey::generate();
        let again = SealKey::parse(&key.to_text()).unwrap();
        let sealed = Sealer::new(&key).seal(Purpose::Session, b"x").unwrap();

        assert!(Sealer::new(&again).open(Purpose::Session, &sealed).is_ok());
        assert!(SealKey::parse("abc").is_none());
    }
}
