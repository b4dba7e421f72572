//! The bank link widget: what a person sees while linking a bank. It exists in the browser only.
//!
//! `app.rs` holds the flow and draws its view with `screens/`; `shell.rs` carries out what the flow asks for. What
//! happens when is decided in `crates/flow`, and nowhere here.

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod i18n;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod screens;
#[cfg(target_arch = "wasm32")]
mod shell;
#[cfg(target_arch = "wasm32")]
mod ui;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Mounts the widget. Where that is impossible it fails, and `boot.js` stands in for it.
#[cfg(target_arch = "wasm32")]
fn main() {
    let mount = web_sys::window().and_then(|window| window.document()?.get_element_by_id(browser::MOUNT));
    match mount {
        Some(mount) => {
            yew::Renderer::<app::App>::with_root(mount).render();
        }
        None => wasm_bindgen::throw_str("the page has no place for the widget"),
    }
}

/// Nothing runs on the host: there this package holds the journeys of `tests/`.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
