//! Letters without case and accents, for the filter that runs while the server's answer is on its way. The server
//! folds properly; this table covers the Latin letters of Europe in 192 bytes, where the standard library's tables
//! would cost kilobytes in the browser.

/// The base letters of U+00C0 to U+017F, in lower case.
const BASE: &[u8; 192] = b"\
    aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty\
    aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll\
    lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// `text` in lower case and without accents, as far as the table goes.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

fn fold_char(character: char) -> char {
    match character {
        '\u{c0}'..='\u{17f}' => BASE.get(character as usize - 0xc0).map_or(character, |base| char::from(*base)),
        other => other.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_difference() {
        assert_eq!(fold("Crédit Agricole Île-de-France"), "credit agricole ile-de-france");
        assert_eq!(fold("Łódź, Škoda, ÑANDÚ"), "lodz, skoda, nandu");
        assert_eq!(fold("Ελλάς"), "Ελλάς");
    }
}
