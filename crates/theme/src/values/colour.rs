//! Colours: read in every notation that the oldest supported browsers know, written in the shortest.

use std::fmt;

use cssparser::{Token, color};

use super::Part;
use crate::{
    cursor::{Cursor, Fault},
    excerpt::Excerpt,
    finding::{Reason, ValueProblem},
    properties,
    tree::{Node, What},
};

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgba {
    pub(crate) red: u8,
    pub(crate) green: u8,
    pub(crate) blue: u8,
    pub(crate) alpha: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Rgba(Rgba),
    /// The colour of the text.
    Current,
    /// A colour of the person's system, as `CanvasText`.
    System(&'static str),
    /// `var(--bl-…)`, by its name.
    Custom(&'static str),
}

impl Colour {
    /// Whether it is seen, and the same in light and dark.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self, Self::Rgba(rgba) if rgba.alpha > 0)
    }
}

/// What a colour is for, which says how faint it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Text: seen well.
    Text,
    /// Behind text: anything but the colour of the text itself.
    Fill,
    /// Lines and shadows: anything.
    Line,
    /// Around what has the focus: seen.
    Focus,
    /// The value of a custom property, which may end up anywhere: opaque, and known here.
    Custom,
}

const SYSTEM_COLOURS: &[&str] = &[
    "canvas",
    "canvastext",
    "linktext",
    "visitedtext",
    "activetext",
    "buttonface",
    "buttontext",
    "buttonborder",
    "field",
    "fieldtext",
    "highlight",
    "highlighttext",
    "mark",
    "marktext",
    "graytext",
];

impl Use {
    const fn least_alpha(self) -> u8 {
        match self {
            Self::Text => 179,
            Self::Focus => 128,
            Self::Custom => 255,
            Self::Fill | Self::Line => 0,
        }
    }

    fn allows(self, colour: Colour) -> Result<(), ValueProblem> {
        match colour {
            Colour::Rgba(rgba) if rgba.alpha < self.least_alpha() => Err(ValueProblem::TooTransparent),
            // Text on its own colour can't be seen.
            Colour::Current if matches!(self, Self::Fill | Self::Custom) => {
                Err(ValueProblem::Colour(Excerpt::new("currentcolor")))
            }
            Colour::Custom(_) if self == Self::Custom => Err(ValueProblem::Function(Excerpt::new("var"))),
            _ => Ok(()),
        }
    }
}

/// Reads a colour.
pub(super) fn read(cursor: &mut Cursor<'_, '_>, purpose: Use) -> Result<Part, Fault> {
    match take(cursor, purpose)? {
        Some(colour) => Ok(Part::Colour(colour)),
        None => Err(match cursor.peek().map(|node| &node.what) {
            Some(What::Token(Token::Ident(_))) => colour_fault(cursor),
            _ => cursor.unexpected(),
        }),
    }
}

/// Takes a colour, if there is one.
pub(super) fn take(cursor: &mut Cursor<'_, '_>, purpose: Use) -> Result<Option<Colour>, Fault> {
    let at = cursor.location();
    let Some(node) = cursor.peek() else {
        return Ok(None);
    };
    let colour = match &node.what {
        What::Token(Token::Ident(name)) => match named(name) {
            Some(colour) => colour,
            None => return Ok(None),
        },
        What::Token(Token::Hash(digits) | Token::IDHash(digits)) => match color::parse_hash_color(digits.as_bytes()) {
            Ok((red, green, blue, alpha)) => rgba(red, green, blue, f64::from(alpha)),
            Err(()) => return Err(colour_fault(cursor)),
        },
        What::Function { name, arguments, end } => {
            match function(&name.to_ascii_lowercase(), Cursor::new(arguments, *end))? {
                Some(colour) => colour,
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    purpose.allows(colour).map_err(|problem| Fault { at, reason: Reason::Value(problem) })?;
    cursor.next();
    Ok(Some(colour))
}

fn colour_fault(cursor: &Cursor<'_, '_>) -> Fault {
    let excerpt = cursor.peek().map_or_else(|| Excerpt::new(""), Excerpt::of);
    cursor.fault(Reason::Value(ValueProblem::Colour(excerpt)))
}

fn named(name: &str) -> Option<Colour> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "currentcolor" => Some(Colour::Current),
        "transparent" => Some(rgba(0, 0, 0, 0.0)),
        name => color::parse_named_color(name)
            .ok()
            .map(|(red, green, blue)| rgba(red, green, blue, 1.0))
            .or_else(|| SYSTEM_COLOURS.iter().find(|known| **known == name).map(|known| Colour::System(known))),
    }
}

fn rgba(red: u8, green: u8, blue: u8, alpha: f64) -> Colour {
    Colour::Rgba(Rgba { red, green, blue, alpha: byte(alpha * 255.0) })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of a byte")]
fn byte(number: f64) -> u8 {
    // The parser's numbers are single precision: 90 % is a little less than that.
    (number + 1e-4).round().clamp(0.0, 255.0) as u8
}

/// A colour function; `None` if the function is something else.
fn function(name: &str, mut arguments: Cursor<'_, '_>) -> Result<Option<Colour>, Fault> {
    let from_hsl = |(hue, saturation, lightness): (f64, f64, f64)| {
        let chroma = saturation * lightness.min(1.0 - lightness);
        let channel = |offset: f64| {
            let at = (offset + hue / 30.0).rem_euclid(12.0);
            lightness - chroma * (at - 3.0).min(9.0 - at).clamp(-1.0, 1.0)
        };
        (channel(0.0), channel(8.0), channel(4.0))
    };
    let ((red, green, blue), alpha) = match name {
        "rgb" | "rgba" => {
            let (channels, alpha) = components(&mut arguments, channel)?;
            (channels, alpha)
        }
        "hsl" | "hsla" => {
            let ((hue, saturation, lightness), alpha) = components(&mut arguments, hue_and_percentages)?;
            (from_hsl((hue, saturation, lightness)), alpha)
        }
        "hwb" => {
            let ((hue, white, black), alpha) = components(&mut arguments, hue_and_percentages)?;
            let (white, black) =
                if white + black > 1.0 { (white / (white + black), black / (white + black)) } else { (white, black) };
            let mix = |channel: f64| channel * (1.0 - white - black) + white;
            let (red, green, blue) = from_hsl((hue, 1.0, 0.5));
            ((mix(red), mix(green), mix(blue)), alpha)
        }
        "var" => return custom(&mut arguments).map(Some),
        _ => return Ok(None),
    };
    Ok(Some(rgba(byte(red * 255.0), byte(green * 255.0), byte(blue * 255.0), alpha)))
}

/// `var(--bl-…)`, for colours only and without a fallback: its value is known to be a colour and opaque.
fn custom(arguments: &mut Cursor<'_, '_>) -> Result<Colour, Fault> {
    let fault = arguments.unexpected();
    let Some(Node { what: What::Token(Token::Ident(name)), .. }) = arguments.next() else {
        return Err(fault);
    };
    arguments.expect_done()?;
    properties::custom_colour(name).map(Colour::Custom).ok_or(fault)
}

/// Three components, separated by commas or spaces, and the opacity behind a comma or a slash; each from 0 to 1,
/// hues in degrees.
fn components(
    arguments: &mut Cursor<'_, '_>,
    read: fn(&Cursor<'_, '_>, &Token<'_>, usize) -> Option<f64>,
) -> Result<((f64, f64, f64), f64), Fault> {
    let mut numbers = [0.0, 0.0, 0.0];
    for (index, number) in numbers.iter_mut().enumerate() {
        if index > 0 {
            arguments.take(&Token::Comma);
        }
        *number = component(arguments, |cursor, token| read(cursor, token, index))?;
    }
    let alpha = if arguments.take(&Token::Comma) || arguments.take(&Token::Delim('/')) {
        component(arguments, |_, token| match token {
            Token::Number { value, .. } => Some(f64::from(*value).clamp(0.0, 1.0)),
            Token::Percentage { unit_value, .. } => Some(f64::from(*unit_value).clamp(0.0, 1.0)),
            _ => None,
        })?
    } else {
        1.0
    };
    arguments.expect_done()?;
    let [first, second, third] = numbers;
    Ok(((first, second, third), alpha))
}

fn component(
    arguments: &mut Cursor<'_, '_>,
    read: impl Fn(&Cursor<'_, '_>, &Token<'_>) -> Option<f64>,
) -> Result<f64, Fault> {
    let number = match arguments.peek().map(|node| &node.what) {
        Some(What::Token(token)) => read(arguments, token).filter(|number| number.is_finite()),
        _ => None,
    };
    let number = number.ok_or_else(|| arguments.unexpected())?;
    arguments.next();
    Ok(number)
}

fn channel(_: &Cursor<'_, '_>, token: &Token<'_>, _: usize) -> Option<f64> {
    match token {
        Token::Number { value, .. } => Some((f64::from(*value) / 255.0).clamp(0.0, 1.0)),
        Token::Percentage { unit_value, .. } => Some(f64::from(*unit_value).clamp(0.0, 1.0)),
        _ => None,
    }
}

fn hue_and_percentages(_: &Cursor<'_, '_>, token: &Token<'_>, index: usize) -> Option<f64> {
    match token {
        Token::Number { value, .. } if index == 0 => Some(f64::from(*value).rem_euclid(360.0)),
        Token::Dimension { value, unit, .. } if index == 0 => degrees(f64::from(*value), unit),
        Token::Percentage { unit_value, .. } if index > 0 => Some(f64::from(*unit_value).clamp(0.0, 1.0)),
        _ => None,
    }
}

/// An angle in degrees, from 0 to 360.
pub(super) fn degrees(number: f64, unit: &str) -> Option<f64> {
    let degrees = match unit.to_ascii_lowercase().as_str() {
        "deg" => number,
        "grad" => number * 0.9,
        "rad" => number.to_degrees(),
        "turn" => number * 360.0,
        _ => return None,
    };
    Some(degrees.rem_euclid(360.0))
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rgba(rgba) => rgba.fmt(formatter),
            Self::Current => formatter.write_str("currentcolor"),
            Self::System(name) => formatter.write_str(name),
            Self::Custom(name) => write!(formatter, "var({name})"),
        }
    }
}

impl fmt::Display for Rgba {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { red, green, blue, alpha } = *self;
        let with_alpha = [red, green, blue, alpha];
        let channels = if alpha == u8::MAX { &with_alpha[..3] } else { &with_alpha[..] };
        formatter.write_str("#")?;
        if channels.iter().all(|channel| channel % 17 == 0) {
            return channels.iter().try_for_each(|channel| write!(formatter, "{:x}", channel / 17));
        }
        channels.iter().try_for_each(|channel| write!(formatter, "{channel:02x}"))
    }
}
