//! Chance that is the same on every machine.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Where a piece of sandbox data comes from: SHA-256 over what names it. Equal names, equal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seed([u8; 32]);

impl Seed {
    /// The seed of the thing with these names. Each part counts with its length, so `["ab", "c"]` is not `["a", "bc"]`.
    pub(super) fn new(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize().into())
    }

    /// The seed of the numbered part `label` of this thing.
    pub(super) fn part(&self, label: &str, number: u64) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update((label.len() as u64).to_be_bytes());
        hash.update(label.as_bytes());
        hash.update(number.to_be_bytes());
        Self(hash.finalize().into())
    }

    /// An id for this thing.
    pub(super) fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.0[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// Numbers for this thing.
    pub(super) fn stream(&self) -> Stream {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.0[16..24]);
        Stream(u64::from_be_bytes(bytes))
    }
}

/// Pseudorandom numbers: `SplitMix64` (Steele, Lea and Flood, 2014), which is tiny, fast and good enough for grocery
/// bills. Nothing secret may come from it.
#[derive(Clone, Debug)]
pub(super) struct Stream(u64);

impl Stream {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included; `low` where `high` is not above it.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let drawn = self.next();
        let count = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add_unsigned(drawn % count)
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of the list; the default of an empty one.
    pub(super) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let highest = i64::try_from(list.len()).unwrap_or(1) - 1;
        let number = usize::try_from(self.between(0, highest)).unwrap_or(0);
        list.get(number).copied().unwrap_or_default()
    }

    /// Puts the list into any order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let highest = i64::try_from(last).unwrap_or(i64::MAX);
            list.swap(last, usize::try_from(self.between(0, highest)).unwrap_or(last));
        }
    }

    /// That many decimal digits, the first of them not zero.
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|place| self.digit(u8::from(place == 0))).collect()
    }

    /// The pattern with a digit for each `#`.
    pub(super) fn fill(&mut self, pattern: &str) -> String {
        pattern.chars().map(|char| if char == '#' { self.digit(0) } else { char }).collect()
    }

    fn digit(&mut self, low: u8) -> char {
        u8::try_from(self.between(i64::from(low), 9)).map_or('0', |digit| char::from(b'0' + digit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fixed for ever: another number here changes every id and every amount that a sandbox has shown.
    #[test]
    fn the_same_seed_gives_the_same_ids_and_numbers_everywhere() {
        let seed = Seed::new(&["testbank", "alice"]);
        assert_eq!(seed.uuid().to_string(), "f7487fca-1203-8cc6-9be7-3877fdfdc5d5");
        let mut stream = seed.part("month", 7).stream();
        assert_eq!([stream.between(0, 999), stream.between(0, 999), stream.between(0, 999)], [724, 653, 441]);
    }

    #[test]
    fn a_number_stays_between_its_bounds_and_reaches_both() {
        let mut stream = Seed::new(&[]).stream();
        let drawn: Vec<i64> = (0..1000).map(|_| stream.between(-2, 3)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&3)));
        assert_eq!(stream.between(5, 5), 5);
        assert_eq!(stream.between(5, 1), 5);
        assert_eq!(stream.pick::<&str>(&[]), "");
    }

    #[test]
    fn parts_of_a_name_do_not_run_together() {
        assert_ne!(Seed::new(&["ab", "c"]), Seed::new(&["a", "bc"]));
    }
}
