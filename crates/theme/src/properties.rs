//! The properties that a theme can set: one table, which reads them and documents them.

use crate::{
    excerpt::Excerpt,
    finding::Reason,
    meant::meant,
    values::{Grammar, Limits, Use},
};

/// A property that a theme can set.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// As in CSS.
    pub name: &'static str,
    /// What it takes, in words.
    pub takes: &'static str,
    pub(crate) grammar: Grammar,
}

/// A property of `:root`: most are custom properties that the widget's own stylesheet uses, for people who want their colours and nothing more.
#[derive(Clone, Copy, Debug)]
pub struct CustomProperty {
    /// As in CSS, a custom property with its dashes, as `--bl-accent`.
    pub name: &'static str,
    /// What the widget uses it for.
    pub what: &'static str,
    pub(crate) grammar: Grammar,
}

/// Why a property is not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It could hide text, or make it unreadable.
    #[error("it can hide what a person must see")]
    Hides,
    /// It could move something over something else.
    #[error("it moves what a person must see")]
    Moves,
    /// It could write words that are not ours.
    #[error("it puts words on the page")]
    Writes,
    /// It loads something from an address.
    #[error("a theme loads nothing")]
    Loads,
    /// It sets the font and several things at once, some of them not allowed.
    #[error("write `font-family`, `font-size`, `font-weight`, `font-style` and `line-height`")]
    Font,
    /// None of the above.
    #[error("themes set colours, backgrounds, borders, type and spacing")]
    Other,
}

const SPACE: Limits = Limits::pixels(0.0, 64.0);
const MARGIN: Limits = SPACE.or(&["auto"]);
const RADIUS: Limits = Limits::pixels(0.0, 9999.0).or_percent(0.0, 100.0);
const LETTER_SPACING: Limits = Limits::pixels(-0.5, 8.0).or(&["normal"]);

macro_rules! properties {
    ($($takes:literal, $grammar:expr => [$($name:literal),+ $(,)?];)*) => {
        /// Every property that a theme can set.
        pub const PROPERTIES: &[Property] = &[
            $($(Property { name: $name, takes: $takes, grammar: $grammar },)+)*
        ];
    };
}

properties! {
    "a colour, at most 30 % transparent", Grammar::Colours(1, Use::Text) => ["color"];
    "colours and `linear-gradient()` or `radial-gradient()`, nothing with an address", Grammar::Background => ["background"];
    "a colour", Grammar::Colours(1, Use::Fill) => ["background-color"];
    "gradients or `none`", Grammar::BackgroundImage => ["background-image"];
    "a colour", Grammar::Colours(1, Use::Line) => ["accent-color", "caret-color", "text-decoration-color"];

    "width up to 16px, style, colour", Grammar::Border => [
        "border", "border-top", "border-right", "border-bottom", "border-left", "border-block", "border-block-start",
        "border-block-end", "border-inline", "border-inline-start", "border-inline-end",
    ];
    "one to four colours", Grammar::Colours(4, Use::Line) => ["border-color"];
    "a colour", Grammar::Colours(1, Use::Line) => [
        "border-top-color", "border-right-color", "border-bottom-color", "border-left-color",
        "border-block-start-color", "border-block-end-color", "border-inline-start-color", "border-inline-end-color",
    ];
    "one to four styles", Grammar::LineStyles(4) => ["border-style"];
    "a style", Grammar::Keyword(crate::values::LINE_STYLES) => [
        "border-top-style", "border-right-style", "border-bottom-style", "border-left-style",
        "border-block-start-style", "border-block-end-style", "border-inline-start-style", "border-inline-end-style",
    ];
    "one to four widths up to 16px", Grammar::Lengths(4, crate::values::BORDER_WIDTH) => ["border-width"];
    "a width up to 16px", Grammar::Lengths(1, crate::values::BORDER_WIDTH) => [
        "border-top-width", "border-right-width", "border-bottom-width", "border-left-width",
        "border-block-start-width", "border-block-end-width", "border-inline-start-width", "border-inline-end-width",
    ];
    "one to four lengths or percentages", Grammar::Lengths(4, RADIUS) => ["border-radius"];
    "a length or percentage", Grammar::Lengths(1, RADIUS) => [
        "border-top-left-radius", "border-top-right-radius", "border-bottom-right-radius", "border-bottom-left-radius",
        "border-start-start-radius", "border-start-end-radius", "border-end-start-radius", "border-end-end-radius",
    ];

    "width from 1px to 8px, style, colour; never none, since it shows the focus", Grammar::Outline => ["outline"];
    "a colour that can be seen", Grammar::Colours(1, Use::Focus) => ["outline-color"];
    "`auto`, `solid`, `dashed`, `dotted` or `double`", Grammar::FocusStyle => ["outline-style"];
    "from 1px to 8px", Grammar::FocusWidth => ["outline-width"];
    "from -8px to 8px", Grammar::Lengths(1, Limits::pixels(-8.0, 8.0)) => ["outline-offset"];
    "up to four shadows with colours, offset up to 32px, blur up to 64px, spread up to 8px", Grammar::Shadow => ["box-shadow"];

    "names of fonts on the person's device", Grammar::FontFamily => ["font-family"];
    "12px to 64px, or 1em to 4em; fields 16px to 64px", Grammar::FontSize => ["font-size"];
    "100 to 900, or a word", Grammar::FontWeight => ["font-weight"];
    "`normal` or `italic`", Grammar::Keyword(&["normal", "italic"]) => ["font-style"];
    "1 to 3, as a number, percentage or in `em`", Grammar::LineHeight => ["line-height"];
    "-0.5px to 8px", Grammar::Lengths(1, LETTER_SPACING) => ["letter-spacing"];
    "`none`, `uppercase`, `lowercase` or `capitalize`",
        Grammar::Keyword(&["none", "uppercase", "lowercase", "capitalize"]) => ["text-transform"];
    "`start`, `end`, `left`, `right`, `center` or `justify`",
        Grammar::Keyword(&["start", "end", "left", "right", "center", "justify"]) => ["text-align"];
    "`none`, `underline` or `overline`, with style, colour and thickness up to 4px", Grammar::TextDecoration => ["text-decoration"];
    "`none`, `underline` or `overline`", Grammar::Keyword(&["none", "underline", "overline"]) => ["text-decoration-line"];
    "`solid`, `double`, `dotted`, `dashed` or `wavy`",
        Grammar::Keyword(&["solid", "double", "dotted", "dashed", "wavy"]) => ["text-decoration-style"];
    "1px to 4px", Grammar::Lengths(1, Limits::pixels(1.0, 4.0).or(&["auto", "from-font"])) => ["text-decoration-thickness"];
    "0 to 8px", Grammar::Lengths(1, Limits::pixels(0.0, 8.0).or(&["auto"])) => ["text-underline-offset"];

    "one to four lengths up to 64px", Grammar::Lengths(4, SPACE) => ["padding"];
    "one or two lengths up to 64px", Grammar::Lengths(2, SPACE) => ["padding-block", "padding-inline"];
    "a length up to 64px", Grammar::Lengths(1, SPACE) => [
        "padding-top", "padding-right", "padding-bottom", "padding-left",
        "padding-block-start", "padding-block-end", "padding-inline-start", "padding-inline-end",
    ];
    "one to four lengths up to 64px, or `auto`", Grammar::Lengths(4, MARGIN) => ["margin"];
    "one or two lengths up to 64px, or `auto`", Grammar::Lengths(2, MARGIN) => ["margin-block", "margin-inline"];
    "a length up to 64px, or `auto`", Grammar::Lengths(1, MARGIN) => [
        "margin-top", "margin-right", "margin-bottom", "margin-left",
        "margin-block-start", "margin-block-end", "margin-inline-start", "margin-inline-end",
    ];
    "one or two lengths up to 64px", Grammar::Lengths(2, SPACE) => ["gap"];
    "a length up to 64px", Grammar::Lengths(1, SPACE) => ["row-gap", "column-gap"];
    "240px to 1200px, 50% to 100% or `auto`; pictures 16px to 160px", Grammar::Extent(&["auto"]) => ["width"];
    "240px to 1200px, 50% to 100% or `none`; pictures 16px to 160px", Grammar::Extent(&["none"]) => ["max-width"];
    "24px to 120px", Grammar::Lengths(1, Limits::pixels(24.0, 120.0)) => ["min-height", "min-block-size"];
    "pictures only: 16px to 160px", Grammar::PictureHeight => ["height"];
}

macro_rules! custom_properties {
    ($($name:literal, $grammar:expr, $what:literal;)*) => {
        /// Every custom property that a theme can set on `:root`.
        pub const CUSTOM_PROPERTIES: &[CustomProperty] = &[
            $(CustomProperty { name: $name, what: $what, grammar: $grammar },)*
        ];
    };
}

const COLOUR: Grammar = Grammar::Colours(1, Use::Custom);

custom_properties! {
    "--bl-background", COLOUR, "the page behind the card";
    "--bl-surface", COLOUR, "the card, and fields in it";
    "--bl-raised", COLOUR, "what stands out from the card: the institution, what the pointer is on; with `--bl-text`";
    "--bl-text", COLOUR, "text; with `--bl-raised`";
    "--bl-muted", COLOUR, "text that matters less";
    "--bl-border", COLOUR, "lines around things";
    "--bl-control", COLOUR, "lines around what can be used";
    "--bl-accent", COLOUR, "buttons, links, the focus";
    "--bl-accent-strong", COLOUR, "a button that the pointer is on";
    "--bl-on-accent", COLOUR, "text on the accent";
    "--bl-danger", COLOUR, "text that says what went wrong; with `--bl-danger-soft`";
    "--bl-danger-soft", COLOUR, "what is behind it; with `--bl-danger`";
    "--bl-warning", COLOUR, "text that warns";
    "--bl-warning-soft", COLOUR, "what is behind it";
    "--bl-success", COLOUR, "signs that all is well";
    "--bl-success-soft", COLOUR, "what is behind them";
    "--bl-radius", Grammar::Measure(Limits::pixels(0.0, 24.0)), "how round corners are, up to 24px";
    "--bl-font", Grammar::FontFamily, "names of fonts on the person's device";
    "--bl-shadow", Grammar::Shadow, "around the card, as `box-shadow`";
    "color-scheme", Grammar::Keyword(&["light", "dark"]), "whether scroll bars and the like are light or dark";
}

/// Well-known properties that are not in the table, and why.
const REFUSED: &[(Refusal, &[&str])] = &[
    (
        Refusal::Hides,
        &[
            "display",
            "visibility",
            "opacity",
            "clip",
            "clip-path",
            "mask",
            "mask-image",
            "filter",
            "backdrop-filter",
            "mix-blend-mode",
            "overflow",
            "overflow-x",
            "overflow-y",
            "max-height",
            "text-indent",
            "text-shadow",
            "text-overflow",
            "text-security",
            "-webkit-text-security",
            "-webkit-text-fill-color",
            "-webkit-text-stroke",
            "background-clip",
            "-webkit-background-clip",
            "forced-color-adjust",
            "zoom",
            "font-size-adjust",
            "content-visibility",
            "user-select",
            "pointer-events",
            "cursor",
            "white-space",
            "word-spacing",
            "direction",
            "unicode-bidi",
            "writing-mode",
            "all",
            "font-palette",
            "font-variant",
            "font-feature-settings",
            "line-clamp",
            "-webkit-line-clamp",
            "-webkit-mask",
            "-webkit-mask-image",
            "appearance",
            "-webkit-appearance",
            "resize",
            "contain",
        ],
    ),
    (
        Refusal::Moves,
        &[
            "position",
            "top",
            "right",
            "bottom",
            "left",
            "inset",
            "z-index",
            "transform",
            "translate",
            "rotate",
            "scale",
            "float",
            "clear",
            "order",
            "flex",
            "flex-direction",
            "grid",
            "grid-area",
            "grid-row",
            "grid-column",
            "perspective",
            "vertical-align",
            "animation",
            "transition",
            "animation-name",
            "offset-path",
            "columns",
            "margin-trim",
        ],
    ),
    (Refusal::Writes, &["content", "quotes", "counter-reset", "counter-increment", "list-style-type"]),
    (
        Refusal::Loads,
        &["src", "behavior", "-moz-binding", "list-style-image", "list-style", "border-image", "border-image-source"],
    ),
    (Refusal::Font, &["font"]),
];

/// The property of this name, in any case.
pub(crate) fn find(name: &str) -> Result<&'static Property, Reason> {
    let named = |known: &str| known.eq_ignore_ascii_case(name);
    PROPERTIES.iter().find(|property| named(property.name)).ok_or_else(|| {
        let refused = REFUSED.iter().find(|(_, names)| names.iter().any(|known| named(known)));
        let meant = || meant(PROPERTIES.iter().map(|property| property.name), name);
        let name = Excerpt::new(name);
        match (refused, meant()) {
            (Some((why, _)), _) => Reason::Property { name, why: *why },
            (None, Some(meant)) => Reason::MisspeltProperty { name, meant },
            (None, None) => Reason::Property { name, why: Refusal::Other },
        }
    })
}

/// The property of `:root` of this name. Custom properties have one spelling only, unlike others.
pub(crate) fn find_custom(name: &str) -> Option<&'static CustomProperty> {
    let lower = if name.starts_with("--") { name.to_owned() } else { name.to_ascii_lowercase() };
    CUSTOM_PROPERTIES.iter().find(|property| property.name == lower)
}

/// What is wrong with the name of a custom property that there isn't.
pub(crate) fn unknown_custom(name: &str) -> Reason {
    let meant = meant(CUSTOM_PROPERTIES.iter().map(|property| property.name), name);
    Reason::UnknownCustomProperty { name: Excerpt::new(name), meant }
}

/// The name of a custom property that holds a colour.
pub(crate) fn custom_colour(name: &str) -> Option<&'static str> {
    find_custom(name).filter(|property| matches!(property.grammar, Grammar::Colours(..))).map(|property| property.name)
}
