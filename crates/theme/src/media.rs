//! Media queries: how wide the frame is, and what the person prefers.

use std::fmt;

use cssparser::Token;

use crate::{
    cursor::{Cursor, Fault},
    excerpt::Excerpt,
    finding::Reason,
    tree::{Bracket, Node, What},
    values::{Context, Grammar, Limits, Value},
};

const MAX_QUERIES: usize = 8;
const MAX_CONDITIONS: usize = 8;

/// What can be asked, and the answers.
const FEATURES: &[(&str, Grammar)] = &[
    ("min-width", WIDTH),
    ("max-width", WIDTH),
    ("orientation", Grammar::Keyword(&["portrait", "landscape"])),
    (COLOUR_SCHEME, Grammar::Keyword(&["light", "dark"])),
    ("prefers-contrast", Grammar::Keyword(&["no-preference", "more", "less", "custom"])),
    ("prefers-reduced-motion", Grammar::Keyword(&["no-preference", "reduce"])),
    ("forced-colors", Grammar::Keyword(&["none", "active"])),
];

const COLOUR_SCHEME: &str = "prefers-color-scheme";

const WIDTH: Grammar = Grammar::Lengths(1, Limits::pixels(0.0, 10_000.0));

/// A list of queries, one of which must hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Media(Vec<Query>);

/// Conditions that must all hold; one at least, or `screen`.
#[derive(Clone, Debug, PartialEq)]
struct Query {
    screen: bool,
    conditions: Vec<(&'static str, Value)>,
}

impl Media {
    /// Whether its text begins with a word, and not with a bracket.
    pub(crate) fn begins_with_word(&self) -> bool {
        self.0.first().is_some_and(|query| query.screen)
    }

    /// Whether it asks for light or dark.
    pub(crate) fn asks_for_scheme(&self) -> bool {
        self.0.iter().flat_map(|query| &query.conditions).any(|(name, _)| *name == COLOUR_SCHEME)
    }
}

/// Reads a list of media queries.
pub(crate) fn read(prelude: Cursor<'_, '_>) -> Result<Media, Fault> {
    let pieces = prelude.split_commas();
    if pieces.len() > MAX_QUERIES {
        return Err(not_understood(&prelude));
    }
    Ok(Media(pieces.into_iter().map(query).collect::<Result<_, _>>()?))
}

fn query(mut cursor: Cursor<'_, '_>) -> Result<Query, Fault> {
    cursor.take_word(&["only"]);
    let medium = cursor.take_word(&["screen", "all"]);
    let mut query = Query { screen: medium == Some("screen"), conditions: Vec::new() };
    let mut more = medium.is_none() || cursor.take_word(&["and"]).is_some();
    while more && query.conditions.len() < MAX_CONDITIONS {
        query.conditions.push(condition(&mut cursor)?);
        more = cursor.take_word(&["and"]).is_some();
    }
    // `all` alone holds always, and needs no `@media`.
    if more || !cursor.is_done() || (query.conditions.is_empty() && !query.screen) {
        return Err(not_understood(&cursor));
    }
    Ok(query)
}

fn condition(cursor: &mut Cursor<'_, '_>) -> Result<(&'static str, Value), Fault> {
    let fault = not_understood(cursor);
    let Some(Node { what: What::Block { bracket: Bracket::Round, body, end, .. }, .. }) = cursor.next() else {
        return Err(fault);
    };
    let mut inside = Cursor::new(body, *end);
    let start = inside;
    let Some(Node { what: What::Token(Token::Ident(name)), .. }) = inside.next() else {
        return Err(not_understood(&start));
    };
    let feature = FEATURES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    if let Some((name, grammar)) = feature
        && inside.take(&Token::Colon)
    {
        return Ok((name, grammar.read(inside, Context::Text)?));
    }
    if feature.is_none() && !name.eq_ignore_ascii_case("width") {
        return Err(start.fault(Reason::MediaFeature(Excerpt::new(name))));
    }
    let name = range(&mut inside).ok_or_else(|| not_understood(&inside))?;
    Ok((name, WIDTH.read(inside, Context::Text)?))
}

/// `width >= 600px` in the words that every browser knows. `<` and `>` alone have none.
fn range(inside: &mut Cursor<'_, '_>) -> Option<&'static str> {
    let (less, more) = (inside.take(&Token::Delim('<')), inside.take(&Token::Delim('>')));
    if !inside.take(&Token::Delim('=')) {
        return None;
    }
    match (less, more) {
        (true, false) => Some("max-width"),
        (false, true) => Some("min-width"),
        _ => None,
    }
}

fn not_understood(cursor: &Cursor<'_, '_>) -> Fault {
    let excerpt = cursor.peek().map_or_else(|| Excerpt::new("{"), Excerpt::of);
    cursor.fault(Reason::MediaQuery(excerpt))
}

impl fmt::Display for Media {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(queries) = self;
        for (index, query) in queries.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            formatter.write_str(comma)?;
            query.fmt(formatter)?;
        }
        Ok(())
    }
}

impl fmt::Display for Query {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut needs_and = self.screen;
        if self.screen {
            formatter.write_str("screen")?;
        }
        for (name, value) in &self.conditions {
            let and = if needs_and { " and " } else { "" };
            write!(formatter, "{and}({name}:{value})")?;
            needs_and = true;
        }
        Ok(())
    }
}
