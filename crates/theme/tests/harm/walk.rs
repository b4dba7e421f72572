//! Reads what the compiler wrote, by a grammar of its own: the documented elements, the properties of the tables, and
//! values that can only say harmless things. It is stricter than CSS, since there is one way to write each.

use banklink_protocol::elements::{ELEMENTS, Occurs};
use banklink_theme::{CUSTOM_PROPERTIES, PROPERTIES};
use cssparser::{ParseError, Parser, Token};

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

const FUNCTIONS: &[&str] = &["var", "linear-gradient", "radial-gradient"];
const UNITS: &[&str] = &["px", "rem", "em", "deg"];

/// What people must be able to read: text and background come together.
const GUARDED: &[&str] =
    &["institution", "institution-name", "message-error", "error-credential", "error-question", "error-sca"];

/// Asserts that a result is nothing but rules as they may be, some of them in `@media`.
pub(crate) fn assert_allowed(css: &str) {
    let mut rest = css;
    while !rest.is_empty() {
        rest = match rest.strip_prefix("@media") {
            Some(media) => {
                let (query, mut rest) = media.split_once('{').expect("the block of an @media");
                assert_media(query);
                while !rest.starts_with('}') {
                    rest = rule(rest);
                }
                &rest[1..]
            }
            None => rule(rest),
        };
    }
}

/// One rule, and what follows it.
fn rule(css: &str) -> &str {
    let (prelude, rest) = css.split_once('{').expect("a block");
    // No value holds a bracket: names of fonts have letters, digits, spaces and dashes.
    let (body, rest) = rest.split_once('}').expect("its end");
    let styled: Vec<Styled<'_>> = selectors(prelude);
    assert!(!body.is_empty() && !styled.is_empty(), "an empty rule: {prelude}");
    let declarations: Vec<(&str, &str)> =
        body.split(';').map(|declaration| declaration.split_once(':').expect("a declaration")).collect();
    for (name, value) in &declarations {
        assert_declaration(&styled, name, value);
    }
    if styled.iter().any(|styled| matches!(styled, Styled::Element { id, .. } if GUARDED.contains(id))) {
        let is_there = |wanted: &str| declarations.iter().any(|(name, _)| *name == wanted);
        assert_eq!(is_there("color"), is_there("background"), "{css}");
        assert!(!is_there("background-color") && !is_there("background-image"), "{css}");
    }
    rest
}

enum Styled<'a> {
    Root,
    Element { id: &'a str, placeholder: bool },
}

fn selectors(mut rest: &str) -> Vec<Styled<'_>> {
    if rest == ":root" {
        return vec![Styled::Root];
    }
    let mut styled = Vec::new();
    loop {
        let (mut id, mut placeholder) = compound(&mut rest);
        while eat(&mut rest, " ") || eat(&mut rest, ">") {
            assert!(!placeholder, "something inside a placeholder");
            (id, placeholder) = compound(&mut rest);
        }
        styled.push(Styled::Element { id, placeholder });
        if rest.is_empty() {
            return styled;
        }
        assert!(eat(&mut rest, ","), "a selector goes on with {rest}");
    }
}

/// `#id`, or every instance of it, in states. The id, and whether it is its placeholder.
fn compound<'a>(rest: &mut &'a str) -> (&'a str, bool) {
    let is_every = eat(rest, ":is(");
    assert!(eat(rest, "#"), "an id, not {rest}");
    let name = word(rest);
    let element = ELEMENTS.iter().find(|element| element.id == name).unwrap_or_else(|| {
        let of_field = |element: &&banklink_protocol::elements::Element| {
            let field = name.strip_prefix(element.id).and_then(|field| field.strip_prefix('-'));
            element.occurs == Occurs::PerField && field.is_some_and(|field| !field.is_empty())
        };
        ELEMENTS.iter().find(of_field).unwrap_or_else(|| panic!("#{name} is no element"))
    });
    let condition = match element.occurs {
        Occurs::Repeated => Some(format!(",[data-part~=\"{name}\"])")),
        Occurs::PerField if name == element.id => Some(format!(",[id^=\"{name}-\"])")),
        Occurs::PerField | Occurs::Once => None,
    };
    assert_eq!(is_every, condition.is_some(), "#{name}");
    assert!(condition.is_none_or(|condition| eat(rest, &condition)), "#{name} of every instance, not {rest}");
    while rest.starts_with(':') && !rest.starts_with("::") {
        *rest = &rest[1..];
        let state = word(rest);
        assert!(STATES.contains(&state), ":{state}");
    }
    (element.id, eat(rest, "::placeholder"))
}

fn eat(rest: &mut &str, text: &str) -> bool {
    let after = rest.strip_prefix(text);
    *rest = after.unwrap_or(rest);
    after.is_some()
}

/// Lower-case letters, digits and dashes.
fn word<'a>(rest: &mut &'a str) -> &'a str {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let end = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    *rest = after;
    word
}

fn assert_declaration(styled: &[Styled<'_>], name: &str, value: &str) {
    let is_root = matches!(styled, [Styled::Root]);
    let known = if is_root {
        CUSTOM_PROPERTIES.iter().any(|property| property.name == name)
    } else {
        PROPERTIES.iter().any(|property| property.name == name)
    };
    assert!(known, "{name} is in no table");
    let value = value.strip_suffix("!important").unwrap_or(value);
    assert!(!value.is_empty(), "{name} has no value");
    tokens(&mut Parser::new(value), &mut |token| assert_token(styled, name, token));
}

fn tokens(input: &mut Parser<'_>, look: &mut dyn FnMut(&Token<'_>)) {
    while let Ok(token) = input.next().cloned() {
        look(&token);
        if let Token::Function(_) = token {
            let inside: Result<(), ParseError<()>> = input.parse_nested_block(|input| {
                tokens(input, look);
                Ok(())
            });
            assert!(inside.is_ok());
        }
    }
}

fn assert_token(styled: &[Styled<'_>], name: &str, token: &Token<'_>) {
    match token {
        Token::Ident(word) => {
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name}: {word}");
        }
        Token::Function(function) => assert!(FUNCTIONS.contains(&&**function), "{name}: {function}()"),
        Token::QuotedString(text) => {
            assert!(matches!(name, "font-family" | "--bl-font"), "{name}: {text:?}");
            assert!(text.chars().all(|letter| letter.is_alphanumeric() || " -_".contains(letter)), "{text:?}");
        }
        Token::IDHash(digits) | Token::Hash(digits) => assert_colour(name, digits),
        Token::Dimension { value, unit, .. } => {
            assert!(UNITS.contains(&&**unit), "{name}: {unit}");
            assert_length(styled, name, *value, unit);
        }
        Token::Percentage { .. } if name == "font-size" => assert!(!has_field(styled), "text of a field"),
        Token::Percentage { .. } | Token::Number { .. } | Token::Comma => {}
        other => panic!("{name}: {other:?}"),
    }
}

/// Text is at most 30 % transparent, and custom properties, which may become text, not at all.
fn assert_colour(name: &str, digits: &str) {
    assert!(
        matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        "#{digits}"
    );
    let alpha = match digits.len() {
        4 => u8::from_str_radix(&digits[3..].repeat(2), 16),
        8 => u8::from_str_radix(&digits[6..], 16),
        _ => Ok(255),
    };
    let least = match name {
        "color" => 178,
        "outline" | "outline-color" => 127,
        "--bl-shadow" => 0,
        name if name.starts_with("--") => 255,
        _ => 0,
    };
    assert!(alpha.is_ok_and(|alpha| alpha >= least), "{name}: #{digits}");
}

fn has_field(styled: &[Styled<'_>]) -> bool {
    styled.iter().any(|styled| {
        matches!(styled, Styled::Element { id, placeholder: false } if id.starts_with("input-") || id.starts_with("select-"))
    })
}

/// Nothing is tiny, nothing moves away.
fn assert_length(styled: &[Styled<'_>], name: &str, value: f32, unit: &str) {
    let pixels = if unit == "px" { value } else { value * 16.0 };
    let (least, most) = match name {
        "font-size" if has_field(styled) => {
            assert_ne!(unit, "em", "text of a field");
            (16.0, 64.0)
        }
        "font-size" => (12.0, 64.0),
        "line-height" => (16.0, 48.0),
        "letter-spacing" => (-0.5, 8.0),
        "width" | "max-width" | "height" => (16.0, 1200.0),
        "outline" | "outline-width" => (1.0, 8.0),
        "outline-offset" => (-8.0, 8.0),
        "box-shadow" | "--bl-shadow" => (-32.0, 64.0),
        name if name.starts_with("margin") || name.starts_with("padding") || name.ends_with("gap") => (0.0, 64.0),
        name if name.starts_with("border") && !name.ends_with("radius") => (0.0, 16.0),
        _ => return,
    };
    assert!((least - 0.01..=most + 0.01).contains(&pixels), "{name}: {value}{unit}");
}

fn assert_media(query: &str) {
    const FEATURES: &[&str] = &[
        "min-width",
        "max-width",
        "orientation",
        "prefers-color-scheme",
        "prefers-contrast",
        "prefers-reduced-motion",
        "forced-colors",
    ];
    for mut rest in query.split(',') {
        let screen = eat(&mut rest, " screen") || eat(&mut rest, "screen");
        let mut first = !screen;
        while !rest.is_empty() {
            assert!(first || eat(&mut rest, " and "), "@media{query}");
            first = false;
            let condition = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
            let Some((condition, after)) = condition else { panic!("@media{query}") };
            let (name, value) = condition.split_once(':').expect("a feature and its value");
            assert!(FEATURES.contains(&name), "@media{query}");
            assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)), "@media{query}");
            rest = after;
        }
    }
}
