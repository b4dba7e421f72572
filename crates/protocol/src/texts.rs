//! The texts that the widget shows: their keys here, one file per language in `locales/`.
//!
//! The page carries the texts of one language, a line each, in the order of [`Text`]; a line is found by its number.

macro_rules! texts {
    ($($variant:ident = $key:literal,)*) => {
        /// A text of the widget.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Text {
            $(#[doc = concat!("`", $key, "`")] $variant,)*
        }

        /// The keys of `locales/*.toml`, in the order of [`Text`].
        pub const TEXT_KEYS: &[&str] = &[$($key,)*];
    };
}

texts! {
    Back = "back",
    Close = "close",
    Continue = "continue",
}
