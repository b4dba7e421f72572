//! Things drawn with a few shapes, in a square of 64.

use base64::{Engine, engine::general_purpose::STANDARD};

use banklink_protocol::challenge::Image;

use crate::contract::Language;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Boat,
    Cat,
    Cup,
    Fish,
    House,
    Star,
    Sun,
    Tree,
}

impl Thing {
    pub(super) const ALL: [Self; 8] =
        [Self::Boat, Self::Cat, Self::Cup, Self::Fish, Self::House, Self::Star, Self::Sun, Self::Tree];

    /// The key of the text that asks to pick the one.
    pub(super) const fn pick_one(self) -> &'static str {
        match self {
            Self::Boat => "sandbox.picture.boat.pick_one",
            Self::Cat => "sandbox.picture.cat.pick_one",
            Self::Cup => "sandbox.picture.cup.pick_one",
            Self::Fish => "sandbox.picture.fish.pick_one",
            Self::House => "sandbox.picture.house.pick_one",
            Self::Star => "sandbox.picture.star.pick_one",
            Self::Sun => "sandbox.picture.sun.pick_one",
            Self::Tree => "sandbox.picture.tree.pick_one",
        }
    }

    /// The key of the text that asks to pick each of them.
    pub(super) const fn pick_every(self) -> &'static str {
        match self {
            Self::Boat => "sandbox.picture.boat.pick_every",
            Self::Cat => "sandbox.picture.cat.pick_every",
            Self::Cup => "sandbox.picture.cup.pick_every",
            Self::Fish => "sandbox.picture.fish.pick_every",
            Self::House => "sandbox.picture.house.pick_every",
            Self::Star => "sandbox.picture.star.pick_every",
            Self::Sun => "sandbox.picture.sun.pick_every",
            Self::Tree => "sandbox.picture.tree.pick_every",
        }
    }

    /// The key of what it is called.
    const fn name(self) -> &'static str {
        match self {
            Self::Boat => "sandbox.picture.boat",
            Self::Cat => "sandbox.picture.cat",
            Self::Cup => "sandbox.picture.cup",
            Self::Fish => "sandbox.picture.fish",
            Self::House => "sandbox.picture.house",
            Self::Star => "sandbox.picture.star",
            Self::Sun => "sandbox.picture.sun",
            Self::Tree => "sandbox.picture.tree",
        }
    }

    /// Filled with its colour unless the shape says otherwise; `w` is the background's.
    const fn shapes(self) -> &'static str {
        match self {
            Self::Boat => r#"<path d="M8 40h48l-8 14H16zM30 8v28H10zM34 14v22h18z"/>"#,
            Self::Cat => {
                r#"<path d="M12 8l12 10h16L52 8v30a20 18 0 0 1-40 0z"/><g class="w"><circle cx="24" cy="32" r="3"/><circle cx="40" cy="32" r="3"/><path d="M29 40h6l-3 4z"/></g>"#
            }
            Self::Cup => {
                r#"<path d="M10 18h34v24a12 12 0 0 1-12 12H22a12 12 0 0 1-12-12z"/><path fill="none" stroke="currentColor" stroke-width="5" d="M44 24h4a8 8 0 0 1 0 16h-4"/>"#
            }
            Self::Fish => {
                r#"<path d="M6 32q18-26 38 0l14-14v28L44 32q-20 26-38 0z"/><circle class="w" cx="18" cy="29" r="3"/>"#
            }
            Self::House => r#"<path d="M32 8l26 22h-6v26H12V30H6z"/><path class="w" d="M27 40h10v16H27z"/>"#,
            Self::Star => r#"<path d="M32 5l8 18 19 2-14 13 4 19-17-10-17 10 4-19L5 25l19-2z"/>"#,
            Self::Sun => {
                r#"<circle cx="32" cy="32" r="13"/><path stroke="currentColor" stroke-width="4" stroke-linecap="round" d="M32 6v7M32 51v7M6 32h7M51 32h7M14 14l5 5M45 45l5 5M50 14l-5 5M19 45l-5 5"/>"#
            }
            Self::Tree => r#"<path d="M32 4l14 18h-7l12 14h-8l10 12H11l10-12h-8l12-14h-7zM28 48h8v12h-8z"/>"#,
        }
    }
}

/// What it is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Black,
    Blue,
    Brown,
    Green,
    Purple,
    Red,
}

impl Colour {
    pub(super) const ALL: [Self; 6] = [Self::Black, Self::Blue, Self::Brown, Self::Green, Self::Purple, Self::Red];

    /// The key of what it is called.
    const fn name(self) -> &'static str {
        match self {
            Self::Black => "sandbox.picture.black",
            Self::Blue => "sandbox.picture.blue",
            Self::Brown => "sandbox.picture.brown",
            Self::Green => "sandbox.picture.green",
            Self::Purple => "sandbox.picture.purple",
            Self::Red => "sandbox.picture.red",
        }
    }

    const fn hex(self) -> &'static str {
        match self {
            Self::Black => "#2b2b2b",
            Self::Blue => "#1d5fb4",
            Self::Brown => "#80502a",
            Self::Green => "#217a46",
            Self::Purple => "#7a3d9c",
            Self::Red => "#b8321f",
        }
    }
}

/// What [`image`] shows, in words.
pub(super) fn label(thing: Thing, colour: Colour, language: &Language) -> String {
    let values = [("thing", language.text(thing.name())), ("colour", language.text(colour.name()))];
    language.fill("sandbox.picture.label", &values)
}

/// The thing in the colour.
pub(super) fn image(thing: Thing, colour: Colour) -> Image {
    let shapes = thing.shapes().replace(r#"class="w""#, r##"fill="#fff""##);
    data_uri(&format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64"><path fill="#fff" d="M0 0h64v64H0z"/><g color="{hex}" fill="{hex}">{shapes}</g></svg>"##,
        hex = colour.hex(),
    ))
}

/// An SVG document as an address.
pub(super) fn data_uri(svg: &str) -> Image {
    Image::new(format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg)))
}
