//! Letters drawn as strokes.

use core::fmt::Write;

use banklink_protocol::challenge::Image;

use super::drawings;
use crate::sandbox::random::Stream;

/// Those that nobody takes for another, with their strokes in a box of 4 by 6.
pub(super) const LETTERS: [(char, &str); 16] = [
    ('A', "M0 6L2 0L4 6M1 4H3"),
    ('E', "M4 0H0V6H4M0 3H3"),
    ('F', "M4 0H0V6M0 3H3"),
    ('H', "M0 0V6M4 0V6M0 3H4"),
    ('J', "M1 0H4V5L3 6H1L0 5V4"),
    ('K', "M0 0V6M4 0L0 3L4 6"),
    ('L', "M0 0V6H4"),
    ('M', "M0 6V0L2 3L4 0V6"),
    ('N', "M0 6V0L4 6V0"),
    ('P', "M0 6V0H3L4 1V2L3 3H0"),
    ('R', "M0 6V0H3L4 1V2L3 3H0M2 3L4 6"),
    ('T', "M0 0H4M2 0V6"),
    ('W', "M0 0L1 6L2 3L3 6L4 0"),
    ('X', "M0 0L4 6M4 0L0 6"),
    ('Y', "M0 0L2 3L4 0M2 3V6"),
    ('Z', "M0 0H4L0 6H4"),
];

/// The text, its letters askew and lines across it. Others than [`LETTERS`] are left out.
pub(super) fn image(text: &str, noise: &mut Stream) -> Image {
    let mut paths = String::new();
    for (place, letter) in (0..).zip(text.chars()) {
        let Some((_, strokes)) = LETTERS.iter().find(|(known, _)| *known == letter) else { continue };
        let (x, y, turn) = (16 + 36 * place + noise.between(-3, 3), noise.between(8, 20), noise.between(-14, 14));
        // A `String` takes everything that is written to it.
        let _ = write!(paths, r#"<path transform="translate({x} {y})rotate({turn})scale(6)" d="{strokes}"/>"#);
    }
    let mut line = |width: i64| {
        let (from, to) = (noise.between(5, 65), noise.between(5, 65));
        let _ =
            write!(paths, r#"<path stroke-width="{width}" opacity=".5" d="M0 {from}Q100 {} 200 {to}"/>"#, 70 - from);
    };
    line(1);
    line(2);
    drawings::data_uri(&format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="70" viewBox="0 0 200 70"><path fill="#f2f0e9" d="M0 0h200v70H0z"/><g fill="none" stroke="#23395b" stroke-width=".6" stroke-linecap="round" stroke-linejoin="round">{paths}</g></svg>"##
    ))
}
