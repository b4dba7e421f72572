//! How people misspell.

use crate::{names::plain, random::Random};

/// Shortest word that is mistyped, in letters.
const MIN_MISTYPED: usize = 4;

/// Shortest word that is mistyped twice, in letters.
const MIN_MISTYPED_TWICE: usize = 8;

/// Keys that lie beside each other.
const KEYBOARD: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Mistypes one of the words; a long one twice in a quarter of the cases.
pub(crate) fn typo(words: &mut [String], random: &mut Random) -> Option<()> {
    let letters = |word: &String| word.chars().count();
    let can_be = |word: &String| letters(word) >= MIN_MISTYPED && word.chars().all(char::is_alphabetic);
    let mut places: Vec<usize> = (0..words.len()).filter(|place| can_be(&words[*place])).collect();
    random.shuffle(&mut places);
    let word = &mut words[*places.first()?];
    let times = if letters(word) >= MIN_MISTYPED_TWICE && random.percent(25) { 2 } else { 1 };
    let right = plain(word);
    for _ in 0..times {
        *word = mistyped(word, random);
    }
    (plain(word) != right).then_some(())
}

/// A letter left out, put in, taken for another, or swapped with the next one, anywhere in the word.
fn mistyped(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.to_lowercase().chars().collect();
    let place = random.below(letters.len());
    match random.below(4) {
        0 => drop(letters.remove(place)),
        1 => letters.insert(place, wrong_key(letters[place], random)),
        2 => letters[place] = wrong_key(letters[place], random),
        _ => letters.swap(place, (place + 1).min(word.chars().count() - 1)),
    }
    letters.into_iter().collect()
}

/// The key beside the right one in most cases, else any; in a script that this keyboard doesn't have, the same key again.
fn wrong_key(right: char, random: &mut Random) -> char {
    let key = plain(&right.to_string()).chars().next().unwrap_or(right);
    let Some(row) = KEYBOARD.iter().find(|row| row.contains(key)) else { return right };
    let keys: Vec<char> = row.chars().collect();
    let place = keys.iter().position(|other| *other == key).unwrap_or_default();
    if random.percent(60) {
        let beside = [place.checked_sub(1), Some(place + 1)];
        let beside: Vec<char> = beside.into_iter().flatten().filter_map(|place| keys.get(place).copied()).collect();
        random.pick(&beside).copied().unwrap_or(right)
    } else {
        let all: Vec<char> = ('a'..='z').collect();
        random.pick(&all).copied().unwrap_or(right)
    }
}

/// Another order of the words.
pub(crate) fn order(words: &mut [String], random: &mut Random) -> Option<()> {
    let before = words.to_vec();
    random.shuffle(words);
    (words != before.as_slice()).then_some(())
}

/// Letters that people write out without a keyboard that has them.
const WRITTEN_OUT: &[(char, &str)] =
    &[('ä', "ae"), ('ö', "oe"), ('ü', "ue"), ('ø', "oe"), ('å', "aa"), ('æ', "ae"), ('ß', "ss")];

/// Letters with every accent that some keyboard puts on them.
const ACCENTED: &[(char, &str)] = &[
    ('a', "áàâäãå"),
    ('c', "çčć"),
    ('e', "éèêëę"),
    ('i', "íìîï"),
    ('n', "ñń"),
    ('o', "óòôöõ"),
    ('s', "šş"),
    ('u', "úùûü"),
    ('y', "ýÿ"),
    ('z', "žż"),
];

/// Accents left out, letters written out, or wrong accents put on.
pub(crate) fn accents(words: &mut [String], random: &mut Random) -> Option<()> {
    let before = words.to_vec();
    let has_accents = words.iter().any(|word| !word.is_ascii());
    let way = if has_accents { random.below(3) } else { 2 };
    for word in &mut *words {
        let lower = word.to_lowercase();
        *word = match way {
            0 => plain(&lower),
            1 => lower.chars().map(written_out).collect(),
            _ => {
                let plain = plain(&lower);
                if plain.is_ascii() { wrongly_accented(&plain, random) } else { plain }
            }
        };
    }
    (words != before.as_slice()).then_some(())
}

fn written_out(letter: char) -> String {
    let written = WRITTEN_OUT.iter().find(|(other, _)| *other == letter);
    written.map_or_else(|| plain(&letter.to_string()), |(_, written)| (*written).to_owned())
}

/// One of the letters with an accent that may be wrong.
fn wrongly_accented(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let place = random.below(letters.len());
    let accents = ACCENTED.iter().find(|(letter, _)| letters.get(place) == Some(letter));
    let accents: Vec<char> = accents.map(|(_, accents)| accents.chars().collect()).unwrap_or_default();
    if let Some(accented) = random.pick(&accents) {
        letters[place] = *accented;
    }
    letters.into_iter().collect()
}

/// Words written as one, or a word written as two.
pub(crate) fn spaces(words: &mut Vec<String>, random: &mut Random) -> Option<()> {
    if words.len() > 1 && random.percent(70) {
        glue(words, random);
        return Some(());
    }
    let place = random.below(words.len());
    let letters: Vec<char> = words.get(place)?.chars().collect();
    let inner = letters.len().checked_sub(3).filter(|inner| *inner > 0)?;
    let (left, right) = letters.split_at(2 + random.below(inner));
    words.splice(place..=place, [left.iter().collect(), right.iter().collect()]);
    Some(())
}

/// All of them in half of the cases, else two.
fn glue(words: &mut Vec<String>, random: &mut Random) {
    if random.percent(50) {
        *words = vec![words.concat()];
    } else {
        let place = random.below(words.len() - 1);
        let glued = words[place..=place + 1].concat();
        words.splice(place..=place + 1, [glued]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(ToOwned::to_owned).collect()
    }

    #[test]
    fn each_way_changes_the_text_and_says_where_it_can_not() {
        let mut random = Random::new(1);
        for _ in 0..1000 {
            for way in [typo, order, accents] {
                let mut spoilt = words("Crédit Agricole Île");
                if way(&mut spoilt, &mut random).is_some() {
                    assert_ne!(spoilt, words("Crédit Agricole Île"));
                }
            }
            let mut spoilt = words("Crédit Agricole");
            assert!(spaces(&mut spoilt, &mut random).is_some());
            assert_eq!(spoilt.concat(), "CréditAgricole");
            assert_ne!(spoilt.len(), 2);
        }
        assert_eq!(typo(&mut words("ING 14"), &mut random), None);
        assert_eq!(order(&mut words("ING"), &mut random), None);
        assert_eq!(spaces(&mut words("ING"), &mut random), None);
    }
}
