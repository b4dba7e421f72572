//! Other scripts in Latin letters.

use any_ascii::any_ascii;

use crate::fold;

/// A text that is not all in Latin letters, as people write it who have no others: letter by letter, by a common system
/// for each script. `None` for a text in Latin letters.
///
/// Han characters are read as in Mandarin, whatever language they stand for; Hebrew and Arabic remain without vowels,
/// since that is how they are written.
pub(crate) fn in_latin(text: &str) -> Option<String> {
    let is_ukrainian = is_ukrainian(text);
    let mut is_latin = true;
    let written = fold::pieces(text).map(|word| {
        is_latin &= fold::fold(word).is_ascii();
        let word: String =
            word.chars().map(|letter| if is_ukrainian { as_in_ukrainian(letter) } else { letter }).collect();
        any_ascii(&word).replace(|sign: char| !sign.is_ascii_alphanumeric(), "")
    });
    let written = written.collect::<Vec<String>>().join(" ");
    (!is_latin).then_some(written)
}

/// Whether a text has letters of Ukrainian and none of Kazakh, which has some of them, too.
fn is_ukrainian(text: &str) -> bool {
    const UKRAINIAN: &[char] = &['і', 'ї', 'є', 'ґ', 'І', 'Ї', 'Є', 'Ґ'];
    const KAZAKH: &[char] = &['ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'һ', 'Ә', 'Ғ', 'Қ', 'Ң', 'Ө', 'Ұ', 'Ү', 'Һ'];
    text.contains(UKRAINIAN) && !text.contains(KAZAKH)
}

/// A letter that is another one in Ukrainian than in its neighbours, in Latin where it is.
const fn as_in_ukrainian(letter: char) -> char {
    match letter {
        'г' => 'h',
        'Г' => 'H',
        'и' => 'y',
        'И' => 'Y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Народный Банк Казахстана", Some("Narodnyy Bank Kazakhstana"))]
    #[case("Ощадбанк", Some("Oshchadbank"))]
    #[case("Український Кліринговий Дім", Some("Ukrainskyy Klirynhovyy Dim"))]
    #[case("Εθνική Τράπεζα", Some("Ethniki Trapeza"))]
    #[case("中国银行", Some("Zhong Guo Yin Xing"))]
    #[case("АО \"Delta Bank\"", Some("AO Delta Bank"))]
    #[case("Société Générale", None)]
    #[case("Łódź Straße Þór İş", None)]
    #[case("", None)]
    fn what_is_not_latin_is_written_so(#[case] text: &str, #[case] latin: Option<&str>) {
        assert_eq!(in_latin(text).as_deref(), latin);
    }
}
