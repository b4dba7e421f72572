//! What is allowed and what is refused, and how it is written and said.

use banklink_protocol::elements::{ELEMENTS, Occurs};
use banklink_theme::{MAX_CSS, MAX_FINDINGS, MAX_SOURCE, PROPERTIES, Reason, Scheme, Severity, compile, scheme_of};
use rstest::rstest;

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

/// What is said about a source, a line each.
fn findings(source: &str) -> Vec<String> {
    compile(source).findings.iter().map(ToString::to_string).collect()
}

/// The declarations of `#bank-name { … }` that are left.
fn declarations(body: &str) -> String {
    let css = compile(&format!("#title-sca{{{body}}}")).css;
    css.strip_prefix("#title-sca{").and_then(|css| css.strip_suffix('}')).unwrap_or_default().to_owned()
}

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

#[rstest]
#[case::once("#background{color:#000}", "#background")]
#[case::repeated("#bank-box{color:#000}", r#":is(#bank-box,[data-part~="bank-box"])"#)]
#[case::every_field("#input-credential{color:#000}", r#":is(#input-credential,[id^="input-credential-"])"#)]
#[case::one_field("#input-credential-username{color:#000}", "#input-credential-username")]
#[case::one_field_with_a_dash("#input-question-q-2{color:#000}", "#input-question-q-2")]
#[case::state("#button-continue:HOVER{color:#000}", "#button-continue:hover")]
#[case::states("#button-continue:focus-visible:active{color:#000}", "#button-continue:focus-visible:active")]
#[case::placeholder("#input-sca::placeholder{color:#000}", "#input-sca::placeholder")]
#[case::inside("#div-sca   #title-sca{color:#000}", "#div-sca #title-sca")]
#[case::child("#div-sca>#title-sca{color:#000}", "#div-sca>#title-sca")]
#[case::inside_every(
    "#bank-box:hover #bank-name{color:#000}",
    r#":is(#bank-box,[data-part~="bank-box"]):hover :is(#bank-name,[data-part~="bank-name"])"#
)]
#[case::list("#title-sca , #text-sca{color:#000}", "#title-sca,#text-sca")]
#[case::comment("#div-sca/**/#title-sca,/* , */#text-sca{color:#000}", "#text-sca")]
#[case::escaped(r"#title\2d sca{color:#000}", "#title-sca")]
fn elements_are_addressed_by_id(#[case] source: &str, #[case] selector: &str) {
    assert_eq!(compile(source).css, format!("{selector}{{color:#000}}"));
}

#[rstest]
#[case("#bank_box{}", "1:1: error: there is no element `#bank_box`: did you mean `#bank-box`?")]
#[case("#titel-sca{}", "1:1: error: there is no element `#titel-sca`: did you mean `#title-sca`?")]
#[case("#checkout{}", "1:1: error: there is no element `#checkout`")]
#[case(
    "#input-credential-{}",
    "1:1: error: there is no element `#input-credential-`: did you mean `#input-credential`?"
)]
#[case("#input-credential-UserName{}", "1:1: error: there is no element `#input-credential-UserName`")]
#[case(".card{}", "1:1: error: elements are addressed by id, not as `.class`")]
#[case("div{}", "1:1: error: elements are addressed by id, not as `div`")]
#[case("*{}", "1:1: error: elements are addressed by id, not as `*`")]
#[case("[data-part]{}", "1:1: error: elements are addressed by id, not as `[attribute]`")]
#[case("#title-sca[lang]{}", "1:11: error: elements are addressed by id, not as `[attribute]`")]
#[case("#title-sca.big{}", "1:11: error: elements are addressed by id, not as `.class`")]
#[case("#title-sca#text-sca{}", "1:11: error: elements are addressed by id, not as `#text-sca`")]
#[case(":is(#title-sca){}", "1:1: error: elements are addressed by id, not as `:is()`")]
#[case(":hover{}", "1:1: error: elements are addressed by id, not as `:hover`")]
#[case("#title-sca:has(a){}", "1:12: error: `:has()` is not a state that can be styled")]
#[case("#title-sca:not(:hover){}", "1:12: error: `:not()` is not a state that can be styled")]
#[case("#bank-box:nth-child(2){}", "1:11: error: `:nth-child()` is not a state that can be styled")]
#[case("#bank-box:visited{}", "1:11: error: `:visited` is not a state that can be styled")]
#[case("#bank-box::before{}", "1:12: error: `::before` can't be styled: only `::placeholder` can")]
#[case("#input-sca::placeholder:hover{}", "1:24: error: elements are addressed by id, not as `:hover`")]
#[case("#div-sca + #title-sca{}", "1:10: error: only spaces and `>` can stand between two elements, not `+`")]
#[case("#div-sca ~ #title-sca{}", "1:10: error: only spaces and `>` can stand between two elements, not `~`")]
#[case("& #title-sca{}", "1:1: error: elements are addressed by id, not as `&`")]
#[case("#title-sca,{}", "1:12: error: a selector is missing here")]
#[case("{}", "1:1: error: a selector is missing here")]
#[case("#div-sca >{}", "1:11: error: a selector is missing here")]
#[case(":root #title-sca{}", "1:7: error: `:root` stands alone")]
#[case(":root,#title-sca{}", "1:1: error: `:root` stands alone")]
#[case("#a\u{1}b{}", "1:1: error: there is no element `#a`")]
fn other_selectors_are_refused(#[case] source: &str, #[case] finding: &str) {
    let compiled = compile(source);
    assert_eq!(compiled.findings.first().map(ToString::to_string).as_deref(), Some(finding));
    assert_eq!(compiled.css, "");
}

#[test]
fn the_selectors_of_a_list_that_are_understood_are_kept() {
    let compiled = compile("#title-sca, .x, #text-sca { color: #000 }");
    assert_eq!(compiled.css, "#title-sca,#text-sca{color:#000}");
    assert_eq!(compiled.findings.len(), 1);
}

#[rstest]
// Colours, in the shortest notation.
#[case("color:RED", "color:#f00")]
#[case("color:#AABBCC", "color:#abc")]
#[case("color:#aabbccff", "color:#abc")]
#[case("color:rgb(18, 52, 86)", "color:#123456")]
#[case("color:rgb(18 52 86 / 90%)", "color:#123456e6")]
#[case("color:rgba(100%,0%,0%,1)", "color:#f00")]
#[case("color:hsl(120deg 100% 25%)", "color:#008000")]
#[case("color:hsl(.5turn,100%,50%)", "color:#0ff")]
#[case("color:hwb(240 0% 0%)", "color:#00f")]
#[case("color:CanvasText", "color:canvastext")]
#[case("color:currentColor", "color:currentcolor")]
#[case("color:inherit", "color:inherit")]
#[case("color:var(--bl-accent)", "color:var(--bl-accent)")]
#[case("color:#111!important", "color:#111!important")]
#[case("color:#111 ! /**/ IMPORTANT ", "color:#111!important")]
#[case("COLOR:#111", "color:#111")]
// Backgrounds.
#[case("background:transparent", "background:#0000")]
#[case("background:none", "background:none")]
#[case("background:none,#fff", "background:none,#fff")]
#[case("background:linear-gradient(#fff,#eee)", "background:linear-gradient(#fff,#eee)")]
#[case(
    "background:linear-gradient(0.25turn,#fff 10%,#eee 4px) #fff",
    "background:linear-gradient(90deg,#fff 10%,#eee 4px) #fff"
)]
#[case("background:linear-gradient(to LEFT top,#fff,#eee)", "background:linear-gradient(to left top,#fff,#eee)")]
#[case("background-image:radial-gradient(circle,#fff,#eee)", "background-image:radial-gradient(circle,#fff,#eee)")]
// Lines.
#[case("border:red solid thin", "border:thin solid #f00")]
#[case("border:0", "border:0")]
#[case("border:none", "border:none")]
#[case("border-width:1px 2px 3px 4px", "border-width:1px 2px 3px 4px")]
#[case("border-color:#fff #eee", "border-color:#fff #eee")]
#[case("border-inline-start:.25em dotted", "border-inline-start:.25em dotted")]
#[case("border-radius:50% 4px", "border-radius:50% 4px")]
#[case("outline:2px dashed #000", "outline:2px dashed #000")]
#[case("outline-offset:-2px", "outline-offset:-2px")]
#[case("box-shadow:0 1px 2px rgba(0,0,0,.2)", "box-shadow:0 1px 2px #0003")]
#[case("box-shadow:#000 1px 1px inset,0 0 4px 2px #111", "box-shadow:inset 1px 1px #000,0 0 4px 2px #111")]
#[case("box-shadow:none", "box-shadow:none")]
// Type.
#[case(
    "font-family:Inter,'Segoe  UI',Comic Sans MS,SANS-SERIF",
    r#"font-family:"Inter","Segoe UI","Comic Sans MS",sans-serif"#
)]
#[case("font-size:0.750rem", "font-size:.75rem")]
#[case("font-size:110%", "font-size:110%")]
#[case("font-weight:650", "font-weight:650")]
#[case("line-height:1.5", "line-height:1.5")]
#[case("line-height:normal", "line-height:normal")]
#[case("letter-spacing:-.02em", "letter-spacing:-.02em")]
#[case("text-transform:UPPERCASE", "text-transform:uppercase")]
#[case("text-align:center", "text-align:center")]
#[case("text-decoration:underline 2px #00f wavy", "text-decoration:underline wavy #00f 2px")]
// Box.
#[case("padding:0px 1.00rem", "padding:0 1rem")]
#[case("margin:-0 auto", "margin:0 auto")]
#[case("gap:8px", "gap:8px")]
#[case("max-width:28rem", "max-width:28rem")]
#[case("width:100%", "width:100%")]
fn what_is_allowed_is_written_shortly(#[case] body: &str, #[case] written: &str) {
    assert_eq!(declarations(body), written, "{:?}", findings(&format!("#title-sca{{{body}}}")));
}

#[rstest]
// What hides, moves, writes or loads.
#[case("display:none", "`display` is not allowed: it can hide what a person must see")]
#[case("VISIBILITY:hidden", "`VISIBILITY` is not allowed: it can hide what a person must see")]
#[case("opacity:.01", "`opacity` is not allowed: it can hide what a person must see")]
#[case("text-indent:-999em", "`text-indent` is not allowed: it can hide what a person must see")]
#[case(
    "-webkit-text-fill-color:transparent",
    "`-webkit-text-fill-color` is not allowed: it can hide what a person must see"
)]
#[case("position:fixed", "`position` is not allowed: it moves what a person must see")]
#[case("transform:scale(0)", "`transform` is not allowed: it moves what a person must see")]
#[case("z-index:9", "`z-index` is not allowed: it moves what a person must see")]
#[case("content:'Your bank'", "`content` is not allowed: it puts words on the page")]
#[case("behavior:url(x.htc)", "`behavior` is not allowed: a theme loads nothing")]
#[case("font:12px serif", "`font` is not allowed: write its parts by themselves")]
#[case("hyphens:auto", "`hyphens` is not allowed: themes set colours, backgrounds, borders, type and spacing")]
#[case(r"pos\69tion:fixed", "`position` is not allowed: it moves what a person must see")]
// Addresses.
#[case("background:url(x.png)", "addresses are not allowed: a theme loads nothing")]
#[case("background:url('x.png')", "addresses are not allowed: a theme loads nothing")]
#[case(r"background:u\72l(x.png)", "addresses are not allowed: a theme loads nothing")]
#[case("background:URL(data:image/png;base64,AAAA)", "addresses are not allowed: a theme loads nothing")]
#[case("background-image:image-set('x.png' 1x)", "addresses are not allowed: a theme loads nothing")]
#[case("color:url(x)", "addresses are not allowed: a theme loads nothing")]
#[case("border-radius:url(x)", "addresses are not allowed: a theme loads nothing")]
// Functions.
#[case("width:calc(100% - 8px)", "`calc()` is not allowed here")]
#[case("width:expression(alert(1))", "`expression()` is not allowed here")]
#[case("color:env(x)", "`env()` is not allowed here")]
#[case("color:var(--bl-unknown)", "`--bl-unknown` is not understood here")]
#[case("color:var(--bl-radius)", "`--bl-radius` is not understood here")]
#[case("color:var(--bl-accent, red)", "`,` is not understood here")]
#[case("color:oklch(1 0 0)", "`oklch()` is not allowed here")]
// Text that can't be seen.
#[case("color:transparent", "the colour is too transparent to be seen")]
#[case("color:rgb(0 0 0/.5)", "the colour is too transparent to be seen")]
#[case("background:currentcolor", "`currentcolor` is not a colour that is known here")]
#[case("box-shadow:inset 0 0 4px currentcolor", "`currentcolor` is not a colour that is known here")]
#[case("box-shadow:inset 0 0 4px", "the value ends too early")]
#[case("font-size:0", "it must be between 12px and 64px")]
#[case("font-size:11.9px", "it must be between 12px and 64px")]
#[case("font-size:.7rem", "it must be between 12px and 64px")]
#[case("font-size:.9em", "it must be between 1em and 4em")]
#[case("font-size:99%", "it must be between 100% and 400%")]
#[case("font-size:1vw", "the unit `vw` is not allowed here")]
#[case("font-size:smaller", "`smaller` is not understood here")]
#[case("line-height:.1", "it must be between 1 and 3")]
#[case("line-height:1px", "the unit `px` is not allowed here")]
#[case("letter-spacing:-1em", "it must be between -.5px and 8px")]
#[case("font-family:Webdings", "`Webdings` is a font of symbols: text could not be read")]
#[case("font-family:'Zapf Dingbats'", "`Zapf Dingbats` is a font of symbols: text could not be read")]
#[case("font-family:'a\";x:\"'", "a font's name has letters, digits, spaces and dashes, 64 at most")]
#[case("font-family:'</style>'", "a font's name has letters, digits, spaces and dashes, 64 at most")]
#[case("width:1px", "it must be between 240px and 1200px")]
#[case("max-width:10%", "it must be between 50% and 100%")]
// What could cover others.
#[case("margin:-400px", "it must be between 0 and 64px")]
#[case("margin-top:9999px", "it must be between 0 and 64px")]
#[case("padding:65px", "it must be between 0 and 64px")]
#[case("padding:1e38px", "it must be between 0 and 64px")]
#[case("padding:10%", "the unit `%` is not allowed here")]
#[case("border:17px solid", "it must be between 0 and 16px")]
#[case("box-shadow:0 0 0 100vmax #fff", "the unit `vmax` is not allowed here")]
#[case("box-shadow:0 0 0 9px #fff", "it must be between -16px and 8px")]
#[case("box-shadow:inset 0 0 0 5px #fff", "it must be between 0 and 4px")]
#[case("box-shadow:-999px 0 #fff", "it must be between -32px and 32px")]
#[case("outline:9px solid #000", "it must be between 1px and 8px")]
#[case("outline-offset:-99px", "it must be between -8px and 8px")]
// Focus that can't be seen.
#[case("outline:none", "keyboard users must see where the focus is")]
#[case("outline:0", "keyboard users must see where the focus is")]
#[case("outline:2px #000", "keyboard users must see where the focus is")]
#[case("outline-style:none", "keyboard users must see where the focus is")]
#[case("outline-width:0", "it must be between 1px and 8px")]
#[case("outline-color:transparent", "the colour is too transparent to be seen")]
#[case("outline-color:inherit", "`inherit` is not a colour that is known here")]
// What is not CSS, or not whole.
#[case("color", "a `:` is missing after `color`")]
#[case("color red", "a `:` is missing after `color`")]
#[case("color:", "the value ends too early")]
#[case("color:!important", "the value ends too early")]
#[case("color:red blue", "`blue` is not understood here")]
#[case("color:#12", "`#12` is not a colour that is known here")]
#[case("color:rouge", "`rouge` is not a colour that is known here")]
#[case("color:red!ie", "`!` is not understood here")]
#[case("color:red)", "`)` is not understood here")]
#[case("padding:5", "`5` is not understood here")]
#[case("padding:1px 2px 3px 4px 5px", "`5px` is not understood here")]
#[case("*color:red", "a property name is expected here, not `*`")]
#[case("background:linear-gradient(red)", "the value ends too early")]
#[case("background:linear-gradient(to top bottom,red,blue)", "`bottom` is not understood here")]
#[case("background:#fff,#eee", "`#fff` is not understood here")]
#[case("--bl-accent:red", "custom properties and `color-scheme` stand on `:root`")]
fn what_is_not_allowed_is_left_out_with_its_reason(#[case] body: &str, #[case] reason: &str) {
    let compiled = compile(&format!("#title-sca{{{body};font-style:normal}}"));
    assert_eq!(compiled.css, "#title-sca{font-style:normal}");
    let reasons: Vec<String> = compiled.findings.iter().map(|finding| finding.reason.to_string()).collect();
    assert_eq!(reasons, [reason]);
    assert!(!compiled.is_complete());
}

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

#[test]
fn custom_properties_stand_on_the_root_and_hold_what_they_say() {
    let compiled = compile(
        ":root{--bl-accent:#0B5;--bl-radius:1rem;--bl-font:Georgia,serif;--bl-text:transparent;--bl-x:1;color:red}",
    );
    assert_eq!(compiled.css, r#":root{--bl-accent:#0b5;--bl-radius:1rem;--bl-font:"Georgia",serif}"#);
    let reasons: Vec<String> = compiled.findings.iter().map(|finding| finding.reason.to_string()).collect();
    assert_eq!(
        reasons,
        [
            "the colour is too transparent to be seen",
            "there is no custom property `--bl-x`",
            "`:root` takes custom properties and `color-scheme` only",
        ]
    );
}

#[test]
fn pictures_may_be_as_small_as_pictures_are() {
    assert_eq!(compile("#bank-img,#institution-img{width:24px}").findings, []);
    assert_eq!(findings("#bank-img,#bank-box{width:24px}"), ["1:27: error: it must be between 240px and 1200px"]);
}

#[test]
fn of_one_property_written_twice_the_one_that_counts_is_kept() {
    assert_eq!(declarations("color:#111;gap:1px;color:#222"), "gap:1px;color:#222");
    assert_eq!(declarations("color:#111!important;gap:1px;color:#222"), "color:#111!important;gap:1px");
}

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

#[test]
fn only_pictures_have_a_height() {
    assert_eq!(compile("#bank-img{height:24px}#bank-box{min-height:44px}").findings, []);
    assert_eq!(compile("#bank-img,#bank-box{height:24px}").css, "");
}

#[rstest]
#[case::text("#title-sca{color:#333}", Scheme::Light)]
#[case::background("#bank-box{background:#fadbd9}", Scheme::Light)]
#[case::gradient("#bank-box{background:linear-gradient(#fff,#eee)}", Scheme::Light)]
#[case::custom_property(":root{--bl-accent:#063}", Scheme::Light)]
#[case::in_another_medium("@media(min-width:1px){#title-sca{color:#333}}", Scheme::Light)]
#[case::both("#title-sca{color:#333}@media(prefers-color-scheme:dark){#title-sca{color:#eee}}", Scheme::System)]
#[case::light_only_when_light("@media(prefers-color-scheme:light){#title-sca{color:#333}}", Scheme::System)]
#[case::no_colours("#bank-box{padding:4px;background:transparent;border-color:#ccc}", Scheme::System)]
#[case::the_systems_colours("#title-sca{color:CanvasText;background:Canvas}", Scheme::System)]
#[case::nothing("", Scheme::System)]
fn a_theme_of_one_set_of_colours_keeps_the_page_light(#[case] source: &str, #[case] scheme: Scheme) {
    let compiled = compile(source);
    assert_eq!(compiled.scheme, scheme);
    assert_eq!(scheme_of(&compiled.css), scheme);
}

#[test]
fn the_root_can_say_that_it_is_dark() {
    assert_eq!(compile(":root{COLOR-SCHEME:dark}").css, ":root{color-scheme:dark}");
    assert_eq!(compile("#title-sca{color-scheme:dark}").css, "");
}

#[test]
fn nothing_is_a_theme() {
    for nothing in ["", " \n\t", "/* nothing */", "#title-sca{}", "@media (min-width:1px){}", "/* never closed"] {
        let compiled = compile(nothing);
        assert_eq!((compiled.css.as_str(), compiled.findings.len()), ("", 0), "{nothing:?}");
    }
}

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

#[test]
fn no_id_begins_like_the_fields_of_another() {
    for fields in ELEMENTS.iter().filter(|element| element.occurs == Occurs::PerField) {
        let prefix = format!("{}-", fields.id);
        let alike: Vec<&str> = ELEMENTS.iter().map(|element| element.id).filter(|id| id.starts_with(&prefix)).collect();
        assert!(alike.is_empty(), "`#{}` would style {alike:?} too", fields.id);
    }
}

#[test]
fn no_property_is_in_the_table_twice() {
    let mut names: Vec<&str> = PROPERTIES.iter().map(|property| property.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
