//! Numbers, plurals and the names of countries: what the browser's `Intl` knows of a language.

#[cfg(target_arch = "wasm32")]
pub(crate) use crate::browser::{country, format_number, plural, sorted_countries};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use on_the_server::{country, format_number, plural, sorted_countries};

/// The person's browser knows best what it calls things, and is asked as soon as the widget is there. Until then the page
/// keeps their room. No first screen counts anything or has an amount of money on it.
#[cfg(not(target_arch = "wasm32"))]
mod on_the_server {
    /// A line as high as the name will be.
    pub(crate) fn country(_language: &str, _code: &str) -> String {
        "\u{a0}".to_owned()
    }

    /// The choice is closed: their order is not seen yet.
    pub(crate) fn sorted_countries(_language: &str, codes: &str) -> String {
        codes.to_owned()
    }

    /// The form that every language has.
    pub(crate) fn plural(_language: &str, _count: u32) -> String {
        "other".to_owned()
    }

    /// As it is.
    pub(crate) fn format_number(_language: &str, number: &str, _currency: &str) -> String {
        number.to_owned()
    }
}
