//! The widget as a program: it mounts itself into the page that loads it. On the host there is nothing to run.

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    #[cfg(target_arch = "wasm32")]
    banklink_widget::mount();
}
