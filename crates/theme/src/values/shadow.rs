//! Shadows: near enough to their element not to cover others, faint enough inside not to cover its text.

use super::{
    Part,
    colour::{self, Use},
    length::{self, Limits},
};
use crate::{
    cursor::{Cursor, Fault},
    finding::{Reason, ValueProblem},
};

const MAX_SHADOWS: usize = 4;

/// Offset, blur and spread of a shadow around an element, and of one inside.
const OUTSIDE: [Limits; 3] = [Limits::pixels(-32.0, 32.0), Limits::pixels(0.0, 64.0), Limits::pixels(-16.0, 8.0)];
const INSIDE: [Limits; 3] = [Limits::pixels(-8.0, 8.0), Limits::pixels(0.0, 12.0), Limits::pixels(0.0, 4.0)];

pub(super) fn read(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Part>, Fault> {
    if let Some(none) = cursor.take_word(&["none"]) {
        return Ok(vec![Part::Keyword(none)]);
    }
    let pieces = cursor.split_commas();
    if pieces.len() > MAX_SHADOWS {
        return Err(cursor.fault(Reason::Value(ValueProblem::TooMany)));
    }
    let mut parts = Vec::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        if index > 0 {
            parts.push(Part::Comma);
        }
        parts.extend(shadow(piece)?);
    }
    *cursor = Cursor::new(&[], cursor.location());
    Ok(parts)
}

fn shadow(mut cursor: Cursor<'_, '_>) -> Result<Vec<Part>, Fault> {
    let mut inset = cursor.take_word(&["inset"]);
    // Without a colour a shadow has the one of the text, which an inner shadow would then hide.
    let mut colour = colour::take(&mut cursor, Use::Fill)?;
    let start = cursor;
    let [offset, blur, spread] = &OUTSIDE;
    let mut lengths = vec![length::read(&mut cursor, offset)?, length::read(&mut cursor, offset)?];
    for limits in [blur, spread] {
        lengths.extend(length::take_within(&mut cursor, limits)?);
    }
    if colour.is_none() {
        colour = colour::take(&mut cursor, Use::Fill)?;
    }
    inset = inset.or_else(|| cursor.take_word(&["inset"]));
    cursor.expect_done()?;
    let colour = colour.ok_or_else(|| cursor.unexpected())?;
    if inset.is_some() {
        check_inside(start, lengths.len())?;
    }
    Ok(inset.map(Part::Keyword).into_iter().chain(lengths).chain([Part::Colour(colour)]).collect())
}

fn check_inside(mut lengths: Cursor<'_, '_>, count: usize) -> Result<(), Fault> {
    let [offset, blur, spread] = &INSIDE;
    for limits in [offset, offset, blur, spread].into_iter().take(count) {
        length::read(&mut lengths, limits)?;
    }
    Ok(())
}
