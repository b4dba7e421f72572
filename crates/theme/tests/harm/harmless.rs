//! What holds for every result, checked by other means than the compiler's own.

use std::panic::catch_unwind;

use banklink_theme::{CUSTOM_PROPERTIES, Compiled, MAX_CSS, MAX_FINDINGS, PROPERTIES, compile};
use cssparser::{ParseError, Parser, Token};

use crate::walk::assert_allowed;

/// Nothing of this may ever be written.
const HARMFUL: &[&str] = &[
    "url(",
    "@import",
    "@font-face",
    "@charset",
    "@keyframes",
    "@layer",
    "@supports",
    "image-set(",
    "expression(",
    "attr(",
    "env(",
    "calc(",
    "element(",
    "javascript:",
    "data:",
    "http",
    "::before",
    "::after",
    ":has(",
    ":not(",
    "<",
    "\\",
    "/*",
    "//",
];

/// Properties that could hide, move, write or load, under any name that contains one of these.
const HARMFUL_PROPERTIES: &[&str] = &[
    "position",
    "content",
    "display",
    "visibility",
    "opacity",
    "translate",
    "rotate",
    "scale",
    "z-index",
    "behavior",
    "animation",
    "transition",
    "filter",
    "clip",
    "mask",
    "overflow",
    "inset",
    "indent",
    "binding",
    "image-source",
    "fill",
    "cursor",
    "height-",
];

/// Compiles a source and checks what comes out. Returns it.
pub(crate) fn assert_harmless(source: &str) -> Compiled {
    let compiled = compile(source);
    let css = compiled.css.as_str();
    let lower = css.to_ascii_lowercase();
    for harmful in HARMFUL {
        assert!(!lower.contains(harmful), "{harmful} in {css:?} of {source:?}");
    }
    assert!(css.len() <= MAX_CSS);
    assert!(!css.contains(|character: char| character.is_control()), "{css:?} of {source:?}");
    assert_knows_every_name(css, source);
    assert!(compiled.findings.len() <= MAX_FINDINGS + 1);
    assert_findings_lie_in(source, &compiled);
    assert!(catch_unwind(|| assert_allowed(css)).is_ok(), "{css:?} of {source:?}");
    let again = compile(css);
    assert_eq!(again.css, css, "compiled again, of {source:?}");
    assert!(again.is_complete(), "{:?} of {css:?} of {source:?}", again.findings);
    compiled
}

/// Every place is one of the source: a column at most one beyond its line. Columns count from behind a byte order mark.
fn assert_findings_lie_in(source: &str, compiled: &Compiled) {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source).replace("\r\n", "\n");
    let lines: Vec<&str> = source.split(['\n', '\r', '\u{c}']).collect();
    for finding in &compiled.findings {
        let line = usize::try_from(finding.line).ok().and_then(|line| lines.get(line.checked_sub(1)?));
        let is_there =
            line.is_some_and(|line| (1..=line.encode_utf16().count() + 1).contains(&(finding.column as usize)));
        assert!(is_there, "{finding} of {source:?}");
    }
    assert!(compiled.findings.is_sorted_by_key(|finding| (finding.line, finding.column)));
}

/// Every block closes, and what stands before a colon in a block is a property of the tables.
fn assert_knows_every_name(css: &str, source: &str) {
    let mut input = Parser::new(css);
    let mut names = Vec::new();
    collect_names(&mut input, false, &mut names);
    for name in names {
        assert!(!HARMFUL_PROPERTIES.iter().any(|harmful| name.contains(harmful)), "{name} in {css:?} of {source:?}");
        let known = PROPERTIES.iter().any(|property| property.name == name)
            || CUSTOM_PROPERTIES.iter().any(|property| property.name == name);
        assert!(known, "{name} in {css:?} of {source:?}");
    }
    let (opened, closed) = (css.matches('{').count(), css.matches('}').count());
    assert_eq!(opened, closed, "{css:?} of {source:?}");
}

/// The words at the start of declarations: behind `{` or `;`, and before `:`.
fn collect_names(input: &mut Parser<'_>, in_block: bool, names: &mut Vec<String>) {
    let mut starts = in_block;
    while let Ok(token) = input.next().cloned() {
        match &token {
            Token::Ident(name) if starts => names.push(name.to_string()),
            Token::CurlyBracketBlock => {
                let inside: Result<(), ParseError<()>> = input.parse_nested_block(|input| {
                    collect_names(input, true, names);
                    Ok(())
                });
                assert!(inside.is_ok());
            }
            Token::BadString(_) | Token::BadUrl(_) | Token::UnquotedUrl(_) | Token::CloseCurlyBracket => {
                panic!("{token:?}")
            }
            _ => {}
        }
        starts = in_block && token == Token::Semicolon;
    }
}
