//! The dashboard (`/dashboard`, `server.md`): where operators look after apps.
//!
//! `dashboard.rs` is the whole of it; `route.rs` its addresses; `pages/` what stands at them; `ui/` what they are made of.
//! It reads and changes everything through the platform API (`api.rs`).

mod api;
mod browser;
mod dashboard;
mod pages;
mod presence;
mod route;
mod site;
mod ui;

fn main() {
    yew::set_custom_panic_hook(Box::new(|panic| browser::note_panic(&panic.to_string())));
    browser::refuse_dropped_files();
    yew::Renderer::<dashboard::Dashboard>::with_root(browser::mount()).render();
}
