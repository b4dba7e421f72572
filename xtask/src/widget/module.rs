//! The WebAssembly module: bound to JavaScript, made small, and proved to run in the oldest browsers supported.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;
use wasmparser::{Validator, WasmFeatures};

use super::WidgetError;
use crate::{command::Program, tools::Tools, workspace, workspace::Workspace};

/// What wasm-bindgen makes of a compiled module.
pub(super) struct Parts {
    /// The module.
    pub(super) wasm: PathBuf,
    /// Its glue: an ES module whose default export loads the WebAssembly.
    pub(super) glue: PathBuf,
}

/// Binds a compiled module to JavaScript.
pub(super) fn bind(compiled: &Path, folder: &Path) -> Result<Parts, WidgetError> {
    let bind = || {
        Bindgen::new()
            .input_path(compiled)
            .out_name("glue")
            .web(true)?
            .typescript(false)
            .omit_default_module_path(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(folder)
    };
    bind().map_err(|error| WidgetError::Bindgen(format!("{error:#}")))?;
    let parts = Parts { wasm: folder.join("glue_bg.wasm"), glue: folder.join("glue.js") };
    shorten_names(&parts)?;
    Ok(parts)
}

/// The module that wasm-bindgen makes imports from.
const GLUE_MODULE: &str = "./glue_bg.js";

/// Gives what the module imports from its glue short names, in both. A name ends in a hash that no compression shortens
/// and stands in both files: together they cost 4 KB of the first load.
fn shorten_names(parts: &Parts) -> Result<(), WidgetError> {
    let module = walrus::Module::from_file(&parts.wasm);
    let mut module = module.map_err(|error| WidgetError::Bindgen(format!("{error:#}")))?;
    let glue = workspace::read(&parts.glue)?;
    let mut glue = String::from_utf8_lossy(&glue).replace(GLUE_MODULE, "a");
    let imports: Vec<_> = module.imports.iter().map(walrus::Import::id).collect();
    for (number, id) in imports.into_iter().enumerate() {
        let import = module.imports.get_mut(id);
        let short = format!("$${number}");
        glue = replace_word(&glue, &import.name, &short);
        (import.module, import.name) = ("a".to_owned(), short);
    }
    let emitted = module.emit_wasm_file(&parts.wasm);
    emitted.map_err(|error| WidgetError::Bindgen(format!("{error:#}")))?;
    workspace::write(&parts.glue, glue.as_bytes())?;
    Ok(())
}

/// `text` with `word` replaced wherever it is not part of a longer name.
fn replace_word(text: &str, word: &str, with: &str) -> String {
    let in_name = |character: Option<char>| {
        character.is_some_and(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '$'))
    };
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, from) = rest.split_at(at);
        let after = &from[word.len()..];
        replaced.push_str(before);
        let stands_alone = !in_name(before.chars().next_back()) && !in_name(after.chars().next());
        replaced.push_str(if stands_alone { with } else { word });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// Makes the module as small as possible and returns it.
///
/// No feature is named: wasm-opt then uses what the module declares and no more. With all features on it writes
/// modules that browsers refuse.
pub(super) fn optimise(workspace: &Workspace, tools: &Tools, parts: &Parts) -> Result<Vec<u8>, WidgetError> {
    let optimised = parts.wasm.with_file_name("optimised.wasm");
    Program::new(workspace, tools.node())
        .arg(tools.wasm_opt())
        .arg(&parts.wasm)
        .args("-Oz --strip-debug --strip-producers --strip-target-features --output")
        .arg(&optimised)
        .run_quietly()?;
    let module = workspace::read(&optimised)?;
    Validator::new_with_features(floor())
        .validate_all(&module)
        .map_err(|error| WidgetError::NotForTheFloor(error.to_string()))?;
    Ok(module)
}

/// The WebAssembly that Chrome 97, Firefox 102 and Safari 16 all run, and no more.
fn floor() -> WasmFeatures {
    WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::FLOATS
        | WasmFeatures::GC_TYPES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_where_it_stands_alone() {
        let glue = "const a = { __wbg_get_12: f, __wbg_get_123: g, \"__wbg_get_12\": h, x__wbg_get_12: i };";
        let expected = "const a = { $$0: f, __wbg_get_123: g, \"$$0\": h, x__wbg_get_12: i };";
        assert_eq!(replace_word(glue, "__wbg_get_12", "$$0"), expected);
    }
}
