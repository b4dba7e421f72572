//! Seed 000’s own stylesheet.

use banklink_theme::compile;

use crate::findings;

/// The six rules of seed 000, as its page prints them: without closing braces.
const SEED_AS_PRINTED: &str = "\
#title-select-bank {
color: #78281f !important
#background {
background: #CD5C5C;
#div-select-bank {
background: #f5f5f5;
#input-search-bank {
background: #fadbd9 !important
#bank-box {
background: #fadbd9;
#bank-img {
background: transparent;
";

#[test]
fn the_example_of_seed_000_works_once_its_braces_are_back() {
    let with_braces = SEED_AS_PRINTED.replace("\n#", "\n}\n#") + "}";
    let compiled = compile(&with_braces);
    assert_eq!(compiled.findings, []);
    assert_eq!(
        compiled.css,
        concat!(
            "#title-select-bank{color:#78281f!important}",
            "#background{background:#cd5c5c}",
            "#div-select-bank{background:#f5f5f5}",
            "#input-search-bank{background:#fadbd9!important}",
            ":is(#bank-box,[data-part~=\"bank-box\"]){background:#fadbd9}",
            ":is(#bank-img,[data-part~=\"bank-img\"]){background:#0000}",
        )
    );
}

#[test]
fn the_example_of_seed_000_as_printed_is_told_where_each_of_its_six_braces_is_missing() {
    assert_eq!(
        findings(SEED_AS_PRINTED),
        [
            "3:1: error: a rule starts inside the one of line 1: a `}` is missing before it (rules can't be nested)",
            "5:1: error: a rule starts inside the one of line 3: a `}` is missing before it (rules can't be nested)",
            "7:1: error: a rule starts inside the one of line 5: a `}` is missing before it (rules can't be nested)",
            "9:1: error: a rule starts inside the one of line 7: a `}` is missing before it (rules can't be nested)",
            "11:1: error: a rule starts inside the one of line 9: a `}` is missing before it (rules can't be nested)",
            "11:11: error: this block is never closed: a `}` is missing",
        ]
    );
}
