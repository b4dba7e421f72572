//! What a property can be given, and how it is written.

use banklink_theme::{PROPERTIES, Reason, ValueProblem, compile};
use rstest::rstest;

use crate::{declarations, findings};

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
#[case(
    "font:12px serif",
    "`font` is not allowed: write `font-family`, `font-size`, `font-weight`, `font-style` and `line-height`"
)]
#[case("colour:red", "there is no property `colour`: did you mean `color`?")]
#[case("Backgrond-Color:#fff", "there is no property `Backgrond-Color`: did you mean `background-color`?")]
#[case("--bl-acent:#063", "there is no custom property `--bl-acent`: did you mean `--bl-accent`?")]
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
fn only_pictures_have_a_height() {
    assert_eq!(compile("#bank-img{height:24px}#bank-box{min-height:44px}").findings, []);
    assert_eq!(compile("#bank-img,#bank-box{height:24px}").css, "");
}

#[test]
fn of_one_property_written_twice_the_one_that_counts_is_kept() {
    assert_eq!(declarations("color:#111;gap:1px;color:#222"), "gap:1px;color:#222");
    assert_eq!(declarations("color:#111!important;gap:1px;color:#222"), "color:#111!important;gap:1px");
}

#[test]
fn no_property_is_in_the_table_twice() {
    let mut names: Vec<&str> = PROPERTIES.iter().map(|property| property.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[rstest]
#[case("#input-credential{font-size:16px}")]
#[case("#input-sca{font-size:1rem}")]
#[case("#select-country{font-size:x-large}")]
#[case("#input-search-bank{font-size:medium}")]
#[case::its_hint("#input-search-bank::placeholder{font-size:12px}")]
#[case::what_is_beside_it("#label-credential,#hint-credential{font-size:1em}#label-sca{font-size:12px}")]
fn text_of_fields_may_be_as_large_as_it_is_elsewhere(#[case] source: &str) {
    assert_eq!(compile(source).findings, []);
}

/// Safari on iPhones zooms in on a field whose text is smaller than 16 pixels when it gets the focus.
#[rstest]
#[case("#input-credential{font-size:15.9px}")]
#[case("#input-credential-username:focus{font-size:12px}")]
#[case("#input-sca{font-size:.99rem}")]
#[case("#input-question{font-size:small}")]
#[case("#input-coordinate,#title-sca{font-size:.75rem}")]
#[case("#title-sca,#div-sca>#input-sca{font-size:12px!important}")]
#[case("#select-country{font-size:15px}")]
#[case::of_what_is_around("#input-sca{font-size:1em}")]
#[case::of_what_is_around("#input-sca{font-size:133%}")]
#[case::of_what_is_around("#input-sca{font-size:larger}")]
#[case::of_what_is_around("#input-sca{font-size:inherit}")]
fn no_theme_makes_phones_zoom_in_on_a_field(#[case] source: &str) {
    let compiled = compile(source);
    let problem = Reason::Value(ValueProblem::FieldSize);
    assert_eq!(compiled.findings.iter().map(|finding| &finding.reason).collect::<Vec<_>>(), [&problem]);
    assert_eq!(compiled.css, "");
}
