//! Rules for some media only, and other at-rules.

use banklink_theme::compile;
use rstest::rstest;

#[rstest]
#[case("@media (min-width:600px)", "@media(min-width:600px)")]
#[case("@media (MAX-WIDTH: 30.0em)", "@media(max-width:30em)")]
#[case("@media (width>=600px)", "@media(min-width:600px)")]
#[case("@media (width <= 600px)", "@media(max-width:600px)")]
#[case("@media (prefers-color-scheme:dark)", "@media(prefers-color-scheme:dark)")]
#[case(
    "@media (prefers-contrast:more) and (orientation:portrait)",
    "@media(prefers-contrast:more) and (orientation:portrait)"
)]
#[case(
    "@media (prefers-reduced-motion:reduce),(forced-colors:active)",
    "@media(prefers-reduced-motion:reduce),(forced-colors:active)"
)]
#[case("@media only screen and (min-width:0)", "@media screen and (min-width:0)")]
#[case("@media screen", "@media screen")]
#[case("@media all and (min-width:1px)", "@media(min-width:1px)")]
fn rules_can_depend_on_the_medium(#[case] source: &str, #[case] written: &str) {
    let compiled = compile(&format!("{source}{{#title-sca{{color:#000}}}}"));
    assert_eq!((compiled.css, compiled.findings), (format!("{written}{{#title-sca{{color:#000}}}}"), vec![]));
}

#[rstest]
#[case("@media print{}", "1:8: error: the media query can't be understood at `print`")]
#[case("@media not screen{}", "1:8: error: the media query can't be understood at `not`")]
#[case(
    "@media (hover:hover){}",
    "1:9: error: `hover` can't be asked of a medium here: width, orientation, prefers-color-scheme, prefers-contrast, prefers-reduced-motion and forced-colors can"
)]
#[case("@media (min-width:1px) or (max-width:2px){}", "1:24: error: the media query can't be understood at `or`")]
#[case("@media (width > 2px){}", "1:17: error: the media query can't be understood at `2px`")]
#[case("@media (min-width){}", "1:18: error: the media query can't be understood at `{`")]
#[case("@media{}", "1:7: error: the media query can't be understood at `{`")]
#[case("@media (min-width:1px) #title-sca{}", "1:24: error: the media query can't be understood at `#title-sca`")]
#[case("@media (min-width:1px);", "1:1: error: a `{` is missing after the selector")]
#[case("@import 'x.css';", "1:1: error: `@import` is not allowed")]
#[case("@IMPORT url(x.css);", "1:1: error: `@IMPORT` is not allowed")]
#[case(r"@\69mport 'x.css';", "1:1: error: `@import` is not allowed")]
#[case("@font-face{font-family:x;src:url(x)}", "1:1: error: `@font-face` is not allowed")]
#[case("@keyframes x{from{color:red}}", "1:1: error: `@keyframes` is not allowed")]
#[case("@supports (color:red){#title-sca{color:#000}}", "1:1: error: `@supports` is not allowed")]
#[case("@layer a;", "1:1: error: `@layer` is not allowed")]
#[case("@namespace x 'y';", "1:1: error: `@namespace` is not allowed")]
#[case("@charset{#title-sca{color:#000}}", "1:1: error: `@charset` is not allowed")]
#[case(
    "@media (min-width:1px){@media (max-width:2px){}}",
    "1:24: error: `@media` starts inside the block of line 1: a `}` is missing before it"
)]
#[case(
    "#title-sca{@media (max-width:2px){}}",
    "1:12: error: `@media` starts inside the block of line 1: a `}` is missing before it"
)]
fn other_at_rules_are_refused(#[case] source: &str, #[case] finding: &str) {
    let compiled = compile(source);
    assert_eq!(compiled.findings.iter().map(ToString::to_string).collect::<Vec<_>>(), [finding]);
    assert_eq!(compiled.css, "");
}
