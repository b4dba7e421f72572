//! SHA-256 hashes as types of their own, so that the hash of one thing can't be looked up as another's.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a SHA-256 hash of 64 lower-case hexadecimal digits")]
pub struct InvalidHash;

/// The common ground of all hashes below; not for use outside of this crate.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

fn parse_hex(text: &str) -> Result<[u8; 32], InvalidHash> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(InvalidHash);
    }
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| InvalidHash)?;
    Ok(bytes)
}

fn constant_time_eq(left: &[u8; 32], right: &[u8; 32]) -> bool {
    left.ct_eq(right).into()
}

macro_rules! hash {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Compares in constant time; reads and prints as 64 lower-case hexadecimal digits.
        #[derive(Clone, Copy)]
        pub struct $name([u8; 32]);

        impl $name {
            /// Takes a hash that was computed elsewhere.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// Reads what `Display` writes.
            pub fn from_hex(text: &str) -> Result<Self, InvalidHash> {
                parse_hex(text).map(Self)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                constant_time_eq(&self.0, &other.0)
            }
        }

        impl Eq for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&hex::encode(self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::from_hex(&String::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), hex::encode(&self.0[..4]))
            }
        }
    };
}

hash!(
    /// The hash of a token's text: all that is stored of it for lookup.
    TokenHash
);
hash!(
    /// The hash of a consent text, as it stood on the person's screen in their language.
    TextHash
);
hash!(
    /// Says who a person is at an institution, without saying it to whoever reads the database.
    IdentityHash
);
hash!(
    /// The hash of a file's content, part of its name where it is served to be cached for ever.
    ContentHash
);

impl TextHash {
    /// The hash of `text`.
    pub fn of(text: &str) -> Self {
        Self(sha256(&[text.as_bytes()]))
    }
}

impl ContentHash {
    /// The hash of `content`.
    pub fn of(content: &[u8]) -> Self {
        Self(sha256(&[content]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_sha_256_and_survives_its_text() {
        // The one test vector of FIPS 180-4 for a text of three letters.
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(TextHash::of("abc").to_string(), text);
        assert_eq!(TextHash::from_hex(text).unwrap(), TextHash::of("abc"));
    }

    #[test]
    fn anything_but_64_lower_case_digits_is_refused() {
        let good = ContentHash::of(b"abc").to_string();
        for bad in ["", "ba78", &good[1..], &format!("{good}0"), &good.to_uppercase(), &good.replace('b', "g")] {
            assert_eq!(ContentHash::from_hex(bad), Err(InvalidHash), "{bad}");
        }
    }

    #[test]
    fn hashes_differ_in_any_one_byte() {
        let hash = *TokenHash::from_bytes([7; 32]).as_bytes();
        for index in 0..32 {
            let mut other = hash;
            other[index] ^= 1;
            assert_ne!(TokenHash::from_bytes(hash), TokenHash::from_bytes(other));
        }
    }
}
