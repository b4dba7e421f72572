//! Backgrounds: plain colours and gradients. Pictures would have to be loaded, and positions are of no use without.

use std::fmt;

use cssparser::Token;

use super::{
    Part,
    colour::{self, Colour, Use},
    length::{self, Length, Limits},
    number::Decimal,
    take_comma,
};
use crate::{
    cursor::{Cursor, Fault},
    excerpt::Excerpt,
    finding::{Reason, ValueProblem},
    tree::What,
};

/// Layers of one background, and stops of one gradient.
const MAX_LAYERS: usize = 4;
const MAX_STOPS: usize = 8;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gradient {
    shape: Shape,
    /// Two at least.
    stops: Vec<(Colour, Option<Length>)>,
    colours: Vec<Colour>,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Linear(Option<Direction>),
    Radial(Option<&'static str>),
}

#[derive(Clone, Debug, PartialEq)]
enum Direction {
    Angle(Decimal),
    To(Vec<&'static str>),
}

impl Gradient {
    pub(super) fn colours(&self) -> std::slice::Iter<'_, Colour> {
        self.colours.iter()
    }
}

/// `background`: any number of gradients, above a colour.
pub(super) fn shorthand(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    let layers = layers(cursor)?;
    let last = layers.len() - 1;
    for (index, mut layer) in layers.into_iter().enumerate() {
        if index > 0 {
            parts.push(Part::Comma);
        }
        let image = take_image(&mut layer)?;
        let colour = if index == last { colour::take(&mut layer, Use::Fill)? } else { None };
        if image.is_none() && colour.is_none() {
            return Err(no_layer(&layer));
        }
        parts.extend(image);
        parts.extend(colour.map(Part::Colour));
        layer.expect_done()?;
    }
    *cursor = Cursor::new(&[], cursor.location());
    Ok(parts)
}

/// `background-image`: gradients.
pub(super) fn images(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    for (index, mut layer) in layers(cursor)?.into_iter().enumerate() {
        if index > 0 {
            parts.push(Part::Comma);
        }
        parts.push(take_image(&mut layer)?.ok_or_else(|| layer.unexpected())?);
        layer.expect_done()?;
    }
    *cursor = Cursor::new(&[], cursor.location());
    Ok(parts)
}

fn layers<'a, 'i>(cursor: &Cursor<'a, 'i>) -> Result<Vec<Cursor<'a, 'i>>, Fault> {
    let layers = cursor.split_commas();
    if layers.len() > MAX_LAYERS {
        return Err(cursor.fault(Reason::Value(ValueProblem::TooMany)));
    }
    Ok(layers)
}

fn no_layer(layer: &Cursor<'_, '_>) -> Fault {
    match layer.peek().map(|node| &node.what) {
        Some(What::Token(Token::Ident(name))) => layer.fault(Reason::Value(ValueProblem::Colour(Excerpt::new(name)))),
        _ => layer.unexpected(),
    }
}

fn take_image(cursor: &mut Cursor<'_, '_>) -> Result<Option<Part>, Fault> {
    if let Some(none) = cursor.take_word(&["none"]) {
        return Ok(Some(Part::Keyword(none)));
    }
    let Some(What::Function { name, arguments, end }) = cursor.peek().map(|node| &node.what) else {
        return Ok(None);
    };
    let inside = Cursor::new(arguments, *end);
    let gradient = if name.eq_ignore_ascii_case("linear-gradient") {
        linear(inside)?
    } else if name.eq_ignore_ascii_case("radial-gradient") {
        radial(inside)?
    } else {
        return Ok(None);
    };
    cursor.next();
    Ok(Some(Part::Gradient(gradient)))
}

fn linear(mut inside: Cursor<'_, '_>) -> Result<Gradient, Fault> {
    let direction = direction(&mut inside)?;
    if direction.is_some() && !take_comma(&mut inside) {
        return Err(inside.unexpected());
    }
    gradient(Shape::Linear(direction), inside)
}

fn direction(inside: &mut Cursor<'_, '_>) -> Result<Option<Direction>, Fault> {
    if inside.take_word(&["to"]).is_some() {
        let (vertical, horizontal) = (&["top", "bottom"], &["left", "right"]);
        let first = inside.take_word(vertical);
        let second = inside.take_word(horizontal);
        let third = if first.is_none() { inside.take_word(vertical) } else { None };
        let sides: Vec<&'static str> = [first, second, third].into_iter().flatten().collect();
        return if sides.is_empty() { Err(inside.unexpected()) } else { Ok(Some(Direction::To(sides))) };
    }
    let Some(What::Token(Token::Dimension { value, unit, .. })) = inside.peek().map(|node| &node.what) else {
        return Ok(None);
    };
    let angle = colour::degrees(f64::from(*value), unit).filter(|angle| angle.is_finite());
    let angle = angle.ok_or_else(|| inside.unexpected())?;
    inside.next();
    Ok(Some(Direction::Angle(Decimal::new(angle))))
}

fn radial(mut inside: Cursor<'_, '_>) -> Result<Gradient, Fault> {
    let shape = inside.take_word(&["circle", "ellipse"]);
    if shape.is_some() && !take_comma(&mut inside) {
        return Err(inside.unexpected());
    }
    gradient(Shape::Radial(shape), inside)
}

fn gradient(shape: Shape, stops: Cursor<'_, '_>) -> Result<Gradient, Fault> {
    let pieces = stops.split_commas();
    if pieces.len() > MAX_STOPS {
        return Err(stops.fault(Reason::Value(ValueProblem::TooMany)));
    }
    let mut read = Vec::with_capacity(pieces.len());
    for mut piece in pieces {
        let Part::Colour(colour) = colour::read(&mut piece, Use::Fill)? else {
            return Err(piece.unexpected());
        };
        let place = match length::take_within(&mut piece, &Limits::pixels(0.0, 4000.0).or_percent(0.0, 100.0))? {
            Some(Part::Length(place)) => Some(place),
            _ => None,
        };
        piece.expect_done()?;
        read.push((colour, place));
    }
    if read.len() < 2 {
        return Err(Cursor::new(&[], stops.location()).unexpected());
    }
    Ok(Gradient { shape, colours: read.iter().map(|(colour, _)| *colour).collect(), stops: read })
}

impl fmt::Display for Gradient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shape {
            Shape::Linear(direction) => {
                formatter.write_str("linear-gradient(")?;
                match direction {
                    None => {}
                    Some(Direction::Angle(angle)) => write!(formatter, "{angle}deg,")?,
                    Some(Direction::To(sides)) => write!(formatter, "to {},", sides.join(" "))?,
                }
            }
            Shape::Radial(None) => formatter.write_str("radial-gradient(")?,
            Shape::Radial(Some(shape)) => write!(formatter, "radial-gradient({shape},")?,
        }
        for (index, (colour, place)) in self.stops.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(formatter, "{comma}{colour}")?;
            if let Some(place) = place {
                write!(formatter, " {place}")?;
            }
        }
        formatter.write_str(")")
    }
}
