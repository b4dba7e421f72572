//! Values as types that can only say harmless things, the grammars that read them, and their text.

mod background;
mod colour;
mod font;
mod length;
mod line;
mod number;
mod shadow;

use std::fmt;

use cssparser::Token;

use self::{background::Gradient, font::Family, length::Length, number::Decimal};
pub(crate) use self::{
    colour::{Colour, Rgba, Use},
    length::Limits,
    line::{BORDER_WIDTH, STYLES as LINE_STYLES},
};
use crate::cursor::{Cursor, Fault};

/// A value: parts as they are written, one space between those that need it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Value(pub(crate) Vec<Part>);

/// A part of a value. Nothing in it is free text but the names of fonts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Keyword(&'static str),
    Colour(Colour),
    Length(Length),
    /// A length with its unit, even if it is zero.
    Measure(Length),
    Number(Decimal),
    Family(Family),
    Gradient(Gradient),
    Comma,
}

/// What a property takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Grammar {
    /// One of these words.
    Keyword(&'static [&'static str]),
    /// One to this many lengths.
    Lengths(usize, Limits),
    /// A length that keeps its unit, since it is reckoned with.
    Measure(Limits),
    /// `width` and `max-width`: wide enough for text, or for a picture.
    Extent(&'static [&'static str]),
    /// `height`, of pictures: text takes the room it needs.
    PictureHeight,
    /// One to this many colours.
    Colours(usize, Use),
    /// `background`: gradients and a plain colour.
    Background,
    /// `background-image`: gradients.
    BackgroundImage,
    /// `border` and its sides: width, style, colour.
    Border,
    /// One to this many styles of a line.
    LineStyles(usize),
    /// `outline`, which must stay visible.
    Outline,
    FocusStyle,
    FocusWidth,
    /// `text-decoration`.
    TextDecoration,
    /// `box-shadow`.
    Shadow,
    FontFamily,
    FontSize,
    FontWeight,
    LineHeight,
}

/// What a value is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    /// Text, among other things.
    Text,
    /// What people type into, among other things.
    Fields,
    /// Pictures and nothing else.
    Pictures,
    /// Nothing: the rule is in the wrong place, and its values are only looked at.
    Unknown,
}

impl Grammar {
    /// Reads a value to its end.
    pub(crate) fn read(self, mut cursor: Cursor<'_, '_>, context: Context) -> Result<Value, Fault> {
        if self.may_inherit(context)
            && let Some(inherit) = cursor.take_word(&["inherit"])
        {
            cursor.expect_done()?;
            return Ok(Value(vec![Part::Keyword(inherit)]));
        }
        let parts = self.parts(&mut cursor, context)?;
        cursor.expect_done()?;
        Ok(Value(parts))
    }

    /// What surrounds an outline has none, and so to inherit it would hide it. What surrounds a field may have smaller text.
    fn may_inherit(self, context: Context) -> bool {
        let too_small = matches!((self, context), (Self::FontSize, Context::Fields));
        !too_small
            && !matches!(
                self,
                Self::Outline
                    | Self::FocusStyle
                    | Self::FocusWidth
                    | Self::Measure(_)
                    | Self::Colours(_, Use::Focus | Use::Custom)
            )
    }

    fn parts(self, cursor: &mut Cursor<'_, '_>, context: Context) -> Result<Vec<Part>, Fault> {
        match self {
            Self::Keyword(words) => keyword(cursor, words).map(|word| vec![word]),
            Self::Lengths(most, limits) => several(cursor, most, |cursor| length::read(cursor, &limits)),
            Self::Measure(limits) => length::measure(cursor, &limits).map(|length| vec![length]),
            Self::PictureHeight => length::picture_height(cursor, context).map(|height| vec![height]),
            Self::Extent(words) => length::extent(cursor, words, context).map(|extent| vec![extent]),
            Self::Colours(most, purpose) => several(cursor, most, |cursor| colour::read(cursor, purpose)),
            Self::Background => background::shorthand(cursor),
            Self::BackgroundImage => background::images(cursor),
            Self::Border => line::border(cursor),
            Self::LineStyles(most) => several(cursor, most, |cursor| keyword(cursor, LINE_STYLES)),
            Self::Outline => line::outline(cursor),
            Self::FocusStyle => line::focus_style(cursor).map(|style| vec![style]),
            Self::FocusWidth => length::read(cursor, &line::OUTLINE_WIDTH).map(|width| vec![width]),
            Self::TextDecoration => line::text_decoration(cursor),
            Self::Shadow => shadow::read(cursor),
            Self::FontFamily => font::families(cursor),
            Self::FontSize => font::size(cursor, context).map(|size| vec![size]),
            Self::FontWeight => font::weight(cursor).map(|weight| vec![weight]),
            Self::LineHeight => font::line_height(cursor).map(|height| vec![height]),
        }
    }
}

fn keyword(cursor: &mut Cursor<'_, '_>, words: &[&'static str]) -> Result<Part, Fault> {
    cursor.take_word(words).map(Part::Keyword).ok_or_else(|| cursor.unexpected())
}

/// One to `most` values of a kind.
fn several(
    cursor: &mut Cursor<'_, '_>,
    most: usize,
    read: impl Fn(&mut Cursor<'_, '_>) -> Result<Part, Fault>,
) -> Result<Vec<Part>, Fault> {
    let mut parts = vec![read(cursor)?];
    while parts.len() < most && !cursor.is_done() {
        parts.push(read(cursor)?);
    }
    Ok(parts)
}

/// The colours of a value, in order.
impl Value {
    pub(crate) fn colours(&self) -> impl Iterator<Item = &Colour> {
        self.0.iter().flat_map(|part| match part {
            Part::Colour(colour) => std::slice::from_ref(colour).iter().chain([].iter()),
            Part::Gradient(gradient) => [].iter().chain(gradient.colours()),
            _ => [].iter().chain([].iter()),
        })
    }

    /// The value as pixels, if it is one length that does not depend on anything.
    pub(crate) fn pixels(&self) -> Option<f64> {
        match self.0.as_slice() {
            [Part::Length(length)] => length.pixels(),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut needs_space = false;
        for part in &self.0 {
            if needs_space && *part != Part::Comma {
                formatter.write_str(" ")?;
            }
            needs_space = *part != Part::Comma;
            match part {
                Part::Keyword(word) => formatter.write_str(word),
                Part::Colour(colour) => colour.fmt(formatter),
                Part::Length(length) => length.fmt(formatter),
                Part::Measure(length) => length.fmt_with_unit(formatter),
                Part::Number(number) => number.fmt(formatter),
                Part::Family(family) => family.fmt(formatter),
                Part::Gradient(gradient) => gradient.fmt(formatter),
                Part::Comma => formatter.write_str(","),
            }?;
        }
        Ok(())
    }
}

/// Whether the next token is a comma, which is taken.
fn take_comma(cursor: &mut Cursor<'_, '_>) -> bool {
    cursor.take(&Token::Comma)
}
