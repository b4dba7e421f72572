//! Lines: borders, outlines, underlines.

use super::{
    Part,
    colour::{self, Use},
    keyword,
    length::{self, Limits},
};
use crate::{
    cursor::{Cursor, Fault},
    finding::{Reason, ValueProblem},
};

/// How a line looks.
pub(crate) const STYLES: &[&str] =
    &["none", "solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset"];

/// How the line around what has the focus looks.
pub(crate) const FOCUS_STYLES: &[&str] = &["auto", "solid", "dashed", "dotted", "double"];

/// How thick a border is.
pub(crate) const BORDER_WIDTH: Limits = Limits::pixels(0.0, 16.0).or(&["thin", "medium", "thick"]);

/// How thick an outline is.
pub(crate) const OUTLINE_WIDTH: Limits = Limits::pixels(1.0, 8.0).or(&["thin", "medium", "thick"]);

/// What takes an outline away; what surrounds an outlined element has none to inherit.
const HIDDEN: &[&str] = &["none", "hidden", "inherit", "initial", "unset", "revert"];

const DECORATION_LINES: &[&str] = &["none", "underline", "overline"];
const DECORATION_STYLES: &[&str] = &["solid", "double", "dotted", "dashed", "wavy"];

/// Width, style and colour of a line, in any order, each at most once.
#[derive(Default)]
struct Line {
    width: Option<Part>,
    style: Option<Part>,
    colour: Option<Part>,
}

impl Line {
    fn read(
        cursor: &mut Cursor<'_, '_>,
        widths: &Limits,
        styles: &[&'static str],
        purpose: Use,
    ) -> Result<Self, Fault> {
        let mut line = Self::default();
        while !cursor.is_done() {
            if line.style.is_none()
                && let Some(style) = cursor.take_word(styles)
            {
                line.style = Some(Part::Keyword(style));
            } else if line.width.is_none()
                && let Some(width) = length::take_within(cursor, widths)?
            {
                line.width = Some(width);
            } else if line.colour.is_none() {
                line.colour = Some(colour::read(cursor, purpose)?);
            } else {
                return Err(cursor.unexpected());
            }
        }
        Ok(line)
    }

    fn parts(self) -> Vec<Part> {
        [self.width, self.style, self.colour].into_iter().flatten().collect()
    }
}

pub(super) fn border(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Part>, Fault> {
    let missing = cursor.unexpected();
    let parts = Line::read(cursor, &BORDER_WIDTH, STYLES, Use::Line)?.parts();
    if parts.is_empty() { Err(missing) } else { Ok(parts) }
}

/// An outline shows where the focus is, so it can be changed but not taken away.
pub(super) fn outline(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Part>, Fault> {
    let hidden = cursor.fault(Reason::Value(ValueProblem::HidesFocus));
    if is_zero(*cursor) || has_word(*cursor, HIDDEN) {
        return Err(hidden);
    }
    let line = Line::read(cursor, &OUTLINE_WIDTH, FOCUS_STYLES, Use::Focus)?;
    if line.style.is_none() { Err(hidden) } else { Ok(line.parts()) }
}

pub(super) fn focus_style(cursor: &mut Cursor<'_, '_>) -> Result<Part, Fault> {
    if has_word(*cursor, HIDDEN) {
        return Err(cursor.fault(Reason::Value(ValueProblem::HidesFocus)));
    }
    keyword(cursor, FOCUS_STYLES)
}

fn has_word(mut cursor: Cursor<'_, '_>, words: &[&'static str]) -> bool {
    let mut found = false;
    while !cursor.is_done() && !found {
        found = cursor.take_word(words).is_some();
        cursor.next();
    }
    found
}

fn is_zero(mut cursor: Cursor<'_, '_>) -> bool {
    length::take(&mut cursor).is_ok_and(|length| length.is_some_and(|length| length.pixels() == Some(0.0)))
}

pub(super) fn text_decoration(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Part>, Fault> {
    let line = cursor.take_word(DECORATION_LINES).ok_or_else(|| cursor.unexpected())?;
    let thickness = Limits::pixels(1.0, 4.0).or(&["auto", "from-font"]);
    let rest = Line::read(cursor, &thickness, DECORATION_STYLES, Use::Line)?;
    // Safari knows the parts of the shorthand only with the line first.
    Ok([Part::Keyword(line)].into_iter().chain(rest.style).chain(rest.colour).chain(rest.width).collect())
}
