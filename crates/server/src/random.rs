//! The one place that takes randomness from the operating system.

use uuid::Uuid;

/// Random bytes.
///
/// # Panics
///
/// Where the operating system has no randomness: nothing safe can be done without.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::disallowed_methods, reason = "the one place that takes randomness")]
    #[expect(clippy::expect_used, reason = "a server without randomness must not go on")]
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A random id (UUID version 4).
pub fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(bytes()).into_uuid()
}
