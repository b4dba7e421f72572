//! What somebody meant who misspelt a name.

/// The known name that is so like what was typed that it must have been meant.
pub(crate) fn meant(known: impl Iterator<Item = &'static str>, typed: &str) -> Option<&'static str> {
    let close =
        known.map(|known| (distance(known, typed), known)).filter(|(distance, known)| distance * 4 <= known.len());
    close.min().map(|(_, known)| known)
}

/// How many characters one must change to get from one word to the other; words of very different length are far.
fn distance(known: &str, typed: &str) -> usize {
    if known.len().abs_diff(typed.len()) > 8 {
        return usize::MAX / 8;
    }
    let typed: Vec<char> = typed.to_ascii_lowercase().replace('_', "-").chars().collect();
    let mut row: Vec<usize> = (0..=typed.len()).collect();
    for (index, letter) in known.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in typed.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[typed.len()]
}
