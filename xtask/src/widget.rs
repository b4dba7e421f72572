//! The widget and the dashboard from their sources to the files that the server embeds: `target/widget/`.
//!
//! cargo → wasm-bindgen → wasm-opt → esbuild → brotli. A file is written only if its content changes, and the whole
//! is skipped if nothing that goes into it changed, so that building again takes a moment.

mod module;
mod pages;
mod stamp;

use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
};

use crate::{
    build::Step,
    command::{CommandError, Program},
    tools::Tools,
    workspace::{self, FileError, Workspace},
};

/// The widget could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WidgetError {
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("wasm-bindgen failed: {0}")]
    Bindgen(String),
    #[error("the module does not run in the oldest browsers supported (Chrome 97, Firefox 102, Safari 16): {0}")]
    NotForTheFloor(String),
    #[error("{} has no name that can be a file of the widget", .0.display())]
    Name(PathBuf),
    #[error("can't compress {name}: {source}")]
    Compress { name: String, source: io::Error },
}

/// The files of the widget by name, as they are served.
type Files = BTreeMap<String, Vec<u8>>;

/// Builds `target/widget/` and says how large its files are.
pub(crate) fn build(workspace: &Workspace, tools: &Tools) -> Result<Sizes, WidgetError> {
    let step = Step::begin("widget");
    let _lock = workspace::lock(&workspace.target().join("widget.lock"))?;
    for part in &PARTS {
        compile(workspace, part)?;
    }
    let stamp = stamp::of_inputs(workspace)?;
    if !stamp::is_current(workspace, &stamp)? {
        let files = assemble(workspace, tools)?;
        let compressed = compress(&files)?;
        publish(&workspace.widget(), files.into_iter().chain(compressed).collect())?;
        stamp::set(workspace, &stamp)?;
    }
    step.end();
    Sizes::of(&workspace.widget())
}

/// What is compiled to WebAssembly, with the files around it.
pub(crate) struct Part {
    /// The package, and its program.
    package: &'static str,
    /// What its files are called.
    name: &'static str,
    /// Where the files around it are.
    folder: &'static str,
    /// The script among them that starts it; it becomes one module with the glue.
    start: &'static str,
    /// What becomes of a panic.
    panics: Panics,
}

/// What becomes of a panic.
#[derive(Clone, Copy)]
enum Panics {
    /// It is a trap without a word, which the start script answers: words would not be read where bytes are counted.
    Trap,
    /// It tells a hook what, and in which line, first: whoever helps an operator reads that. The file would name the
    /// machine that built it.
    Tell,
}

impl Panics {
    const fn flags(self) -> &'static str {
        match self {
            Self::Trap => "-Cpanic=immediate-abort -Zlocation-detail=none",
            Self::Tell => "-Cpanic=abort -Zlocation-detail=line",
        }
    }
}

/// Each is compiled by itself: together they would share the features of what both use, and the widget would carry what
/// only the dashboard needs.
const PARTS: [Part; 2] = [
    Part { package: "banklink-widget", name: "widget", folder: "static", start: "boot.js", panics: Panics::Trap },
    Part {
        package: "banklink-dashboard",
        name: "dashboard",
        folder: "crates/dashboard/static",
        start: "start.js",
        panics: Panics::Tell,
    },
];

impl Part {
    /// What the compiler makes of it.
    fn compiled(&self, workspace: &Workspace) -> PathBuf {
        workspace.target().join(format!("wasm32-unknown-unknown/wasm/{}.wasm", self.package))
    }
}

/// Compiles a part, with a standard library of its own.
///
/// The one that comes with the compiler is made for speed and says at length why it panics; together that is 9 KB of the
/// first load. Rebuilding it is a feature that the compiler calls unstable, which is why the toolchain is pinned to the
/// patch and the result is validated and tried in browsers.
fn compile(workspace: &Workspace, part: &Part) -> Result<(), CommandError> {
    Program::cargo(workspace)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", format!("{} {FLAGS}", part.panics.flags()))
        .args("build --profile wasm --target wasm32-unknown-unknown --package")
        .arg(part.package)
        .args("-Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size")
        .run()
}

/// Flags for the compiler: no `Debug` output, no paths of the machine that built it.
const FLAGS: &str = "-Zunstable-options -Zfmt-debug=none -Cllvm-args=-inline-threshold=25";

fn assemble(workspace: &Workspace, tools: &Tools) -> Result<Files, WidgetError> {
    let scratch = workspace.target().join("widget-parts");
    workspace::remove_folder(&scratch)?;
    let mut files = Files::new();
    for part in &PARTS {
        let bound = module::bind(&part.compiled(workspace), &scratch.join(part.name))?;
        files.extend(pages::assemble(workspace, tools, part, &bound)?);
        files.insert(format!("{}.wasm", part.name), module::optimise(workspace, tools, &bound)?);
    }
    Ok(files)
}

/// Whether the server sends a file as it is, and so in compressed form. Pages are templates, filled in first.
fn is_asset(name: &str) -> bool {
    matches!(extension(name), Some("wasm" | "js" | "mjs" | "css" | "svg"))
}

fn extension(name: &str) -> Option<&str> {
    Path::new(name).extension().and_then(|extension| extension.to_str())
}

fn compress(files: &Files) -> Result<Files, WidgetError> {
    let assets = files.iter().filter(|(name, _)| is_asset(name));
    assets.map(|(name, content)| Ok((format!("{name}.br"), brotli(name, content)?))).collect()
}

fn brotli(name: &str, content: &[u8]) -> Result<Vec<u8>, WidgetError> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: content.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)
        .map_err(|source| WidgetError::Compress { name: name.to_owned(), source })?;
    Ok(compressed)
}

/// Leaves exactly `files` in the folder, touching only what differs.
fn publish(folder: &Path, files: Files) -> Result<(), WidgetError> {
    workspace::create_folder(folder)?;
    for present in workspace::files_in(folder)? {
        if !files.contains_key(file_name(&present)?) {
            workspace::remove(&present)?;
        }
    }
    for (name, content) in files {
        workspace::write_if_changed(&folder.join(name), &content)?;
    }
    Ok(())
}

fn file_name(path: &Path) -> Result<&str, WidgetError> {
    path.file_name().and_then(|name| name.to_str()).ok_or_else(|| WidgetError::Name(path.to_path_buf()))
}

/// How large each file is, plain and compressed.
pub(crate) struct Sizes(Vec<(String, usize, Option<usize>)>);

impl Sizes {
    fn of(folder: &Path) -> Result<Self, WidgetError> {
        let mut files = Files::new();
        for path in workspace::files_in(folder)? {
            files.insert(file_name(&path)?.to_owned(), workspace::read(&path)?);
        }
        let plain = files.iter().filter(|(name, _)| extension(name) != Some("br"));
        let sizes = plain.map(|(name, content)| {
            (name.clone(), content.len(), files.get(&format!("{name}.br")).map(std::vec::Vec::len))
        });
        Ok(Self(sizes.collect()))
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{:<24} {:>9} {:>9}", "file of the widget", "bytes", "brotli")?;
        for (name, plain, compressed) in &self.0 {
            let compressed = compressed.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
            writeln!(formatter, "{name:<24} {plain:>9} {compressed:>9}")?;
        }
        Ok(())
    }
}
