//! The widget as a program: it mounts itself into the page that loads it, once that lets it. On the host there is nothing to
//! run.

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Takes the page over from its own first screen.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn begin() {
    banklink_widget::mount();
}

fn main() {}
