//! Pages must work under a policy without `unsafe-inline`, so nothing in the tree may need it.

use std::path::Path;

use crate::{
    Error,
    command::Program,
    workspace::{self, FileError, Workspace},
};

/// What needs `unsafe-inline` in a page, or asks for it.
const IN_PAGES: [&str; 5] = [" style=", "<style", " onclick=", " onload=", "javascript:"];

/// What asks for it in code.
const IN_CODE: [&str; 2] = ["'unsafe-inline'", "'unsafe-eval'"];

/// Something in the tree needs inline scripts or styles.
#[derive(Debug, thiserror::Error)]
#[error("inline scripts or styles:\n    {}", .0.join("\n    "))]
pub(crate) struct InlineFound(Vec<String>);

/// Looks through every page, script, style sheet and source file under version control or about to be.
pub(super) fn check(workspace: &Workspace) -> Result<(), Error> {
    let listed = Program::new(workspace, "git").args("ls-files --cached --others --exclude-standard").read()?;
    let paths = listed.lines().map(|path| workspace.path(path));
    let mut found = Vec::new();
    for path in paths.filter(|path| path.is_file() && !path.ends_with("check/inline.rs")) {
        found.extend(in_file(&path)?);
    }
    if found.is_empty() { Ok(()) } else { Err(InlineFound(found).into()) }
}

fn in_file(path: &Path) -> Result<Vec<String>, FileError> {
    let content = workspace::read(path)?;
    let text = String::from_utf8_lossy(&content);
    Ok(findings(path, &text))
}

fn findings(path: &Path, text: &str) -> Vec<String> {
    let forbidden: &[&[&str]] = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => &[&IN_PAGES, &IN_CODE],
        Some("rs" | "js" | "css") => &[&IN_CODE],
        _ => &[],
    };
    let is_found = |line: &str| forbidden.iter().any(|needles| needles.iter().any(|needle| line.contains(needle)));
    let is_inline_script = |line: &str| {
        path.extension().is_some_and(|extension| extension == "html")
            && line.contains("<script")
            && !line.contains(" src=")
            && !line.contains("application/json")
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| is_found(line) || is_inline_script(line))
        .map(|(index, line)| format!("{}:{}: {}", path.display(), index + 1, line.trim()))
        .collect()
}

#[cfg(test)]
mod finds {
    use super::*;

    #[test]
    fn inline_styles_and_scripts_in_pages_are_found() {
        let page = "<p style=\"color: red\">\n<script>go()</script>\n<script src=\"/widget.js\"></script>\n<p>fine";
        assert_eq!(findings(Path::new("page.html"), page).len(), 2);
    }

    #[test]
    fn a_policy_that_allows_them_is_found() {
        let code = format!("const POLICY: &str = \"style-src {}\";", IN_CODE[0]);
        assert_eq!(findings(Path::new("policy.rs"), &code).len(), 1);
        assert!(findings(Path::new("policy.rs"), "const POLICY: &str = \"style-src 'self'\";").is_empty());
    }
}
