//! The source as a tree of component values (CSS Syntax, section 5.4), each with its place.

use cssparser::{CowRcStr, ParseError, Parser, SourceLocation, Token};

/// How deep blocks may be nested. What is deeper is skipped.
pub(crate) const MAX_DEPTH: usize = 24;

/// A place in the source. Both count from 1; columns count UTF-16 units, as editors and browsers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Location {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl From<SourceLocation> for Location {
    fn from(location: SourceLocation) -> Self {
        Self { line: location.line.saturating_add(1), column: location.column }
    }
}

/// A component value. Comments are not kept.
#[derive(Debug)]
pub(crate) struct Node<'i> {
    pub(crate) at: Location,
    pub(crate) what: What<'i>,
}

#[derive(Debug)]
pub(crate) enum What<'i> {
    Space {
        /// Whether it ends a line.
        newline: bool,
    },
    Token(Token<'i>),
    Function {
        name: CowRcStr<'i>,
        arguments: Vec<Node<'i>>,
        end: Location,
    },
    Block {
        bracket: Bracket,
        body: Vec<Node<'i>>,
        end: Location,
        /// Whether the closing bracket is there; the end of the source closes a block too.
        closed: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bracket {
    Round,
    Square,
    Curly,
}

impl Node<'_> {
    pub(crate) fn is_curly_block(&self) -> bool {
        matches!(self.what, What::Block { bracket: Bracket::Curly, .. })
    }

    pub(crate) fn is_token(&self, token: &Token<'_>) -> bool {
        matches!(&self.what, What::Token(own) if own == token)
    }

    pub(crate) fn is_space(&self) -> bool {
        matches!(self.what, What::Space { .. })
    }
}

/// The whole source.
pub(crate) struct Tree<'i> {
    pub(crate) nodes: Vec<Node<'i>>,
    pub(crate) end: Location,
    /// The first block that was skipped for its depth.
    pub(crate) too_deep: Option<Location>,
}

/// Reads a source; time and memory grow with its length alone.
pub(crate) fn read(source: &str) -> Tree<'_> {
    let mut input = Parser::new(source);
    let mut reader = Reader { length: source.len(), too_deep: None };
    let nodes = reader.list(&mut input, 0);
    Tree { nodes, end: input.current_source_location().into(), too_deep: reader.too_deep }
}

struct Reader {
    length: usize,
    too_deep: Option<Location>,
}

impl Reader {
    fn list<'i>(&mut self, input: &mut Parser<'i>, depth: usize) -> Vec<Node<'i>> {
        let mut nodes = Vec::new();
        loop {
            let at = Location::from(input.current_source_location());
            let Ok(token) = input.next_including_whitespace_and_comments() else {
                return nodes;
            };
            let token = token.clone();
            if let Some(what) = self.node(input, token, at, depth) {
                nodes.push(Node { at, what });
            }
        }
    }

    fn node<'i>(&mut self, input: &mut Parser<'i>, token: Token<'i>, at: Location, depth: usize) -> Option<What<'i>> {
        let bracket = match token {
            Token::Comment(_) => return None,
            Token::WhiteSpace(text) => return Some(What::Space { newline: text.contains(['\n', '\r', '\x0c']) }),
            Token::ParenthesisBlock | Token::Function(_) => Bracket::Round,
            Token::SquareBracketBlock => Bracket::Square,
            Token::CurlyBracketBlock => Bracket::Curly,
            other => return Some(What::Token(other)),
        };
        let (body, end, closed) = self.block(input, at, depth);
        Some(match token {
            Token::Function(name) => What::Function { name, arguments: body, end },
            _ => What::Block { bracket, body, end, closed },
        })
    }

    fn block<'i>(&mut self, input: &mut Parser<'i>, at: Location, depth: usize) -> (Vec<Node<'i>>, Location, bool) {
        if depth == MAX_DEPTH {
            self.too_deep.get_or_insert(at);
            // The parser skips a block that nobody enters.
            return (Vec::new(), at, true);
        }
        let inside = input.parse_nested_block(|input| {
            let body = self.list(input, depth + 1);
            let end = Location::from(input.current_source_location());
            // Inside a block the parser stops at the closing bracket, or at the end of the source.
            let closed = input.position().byte_index() < self.length;
            Ok::<_, ParseError<()>>((body, end, closed))
        });
        inside.unwrap_or_else(|_| (Vec::new(), at, true))
    }
}
