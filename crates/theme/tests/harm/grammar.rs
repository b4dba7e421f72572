//! Stylesheets made up from CSS's own grammar: rules for every element with every property, allowed or not, in blocks
//! that may be nested, never closed, or closed twice.

use banklink_protocol::elements::ELEMENTS;
use banklink_theme::{CUSTOM_PROPERTIES, PROPERTIES, compile};
use proptest::prelude::*;

use crate::{harmless::assert_harmless, random::PIECES};

/// Properties that no theme has.
const OTHERS: &[&str] = &[
    "content",
    "position",
    "display",
    "background-clip",
    "-webkit-text-fill-color",
    "font",
    "animation",
    "--bl-unknown",
    "colour",
];

fn id() -> impl Strategy<Value = String> {
    let ids: Vec<&str> = ELEMENTS.iter().map(|element| element.id).collect();
    prop_oneof![
        6 => prop::sample::select(ids.clone()).prop_map(|id| format!("#{id}")),
        2 => (prop::sample::select(ids), "[a-z0-9-]{0,6}").prop_map(|(id, field)| format!("#{id}-{field}")),
        1 => prop::sample::select(&["#x", ".c", "*", "input", "[id]", "&"][..]).prop_map(str::to_owned),
    ]
}

fn compound() -> impl Strategy<Value = String> {
    let states =
        &["", "", "", ":hover", ":focus-visible", ":disabled", ":checked:active", ":has(a)", ":not(:hover)"][..];
    let parts = &["", "", "", "", "::placeholder", "::before"][..];
    (id(), prop::sample::select(states), prop::sample::select(parts))
        .prop_map(|(id, state, part)| format!("{id}{state}{part}"))
}

fn selectors() -> impl Strategy<Value = String> {
    let combinators = &[" ", ">", " > ", "/**/ ", " ~ ", ""][..];
    let complex = (compound(), prop::collection::vec((prop::sample::select(combinators), compound()), 0..3))
        .prop_map(|(first, rest)| rest.into_iter().fold(first, |all, (between, one)| all + between + &one));
    prop_oneof![
        8 => prop::collection::vec(complex, 1..4).prop_map(|list| list.join(" , ")),
        1 => Just(":root".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = String> {
    let unit = prop::sample::select(&["px", "rem", "em", "%", "", "deg", "vw", "PX"][..]);
    let length = (-70.0f32..200.0, unit).prop_map(|(number, unit)| format!("{number}{unit}"));
    let colour = prop_oneof![
        any::<u32>().prop_map(|colour| format!("#{colour:08x}")),
        any::<u16>().prop_map(|colour| format!("#{:03x}", colour & 0xfff)),
        any::<(u8, u8, u8)>().prop_map(|(red, green, blue)| format!("rgb({red} {green} {blue} / 90%)")),
        prop::sample::select(&["red", "canvas", "transparent", "var(--bl-accent)", "inherit"][..])
            .prop_map(str::to_owned),
    ];
    let part = || {
        prop_oneof![
            length.clone(),
            colour.clone().boxed(),
            prop::sample::select(PIECES).prop_map(str::to_owned),
            prop::sample::select(&["none", "auto", "solid", "bold", "medium", "center", "larger"][..])
                .prop_map(str::to_owned),
        ]
    };
    prop_oneof![
        4 => part(),
        2 => prop::collection::vec(part(), 2..5).prop_map(|parts| parts.join(" ")),
        1 => prop::collection::vec(part(), 2..4).prop_map(|parts| format!("linear-gradient({})", parts.join(","))),
        1 => prop::collection::vec(part(), 2..4).prop_map(|parts| parts.join(",")),
    ]
}

fn declaration() -> impl Strategy<Value = String> {
    let names = PROPERTIES.iter().map(|property| property.name);
    let names = names.chain(CUSTOM_PROPERTIES.iter().map(|property| property.name)).chain(OTHERS.iter().copied());
    let ends =
        prop::sample::select(&[";", ";", ";", ";", "!important;", " ! IMPORTANT ;", "", ";;", "\n", "/**/;"][..]);
    (prop::sample::select(names.collect::<Vec<_>>()), value(), ends)
        .prop_map(|(name, value, end)| format!("{name}:{value}{end}"))
}

/// Rules, within each other too.
fn stylesheet() -> impl Strategy<Value = String> {
    let body = prop::collection::vec(declaration(), 0..6).prop_map(|declarations| declarations.concat());
    body.prop_recursive(4, 24, 4, |inner| {
        let closes = prop::sample::select(&["}", "}", "}", "}", "}", "", "}}", "\n}\n", ")"][..]);
        let at = prop::sample::select(
            &[
                "@media (min-width:600px)",
                "@media screen and (prefers-color-scheme:dark)",
                "@media print",
                "@supports (color:red)",
                "@layer a",
                "@charset \"utf-8\";@media screen",
                "@font-face",
            ][..],
        );
        let prelude = prop_oneof![5 => selectors().boxed(), 1 => at.prop_map(str::to_owned).boxed()];
        let block = (prelude, inner, closes).prop_map(|(prelude, body, close)| format!("{prelude}{{{body}{close}"));
        prop::collection::vec(block, 1..5).prop_map(|blocks| blocks.concat())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_follows_the_grammar_does_no_harm(source in stylesheet()) {
        assert_harmless(&source);
    }

    #[test]
    fn a_rule_that_is_wrong_costs_nothing_beside_it(source in "[^{}\\[\\]()'\"/\\\\<@]{0,40}") {
        let rule = "#title-sca{color:#000}";
        let css = compile(&format!("{rule}\n.x{{{source}}}\n{rule}")).css;
        prop_assert_eq!(css, rule.repeat(2));
    }
}
