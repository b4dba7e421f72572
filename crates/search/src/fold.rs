//! Text reduced to what people don't get wrong: no case, no accents, no punctuation.

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};
use unicode_segmentation::UnicodeSegmentation;

/// The folded words of a text, in order.
pub(crate) fn words(text: &str) -> Vec<String> {
    pieces(text).map(fold).filter(|word| !word.is_empty()).collect()
}

/// Every form in which a name's words can be typed: the words themselves, the parts of a word in `CamelCase`, and
/// letters with dots or rings written out (`ö` as `oe`). The flag says whether it is the first word of the name.
pub(crate) fn forms(name: &str) -> Vec<(String, bool)> {
    let mut forms = Vec::new();
    let mut first = true;
    for piece in pieces(name) {
        let word = fold(piece);
        if word.is_empty() {
            continue;
        }
        forms.push((word, first));
        forms.extend(written_out(piece).map(|written| (fold(&written), first)));
        for (number, part) in camel_parts(piece).enumerate() {
            forms.push((fold(part), first && number == 0));
        }
        // What stands behind a legal form is a beginning, too: `AB Šiaulių bankas`.
        first &= is_legal_form(&fold(piece));
    }
    forms
}

/// The folded words with letters written out that have dots or rings, if a text has any.
pub(crate) fn words_written_out(text: &str) -> Option<Vec<String>> {
    let written: Vec<Option<String>> = pieces(text).map(written_out).collect();
    written.iter().any(Option::is_some).then(|| {
        let words = pieces(text).zip(written).map(|(piece, written)| fold(written.as_deref().unwrap_or(piece)));
        words.filter(|word| !word.is_empty()).collect()
    })
}

/// The first letters of a name's words.
pub(crate) fn acronym(words: &[String]) -> String {
    words.iter().filter_map(|word| word.chars().next()).collect()
}

/// Words that acronyms leave out, in the languages that have them: *Bank of Nova Scotia* is BNS.
pub(crate) fn is_small(word: &str) -> bool {
    const SMALL: &[&str] = &[
        "al", "alla", "am", "an", "and", "at", "au", "aux", "bei", "by", "d", "da", "das", "de", "degli", "dei", "del",
        "dell", "della", "delle", "den", "der", "des", "di", "do", "dos", "du", "e", "el", "em", "en", "et", "for",
        "fur", "i", "im", "in", "l", "la", "las", "le", "les", "los", "na", "of", "og", "on", "the", "u", "und", "v",
        "van", "vom", "von", "w", "we", "y", "ze", "zu", "zum", "zur", "и", "і", "та", "у",
    ];
    SMALL.contains(&word)
}

/// Legal forms, as they stand before or behind a name. Nobody looks for a bank by them: *sa* is the beginning of
/// *Santander*, not every bank that is a company.
pub(crate) fn is_legal_form(word: &str) -> bool {
    const FORMS: &[&str] = &[
        "a", "ab", "abp", "ad", "ag", "aps", "as", "asa", "bv", "coop", "corp", "dd", "doo", "ead", "eg", "egen",
        "ehf", "epsc", "ev", "gmbh", "hf", "inc", "jsc", "kft", "kg", "kgaa", "lda", "limited", "llc", "llp", "lp",
        "ltd", "mbh", "nv", "nyrt", "o", "ooo", "oy", "oyj", "pao", "pjsc", "plc", "psc", "rt", "s", "sa", "sarl",
        "sas", "sau", "sc", "sca", "scarl", "scc", "scrl", "se", "sgps", "sl", "slu", "snc", "soc", "sp", "spa", "srl",
        "uab", "z", "zrt", "ао", "ат", "зао", "оао", "ооо", "пао", "пат", "пуат", "тов",
    ];
    FORMS.contains(&word)
}

/// Words that say what a bank is and not which, in the languages that have others for it.
pub(crate) fn is_generic(word: &str) -> bool {
    const GENERIC: &[&str] =
        &["banc", "banca", "banco", "bank", "banka", "bankas", "bankasi", "banki", "banku", "banque", "pank", "банк"];
    GENERIC.contains(&word)
}

/// Whether people look for a bank by this word.
pub(crate) fn is_large(word: &str) -> bool {
    !is_small(word) && !is_legal_form(word)
}

/// Splits where Unicode sees a word end, and at the apostrophes and underscores that it sees within a word.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.unicode_words().flat_map(|word| word.split(['\'', '’', '‘', 'ʼ', '´', '`', '_']))
}

/// Lower case, without accents and dots, and with the letters that have no accent to lose replaced by plain ones.
pub(crate) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    let letters = word.nfkd().filter(|&char| canonical_combining_class(char) == 0);
    for char in letters.flat_map(char::to_lowercase) {
        match char {
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ŧ' => folded.push('t'),
            'ı' => folded.push('i'),
            'ŋ' => folded.push('n'),
            'ĸ' => folded.push('k'),
            'ə' => folded.push('e'),
            'ς' => folded.push('σ'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            _ if char.is_alphanumeric() => folded.push(char),
            _ => {}
        }
    }
    folded
}

/// The word with the letters written out that a keyboard without them writes as two, if it has any.
fn written_out(word: &str) -> Option<String> {
    let composed: String = word.nfc().flat_map(char::to_lowercase).collect();
    if !composed.contains(['ä', 'ö', 'ü', 'å', 'ø']) {
        return None;
    }
    let mut written = String::with_capacity(composed.len() + 4);
    for char in composed.chars() {
        match char {
            'ä' => written.push_str("ae"),
            'ö' | 'ø' => written.push_str("oe"),
            'ü' => written.push_str("ue"),
            'å' => written.push_str("aa"),
            _ => written.push(char),
        }
    }
    Some(written)
}

/// `Banc` and `Sabadell` of `BancSabadell`; nothing for a word with no such seam.
fn camel_parts(word: &str) -> impl Iterator<Item = &str> {
    let mut seams = vec![0];
    let mut before: Option<char> = None;
    for (at, char) in word.char_indices() {
        if char.is_uppercase() && before.is_some_and(char::is_lowercase) {
            seams.push(at);
        }
        before = Some(char);
    }
    seams.push(word.len());
    let parts: Vec<&str> = seams.windows(2).filter_map(|seam| word.get(seam[0]..seam[1])).collect();
    let has_seam = parts.len() > 1;
    parts.into_iter().filter(move |part| has_seam && part.len() > 1)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Crédit Agricole", &["credit", "agricole"])]
    #[case("CRÉDIT-AGRICOLE S.A.", &["credit", "agricole", "sa"])]
    #[case("BancSabadell d'Andorra", &["bancsabadell", "d", "andorra"])]
    #[case("L’Équipe", &["l", "equipe"])]
    #[case("Straße & Łódź", &["strasse", "lodz"])]
    #[case("SØR Æ Œuvre Þór", &["sor", "ae", "oeuvre", "thor"])]
    #[case("İşbank ISIK ışık", &["isbank", "isik", "isik"])]
    #[case("Ｆｕｌｌ width", &["full", "width"])]
    #[case("Εθνική Τράπεζα της Ελλάδος", &["εθνικη", "τραπεζα", "τησ", "ελλαδοσ"])]
    #[case("Ощадний банк Йод", &["ощаднии", "банк", "иод"])]
    #[case("البنك الأهلي", &["البنك", "الاهلي"])]
    #[case("paral·lel snake_case", &["parallel", "snake", "case"])]
    #[case("e\u{301}te\u{301}", &["ete"])]
    #[case("  --- … ", &[])]
    #[case("", &[])]
    fn words_are_what_remains_without_case_accents_and_punctuation(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(words(text), expected);
    }

    #[test]
    fn a_name_is_found_by_its_camel_parts_and_by_letters_written_out() {
        let forms = forms("MoraBanc Köln");
        for expected in [("morabanc", true), ("mora", true), ("banc", false), ("koln", false), ("koeln", false)] {
            assert!(forms.iter().any(|(word, first)| (word.as_str(), *first) == expected), "{expected:?} in {forms:?}");
        }
    }
}
