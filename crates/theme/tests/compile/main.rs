//! What is allowed and what is refused, and how it is written and said.

use banklink_theme::compile;

mod contrast;
mod limits;
mod media;
mod scheme;
mod seed;
mod selectors;
mod syntax;
mod values;

/// What is said about a source, a line each.
fn findings(source: &str) -> Vec<String> {
    compile(source).findings.iter().map(ToString::to_string).collect()
}

/// The declarations of `#title-sca { … }` that are left.
fn declarations(body: &str) -> String {
    let css = compile(&format!("#title-sca{{{body}}}")).css;
    css.strip_prefix("#title-sca{").and_then(|css| css.strip_suffix('}')).unwrap_or_default().to_owned()
}
