//! What a rule can address.

use banklink_protocol::elements::{ELEMENTS, Occurs};
use banklink_theme::compile;
use rstest::rstest;

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
#[case("#input-sca::placeholder #title-sca{}", "1:25: error: nothing is inside `::placeholder`")]
#[case("#input-sca::placeholder>#title-sca{}", "1:25: error: nothing is inside `::placeholder`")]
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

#[test]
fn no_id_begins_like_the_fields_of_another() {
    for fields in ELEMENTS.iter().filter(|element| element.occurs == Occurs::PerField) {
        let prefix = format!("{}-", fields.id);
        let alike: Vec<&str> = ELEMENTS.iter().map(|element| element.id).filter(|id| id.starts_with(&prefix)).collect();
        assert!(alike.is_empty(), "`#{}` would style {alike:?} too", fields.id);
    }
}
