//! What the compiler has to say about a stylesheet.

use std::fmt;

use crate::{excerpt::Excerpt, properties::Refusal};

/// Something that the author of a stylesheet should know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {severity}: {reason}")]
pub struct Finding {
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units, as editors and browsers count.
    pub column: u32,
    /// What it means for the result.
    pub severity: Severity,
    /// What it is.
    pub reason: Reason,
}

/// What a finding means for the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something was left out.
    Error,
    /// Everything was kept, but people may have trouble with it.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Reason {
    #[error("the stylesheet is larger than {} KB", limit / 1024)]
    SourceTooLarge { limit: usize },
    #[error("the result would be larger than {} KB", limit / 1024)]
    ResultTooLarge { limit: usize },
    #[error("there are more findings than these")]
    TooManyFindings,
    #[error("blocks are nested too deeply here")]
    TooDeep,

    #[error("a rule starts inside the one of line {outer}: a `}}` is missing before it (rules can't be nested)")]
    NestedRule { outer: u32 },
    #[error("this block is never closed: a `}}` is missing")]
    BlockNotClosed,
    #[error("a `{{` is missing after the selector")]
    BlockExpected,
    #[error("`{0}` closes nothing")]
    ClosesNothing(Excerpt),
    #[error("a `;` is missing before `{0}`")]
    SemicolonMissing(Excerpt),
    #[error("a `:` is missing after `{0}`")]
    ColonMissing(Excerpt),
    #[error("a property name is expected here, not `{0}`")]
    PropertyExpected(Excerpt),

    #[error("`@{0}` is not allowed")]
    AtRule(Excerpt),
    #[error("`@{name}` starts inside the block of line {outer}: a `}}` is missing before it")]
    NestedAtRule { name: Excerpt, outer: u32 },
    #[error(
        "`{0}` can't be asked of a medium here: width, orientation, prefers-color-scheme, prefers-contrast, prefers-reduced-motion and forced-colors can"
    )]
    MediaFeature(Excerpt),
    #[error("the media query can't be understood at `{0}`")]
    MediaQuery(Excerpt),

    #[error("there is no element `#{id}`{}", question(meant.map(|id| format!("`#{id}`"))))]
    UnknownElement { id: Excerpt, meant: Option<&'static str> },
    #[error("a selector is missing here")]
    SelectorMissing,
    #[error("elements are addressed by id, not as `{0}`")]
    SelectorNotById(Excerpt),
    #[error("`:{0}` is not a state that can be styled")]
    UnknownState(Excerpt),
    #[error("`::{0}` can't be styled: only `::placeholder` can")]
    UnknownPseudoElement(Excerpt),
    #[error("nothing is inside `::placeholder`")]
    InsidePlaceholder,
    #[error("only spaces and `>` can stand between two elements, not `{0}`")]
    Combinator(Excerpt),
    #[error("the selector is too long")]
    SelectorTooLong,
    #[error("`:root` stands alone")]
    RootNotAlone,

    #[error("`{name}` is not allowed: {why}")]
    Property { name: Excerpt, why: Refusal },
    #[error("there is no property `{name}`: did you mean `{meant}`?")]
    MisspeltProperty { name: Excerpt, meant: &'static str },
    #[error("`:root` takes custom properties and `color-scheme` only")]
    RootTakesCustomProperties,
    #[error("custom properties and `color-scheme` stand on `:root`")]
    CustomPropertyElsewhere,
    #[error("there is no custom property `{name}`{}", question(meant.map(|name| format!("`{name}`"))))]
    UnknownCustomProperty { name: Excerpt, meant: Option<&'static str> },
    #[error(transparent)]
    Value(#[from] ValueProblem),

    #[error("contrast of text and background is {ratio}:1, under {needed}:1 (WCAG AA)")]
    LowContrast { ratio: Ratio, needed: Ratio },
    #[error("contrast of text and background is {ratio}:1: it can't be read")]
    Unreadable { ratio: Ratio },
    #[error(
        "`#{id}` says whose form it is or what went wrong: set its `color` and `background` together, {needed}:1 apart"
    )]
    Guarded { id: &'static str, needed: Ratio },
    #[error("`{text}` on `{background}` says whose form it is or what went wrong: set both together, {needed}:1 apart")]
    GuardedPair { text: &'static str, background: &'static str, needed: Ratio },
}

fn question(meant: Option<String>) -> String {
    meant.map(|meant| format!(": did you mean {meant}?")).unwrap_or_default()
}

impl Reason {
    /// What it means for the result.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::LowContrast { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ValueProblem {
    #[error("the value ends too early")]
    Incomplete,
    #[error("`{0}` is not understood here")]
    Unexpected(Excerpt),
    #[error("addresses are not allowed: a theme loads nothing")]
    Address,
    #[error("`{0}()` is not allowed here")]
    Function(Excerpt),
    #[error("the unit `{0}` is not allowed here")]
    Unit(Excerpt),
    #[error("`{0}` is not a colour that is known here")]
    Colour(Excerpt),
    #[error("it must be between {least} and {most}")]
    OutOfRange { least: Excerpt, most: Excerpt },
    #[error(
        "a field's text has 16px or 1rem at least, and no size that depends on what is around it: phones zoom in on less"
    )]
    FieldSize,
    #[error("the colour is too transparent to be seen")]
    TooTransparent,
    #[error("keyboard users must see where the focus is")]
    HidesFocus,
    #[error("`{0}` is a font of symbols: text could not be read")]
    SymbolFont(Excerpt),
    #[error("a font's name has letters, digits, spaces and dashes, 64 at most")]
    FontName,
    #[error("the list is too long")]
    TooMany,
    #[error("only pictures, whose ids end in `-img`, take a height: text takes what it needs")]
    PicturesOnly,
}

/// A contrast ratio (WCAG 2.2), in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(pub(crate) u16);

impl fmt::Display for Ratio {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, hundredths) = (self.0 / 100, self.0 % 100);
        match hundredths {
            0 => write!(formatter, "{whole}"),
            tens if tens % 10 == 0 => write!(formatter, "{whole}.{}", tens / 10),
            _ => write!(formatter, "{whole}.{hundredths:02}"),
        }
    }
}
