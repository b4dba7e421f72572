//! Stylesheets that try to do harm, each with what becomes of it.

use std::{
    error::Error,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use banklink_theme::MAX_SOURCE;
use rstest::rstest;

use crate::harmless::assert_harmless;

/// Far more than any source needs, far less than an attacker would like.
const LONG: Duration = Duration::from_secs(5);

#[test]
fn each_hostile_stylesheet_is_disarmed() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    assert!(paths.len() >= 12, "the corpus is there");
    for path in paths {
        let source = fs::read_to_string(&path)?;
        let compiled = assert_harmless(&source);
        assert!(!compiled.is_complete(), "{} is reported", path.display());
        let findings: Vec<String> = compiled.findings.iter().map(ToString::to_string).collect();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        insta::assert_snapshot!(name, format!("{}\n\n{}", findings.join("\n"), compiled.css));
    }
    Ok(())
}

#[rstest]
#[case::blocks("{")]
#[case::rules_in_rules("#title-sca{")]
#[case::media_in_media("@media (min-width:1px){")]
#[case::brackets("(")]
#[case::square_brackets("[")]
#[case::functions("#title-sca{color:rgb(")]
#[case::gradients("linear-gradient(")]
#[case::is(":is(")]
#[case::closing("}")]
#[case::closing_round(")")]
#[case::closing_square("]")]
#[case::closing_html("-->")]
#[case::strings("\"")]
#[case::lines("\"\n")]
#[case::comments("/*")]
#[case::short_comments("/**/")]
#[case::comments_and_spaces("/**/ ")]
#[case::comments_on_lines("/**/\n")]
#[case::words_and_comments("a/**/ ")]
#[case::escapes("\\")]
#[case::addresses("url(")]
#[case::bad_addresses("url( a b")]
#[case::commas(",")]
#[case::colons(":")]
#[case::semicolons(";")]
#[case::spaces(" ")]
#[case::new_lines("\n")]
#[case::hashes("#")]
#[case::ids("#title-sca ")]
#[case::unknown_ids("#title-scb,")]
#[case::at("@")]
#[case::at_rules("@import;")]
#[case::empty_rules("#title-sca{}")]
#[case::declarations_without_end("#title-sca{color:red;")]
#[case::lines_without_semicolons("\na:b")]
#[case::long_values("#title-sca{padding:1px 1px ")]
#[case::minus("-")]
#[case::numbers("1e")]
#[case::nul("\0")]
fn the_largest_source_of_one_piece_takes_little_time(#[case] piece: &str) {
    for prefix in ["", "#title-sca{color:", "#title-sca{", "@media "] {
        let source = prefix.to_owned() + &piece.repeat((MAX_SOURCE - prefix.len()) / piece.len());
        let time = time(|| assert_harmless(&source));
        assert!(time < LONG, "{prefix}{piece}… takes {time:?}");
    }
}

#[test]
fn a_long_list_of_selectors_before_a_long_list_of_declarations_takes_little_time() {
    let half = |piece: &str| piece.repeat(MAX_SOURCE / 2 / piece.len() - 1);
    let source = format!("{}#x{{{}}}", half("#title-sca,"), half("gap:0;"));
    let time = time(|| assert_harmless(&source));
    assert!(time < LONG, "{time:?}");
}

#[expect(clippy::disallowed_methods, reason = "how long it takes is what is tested")]
fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}
