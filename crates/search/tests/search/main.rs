//! What people type, and what they find.

mod fixture;
mod forgiving;
mod properties;
mod quality;
mod selected;

use std::collections::BTreeSet;

use banklink_protocol::{ids::InstitutionId, institutions::SearchResults};
use banklink_search::{Country, Entry, Index, Scope};
use rstest::rstest;

use fixture::{entries, found, ids, index, named};

#[rstest]
#[case::case("sabadell", &["es-sabadell", "ad-bancsabadell"])]
#[case::upper_case("SABADELL", &["es-sabadell", "ad-bancsabadell"])]
#[case::accents_left_out("credit agricole", &["fr-agricole"])]
#[case::accents_put_in("crédït ägricole", &["fr-agricole"])]
#[case::apostrophe("credit agricole d'ile", &["fr-agricole"])]
#[case::typographic_apostrophe("d’andorra", &["ad-bancsabadell"])]
#[case::hyphen_left_out("ile de france", &["fr-agricole"])]
#[case::word_order("agricole credit", &["fr-agricole"])]
#[case::beginnings("agr cre", &["fr-agricole"])]
#[case::sharp_s("giessen", &["de-giessen"])]
#[case::sharp_s_typed("Gießen", &["de-giessen"])]
#[case::umlaut_left_out("koln", &["de-koeln"])]
#[case::umlaut_written_out("koeln", &["de-koeln"])]
#[case::umlaut_typed("köln", &["de-koeln"])]
#[case::stroke("sor", &["no-sor"])]
#[case::polish("oszczednosci", &["pl-pko"])]
#[case::polish_stroke("spolka", &["pl-santander"])]
#[case::thorn("thjodar", &["is-landsbankinn"])]
#[case::lithuanian("siauliu", &["lt-siauliu"])]
#[case::greek_without_accents("εθνικη ελλαδος", &["gr-ethniki"])]
#[case::greek_capitals("ΕΘΝΙΚΗ ΤΡΑΠΕΖΑ ΤΗΣ ΕΛΛΑΔΟΣ", &["gr-ethniki"])]
#[case::cyrillic("ощад", &["ua-oschad"])]
#[case::short_name("zkb", &["ch-zkb"])]
#[case::short_name_of_two_words("pko bp", &["pl-pko"])]
#[case::alias("la caixa", &["es-caixabank"])]
#[case::alias_as_one_word("lacaixa", &["es-caixabank"])]
#[case::second_part_of_a_camel("paribas fortis", &["be-bnp"])]
#[case::text_written_apart("scotia bank", &["ca-scotia"])]
#[case::bic("SOGEFRPPXXX", &["fr-generale"])]
#[case::bic_without_branch("sogefrpp", &["fr-generale"])]
#[case::ids_of_other_services("14", &["flinks-capital"])]
#[case::unknown("xyzzy", &[])]
#[case::one_word_too_many("deutsche bank xyzzy", &[])]
fn people_find_what_they_mean(#[case] typed: &str, #[case] expected: &[&str]) {
    assert_eq!(found(typed, None), expected);
}

#[test]
fn a_whole_name_comes_first() {
    assert_eq!(found("deutsche bank", None).first().map(String::as_str), Some("de-deutsche"));
    assert_eq!(found("scotiabank", None), ["ca-scotia"]);
    assert_eq!(found("Santander", None), ["pl-santander", "es-santander", "gb-santander"]);
}

#[test]
fn the_persons_country_comes_first_among_equal_matches() {
    assert_eq!(found("bnp", None), ["fr-bnp", "ae-bnp", "be-bnp"]);
    assert_eq!(found("bnp", Some("BE")), ["be-bnp", "fr-bnp", "ae-bnp"]);
    assert_eq!(found("bnp", Some("ae")), ["ae-bnp", "fr-bnp", "be-bnp"]);
    assert_eq!(found("santand", Some("GB"))[0], "gb-santander");
    assert_eq!(found("Santander", Some("GB"))[0], "gb-santander", "before the foreign one that is called just so");
}

#[test]
fn popularity_comes_before_a_more_precise_word() {
    assert_eq!(found("caixa", Some("ES")), ["es-caixabank", "es-enginyers"]);
    assert_eq!(found("bank of", None)[..2], ["ca-scotia", "ca-montreal"]);
}

#[test]
fn a_name_comes_before_a_bic_or_an_acronym() {
    let found = found("deut", None);
    assert_eq!(found, ["de-deutsche", "de-apo"]);
    assert_eq!(self::found("bsab", None)[0], "es-sabadell");
}

#[test]
fn a_legal_form_or_a_small_word_is_not_what_people_look_for() {
    assert_eq!(found("sa", Some("ES"))[..2], ["es-santander", "es-sabadell"]);
    assert_eq!(found("bank of", Some("CA"))[..2], ["ca-scotia", "ca-montreal"]);
    assert_eq!(found("santander s.a.", None)[0], "es-santander");
    assert_eq!(index().resolve("Banco Santander", Scope::All, None).map(|bank| bank.id.as_str()), Some("es-santander"));
}

#[test]
fn an_empty_text_shows_the_popular_ones() {
    let index = index();
    for typed in ["", "   ", "\u{a0}\t"] {
        assert_eq!(index.search(typed, Scope::All, Some("FR"), 7), index.popular(Scope::All, Some("FR"), 7));
    }
}

#[test]
fn a_text_without_a_letter_or_digit_finds_nothing() {
    let emoji = "🦀".repeat(100);
    for typed in ["%", "_", "-–—…", "\u{301}", " ' ", &emoji] {
        let found = index().search(typed, Scope::All, Some("FR"), 7);
        assert_eq!((found.institutions.len(), found.total), (0, 0), "{typed}");
    }
}

#[test]
fn popular_ones_of_the_persons_country_come_first() {
    let popular = index().popular(Scope::Imported, Some("FR"), 6);
    assert_eq!(
        ids(&popular.institutions),
        ["fr-bnp", "fr-generale", "fr-agricole", "fr-mutuel", "es-caixabank", "es-santander"]
    );
    assert_eq!(popular.total, 28);
    let anywhere = index().popular(Scope::All, None, 3);
    assert_eq!(ids(&anywhere.institutions), ["flinks-capital", "testbank", "es-caixabank"]);
    assert_eq!(ids(&index().popular(Scope::All, Some("ZZ"), 3).institutions), ids(&anywhere.institutions));
}

/// Institutions that nobody has connected yet, all of one country: id and name.
fn new_directory(country: &str, names: &[(&str, &str)]) -> Index {
    Index::build(names.iter().map(|(id, name)| named(id, name, country, 0)))
}

const SPANISH: &[(&str, &str)] = &[
    ("andg", "A&G BANCA PRIVADA, S.A."),
    ("jyske", "A/S JYSKE BANK S.E."),
    ("sch", "BANCO SANTANDER CENTRAL HISPANO, S.A."),
    ("santander", "BANCO SANTANDER, S.A."),
    ("caixa-geral", "BANCO CAIXA GERAL, S.A."),
    ("caixabank", "CAIXABANK, S.A."),
];

#[test]
fn what_nobody_connects_is_not_called_popular_but_for_the_large_banks_of_the_country() {
    let spanish = new_directory("ES", SPANISH);
    let popular = spanish.popular(Scope::All, Some("ES"), 5);
    assert_eq!(ids(&popular.institutions), ["caixabank", "santander"]);
    assert_eq!(popular.total, 6);
    assert_eq!(ids(&spanish.popular(Scope::All, Some("FR"), 5).institutions), [""; 0]);
}

#[test]
fn what_people_connect_comes_before_what_is_only_large() {
    let spanish = entries().into_iter().filter(|entry| entry.summary.country == "ES");
    let with_connections = spanish.map(|entry| match entry.summary.id.as_str() {
        "es-caixabank" => Entry { popularity: 0, ..entry },
        _ => entry,
    });
    let popular = Index::build(with_connections).popular(Scope::Imported, Some("ES"), 3);
    assert_eq!(ids(&popular.institutions), ["es-santander", "es-sabadell", "es-enginyers"]);
}

#[test]
fn a_list_that_can_be_shown_whole_is() {
    let andorran = new_directory("AD", &[("b", "Banca Privada d'Andorra"), ("a", "Andbank"), ("m", "MoraBanc")]);
    for country in [Some("AD"), Some("ES"), None] {
        assert_eq!(ids(&andorran.popular(Scope::All, country, 3).institutions), ["a", "b", "m"]);
    }
    assert_eq!(ids(&andorran.popular(Scope::All, Some("AD"), 2).institutions), [""; 0]);
}

#[test]
fn a_large_bank_comes_before_others_that_match_as_well() {
    assert_eq!(
        ids(&new_directory("ES", SPANISH).search("caixa", Scope::All, Some("ES"), 5).institutions),
        ["caixabank", "caixa-geral"]
    );
}

#[rstest]
#[case::name("ing")]
#[case::bic("INGBNL2A")]
fn a_bank_of_another_country_that_is_called_just_so_comes_before_parts_of_names_at_home(#[case] typed: &str) {
    let index = Index::build([
        Entry { bic: Some("INGBNL2AXXX".to_owned()), ..named("nl", "ING", "NL", 1) },
        named("es", "ING BANK N.V., SUCURSAL EN ESPAÑA", "ES", 0),
        named("ingenieros", "CAJA DE INGENIEROS, INGBNL2ABC", "ES", 1000),
    ]);
    let found = ids(&index.search(typed, Scope::All, Some("ES"), 5).institutions);
    let expected: &[&str] = if typed == "ing" { &["es", "nl", "ingenieros"] } else { &["nl", "ingenieros"] };
    assert_eq!(found, expected);
}

#[test]
fn a_namesake_abroad_does_not_hide_the_large_bank_at_home() {
    let abroad = named("luxembourg", "CAIXA", "LU", 0);
    let spanish = SPANISH.iter().map(|(id, name)| named(id, name, "ES", 0));
    let local = named("caixa-catalonia", "CAIXA CATALONIA DE CREDIT", "ES", 0);
    let index = Index::build(spanish.chain([abroad, local]));
    let found = index.search("caixa", Scope::All, Some("ES"), 5);
    assert_eq!(ids(&found.institutions), ["caixabank", "caixa-catalonia", "luxembourg", "caixa-geral"]);
}

#[test]
fn a_scope_hides_what_is_not_in_it_everywhere() {
    let index = index();
    let testbank = InstitutionId::from("testbank");
    for (scope, count, sees_testbank) in
        [(Scope::All, 30, true), (Scope::BuiltIn, 2, true), (Scope::Imported, 28, false)]
    {
        assert_eq!((index.count(scope), index.popular(scope, None, 5).total), (count, count));
        assert_eq!(index.search("testbank", scope, None, 5).total, u32::from(sees_testbank));
        assert_eq!(index.get(&testbank, scope).is_some(), sees_testbank);
        assert_eq!(index.resolve("TestBank", scope, None).is_some(), sees_testbank);
        assert_eq!(index.search("santander", scope, None, 5).total, if scope == Scope::BuiltIn { 0 } else { 3 });
    }
}

#[test]
fn a_limit_cuts_the_list_and_not_the_total() {
    let index = index();
    let all = index.search("b", Scope::All, None, 50);
    assert_eq!(all.total as usize, all.institutions.len());
    for limit in 0..all.institutions.len() {
        let some = index.search("b", Scope::All, None, limit);
        assert_eq!((some.institutions.as_slice(), some.total), (&all.institutions[..limit], all.total));
        assert_eq!(index.popular(Scope::All, None, limit).institutions.len(), limit);
    }
}

#[rstest]
#[case::id("testbank", None, Some("testbank"))]
#[case::id_in_another_case("TESTBANK", None, Some("testbank"))]
#[case::flinks_id("14", None, Some("flinks-capital"))]
#[case::open_banking_provider("1000", None, Some("flinks-capital"))]
#[case::flinks_name("FlinksCapital", None, Some("flinks-capital"))]
#[case::name("flinks capital", None, Some("flinks-capital"))]
#[case::name_without_accents("Societe Generale", None, Some("fr-generale"))]
#[case::bic("DEUTDEFF", None, Some("de-deutsche"))]
#[case::short_name("pko-bp", None, Some("pl-pko"))]
#[case::beginning_only("Flinks", None, None)]
#[case::most_popular_of_several("BNP Paribas", None, Some("fr-bnp"))]
#[case::in_the_country("BNP Paribas", Some("BE"), Some("be-bnp"))]
#[case::nothing("", None, None)]
#[case::no_word("--", None, None)]
fn a_page_may_name_an_institution_in_many_ways(
    #[case] text: &str,
    #[case] country: Option<&str>,
    #[case] expected: Option<&str>,
) {
    let index = index();
    assert_eq!(index.resolve(text, Scope::All, country).map(|found| found.id.as_str()), expected);
}

#[test]
fn a_name_that_means_two_institutions_equally_names_none() {
    let index = Index::build(entries().into_iter().filter(|entry| entry.summary.id.as_str() != "fr-bnp"));
    assert_eq!(index.resolve("BNP Paribas", Scope::All, None), None);
    assert_eq!(index.resolve("BNP Paribas", Scope::All, Some("AE")).map(|found| found.id.as_str()), Some("ae-bnp"));
}

#[test]
fn of_two_entries_with_one_id_the_last_counts() {
    let mut twice = entries();
    let mut renamed: Entry = twice[0].clone();
    renamed.summary.name = "Renamed".to_owned();
    twice.push(renamed);
    let index = Index::build(twice);
    assert_eq!(index.count(Scope::All), 30);
    assert_eq!(index.search("renamed", Scope::All, None, 5).total, 1);
    assert_eq!(index.search("d'andorra", Scope::All, None, 5).total, 0);
}

#[test]
fn an_empty_index_finds_nothing() {
    let index = Index::build([]);
    assert_eq!(index.search("bank", Scope::All, Some("ES"), 5).total, 0);
    assert_eq!(index.popular(Scope::All, None, 5).institutions, []);
    assert_eq!(index.resolve("bank", Scope::All, None), None);
}

#[test]
fn an_overlong_text_is_cut_and_not_refused() {
    let text = format!("deutsche bank {}", "x".repeat(1_000_000));
    assert_eq!(index().search(&text, Scope::All, None, 5).total, 0);
    assert_eq!(index().search(&"deutsche ".repeat(100_000), Scope::All, None, 5).total, 2);
}

#[test]
fn one_country_alone_lists_and_finds_its_institutions_and_no_other() {
    let index = index();
    let of = |results: SearchResults| {
        let countries: BTreeSet<String> = results.institutions.into_iter().map(|found| found.country).collect();
        (countries, results.total)
    };
    let only = BTreeSet::from(["ES".to_owned()]);
    let (all, total) = of(index.popular(Scope::All, Country::Only("ES"), 50));
    assert_eq!(all, only);
    assert_eq!(of(index.search(" ", Scope::All, Country::Only("es"), 50)), (all, total));
    let anywhere = index.search("santander", Scope::All, Some("ES"), 50).total;
    let (found, there) = of(index.search("santander", Scope::All, Country::Only("ES"), 50));
    assert_eq!(found, only);
    assert!((1..anywhere).contains(&there), "{there} of {anywhere}");
    assert_eq!(index.popular(Scope::All, Country::Only("ZZ"), 50).total, 0);
}

#[test]
fn the_countries_are_those_of_the_institutions_within_the_scope() {
    let index = index();
    let all = index.countries(Scope::All);
    assert!(all.is_sorted() && all.contains(&"ES".to_owned()));
    for country in &all {
        assert!(index.popular(Scope::All, Country::Only(country), 1).total > 0, "{country}");
    }
    let built_in = index.countries(Scope::BuiltIn);
    assert!(!built_in.is_empty() && built_in.len() < all.len());
}
