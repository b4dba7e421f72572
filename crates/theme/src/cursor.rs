//! Walks along component values.

use cssparser::Token;

use crate::{
    excerpt::Excerpt,
    finding::{Reason, ValueProblem},
    tree::{Location, Node, What},
};

/// What is wrong, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) at: Location,
    pub(crate) reason: Reason,
}

/// The component values that are still to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a, 'i> {
    rest: &'a [Node<'i>],
    /// Where the source goes on after them.
    end: Location,
}

impl<'a, 'i> Cursor<'a, 'i> {
    pub(crate) fn new(nodes: &'a [Node<'i>], end: Location) -> Self {
        Self { rest: nodes, end }
    }

    /// The next one, whitespace included.
    pub(crate) fn next_with_space(&mut self) -> Option<&'a Node<'i>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// The next one that is not whitespace.
    pub(crate) fn next(&mut self) -> Option<&'a Node<'i>> {
        self.skip_space();
        self.next_with_space()
    }

    /// The next one that is not whitespace, without going there.
    pub(crate) fn peek(&self) -> Option<&'a Node<'i>> {
        self.rest.iter().find(|node| !node.is_space())
    }

    /// Skips whitespace, and says whether there was any.
    pub(crate) fn skip_space(&mut self) -> bool {
        let before = self.rest.len();
        while let Some((first, rest)) = self.rest.split_first()
            && first.is_space()
        {
            self.rest = rest;
        }
        self.rest.len() < before
    }

    /// Where the next one begins.
    pub(crate) fn location(&self) -> Location {
        self.peek().map_or(self.end, |node| node.at)
    }

    /// Whether only whitespace is left.
    pub(crate) fn is_done(&self) -> bool {
        self.peek().is_none()
    }

    /// Takes the next one if it is this token.
    pub(crate) fn take(&mut self, token: &Token<'_>) -> bool {
        let found = self.peek().is_some_and(|node| node.is_token(token));
        if found {
            self.next();
        }
        found
    }

    /// Takes the next one if it is one of these words, in any case.
    pub(crate) fn take_word(&mut self, words: &[&'static str]) -> Option<&'static str> {
        let node = self.peek()?;
        let What::Token(Token::Ident(word)) = &node.what else {
            return None;
        };
        let found = words.iter().find(|known| known.eq_ignore_ascii_case(word))?;
        self.next();
        Some(found)
    }

    /// The pieces between commas, each with where it ends.
    pub(crate) fn split_commas(self) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut start = 0;
        for (index, node) in self.rest.iter().enumerate() {
            if node.is_token(&Token::Comma) {
                pieces.push(Self { rest: self.rest.get(start..index).unwrap_or_default(), end: node.at });
                start = index + 1;
            }
        }
        pieces.push(Self { rest: self.rest.get(start..).unwrap_or_default(), end: self.end });
        pieces
    }

    /// The value without `!important` at its end, and whether that was there.
    pub(crate) fn split_important(self) -> (Self, bool) {
        let trimmed = |nodes: &'a [Node<'i>]| {
            let kept = nodes.iter().rposition(|node| !node.is_space()).map_or(0, |last| last + 1);
            &nodes[..kept]
        };
        let word = |node: &Node<'_>| matches!(&node.what, What::Token(Token::Ident(word)) if word.eq_ignore_ascii_case("important"));
        if let Some((last, before)) = trimmed(self.rest).split_last()
            && word(last)
            && let Some((mark, value)) = trimmed(before).split_last()
            && mark.is_token(&Token::Delim('!'))
        {
            return (Self { rest: value, end: mark.at }, true);
        }
        (self, false)
    }

    /// A fault at the next one.
    pub(crate) fn fault(&self, reason: Reason) -> Fault {
        Fault { at: self.location(), reason }
    }

    /// The fault of a value that can't go on as it does here.
    pub(crate) fn unexpected(&self) -> Fault {
        let problem = match self.peek() {
            None => ValueProblem::Incomplete,
            Some(node) => unexpected(node),
        };
        self.fault(Reason::Value(problem))
    }

    /// The fault of a length in a unit that can't be used here.
    pub(crate) fn wrong_unit(&self, unit: &str) -> Fault {
        self.fault(Reason::Value(ValueProblem::Unit(Excerpt::new(unit))))
    }

    /// Nothing but whitespace may be left.
    pub(crate) fn expect_done(&self) -> Result<(), Fault> {
        if self.is_done() { Ok(()) } else { Err(self.unexpected()) }
    }
}

/// Why a node can't stand in a value, as precisely as can be said of it alone.
fn unexpected(node: &Node<'_>) -> ValueProblem {
    match &node.what {
        What::Token(Token::UnquotedUrl(_) | Token::BadUrl(_)) => ValueProblem::Address,
        What::Function { name, .. } if is_address(name) => ValueProblem::Address,
        What::Function { name, .. } => ValueProblem::Function(Excerpt::new(name)),
        _ => ValueProblem::Unexpected(Excerpt::of(node)),
    }
}

fn is_address(function: &str) -> bool {
    ["url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade", "element"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(function))
}
