//! Rules and declarations: what is written, and what the source says in the wrong place.

use std::fmt;

use banklink_protocol::elements::Element;
use cssparser::Token;

use crate::{
    Scheme,
    compiler::Findings,
    contrast,
    cursor::{Cursor, Fault},
    excerpt::Excerpt,
    finding::Reason,
    media::{self, Media},
    properties,
    selector::{self, Selector},
    tree::{Location, Node, Tree, What},
    values::{Colour, Context, Value},
};

/// Elements that are pictures, by the end of their ids.
const PICTURE: &str = "-img";

/// Elements that people type into or choose from, by the beginning of their ids.
const FIELDS: [&str; 2] = ["input-", "select-"];

/// What a source says, as far as it is understood and allowed.
pub(crate) struct Stylesheet(Vec<Item>);

enum Item {
    Rule(Rule),
    Media(Media, Vec<Rule>),
}

struct Rule {
    /// One at least.
    selectors: Vec<Selector>,
    /// One at least.
    declarations: Vec<Declaration>,
}

/// One property of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Declaration {
    pub(crate) at: Location,
    pub(crate) name: &'static str,
    pub(crate) value: Value,
    pub(crate) important: bool,
}

/// Reads a source.
pub(crate) fn read(elements: &[Element], tree: &Tree<'_>, findings: &mut Findings) -> Stylesheet {
    let mut reader = Reader { elements, findings };
    let mut items = Vec::new();
    reader.rules(&tree.nodes, tree.end, None, &mut items);
    Stylesheet(items)
}

struct Reader<'r> {
    elements: &'r [Element],
    findings: &'r mut Findings,
}

/// A `{}` block.
#[derive(Clone, Copy)]
struct Body<'a, 'i> {
    nodes: &'a [Node<'i>],
    end: Location,
    /// Where it opens.
    at: Location,
    /// Where its rule starts.
    rule: Location,
    closed: bool,
}

impl<'a, 'i> Body<'a, 'i> {
    fn of(node: &'a Node<'i>, rule: Location) -> Option<Self> {
        match &node.what {
            What::Block { body, end, closed, .. } => {
                Some(Self { nodes: body, end: *end, at: node.at, rule, closed: *closed })
            }
            _ => None,
        }
    }
}

/// What the declarations of a block are for.
#[derive(Clone, Copy)]
enum Owner {
    Root,
    Elements(Context),
    /// The block is in the wrong place, or all of its selectors are.
    Nobody,
}

impl Owner {
    fn of(selectors: &[Selector]) -> Self {
        let is_picture = |selector: &Selector| selector.styled().is_some_and(|id| id.ends_with(PICTURE));
        let is_field = |selector: &Selector| {
            let id = selector.styled().filter(|_| !selector.is_placeholder());
            id.is_some_and(|id| FIELDS.iter().any(|field| id.starts_with(field)))
        };
        match selectors {
            [] => Self::Nobody,
            [Selector::Root] => Self::Root,
            _ if selectors.iter().all(is_picture) => Self::Elements(Context::Pictures),
            _ if selectors.iter().any(is_field) => Self::Elements(Context::Fields),
            _ => Self::Elements(Context::Text),
        }
    }

    const fn context(self) -> Context {
        match self {
            Self::Root => Context::Text,
            Self::Elements(context) => context,
            Self::Nobody => Context::Unknown,
        }
    }
}

impl Reader<'_> {
    /// The rules of the source, or of an `@media`, which starts at `outer`. Whether the last block in it is closed.
    fn rules(&mut self, nodes: &[Node<'_>], end: Location, outer: Option<Location>, items: &mut Vec<Item>) -> bool {
        let mut index = 0;
        let mut closed = true;
        while let Some(node) = nodes.get(index) {
            if node.is_space() || closes_nothing(node) {
                if !node.is_space() {
                    self.findings.add(node.at, Reason::ClosesNothing(Excerpt::of(node)));
                }
                index += 1;
                continue;
            }
            let stop = index + nodes[index..].iter().position(ends_prelude).unwrap_or(nodes.len() - index);
            let prelude = &nodes[index..stop];
            let stopper = nodes.get(stop);
            let prelude_end = stopper.map_or(end, |node| node.at);
            match &node.what {
                What::Token(Token::AtKeyword(name)) => {
                    let prelude = Cursor::new(&prelude[1..], prelude_end);
                    closed = self.at_rule(node.at, name, prelude, stopper, outer, items);
                }
                _ => match stopper.and_then(|block| Body::of(block, node.at)) {
                    Some(body) => {
                        let (rule, whole) = self.rule(Cursor::new(prelude, prelude_end), body);
                        items.extend(rule.map(Item::Rule));
                        closed = whole;
                    }
                    None => self.findings.add(node.at, Reason::BlockExpected),
                },
            }
            index = stop + 1;
        }
        closed
    }

    fn at_rule(
        &mut self,
        at: Location,
        name: &str,
        prelude: Cursor<'_, '_>,
        stopper: Option<&Node<'_>>,
        outer: Option<Location>,
        items: &mut Vec<Item>,
    ) -> bool {
        let body = stopper.and_then(|block| Body::of(block, at));
        let closed = body.is_none_or(|body| body.closed);
        // The encoding of an upload is known, and files that say so are common.
        if name.eq_ignore_ascii_case("charset") && body.is_none() {
            return true;
        }
        if !name.eq_ignore_ascii_case("media") {
            self.findings.add(at, Reason::AtRule(Excerpt::new(name)));
            return closed;
        }
        if let Some(outer) = outer {
            self.findings.add(at, Reason::NestedAtRule { name: Excerpt::new(name), outer: outer.line });
            return closed;
        }
        let Some(body) = body else {
            self.findings.add(at, Reason::BlockExpected);
            return true;
        };
        match media::read(prelude) {
            Ok(media) => {
                let mut inside = Vec::new();
                let inner_closed = self.rules(body.nodes, body.end, Some(at), &mut inside);
                let rules: Vec<Rule> = inside.into_iter().filter_map(Item::into_rule).collect();
                if !rules.is_empty() {
                    items.push(Item::Media(media, rules));
                }
                self.expect_closed(body, inner_closed)
            }
            Err(fault) => {
                self.findings.add_fault(fault);
                closed
            }
        }
    }

    /// A rule, if something is left of it, and whether its block is closed.
    fn rule(&mut self, prelude: Cursor<'_, '_>, body: Body<'_, '_>) -> (Option<Rule>, bool) {
        let (selectors, faults) = selector::read_list(self.elements, prelude);
        self.findings.add_faults(faults);
        let (mut declarations, inner_closed) = self.declarations(body, Owner::of(&selectors));
        let closed = self.expect_closed(body, inner_closed);
        if selectors.is_empty() {
            return (None, closed);
        }
        declarations = effective(declarations);
        let faults = contrast::check(&selectors, &mut declarations);
        self.findings.add_faults(faults);
        let rule = Rule { selectors, declarations };
        ((!rule.declarations.is_empty()).then_some(rule), closed)
    }

    /// Reports a block that is not closed, unless one in it was not: then that one lacks the bracket.
    fn expect_closed(&mut self, body: Body<'_, '_>, inner_closed: bool) -> bool {
        if !body.closed && inner_closed {
            self.findings.add(body.at, Reason::BlockNotClosed);
        }
        body.closed
    }

    fn declarations(&mut self, body: Body<'_, '_>, owner: Owner) -> (Vec<Declaration>, bool) {
        let mut declarations = Vec::new();
        let mut closed = true;
        let mut rest = body.nodes;
        while let Some(node) = rest.first() {
            if node.is_space() || node.is_token(&Token::Semicolon) {
                rest = &rest[1..];
                continue;
            }
            let stop = rest.iter().position(ends_declaration).unwrap_or(rest.len());
            let (piece, after) = rest.split_at(stop);
            let end = after.first().map_or(body.end, |node| node.at);
            let block = after.first().filter(|node| node.is_curly_block());
            let (piece, nested) = match block {
                Some(_) => piece.split_at(nested_start(piece)),
                None => (piece, [].as_slice()),
            };
            let piece_end = nested.first().map_or(end, |node| node.at);
            if !piece.iter().all(Node::is_space) {
                declarations.extend(self.declaration(Cursor::new(piece, piece_end), owner));
            }
            if let Some(block) = block {
                closed = self.nested(body, nested, block);
            }
            rest = after.get(1..).unwrap_or_default();
        }
        (declarations, closed)
    }

    /// A rule inside a rule: reported, and read no further than to find others. Whether its block is closed.
    fn nested(&mut self, outer: Body<'_, '_>, prelude: &[Node<'_>], block: &Node<'_>) -> bool {
        let start = prelude.first().unwrap_or(block);
        let outer = outer.rule.line;
        let Some(body) = Body::of(block, start.at) else {
            return true;
        };
        if let What::Token(Token::AtKeyword(name)) = &start.what {
            self.findings.add(start.at, Reason::NestedAtRule { name: Excerpt::new(name), outer });
            return self.expect_closed(body, true);
        }
        self.findings.add(start.at, Reason::NestedRule { outer });
        // Where every `}` is missing, every rule is inside the one before.
        let (_, inner_closed) = self.declarations(body, Owner::Nobody);
        self.expect_closed(body, inner_closed)
    }

    /// A declaration that is understood and allowed. That of nobody is only looked at.
    fn declaration(&mut self, cursor: Cursor<'_, '_>, owner: Owner) -> Option<Declaration> {
        match declaration(cursor, owner) {
            Ok(declaration) => Some(declaration),
            Err(fault) => {
                self.findings.add_fault(fault);
                None
            }
        }
    }
}

fn declaration(mut cursor: Cursor<'_, '_>, owner: Owner) -> Result<Declaration, Fault> {
    let at = cursor.location();
    let start = cursor;
    let Some(Node { what: What::Token(Token::Ident(name)), .. }) = cursor.next() else {
        let excerpt = start.peek().map_or_else(|| Excerpt::new(""), Excerpt::of);
        return Err(start.fault(Reason::PropertyExpected(excerpt)));
    };
    if !cursor.take(&Token::Colon) {
        return Err(Fault { at, reason: Reason::ColonMissing(Excerpt::new(name)) });
    }
    if let Some(fault) = next_declaration(cursor) {
        return Err(fault);
    }
    let (value, important) = cursor.split_important();
    let (name, grammar) = match properties::find_custom(name) {
        Some(property) if !matches!(owner, Owner::Elements(_)) => (property.name, property.grammar),
        Some(_) => return Err(Fault { at, reason: Reason::CustomPropertyElsewhere }),
        None if name.starts_with("--") => {
            return Err(Fault { at, reason: properties::unknown_custom(name) });
        }
        None if matches!(owner, Owner::Root) => return Err(Fault { at, reason: Reason::RootTakesCustomProperties }),
        None => {
            let property = properties::find(name).map_err(|reason| Fault { at, reason })?;
            (property.name, property.grammar)
        }
    };
    let value = grammar.read(value, owner.context())?;
    Ok(Declaration { at, name, value, important })
}

/// A name and a colon on a new line inside a value: there is a `;` missing before.
fn next_declaration(mut value: Cursor<'_, '_>) -> Option<Fault> {
    let mut new_line = false;
    while let Some(node) = value.next_with_space() {
        match &node.what {
            What::Space { newline } => new_line |= newline,
            What::Token(Token::Ident(name)) if new_line && value.clone().take(&Token::Colon) => {
                return Some(Fault { at: node.at, reason: Reason::SemicolonMissing(Excerpt::new(name)) });
            }
            _ => new_line = false,
        }
    }
    None
}

/// Whether it begins no rule.
const fn closes_nothing(node: &Node<'_>) -> bool {
    matches!(
        node.what,
        What::Token(
            Token::CDO
                | Token::CDC
                | Token::Semicolon
                | Token::CloseCurlyBracket
                | Token::CloseParenthesis
                | Token::CloseSquareBracket,
        )
    )
}

fn ends_prelude(node: &Node<'_>) -> bool {
    node.is_curly_block() || node.is_token(&Token::Semicolon) || node.is_token(&Token::CloseCurlyBracket)
}

fn ends_declaration(node: &Node<'_>) -> bool {
    node.is_curly_block() || node.is_token(&Token::Semicolon)
}

/// Where the selector before a block begins: a declaration without `;` may stand on the lines before it.
fn nested_start(nodes: &[Node<'_>]) -> usize {
    let is_declaration = |before: &[Node<'_>]| before.iter().any(|node| node.is_token(&Token::Colon));
    let mut last = None;
    let mut start = 0;
    for (index, node) in nodes.iter().enumerate() {
        match &node.what {
            What::Space { newline: true }
                if last.is_some() && !last.is_some_and(|last: &Node<'_>| last.is_token(&Token::Comma)) =>
            {
                start = index + 1;
            }
            What::Space { .. } => {}
            _ => last = Some(node),
        }
    }
    // Several spaces in a row, as around a comment, belong to neither.
    start += nodes[start..].iter().take_while(|node| node.is_space()).count();
    if start < nodes.len() && is_declaration(&nodes[..start]) { start } else { 0 }
}

/// Of several declarations of one property the one that counts, in its place.
fn effective(declarations: Vec<Declaration>) -> Vec<Declaration> {
    let mut effective: Vec<Declaration> = Vec::with_capacity(declarations.len());
    for declaration in declarations {
        let earlier = effective.iter().position(|earlier| earlier.name == declaration.name);
        match earlier {
            Some(index) if effective[index].important && !declaration.important => continue,
            Some(index) => drop(effective.remove(index)),
            None => {}
        }
        effective.push(declaration);
    }
    effective
}

impl Stylesheet {
    /// Whether its colours follow the system.
    pub(crate) fn scheme(&self) -> Scheme {
        let asks = |item: &Item| matches!(item, Item::Media(media, _) if media.asks_for_scheme());
        let colours = |item: &Item| match item {
            Item::Rule(rule) => rule.sets_colours(),
            Item::Media(_, rules) => rules.iter().any(Rule::sets_colours),
        };
        let Self(items) = self;
        if items.iter().any(colours) && !items.iter().any(asks) { Scheme::Light } else { Scheme::System }
    }
}

impl Rule {
    /// Whether it sets colours of text or behind text to something that is the same in light and dark.
    fn sets_colours(&self) -> bool {
        self.declarations.iter().any(|declaration| {
            let name = declaration.name;
            (name == "color" || name.starts_with("background") || name.starts_with("--"))
                && declaration.value.colours().any(Colour::is_fixed)
        })
    }
}

impl Item {
    fn into_rule(self) -> Option<Rule> {
        match self {
            Self::Rule(rule) => Some(rule),
            Self::Media(..) => None,
        }
    }
}

impl fmt::Display for Stylesheet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for item in &self.0 {
            match item {
                Item::Rule(rule) => rule.fmt(formatter)?,
                Item::Media(media, rules) => {
                    let screen_or_condition = if media.begins_with_word() { " " } else { "" };
                    write!(formatter, "@media{screen_or_condition}{media}{{")?;
                    rules.iter().try_for_each(|rule| rule.fmt(formatter))?;
                    formatter.write_str("}")?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, selector) in self.selectors.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(formatter, "{comma}{selector}")?;
        }
        formatter.write_str("{")?;
        for (index, declaration) in self.declarations.iter().enumerate() {
            let semicolon = if index > 0 { ";" } else { "" };
            let important = if declaration.important { "!important" } else { "" };
            write!(formatter, "{semicolon}{}:{}{important}", declaration.name, declaration.value)?;
        }
        formatter.write_str("}")
    }
}
