//! What holds for every text.

use banklink_search::{Entry, Index, Scope};
use proptest::prelude::*;

use crate::fixture::{entries, index};

/// Some institution of the fixture, and a text that finds it: beginnings of some of its name's words, in any order.
fn own_words() -> impl Strategy<Value = (Entry, String)> {
    (prop::sample::select(entries()), prop::collection::vec((0_usize..8, 1_usize..6), 1..4)).prop_map(
        |(entry, picks)| {
            // Dots join: `S.A.` is one word.
            let words: Vec<&str> =
                entry.summary.name.split(|char: char| !(char.is_alphanumeric() || char == '.')).collect();
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            let beginning =
                |(word, length): &(usize, usize)| words[word % words.len()].chars().take(*length).collect::<String>();
            let text = picks.iter().map(beginning).collect::<Vec<_>>().join(" ");
            (entry, text)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_answered_within_its_limit(text in any::<String>(), country in "[a-zA-Z]{0,3}", limit in 0_usize..80) {
        let index = index();
        let results = index.search(&text, Scope::All, Some(country.as_str()), limit);
        prop_assert!(results.institutions.len() <= limit.min(50));
        prop_assert!(results.institutions.len() <= results.total as usize);
        index.resolve(&text, Scope::BuiltIn, Some(&country));
    }

    #[test]
    fn beginnings_of_its_words_find_an_institution((entry, text) in own_words()) {
        let results = index().search(&text, Scope::All, None, 50);
        prop_assert!(results.institutions.contains(&entry.summary), "{text:?} does not find {}", entry.summary.name);
    }

    #[test]
    fn upper_and_lower_case_find_the_same((_, text) in own_words()) {
        let index = index();
        let of = |text: &str| index.search(text, Scope::All, None, 50);
        prop_assert_eq!(of(&text.to_uppercase()), of(&text.to_lowercase()));
    }

    #[test]
    fn the_order_of_entries_does_not_matter(shuffled in Just(entries()).prop_shuffle(), (_, text) in own_words()) {
        let results = Index::build(shuffled).search(&text, Scope::All, Some("ES"), 50);
        prop_assert_eq!(results, index().search(&text, Scope::All, Some("ES"), 50));
    }
}
