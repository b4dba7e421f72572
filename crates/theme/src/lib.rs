//! Host CSS in, safe minified CSS and findings out (`widget.md`, section 3).
//!
//! A theme comes from an operator's upload and ends on a page where people type bank passwords, so nothing of it is
//! passed through: [`compile`] reads it into types that can only say harmless things, and writes those anew. What it
//! does not understand, or does not allow, is left out and reported with line, column and reason.
//!
//! Three tables say what a theme can do: the elements ([`banklink_protocol::elements::ELEMENTS`]), the properties
//! ([`PROPERTIES`]) and the custom properties ([`CUSTOM_PROPERTIES`]). A new property is a row, with one of the
//! grammars of `values`.
//!
//! The way through: source → `tree` of component values → `stylesheet` of rules, which reads preludes with `selector`
//! and `media` and declarations with `properties` and `values` → `contrast` looks at each rule → text.

mod compiler;
mod contrast;
mod cursor;
mod excerpt;
mod finding;
mod meant;
mod media;
mod properties;
mod selector;
mod stylesheet;
mod tree;
mod values;

use banklink_protocol::elements::{ELEMENTS, Element};

pub use self::{
    excerpt::Excerpt,
    finding::{Finding, Ratio, Reason, Severity, ValueProblem},
    properties::{CUSTOM_PROPERTIES, CustomProperty, PROPERTIES, Property, Refusal},
};

/// Largest source, in bytes.
pub const MAX_SOURCE: usize = 256 * 1024;

/// Largest result, in bytes; the same as the source's, so that a result can be compiled again.
pub const MAX_CSS: usize = MAX_SOURCE;

/// How many findings are reported. One more says that there are others.
pub const MAX_FINDINGS: usize = 200;

/// What became of a stylesheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// Safe to serve, minified; compiling it again gives the same. Empty if nothing could be used.
    pub css: String,
    /// Whether its colours follow the system.
    pub scheme: Scheme,
    /// What was left out ([`Severity::Error`]) or kept with doubts ([`Severity::Warning`]), in the source's order.
    pub findings: Vec<Finding>,
}

/// Whether a theme's colours follow the light or dark that the system prefers.
///
/// A stylesheet from before there was a dark widget sets a light background here and there, and counts on dark text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// It sets no colours, or asks for `prefers-color-scheme`: the page may be light or dark.
    System,
    /// It has one set of colours, made for the widget's light ones: the page stays light, whatever the system prefers or
    /// the page's address asks for.
    Light,
}

impl Compiled {
    /// Whether nothing was left out.
    pub fn is_complete(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Warning)
    }
}

/// Compiles a host's stylesheet for the widget's elements.
///
/// ```
/// let theme = banklink_theme::compile("#bank-box { background: #fadbd9; position: fixed }");
/// assert_eq!(theme.css, r##":is(#bank-box,[data-part~="bank-box"]){background:#fadbd9}"##);
/// assert_eq!(theme.findings[0].to_string(), "1:34: error: `position` is not allowed: it moves what a person must see");
/// ```
pub fn compile(source: &str) -> Compiled {
    compile_for(ELEMENTS, source)
}

/// Whether the colours of a stylesheet follow the system, for one that was compiled before.
pub fn scheme_of(css: &str) -> Scheme {
    compile(css).scheme
}

/// Compiles a stylesheet for the elements of a table.
pub fn compile_for(elements: &[Element], source: &str) -> Compiled {
    compiler::compile(elements, source)
}
