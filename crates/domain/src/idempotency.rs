//! Requests that are sent once more because their answer was lost: they are carried out once (the `Idempotency-Key`
//! header of the IETF's HTTPAPI working group).

use core::{fmt, str::FromStr};

use jiff::SignedDuration;
use thiserror::Error;

use crate::{
    hash::ContentHash,
    ids::{AppId, OperatorId},
};

/// How long an answer is kept for who asks again.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(24);

/// How long a request may take. One that has no answer by then was cut off, and the next with its key is carried out.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// Whose request it is: keys of others are others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// An app's own server.
    App(AppId),
    /// A person who is signed in.
    Operator(OperatorId),
}

/// As it is stored.
impl fmt::Display for Asker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(id) => write!(formatter, "app:{id}"),
            Self::Operator(id) => write!(formatter, "operator:{id}"),
        }
    }
}

/// What a caller calls a request: the same again where it sends the same request again.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// Somebody who carries a request out: of two, where the first took too long, only the second may say what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim([u8; 16]);

impl Claim {
    /// A new one.
    pub const fn new(random: [u8; 16]) -> Self {
        Self(random)
    }

    /// As it is stored.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not 1 to {} visible ASCII characters", IdempotencyKey::MAX)]
pub struct InvalidIdempotencyKey;

impl IdempotencyKey {
    /// Longest key, in characters.
    pub const MAX: usize = 255;

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// All that is kept of it: a key may be what it protects, as a link code.
    pub fn hash(&self) -> ContentHash {
        ContentHash::of(self.0.as_bytes())
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdempotencyKey")
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidIdempotencyKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=Self::MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidIdempotencyKey) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_and_bounded() {
        let longest = "k".repeat(IdempotencyKey::MAX);
        for good in ["a", "5f0c2f1e-9a3b-4d0c-8a53-0d7b4f3b7a2e", "\"quoted\"", &longest] {
            assert_eq!(good.parse::<IdempotencyKey>().unwrap().as_str(), good);
        }
        for bad in ["", " ", "a b", "é", "a\n", &format!("{longest}k")] {
            assert_eq!(bad.parse::<IdempotencyKey>(), Err(InvalidIdempotencyKey), "{bad:?}");
        }
    }
}
