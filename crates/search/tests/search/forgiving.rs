//! What people find although they typed something else.

use banklink_search::{Index, Scope};
use proptest::prelude::*;
use rstest::rstest;

use crate::fixture::{entries, found, found_in, index, named};

#[rstest]
#[case::missing_letter("sabadel bnco", "es-sabadell")]
#[case::superfluous_letter("deutshche apo", "de-apo")]
#[case::wrong_letter("giesden", "de-giessen")]
#[case::swapped_letters("santnader uk", "gb-santander")]
#[case::first_letter("xabadell", "es-sabadell")]
#[case::first_letters_swapped("asbadell", "es-sabadell")]
#[case::unfinished_word("landbsan", "is-landsbankinn")]
#[case::two_in_a_long_word("kantnoalbnak zurcher", "ch-zkb")]
#[case::one_in_each_word("crdit agricol", "fr-agricole")]
#[case::three_letters("zkn", "ch-zkb")]
#[case::missing_space("novascotia", "ca-scotia")]
#[case::missing_spaces("bankofnova", "ca-scotia")]
#[case::missing_small_word("bancosabadell", "es-sabadell")]
#[case::missing_space_and_other_order("novascotia bank", "ca-scotia")]
#[case::missing_space_and_a_typo("bankofnvoasc", "ca-scotia")]
#[case::superfluous_space("lands bankinn", "is-landsbankinn")]
#[case::superfluous_space_after_another_word("banco saba dell", "es-sabadell")]
#[case::superfluous_space_and_a_typo("lanbs bankinn", "is-landsbankinn")]
#[case::greek_in_latin("ethniki trapeza", "gr-ethniki")]
#[case::greek_in_latin_with_a_typo("ethnikh trapesa", "gr-ethniki")]
#[case::cyrillic_in_latin("oschad", "ua-oschad")]
#[case::latin_in_cyrillic("сабаделл", "es-sabadell")]
#[case::umlaut_typed_that_is_written_out("koelnboenn", "de-koeln")]
#[case::ring_for_two_letters("spårkasse giessen", "de-giessen")]
#[case::branch_that_is_not_listed("DEUTDEFF500", "de-deutsche")]
#[case::legal_form_that_the_name_does_not_have("deutsche bank ag", "de-deutsche")]
#[case::bank_in_another_language("banque sabadell", "es-sabadell")]
#[case::acronym("bons", "ca-scotia")]
#[case::acronym_without_small_words("bns", "ca-scotia")]
#[case::beginning_of_a_bic("soge", "fr-generale")]
fn what_was_meant_comes_first(#[case] typed: &str, #[case] meant: &str) {
    assert_eq!(found(typed, None).first().map(String::as_str), Some(meant));
}

#[rstest]
#[case::two_letters("zx")]
#[case::two_mistakes_in_a_short_word("snatda")]
#[case::three_mistakes("szntznxdr")]
#[case::number("1001")]
#[case::beginning_of_three_letters("xav")]
#[case::nothing_alike("xyzzy")]
fn what_is_too_far_from_every_name_finds_nothing(#[case] typed: &str) {
    assert_eq!(found(typed, None), [""; 0]);
}

#[test]
fn what_is_there_as_typed_comes_before_what_was_perhaps_meant() {
    let index = Index::build([
        named("perhaps", "Banca Caixa", "ES", 1000),
        named("perhaps-abroad", "Banca Carxa", "FR", 1000),
        named("typed-abroad", "Old Banca of Carixa", "FR", 0),
    ]);
    let of = |typed| found_in(&index, typed, Some("ES"));
    assert_eq!(of("carixa"), ["typed-abroad", "perhaps", "perhaps-abroad"]);
}

#[test]
fn nothing_is_put_right_where_something_at_home_is_called_so() {
    let index = Index::build([
        named("typed", "Banca Carixa", "ES", 0),
        named("not-meant", "Banca Caixa", "ES", 1000),
        named("abroad", "Carixa", "FR", 1000),
    ]);
    let of = |country| found_in(&index, "carixa", country);
    assert_eq!(of(Some("ES")), ["abroad", "typed"]);
    assert_eq!(of(Some("FR")), ["abroad", "typed"]);
    assert_eq!(of(Some("DE")), ["abroad", "typed", "not-meant"]);
}

#[test]
fn fewer_mistakes_come_first_and_a_right_first_letter_before_a_wrong_one() {
    let index = Index::build([
        named("two", "Sparebonken", "NO", 0),
        named("first-letter", "Qparebankon", "NO", 0),
        named("inner-letter", "Sparebankan", "NO", 0),
    ]);
    let of = |typed| found_in(&index, typed, Some("NO"));
    assert_eq!(of("sparebankon"), ["inner-letter", "first-letter"]);
    assert_eq!(of("sparebxnkxn"), ["inner-letter", "two"]);
}

#[test]
fn a_name_without_more_words_comes_before_longer_ones() {
    let index = Index::build([
        named("longer", "Comercial Bank Abierta", "ES", 0),
        named("just-so", "Comercial Bank, S.A.", "ES", 0),
        named("longest", "Abierta Comercial Bank", "ES", 0),
    ]);
    let of = |typed| found_in(&index, typed, Some("ES"));
    assert_eq!(of("bank comercal"), ["just-so", "longer", "longest"]);
}

#[test]
fn characters_without_spaces_between_words_are_found_anywhere_in_a_name_and_by_their_reading() {
    let index = Index::build([
        named("abc", "中国农业银行股份有限公司", "GB", 0),
        named("bangkok", "บริษัท ธนาคารกรุงเทพ จำกัด (มหาชน)", "GB", 0),
        named("kookmin", "(주) 국민은행", "GB", 0),
    ]);
    let of = |typed| found_in(&index, typed, Some("GB"));
    for typed in ["中国农业", "农业银行", "nongye", "zhong guo", "zhongguo"] {
        assert_eq!(of(typed), ["abc"], "{typed}");
    }
    assert_eq!(of("กรุงเทพ"), ["bangkok"]);
    for typed in ["국민은행", "국민", "gugmin"] {
        assert_eq!(of(typed), ["kookmin"], "{typed}");
    }
}

/// A word of some name with one mistake, and the institution.
fn mistyped() -> impl Strategy<Value = (String, String)> {
    let own = prop::sample::select(entries());
    (own, any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4, "[a-z]").prop_filter_map(
        "a word of four letters",
        |(entry, word, place, way, letter)| {
            let words: Vec<&str> = entry.summary.name.split(|char: char| !char.is_alphanumeric()).collect();
            let words: Vec<&str> = words.into_iter().filter(|word| word.is_ascii() && word.len() > 3).collect();
            let mut typed = words.get(word.index(words.len().max(1)))?.to_lowercase();
            let place = place.index(typed.len() - 1);
            let own: String = typed.drain(place..=place).collect();
            match way {
                0 => {}
                1 => typed.insert_str(place, &(letter + &own)),
                2 => typed.insert_str(place, &letter),
                _ => typed.insert_str(place + 1, &own),
            }
            Some((entry.summary.id.to_string(), typed))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_word_with_one_mistake_finds_the_institution((id, typed) in mistyped()) {
        // A mistake that makes another word of it finds that one.
        let found = found(&typed, None);
        let is_other_word = index().search(&typed, Scope::All, None, 1).institutions.first().is_some_and(|first| {
            first.name.to_lowercase().split(|char: char| !char.is_alphanumeric()).any(|word| word.starts_with(&typed))
        });
        prop_assert!(is_other_word || found.contains(&id), "{typed} does not find {id} but {found:?}");
    }
}
