//! Lengths within limits.

use std::fmt;

use cssparser::Token;

use super::{Context, Part, number::Decimal};
use crate::{
    cursor::{Cursor, Fault},
    excerpt::Excerpt,
    finding::{Reason, ValueProblem},
    tree::What,
};

/// Pixels of `1rem` where the person has not chosen another size, and of `1em` in text of that size.
const PIXELS_PER_EM: f64 = 16.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Px,
    Rem,
    Em,
    Percent,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Length {
    number: Decimal,
    unit: Unit,
}

/// What lengths a property takes. `rem` and `em` count as 16 pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) least: f64,
    pub(crate) most: f64,
    /// Percentages, where they mean something that can be bounded.
    pub(crate) percent: Option<(f64, f64)>,
    /// Words that may stand instead.
    pub(crate) words: &'static [&'static str],
}

impl Limits {
    /// Pixels from `least` to `most`.
    pub(crate) const fn pixels(least: f64, most: f64) -> Self {
        Self { least, most, percent: None, words: &[] }
    }

    pub(crate) const fn or_percent(self, least: f64, most: f64) -> Self {
        Self { percent: Some((least, most)), ..self }
    }

    pub(crate) const fn or(self, words: &'static [&'static str]) -> Self {
        Self { words, ..self }
    }

    fn check(&self, length: Length) -> Result<(), ValueProblem> {
        let (least, most, unit) = match (length.unit, self.percent) {
            (Unit::Percent, Some((least, most))) => (least, most, Unit::Percent),
            (Unit::Percent, None) => return Err(ValueProblem::Unit(Excerpt::new("%"))),
            _ => (self.least, self.most, Unit::Px),
        };
        let number = length.pixels().unwrap_or_else(|| length.number.get());
        if (least..=most).contains(&number) { Ok(()) } else { Err(out_of_range(least, most, unit)) }
    }
}

pub(super) fn out_of_range(least: f64, most: f64, unit: Unit) -> ValueProblem {
    let bound = |number| Excerpt::new(&Length { number: Decimal::new(number), unit }.to_string());
    ValueProblem::OutOfRange { least: bound(least), most: bound(most) }
}

impl Length {
    /// How many pixels it is, where that depends on nothing but the size of text.
    pub(crate) fn pixels(self) -> Option<f64> {
        match self.unit {
            Unit::Px => Some(self.number.get()),
            Unit::Rem | Unit::Em => Some(self.number.get() * PIXELS_PER_EM),
            Unit::Percent => None,
        }
    }

    pub(super) fn unit(self) -> Unit {
        self.unit
    }

    pub(super) fn number(self) -> f64 {
        self.number.get()
    }
}

impl Length {
    /// Writes it so that `calc()` takes it, which knows no zero without a unit.
    pub(super) fn fmt_with_unit(self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Percent => "%",
            Unit::Px => "px",
            Unit::Rem => "rem",
            Unit::Em => "em",
        };
        write!(formatter, "{}{unit}", self.number)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::Px | Unit::Rem | Unit::Em if self.number.is_zero() => formatter.write_str("0"),
            _ => self.fmt_with_unit(formatter),
        }
    }
}

/// Takes a length of any size, if there is one.
pub(super) fn take(cursor: &mut Cursor<'_, '_>) -> Result<Option<Length>, Fault> {
    let Some(What::Token(token)) = cursor.peek().map(|node| &node.what) else {
        return Ok(None);
    };
    let (number, unit) = match token {
        Token::Number { value, .. } if value.abs() < f32::EPSILON => (0.0, Unit::Px),
        Token::Percentage { unit_value, .. } => (f64::from(*unit_value) * 100.0, Unit::Percent),
        Token::Dimension { value, unit, .. } => (f64::from(*value), self::unit(cursor, unit)?),
        _ => return Ok(None),
    };
    if !number.is_finite() {
        return Err(cursor.unexpected());
    }
    cursor.next();
    Ok(Some(Length { number: Decimal::new(number), unit }))
}

fn unit(cursor: &Cursor<'_, '_>, unit: &str) -> Result<Unit, Fault> {
    [("px", Unit::Px), ("rem", Unit::Rem), ("em", Unit::Em)]
        .into_iter()
        .find_map(|(name, known)| name.eq_ignore_ascii_case(unit).then_some(known))
        .ok_or_else(|| cursor.wrong_unit(unit))
}

/// Takes a length within limits, if there is one.
pub(super) fn take_within(cursor: &mut Cursor<'_, '_>, limits: &Limits) -> Result<Option<Part>, Fault> {
    if let Some(word) = cursor.take_word(limits.words) {
        return Ok(Some(Part::Keyword(word)));
    }
    let at = cursor.location();
    let Some(length) = take(cursor)? else {
        return Ok(None);
    };
    limits.check(length).map_err(|problem| Fault { at, reason: Reason::Value(problem) })?;
    Ok(Some(Part::Length(length)))
}

/// Reads a length within limits.
pub(super) fn read(cursor: &mut Cursor<'_, '_>, limits: &Limits) -> Result<Part, Fault> {
    take_within(cursor, limits)?.ok_or_else(|| cursor.unexpected())
}

/// Reads a length within limits, which keeps its unit.
pub(super) fn measure(cursor: &mut Cursor<'_, '_>, limits: &Limits) -> Result<Part, Fault> {
    match read(cursor, limits)? {
        Part::Length(length) => Ok(Part::Measure(length)),
        other => Ok(other),
    }
}

/// How wide and high pictures are.
const PICTURE: Limits = Limits::pixels(16.0, 160.0);

/// How wide anything with text is.
const TEXT: Limits = Limits::pixels(240.0, 1200.0);

/// Reads how high a picture is.
pub(super) fn picture_height(cursor: &mut Cursor<'_, '_>, context: Context) -> Result<Part, Fault> {
    if !matches!(context, Context::Pictures | Context::Unknown) {
        return Err(cursor.fault(Reason::Value(ValueProblem::PicturesOnly)));
    }
    read(cursor, &PICTURE)
}

/// Reads how wide something is: text needs room.
pub(super) fn extent(
    cursor: &mut Cursor<'_, '_>,
    words: &'static [&'static str],
    context: Context,
) -> Result<Part, Fault> {
    let limits = match context {
        Context::Pictures => PICTURE,
        Context::Text | Context::Fields => Limits::pixels(TEXT.least, TEXT.most).or_percent(50.0, 100.0),
        Context::Unknown => Limits::pixels(PICTURE.least, TEXT.most).or_percent(50.0, 100.0),
    };
    read(cursor, &limits.or(words))
}
