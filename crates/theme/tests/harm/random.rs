//! Whatever comes in, what goes out is harmless, bounded and stable.

use proptest::prelude::*;

use crate::harmless::assert_harmless;

/// Pieces that stylesheets, and attacks on them, are made of.
pub(crate) const PIECES: &[&str] = &[
    "#bank-box",
    "#title-sca",
    "#input-credential",
    "#input-credential-username",
    "#message-error",
    "#x",
    ":root",
    ":hover",
    "::placeholder",
    ":is(",
    "[data-part~=\"bank-box\"]",
    ".c",
    "*",
    ">",
    "+",
    ",",
    " ",
    "\n",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ";",
    ":",
    "!important",
    "@media",
    "@import",
    "@font-face",
    "@charset",
    "(min-width:600px)",
    "(prefers-color-scheme:dark)",
    "and",
    "screen",
    "color:",
    "background:",
    "border:",
    "font-size:",
    "font-family:",
    "box-shadow:",
    "outline:",
    "padding:",
    "margin:",
    "width:",
    "position:",
    "content:",
    "display:",
    "opacity:",
    "--bl-accent:",
    "--bl-font:",
    "red",
    "#fff",
    "#000",
    "#fffffffe",
    "transparent",
    "currentcolor",
    "inherit",
    "none",
    "rgb(",
    "hsl(",
    "var(--bl-accent)",
    "linear-gradient(",
    "url(",
    "url('x')",
    "expression(",
    "calc(",
    "12px",
    "1.23456789rem",
    "-0",
    "1e999px",
    "-1e-40em",
    "50%",
    "0",
    "7",
    "solid",
    "inset",
    "sans-serif",
    "Arial",
    "'a b'",
    "\"",
    "'",
    "\\",
    "\\75 rl(",
    "/*",
    "*/",
    "<!--",
    "-->",
    "</style>",
    "<",
    "\u{0}",
    "\u{feff}",
    "é",
    "𝕏",
    "&",
    "%",
    "$",
    "~=",
    "^=",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..120).prop_map(|pieces| pieces.concat())
}

/// Rules of allowed shape with whatever values.
fn plausible() -> impl Strategy<Value = String> {
    let properties = banklink_theme::PROPERTIES.iter().map(|property| property.name).collect::<Vec<_>>();
    let value = prop::collection::vec(prop::sample::select(PIECES), 1..5).prop_map(|pieces| pieces.join(" "));
    let number = (-2000.0f32..2000.0, prop::sample::select(&["px", "em", "rem", "%", ""][..]))
        .prop_map(|(number, unit)| format!("{number}{unit}"));
    let colour = any::<u32>().prop_map(|colour| format!("#{colour:08x}"));
    let value = prop_oneof![value, number, colour];
    let declaration = (prop::sample::select(properties), value).prop_map(|(name, value)| format!("{name}:{value};"));
    let rule = (
        prop::sample::select(&["#bank-box", "#title-sca:hover", "#input-sca::placeholder", "#institution"][..]),
        prop::collection::vec(declaration, 1..6),
    )
        .prop_map(|(selector, declarations)| format!("{selector}{{{}}}", declarations.concat()));
    prop::collection::vec(rule, 1..6).prop_map(|rules| rules.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        assert_harmless(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_text_does_no_harm(text in "\\PC{0,200}") {
        assert_harmless(&text);
    }

    #[test]
    fn a_soup_of_css_does_no_harm(source in soup()) {
        assert_harmless(&source);
    }

    #[test]
    fn plausible_rules_do_no_harm(source in plausible()) {
        assert_harmless(&source);
    }

    #[test]
    fn numbers_are_written_so_that_they_are_read_again(number in 0.0f32..64.0) {
        assert_harmless(&format!("#title-sca{{padding:{number}px;border-radius:{number}%}}"));
    }
}
