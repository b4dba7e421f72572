//! Type that can be read: not too small, not too tight, not in a font of symbols.

use std::fmt;

use cssparser::Token;

use super::{
    Context, Part, keyword,
    length::{self, Limits, Unit, out_of_range},
    number::Decimal,
    take_comma,
};
use crate::{
    cursor::{Cursor, Fault},
    excerpt::Excerpt,
    finding::{Reason, ValueProblem},
    tree::{Location, What},
};

const MAX_FAMILIES: usize = 12;
const MAX_NAME: usize = 64;

/// Smallest and largest text, in pixels.
const SIZE: (f64, f64) = (12.0, 64.0);

/// `em` and percentages count from the size of the surroundings, which may be the smallest already.
const RELATIVE_SIZE: (f64, f64) = (1.0, 4.0);

/// Smallest text of a field, in pixels: Safari on iPhones zooms in on the focus where it is smaller, and never out again.
const FIELD_SIZE: f64 = 16.0;

const LINE_HEIGHT: (f64, f64) = (1.0, 3.0);

const GENERIC_FAMILIES: &[&str] = &[
    "serif",
    "sans-serif",
    "monospace",
    "cursive",
    "fantasy",
    "system-ui",
    "ui-serif",
    "ui-sans-serif",
    "ui-monospace",
    "ui-rounded",
];

/// Fonts whose letters are pictures.
const SYMBOL_FONTS: &[&str] = &[
    "symbol",
    "wingdings",
    "wingdings 2",
    "wingdings 3",
    "webdings",
    "marlett",
    "zapf dingbats",
    "zapfdingbats",
    "itc zapf dingbats",
    "bookshelf symbol 7",
    "ms outlook",
    "mt extra",
    "adobe blank",
    "lastresort",
    ".lastresort",
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Generic(&'static str),
    /// Letters, digits, spaces, dashes and underscores only.
    Named(String),
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Generic(name) => formatter.write_str(name),
            Self::Named(name) => write!(formatter, "\"{name}\""),
        }
    }
}

pub(super) fn families(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Part>, Fault> {
    let mut parts = vec![family(cursor)?];
    while take_comma(cursor) {
        if parts.len() >= 2 * MAX_FAMILIES {
            return Err(cursor.fault(Reason::Value(ValueProblem::TooMany)));
        }
        parts.push(Part::Comma);
        parts.push(family(cursor)?);
    }
    Ok(parts)
}

/// A name in quotes, or one or more words.
fn family(cursor: &mut Cursor<'_, '_>) -> Result<Part, Fault> {
    let at = cursor.location();
    if let Some(What::Token(Token::QuotedString(name))) = cursor.peek().map(|node| &node.what) {
        cursor.next();
        return named(name, at);
    }
    let mut words: Vec<&str> = Vec::new();
    while let Some(What::Token(Token::Ident(word))) = cursor.peek().map(|node| &node.what) {
        words.push(word);
        cursor.next();
    }
    match words.as_slice() {
        [] => Err(cursor.unexpected()),
        [word] => match GENERIC_FAMILIES.iter().find(|generic| generic.eq_ignore_ascii_case(word)) {
            Some(generic) => Ok(Part::Family(Family::Generic(generic))),
            None => named(word, at),
        },
        words => named(&words.join(" "), at),
    }
}

fn named(name: &str, at: Location) -> Result<Part, Fault> {
    let fault = |problem| Fault { at, reason: Reason::Value(problem) };
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if SYMBOL_FONTS.iter().any(|symbols| symbols.eq_ignore_ascii_case(&name)) {
        return Err(fault(ValueProblem::SymbolFont(Excerpt::new(&name))));
    }
    let fits = |character: char| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_');
    if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(fits) {
        return Err(fault(ValueProblem::FontName));
    }
    Ok(Part::Family(Family::Named(name)))
}

pub(super) fn size(cursor: &mut Cursor<'_, '_>, context: Context) -> Result<Part, Fault> {
    let at = cursor.location();
    let too_small = Fault { at, reason: Reason::Value(ValueProblem::FieldSize) };
    if let Some(word) = cursor.take_word(&["medium", "large", "x-large", "xx-large"]) {
        return Ok(Part::Keyword(word));
    }
    if let Some(word) = cursor.take_word(&["small", "larger", "inherit"]) {
        return if context == Context::Fields { Err(too_small) } else { Ok(Part::Keyword(word)) };
    }
    let size = length::take(cursor)?.ok_or_else(|| cursor.unexpected())?;
    let (number, (least, most), unit) = match size.unit() {
        Unit::Px | Unit::Rem => (size.pixels().unwrap_or_default(), SIZE, Unit::Px),
        Unit::Em => (size.number(), RELATIVE_SIZE, Unit::Em),
        Unit::Percent => (size.number(), (RELATIVE_SIZE.0 * 100.0, RELATIVE_SIZE.1 * 100.0), Unit::Percent),
    };
    if !(least..=most).contains(&number) {
        return Err(Fault { at, reason: Reason::Value(out_of_range(least, most, unit)) });
    }
    // Anything relative is so to what surrounds the field.
    if context == Context::Fields && (unit != Unit::Px || number < FIELD_SIZE) {
        return Err(too_small);
    }
    Ok(Part::Length(size))
}

pub(super) fn weight(cursor: &mut Cursor<'_, '_>) -> Result<Part, Fault> {
    if let Some(word) = cursor.take_word(&["normal", "bold", "bolder", "lighter"]) {
        return Ok(Part::Keyword(word));
    }
    number(cursor, 100.0, 900.0)
}

pub(super) fn line_height(cursor: &mut Cursor<'_, '_>) -> Result<Part, Fault> {
    let (least, most) = LINE_HEIGHT;
    match cursor.peek().map(|node| &node.what) {
        Some(What::Token(Token::Ident(_))) => keyword(cursor, &["normal"]),
        Some(What::Token(Token::Number { .. })) => number(cursor, least, most),
        // A height in pixels would not grow with the text.
        Some(What::Token(Token::Dimension { unit, .. })) if !unit.eq_ignore_ascii_case("em") => {
            Err(cursor.wrong_unit(unit))
        }
        _ => length::read(cursor, &Limits::pixels(least * 16.0, most * 16.0).or_percent(least * 100.0, most * 100.0)),
    }
}

fn number(cursor: &mut Cursor<'_, '_>, least: f64, most: f64) -> Result<Part, Fault> {
    let Some(What::Token(Token::Number { value, .. })) = cursor.peek().map(|node| &node.what) else {
        return Err(cursor.unexpected());
    };
    let number = f64::from(*value);
    if !(least..=most).contains(&number) {
        let bound = |number| Excerpt::new(&Decimal::new(number).to_string());
        let problem = ValueProblem::OutOfRange { least: bound(least), most: bound(most) };
        return Err(cursor.fault(Reason::Value(problem)));
    }
    cursor.next();
    Ok(Part::Number(Decimal::new(number)))
}
