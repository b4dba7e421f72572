//! When connections are read anew without their person: at night if the app wants that, or when it asks.

use banklink_protocol::failures::FailureCode;
use jiff::{SignedDuration, Timestamp};

use crate::{reauthorisation::ReauthorisationPurpose, sealed::Sealed, time::after};

/// What is known of a connection's refreshes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refresh {
    /// When the next is due, if the app wants it refreshed by itself.
    pub due: Option<Timestamp>,
    /// When it was as new as the institution has it: at the last login, or the last refresh.
    pub last: Option<Timestamp>,
    /// Why the last refresh failed, if it did.
    pub failure: Option<FailureCode>,
}

impl Refresh {
    /// The person just logged in.
    pub fn after_login(scheduled: bool, now: Timestamp, spread: u16) -> Self {
        Self { due: scheduled.then(|| next_night(now, spread)), last: Some(now), failure: None }
    }
}

/// When the night begins, after midnight in UTC.
const NIGHT_BEGINS: i64 = 3600;

/// How long it is, in seconds.
const NIGHT: i64 = 4 * 3600;

const DAY: i64 = 86_400;

/// How long whoever refreshes a connection has for it: longer than any connector takes.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// How soon one that failed is tried again, as long as it is night.
const RETRY: SignedDuration = SignedDuration::from_mins(30);

/// A time of the next night that begins, 01:00 to 05:00 UTC: any, by `spread`, so that institutions are not all asked at
/// once.
pub fn next_night(now: Timestamp, spread: u16) -> Timestamp {
    let now = now.as_second();
    let tonight = now - now.rem_euclid(DAY) + NIGHT_BEGINS;
    let begins = if tonight > now { tonight } else { tonight + DAY };
    let within = NIGHT * i64::from(spread) / i64::from(u16::MAX);
    Timestamp::from_second(begins + within).unwrap_or(Timestamp::MAX)
}

/// When a refresh that failed is tried again: the same night, or the next.
pub fn after_failure(now: Timestamp, spread: u16) -> Timestamp {
    let again = after(now, RETRY);
    let into_day = again.as_second().rem_euclid(DAY);
    let is_night = (NIGHT_BEGINS..NIGHT_BEGINS + NIGHT).contains(&into_day);
    if is_night { again } else { next_night(now, spread) }
}

/// What came of a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// It is as new as the institution has it; this is what the connector keeps now.
    Done(Sealed),
    /// The institution wants to see the person again.
    NeedsReauthorisation(ReauthorisationPurpose),
    /// It failed, and may go well another time.
    Failed(FailureCode),
    /// The person's consent is over: the institution was not asked.
    NotCovered,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_night_is_the_next_that_begins() {
        for (now, spread, expected) in [
            ("2026-03-02T10:00:00Z", 0, "2026-03-03T01:00:00Z"),
            ("2026-03-02T10:00:00Z", u16::MAX, "2026-03-03T05:00:00Z"),
            ("2026-03-02T00:59:59Z", 0, "2026-03-02T01:00:00Z"),
            ("2026-03-02T01:00:00Z", 0, "2026-03-03T01:00:00Z"),
            ("2026-12-31T23:59:59Z", u16::MAX / 2, "2027-01-01T02:59:59Z"),
        ] {
            assert_eq!(next_night(at(now), spread), at(expected), "{now} {spread}");
        }
    }

    #[test]
    fn what_failed_at_night_is_tried_again_that_night() {
        assert_eq!(after_failure(at("2026-03-02T02:00:00Z"), 0), at("2026-03-02T02:30:00Z"));
        assert_eq!(after_failure(at("2026-03-02T04:45:00Z"), 0), at("2026-03-03T01:00:00Z"));
        assert_eq!(after_failure(at("2026-03-02T10:00:00Z"), 0), at("2026-03-03T01:00:00Z"));
    }
}
