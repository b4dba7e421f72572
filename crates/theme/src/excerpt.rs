//! A piece of the source in a message.

use std::fmt;

use cssparser::ToCss;

use crate::tree::{Bracket, Node, What};

/// A short piece of the source: at most 32 characters, none of them a control character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt(String);

const MAX_CHARS: usize = 32;

impl Excerpt {
    pub(crate) fn new(text: &str) -> Self {
        let clean = |character: char| if character.is_control() { ' ' } else { character };
        let mut short: String = text.chars().take(MAX_CHARS).map(clean).collect();
        if text.chars().nth(MAX_CHARS).is_some() {
            short.push('…');
        }
        Self(short)
    }

    /// How the node begins.
    pub(crate) fn of(node: &Node<'_>) -> Self {
        match &node.what {
            What::Space { .. } => Self::new(" "),
            What::Token(token) => Self::new(&token.to_css_string()),
            What::Function { name, .. } => Self::new(&format!("{name}()")),
            What::Block { bracket, .. } => Self::new(match bracket {
                Bracket::Round => "(",
                Bracket::Square => "[",
                Bracket::Curly => "{",
            }),
        }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
