//! What stands around the module: the script that starts it, style sheets, page templates, icons.

use super::{Files, Part, WidgetError, file_name, module::Parts};
use crate::{
    command::{CommandError, Program},
    tools::Tools,
    workspace,
    workspace::Workspace,
};

/// The browsers that scripts and styles are written for, as esbuild names them.
const FLOOR: &str = "--target=chrome97,firefox102,safari16";

/// Turns every file around a part into one that the server embeds.
pub(super) fn assemble(workspace: &Workspace, tools: &Tools, part: &Part, bound: &Parts) -> Result<Files, WidgetError> {
    let mut files = Files::new();
    for path in workspace::files_in(&workspace.path(part.folder))? {
        let name = file_name(&path)?;
        let content = workspace::read(&path)?;
        if name == part.start {
            files.insert(format!("{}.js", part.name), start_script(workspace, tools, bound, &content)?);
            continue;
        }
        let content = match path.extension().and_then(|extension| extension.to_str()) {
            Some("js" | "mjs") => minify(workspace, tools, "js", &content)?,
            Some("css") => minify(workspace, tools, "css", &content)?,
            _ => content,
        };
        files.insert(name.to_owned(), content);
    }
    Ok(files)
}

/// One module of the glue and the script that starts the part, which calls the glue's `__wbg_init`. What neither uses is left out.
fn start_script(workspace: &Workspace, tools: &Tools, bound: &Parts, start: &[u8]) -> Result<Vec<u8>, WidgetError> {
    let entry = bound.glue.with_file_name("start.js");
    workspace::write(&entry, &[b"import __wbg_init from \"./glue.js\";\n", start].concat())?;
    let script = Program::new(workspace, tools.node())
        .arg(tools.esbuild())
        .arg(&entry)
        .args("--bundle --format=esm --minify --legal-comments=none --log-level=warning")
        .arg(FLOOR)
        .read()?;
    Ok(script.into_bytes())
}

fn minify(workspace: &Workspace, tools: &Tools, loader: &str, content: &[u8]) -> Result<Vec<u8>, CommandError> {
    let minified = Program::new(workspace, tools.node())
        .arg(tools.esbuild())
        .arg(format!("--loader={loader}"))
        .args("--minify --legal-comments=none --log-level=warning")
        .arg(FLOOR)
        .pipe(content)?;
    Ok(minified.into_bytes())
}
