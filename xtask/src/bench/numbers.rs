//! Numbers, and what they are measured with.

use std::fmt::{self, Write as _};

/// A time.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct Milliseconds(pub(super) f64);

impl Milliseconds {
    /// How many times another this is.
    pub(super) fn ratio(self, other: Self) -> f64 {
        self.0 / other.0
    }

    /// The longest.
    pub(super) fn worst(times: &[Self]) -> Self {
        times.iter().copied().fold(Self(0.0), |worst, time| if time > worst { time } else { worst })
    }
}

impl fmt::Display for Milliseconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&format!("{:.0} ms", self.0))
    }
}

/// The one in the middle.
pub(super) fn median(times: impl Iterator<Item = Milliseconds>) -> Milliseconds {
    let mut times: Vec<Milliseconds> = times.collect();
    times.sort_by(|one, other| one.0.total_cmp(&other.0));
    times.get(times.len() / 2).copied().unwrap_or(Milliseconds(f64::NAN))
}

/// The time that so many of a hundred are not longer than.
pub(super) fn percentile(times: &[Milliseconds], percent: usize) -> Milliseconds {
    let mut times = times.to_vec();
    times.sort_by(|one, other| one.0.total_cmp(&other.0));
    let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(place).copied().unwrap_or(Milliseconds(f64::NAN))
}

/// Bytes as people read them.
#[expect(clippy::cast_precision_loss, reason = "a digit after the point is all that is shown")]
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// A directory of made-up institutions, a JSON object a line.
pub(super) fn directory(institutions: usize) -> String {
    let towns = ["Ålesund", "Łódź", "Zürich", "São Paulo", "Αθήνα", "Reykjavík", "Málaga", "Brașov", "Göteborg"];
    let kinds = ["Sparkasse", "Savings Bank", "Banque Populaire", "Caixa", "Cooperative"];
    let countries = ["NO", "PL", "CH", "BR", "GR", "IS", "ES", "RO", "SE"];
    let mut lines = String::new();
    for number in 0..institutions {
        let (town, kind) = (towns[number % towns.len()], kinds[number % kinds.len()]);
        let country = countries[number % countries.len()];
        let _ = writeln!(lines, r#"{{"id": "b-{number}", "name": "{kind} {town} {number}", "country": "{country}"}}"#);
    }
    lines
}

#[cfg(test)]
mod counts {
    use super::*;

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let times: Vec<_> = (1..=200).rev().map(|time| Milliseconds(f64::from(time))).collect();
        let of = |percent| percentile(&times, percent);
        assert_eq!([of(50), of(99), of(100)], [100.0, 198.0, 200.0].map(Milliseconds));
        assert_eq!(percentile(&times[..1], 99), Milliseconds(200.0));
    }

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        let times = [9.0, 1.0, 5.0, 100.0, 2.0].map(Milliseconds);
        assert_eq!(median(times.into_iter()), Milliseconds(5.0));
    }
}
