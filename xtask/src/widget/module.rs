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
    Ok(Parts { wasm: folder.join("glue_bg.wasm"), glue: folder.join("glue.js") })
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
