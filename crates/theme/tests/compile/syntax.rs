//! What is missing, and what stands around the rules.

use banklink_theme::compile;

use crate::findings;

#[test]
fn a_missing_semicolon_is_found_where_it_is_missing() {
    let source = "#title-sca {\n  color: red\n  padding: 4px;\n  gap: 1px\n}";
    assert_eq!(findings(source), ["3:3: error: a `;` is missing before `padding`"]);
    assert_eq!(compile(source).css, "#title-sca{gap:1px}");
}

#[test]
fn a_missing_opening_brace_costs_its_rule_only() {
    let source = "#title-sca\n color: red;\n}\n#text-sca { color: #000 }";
    assert_eq!(findings(source), ["1:1: error: a `{` is missing after the selector", "3:1: error: `}` closes nothing"]);
    assert_eq!(compile(source).css, "#text-sca{color:#000}");
}

#[test]
fn columns_count_as_editors_do() {
    assert_eq!(
        findings("#title-sca{font-family:'𝕏';color:x}"),
        ["1:35: error: `x` is not a colour that is known here"]
    );
}

#[test]
fn a_byte_order_mark_and_an_encoding_are_taken_as_read() {
    let compiled = compile("\u{feff}@charset \"utf-8\";\r\n#title-sca\r\n{\r\ncolor:#000\r\n}");
    assert_eq!((compiled.css.as_str(), compiled.findings.len()), ("#title-sca{color:#000}", 0));
}

#[test]
fn nothing_is_a_theme() {
    for nothing in ["", " \n\t", "/* nothing */", "#title-sca{}", "@media (min-width:1px){}", "/* never closed"] {
        let compiled = compile(nothing);
        assert_eq!((compiled.css.as_str(), compiled.findings.len()), ("", 0), "{nothing:?}");
    }
}
