//! How much is taken, written and said.

use banklink_theme::{MAX_CSS, MAX_FINDINGS, MAX_SOURCE, Reason, compile};

#[test]
fn a_source_that_is_too_large_is_not_read() {
    let rule = "#title-sca{color:#000}";
    let largest = rule.repeat(MAX_SOURCE / rule.len());
    assert_eq!(compile(&largest).findings, []);
    let compiled = compile(&(largest + &" ".repeat(rule.len())));
    assert_eq!((compiled.css.as_str(), compiled.findings.len()), ("", 1));
}

#[test]
fn a_result_that_would_be_too_large_is_not_written() {
    let source = "#bank-box,".repeat(20_000) + "#bank-box{color:#000}";
    assert!(source.len() < MAX_SOURCE);
    let compiled = compile(&source);
    assert!(
        matches!(compiled.findings.as_slice(), [finding] if finding.reason == Reason::ResultTooLarge { limit: MAX_CSS })
    );
    assert_eq!(compiled.css, "");
}

#[test]
fn findings_are_bounded_and_say_so() {
    let compiled = compile(&"x{}".repeat(1000));
    assert_eq!(compiled.findings.len(), MAX_FINDINGS + 1);
    assert_eq!(compiled.findings.last().map(|finding| &finding.reason), Some(&Reason::TooManyFindings));
}

#[test]
fn an_excerpt_in_a_finding_is_short_and_holds_no_control_characters() {
    let compiled = compile(&format!("#title-sca{{color:{}}}\n#\u{7f}\\0a{{}}", "x".repeat(5000)));
    for finding in &compiled.findings {
        let text = finding.to_string();
        assert!(text.chars().count() < 120 && !text.contains(char::is_control), "{text:?}");
    }
    assert_eq!(compiled.findings.len(), 2);
}
