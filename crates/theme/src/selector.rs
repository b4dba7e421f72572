//! Selectors: documented elements by id, their states, and one inside another.

use std::fmt;

use banklink_protocol::elements::{Element, Occurs};
use cssparser::{CowRcStr, Token};

use crate::{
    cursor::{Cursor, Fault},
    excerpt::Excerpt,
    finding::Reason,
    meant::meant,
    tree::{Bracket, Node, What},
};

/// Elements in one selector, and states of one element.
const MAX_COMPOUNDS: usize = 6;
const MAX_STATES: usize = 4;

/// Longest name of a field, as in `#input-credential-<name>`.
const MAX_FIELD_NAME: usize = 64;

const STATES: &[&str] = &[
    "hover",
    "focus",
    "focus-visible",
    "focus-within",
    "active",
    "disabled",
    "enabled",
    "checked",
    "placeholder-shown",
];

const PLACEHOLDER: &str = "placeholder";

/// What a rule styles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selector {
    /// `:root`, which holds custom properties.
    Root,
    /// Elements inside each other, the last of which is styled; one at least.
    Elements(Vec<Compound>),
}

/// An element in some states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Compound {
    /// Whether it is a child of the one before, or anywhere inside it.
    child: bool,
    target: Target,
    states: Vec<&'static str>,
    placeholder: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// One element in the document.
    Once(&'static str),
    /// Every instance of a repeated element.
    Every(&'static str),
    /// The element of every field.
    EveryField(&'static str),
    /// The element of one field: lower-case letters, digits and dashes.
    Field(&'static str, String),
}

impl Selector {
    /// The id of the element that is styled, if it is not `:root`.
    pub(crate) fn styled(&self) -> Option<&'static str> {
        match self {
            Self::Root => None,
            Self::Elements(compounds) => compounds.last().map(|compound| compound.target.id()),
        }
    }

    /// Whether it styles the hint in an empty field, and not the field.
    pub(crate) fn is_placeholder(&self) -> bool {
        match self {
            Self::Root => false,
            Self::Elements(compounds) => compounds.last().is_some_and(|last| last.placeholder),
        }
    }

    /// Whether it holds only for what can't be used at the time.
    pub(crate) fn is_disabled(&self) -> bool {
        match self {
            Self::Root => false,
            Self::Elements(compounds) => compounds.last().is_some_and(|last| last.states.contains(&"disabled")),
        }
    }
}

impl Target {
    fn id(&self) -> &'static str {
        match self {
            Self::Once(id) | Self::Every(id) | Self::EveryField(id) | Self::Field(id, _) => id,
        }
    }
}

/// Reads a list of selectors: those that can be used, and what is wrong with the others.
pub(crate) fn read_list(elements: &[Element], list: Cursor<'_, '_>) -> (Vec<Selector>, Vec<Fault>) {
    let (mut selectors, mut faults) = (Vec::new(), Vec::new());
    let pieces = list.split_commas();
    let alone = pieces.len() == 1;
    for piece in pieces {
        let at = piece.location();
        match read(elements, piece) {
            Ok(Selector::Root) if !alone => faults.push(Fault { at, reason: Reason::RootNotAlone }),
            Ok(selector) => selectors.push(selector),
            Err(fault) => faults.push(fault),
        }
    }
    (selectors, faults)
}

fn read(elements: &[Element], mut cursor: Cursor<'_, '_>) -> Result<Selector, Fault> {
    if cursor.is_done() {
        return Err(cursor.fault(Reason::SelectorMissing));
    }
    if take_root(&mut cursor) {
        return if cursor.is_done() { Ok(Selector::Root) } else { Err(cursor.fault(Reason::RootNotAlone)) };
    }
    let mut compounds = Vec::new();
    let mut child = false;
    cursor.skip_space();
    loop {
        if compounds.len() == MAX_COMPOUNDS {
            return Err(cursor.fault(Reason::SelectorTooLong));
        }
        compounds.push(compound(elements, &mut cursor, child)?);
        let space = cursor.skip_space();
        child = cursor.take(&Token::Delim('>'));
        cursor.skip_space();
        if cursor.is_done() {
            return if child { Err(cursor.fault(Reason::SelectorMissing)) } else { Ok(Selector::Elements(compounds)) };
        }
        if !space && !child {
            return Err(unexpected(&cursor));
        }
        // A browser would drop the whole list.
        if compounds.last().is_some_and(|last| last.placeholder) {
            return Err(cursor.fault(Reason::InsidePlaceholder));
        }
    }
}

fn take_root(cursor: &mut Cursor<'_, '_>) -> bool {
    let mut ahead = *cursor;
    let found = ahead.take(&Token::Colon)
        && matches!(ahead.next_with_space(), Some(Node { what: What::Token(Token::Ident(name)), .. })
            if name.eq_ignore_ascii_case("root"));
    if found {
        *cursor = ahead;
    }
    found
}

fn compound(elements: &[Element], cursor: &mut Cursor<'_, '_>, child: bool) -> Result<Compound, Fault> {
    let target = target(elements, cursor)?;
    let mut compound = Compound { child, target, states: Vec::new(), placeholder: false };
    while !compound.placeholder && cursor.clone().next_with_space().is_some_and(|node| node.is_token(&Token::Colon)) {
        let at = cursor.location();
        cursor.next();
        if compound.states.len() == MAX_STATES {
            return Err(Fault { at, reason: Reason::SelectorTooLong });
        }
        if cursor.clone().next_with_space().is_some_and(|node| node.is_token(&Token::Colon)) {
            cursor.next();
            compound.placeholder = pseudo_element(cursor)?;
        } else {
            compound.states.push(state(cursor)?);
        }
    }
    Ok(compound)
}

fn target(elements: &[Element], cursor: &mut Cursor<'_, '_>) -> Result<Target, Fault> {
    let start = *cursor;
    match cursor.next() {
        Some(Node { what: What::Token(Token::IDHash(id) | Token::Hash(id)), at }) => {
            by_id(elements, id).ok_or_else(|| Fault { at: *at, reason: unknown_element(elements, id) })
        }
        Some(Node { what: What::Token(Token::Colon), .. }) => {
            written_by_us(elements, cursor).ok_or_else(|| unexpected(&start))
        }
        _ => Err(unexpected(&start)),
    }
}

fn by_id(elements: &[Element], id: &str) -> Option<Target> {
    if let Some(element) = elements.iter().find(|element| element.id == id) {
        return Some(match element.occurs {
            Occurs::Once => Target::Once(element.id),
            Occurs::Repeated => Target::Every(element.id),
            Occurs::PerField => Target::EveryField(element.id),
        });
    }
    elements.iter().filter(|element| element.occurs == Occurs::PerField).find_map(|element| {
        let field = id.strip_prefix(element.id)?.strip_prefix('-')?;
        is_field_name(field).then(|| Target::Field(element.id, field.to_owned()))
    })
}

fn is_field_name(name: &str) -> bool {
    (1..=MAX_FIELD_NAME).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// `:is(#bank-box,[data-part~="bank-box"])`, the text of a target: a compiled theme can be compiled again.
fn written_by_us(elements: &[Element], cursor: &mut Cursor<'_, '_>) -> Option<Target> {
    let What::Function { name, arguments, end } = &cursor.next_with_space()?.what else {
        return None;
    };
    let mut inside = Cursor::new(arguments, *end);
    let What::Token(Token::IDHash(id)) = &inside.next()?.what else {
        return None;
    };
    let target = by_id(elements, id)?;
    let (attribute, matches, value) = target.attribute()?;
    let comma = inside.take(&Token::Comma);
    let What::Block { bracket: Bracket::Square, body, end, .. } = &inside.next()?.what else {
        return None;
    };
    let mut condition = Cursor::new(body, *end);
    let same = name.eq_ignore_ascii_case("is")
        && comma
        && condition.take(&Token::Ident(CowRcStr::from(attribute)))
        && condition.take(&matches)
        && condition.take(&Token::QuotedString(CowRcStr::from(value.as_str())));
    (same && condition.is_done() && inside.is_done()).then_some(target)
}

impl Target {
    /// The attribute by which instances are known, how it is compared, and with what.
    fn attribute(&self) -> Option<(&'static str, Token<'static>, String)> {
        match self {
            Self::Every(id) => Some(("data-part", Token::IncludeMatch, (*id).to_owned())),
            Self::EveryField(id) => Some(("id", Token::PrefixMatch, format!("{id}-"))),
            Self::Once(_) | Self::Field(..) => None,
        }
    }
}

fn state(cursor: &mut Cursor<'_, '_>) -> Result<&'static str, Fault> {
    let (at, name) = name(cursor)?;
    STATES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&name))
        .copied()
        .ok_or_else(|| Fault { at, reason: Reason::UnknownState(Excerpt::new(&name)) })
}

fn pseudo_element(cursor: &mut Cursor<'_, '_>) -> Result<bool, Fault> {
    let (at, name) = name(cursor)?;
    if name.eq_ignore_ascii_case(PLACEHOLDER) {
        return Ok(true);
    }
    Err(Fault { at, reason: Reason::UnknownPseudoElement(Excerpt::new(&name)) })
}

/// What stands after the colons.
fn name(cursor: &mut Cursor<'_, '_>) -> Result<(crate::tree::Location, String), Fault> {
    let start = *cursor;
    match cursor.next_with_space() {
        Some(Node { at, what: What::Token(Token::Ident(name)) }) => Ok((*at, name.to_string())),
        Some(Node { at, what: What::Function { name, .. } }) => Ok((*at, format!("{name}()"))),
        _ => Err(unexpected(&start)),
    }
}

fn unexpected(cursor: &Cursor<'_, '_>) -> Fault {
    let Some(node) = cursor.peek() else {
        return cursor.fault(Reason::SelectorMissing);
    };
    let excerpt = Excerpt::of(node);
    cursor.fault(match &node.what {
        What::Token(Token::Delim('+' | '~' | '|') | Token::DashMatch) => Reason::Combinator(excerpt),
        What::Token(Token::Delim('.')) => Reason::SelectorNotById(Excerpt::new(".class")),
        What::Token(Token::Delim('>')) => Reason::SelectorMissing,
        What::Token(Token::Colon) => colon(cursor),
        What::Block { bracket: Bracket::Square, .. } => Reason::SelectorNotById(Excerpt::new("[attribute]")),
        _ => Reason::SelectorNotById(excerpt),
    })
}

/// A state or a part of no element.
fn colon(cursor: &Cursor<'_, '_>) -> Reason {
    let mut ahead = *cursor;
    let mut pseudo = String::new();
    while ahead.take(&Token::Colon) {
        pseudo.push(':');
    }
    let name = ahead.next().map_or_else(|| Excerpt::new(""), Excerpt::of);
    Reason::SelectorNotById(Excerpt::new(&format!("{pseudo}{name}")))
}

fn unknown_element(elements: &[Element], id: &str) -> Reason {
    let meant = meant(elements.iter().map(|element| element.id), id);
    Reason::UnknownElement { id: Excerpt::new(id), meant }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Elements(compounds) = self else {
            return formatter.write_str(":root");
        };
        for (index, compound) in compounds.iter().enumerate() {
            match (index, compound.child) {
                (0, _) => {}
                (_, true) => formatter.write_str(">")?,
                (_, false) => formatter.write_str(" ")?,
            }
            compound.fmt(formatter)?;
        }
        Ok(())
    }
}

impl fmt::Display for Compound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Once(id) => write!(formatter, "#{id}"),
            // The id, which occurs nowhere, gives the list its specificity.
            Target::Every(id) => write!(formatter, ":is(#{id},[data-part~=\"{id}\"])"),
            Target::EveryField(id) => write!(formatter, ":is(#{id},[id^=\"{id}-\"])"),
            Target::Field(id, field) => write!(formatter, "#{id}-{field}"),
        }?;
        self.states.iter().try_for_each(|state| write!(formatter, ":{state}"))?;
        if self.placeholder { write!(formatter, "::{PLACEHOLDER}") } else { Ok(()) }
    }
}
