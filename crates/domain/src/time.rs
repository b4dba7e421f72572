//! Arithmetic on times that never fails. Nothing here asks for the time: it is always passed in.

use jiff::{SignedDuration, Timestamp};

/// `at` plus `duration`, or the last time there is.
pub fn after(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_add(duration).unwrap_or(if duration.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
}

/// `at` minus `duration`, or the first time there is.
pub fn before(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_sub(duration).unwrap_or(if duration.is_negative() { Timestamp::MAX } else { Timestamp::MIN })
}

/// `at` without what is finer than a millisecond, which is what the database keeps.
pub fn to_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
