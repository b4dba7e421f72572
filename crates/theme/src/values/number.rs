//! Numbers with four decimals at most, so that reading and writing them again changes nothing.

use std::fmt;

/// A finite number, rounded to four decimals.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct Decimal(f64);

impl Decimal {
    pub(super) fn new(number: f64) -> Self {
        // Adding zero turns −0 into 0.
        Self((number * 10_000.0).round() / 10_000.0 + 0.0)
    }

    pub(super) fn get(self) -> f64 {
        self.0
    }

    pub(super) fn is_zero(self) -> bool {
        self.0.abs() < f64::EPSILON
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.4}", self.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
        let digits = match digits.strip_prefix('0') {
            Some(fraction) if !fraction.is_empty() => fraction,
            _ => digits,
        };
        write!(formatter, "{sign}{digits}")
    }
}
