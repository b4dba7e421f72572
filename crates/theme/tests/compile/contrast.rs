//! Text that can be read on its background.

use banklink_theme::{Reason, Severity, compile};
use rstest::rstest;

use crate::findings;

#[rstest]
#[case::black_on_white("color:#000;background:#fff", None)]
#[case::just_enough("color:#767676;background:#fff", None)]
#[case::not_enough(
    "color:#777;background:#fff",
    Some("contrast of text and background is 4.47:1, under 4.5:1 (WCAG AA)")
)]
#[case::large_text("color:#777;background:#fff;font-size:24px", None)]
#[case::large_text_not_enough(
    "color:#aaa;background:#fff;font-size:2rem",
    Some("contrast of text and background is 2.32:1, under 3:1 (WCAG AA)")
)]
#[case::worst_part_of_a_gradient(
    "color:#333;background:linear-gradient(#fff,#888)",
    Some("contrast of text and background is 3.56:1, under 4.5:1 (WCAG AA)")
)]
#[case::translucent_text(
    "color:rgb(0 0 0/.7);background:#777",
    Some("contrast of text and background is 3.5:1, under 4.5:1 (WCAG AA)")
)]
#[case::the_one_that_counts(
    "color:#777!important;color:#000;background:#fff",
    Some("contrast of text and background is 4.47:1, under 4.5:1 (WCAG AA)")
)]
#[case::background_unknown("color:#777;background:rgb(255 255 255/.9)", None)]
#[case::text_unknown("color:CanvasText;background:#000", None)]
fn contrast_under_wcag_aa_is_a_warning_where_a_rule_tells(#[case] body: &str, #[case] reason: Option<&str>) {
    let compiled = compile(&format!("#title-sca{{{body}}}"));
    let reasons: Vec<String> = compiled.findings.iter().map(|finding| finding.reason.to_string()).collect();
    assert_eq!(reasons, Vec::from_iter(reason.map(str::to_owned)));
    assert!(compiled.is_complete());
    assert!(compiled.css.contains("color:"), "a warning keeps everything");
}

#[test]
fn what_is_disabled_may_be_faint() {
    assert_eq!(compile("#button-continue:disabled{color:#999;background:#eee}").findings, []);
}

#[test]
fn text_that_can_not_be_read_at_all_is_left_out() {
    let compiled = compile("#title-sca{color:#fefefe;background:#fff}");
    assert_eq!(compiled.css, "#title-sca{background:#fff}");
    assert_eq!(compiled.findings.first().map(|finding| finding.severity), Some(Severity::Error));
}

#[test]
fn custom_properties_that_meet_are_compared() {
    assert_eq!(
        findings(":root{--bl-accent:#ffd700;--bl-on-accent:#fff}"),
        ["1:27: warning: contrast of text and background is 1.4:1, under 4.5:1 (WCAG AA)"]
    );
}

#[rstest]
#[case("#message-error", "color:#fff")]
#[case("#message-error", "background:#fff")]
#[case("#message-error", "color:#000;background:transparent")]
#[case("#message-error", "color:inherit;background:#fff")]
#[case("#institution", "color:#777;background:#fff")]
#[case("#error-credential", "color:#fff")]
#[case("#error-credential-password", "color:#fff")]
#[case("#div-sca #institution-name", "color:#000;background-color:#111")]
#[case("#title-sca,#institution", "color:#fff")]
#[case::one_counts_more("#institution", "color:#fff!important;background:#000")]
#[case::a_gradient_would_stay_below("#institution", "color:#000;background-color:#fff")]
#[case::a_gradient_above("#institution", "color:#000;background:#fff;background-image:linear-gradient(#000,#000)")]
fn a_theme_can_not_make_the_institution_or_an_error_unreadable(#[case] selector: &str, #[case] body: &str) {
    let compiled = compile(&format!("{selector}{{{body};gap:1px}}"));
    assert!(matches!(compiled.findings.as_slice(), [finding] if matches!(finding.reason, Reason::Guarded { .. })));
    assert!(compiled.css.ends_with("{gap:1px}"), "{}", compiled.css);
}

#[test]
fn a_theme_can_dress_an_error_that_stays_readable() {
    let compiled = compile("#message-error{background:#fdeceb;color:#8c1d18}");
    assert_eq!(
        (compiled.css.as_str(), compiled.findings.len()),
        ("#message-error{background:#fdeceb;color:#8c1d18}", 0)
    );
}

#[rstest]
#[case("--bl-text:#fff")]
#[case("--bl-raised:#fff")]
#[case("--bl-text:#fff!important;--bl-raised:#000")]
#[case("--bl-danger:#f00;--bl-danger-soft:#fcc")]
fn neither_can_it_by_way_of_custom_properties(#[case] body: &str) {
    let compiled = compile(&format!(":root{{{body};--bl-radius:0}}"));
    assert!(matches!(compiled.findings.as_slice(), [finding] if matches!(finding.reason, Reason::GuardedPair { .. })));
    assert_eq!(compiled.css, ":root{--bl-radius:0px}");
}
