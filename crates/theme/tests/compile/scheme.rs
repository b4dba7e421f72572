//! Light and dark.

use banklink_theme::{Scheme, compile, scheme_of};
use rstest::rstest;

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
