//! Icons, drawn in the text's colour. They say nothing that the text beside them does not, so screen readers skip them.

use crate::ui::tag::{Name, Tag, tag};

/// An icon: a path within 24 by 24.
#[derive(Clone, Copy)]
pub(crate) struct Icon(&'static str);

impl Icon {
    /// One step back.
    pub(crate) const BACK: Self = Self("M15 5l-7 7 7 7");
    /// Close.
    pub(crate) const CLOSE: Self = Self("M6 6l12 12M18 6L6 18");
    /// A search box.
    pub(crate) const SEARCH: Self = Self("M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4 4");
    /// Something to mind.
    pub(crate) const ALERT: Self = Self("M12 8v5M12 16.5v.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z");
    /// Agreed, included, done.
    pub(crate) const CHECK: Self = Self("M5 12.5l4.5 4.5L19 7.5");
    /// Went wrong.
    pub(crate) const FAILED: Self = Self("M12 6v8M12 18v.01");
    /// Time is over.
    pub(crate) const CLOCK: Self = Self("M12 7v5l3 2M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z");
    /// What is typed is shown.
    pub(crate) const EYE: Self =
        Self("M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z");
    /// What is typed is hidden.
    pub(crate) const EYE_OFF: Self = Self(
        "M4 4l16 16M9.5 5.9A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.7 3.4M6.3 7.2A16 16 0 0 0 2.5 12S6 \
         18.5 12 18.5a9 9 0 0 0 4.4-1.2",
    );

    /// The icon as an element; its size is the style sheet's.
    pub(crate) fn draw(self) -> Tag {
        tag("svg")
            .class("bl-icon")
            .with(Name::ViewBox, "0 0 24 24")
            .with(Name::AriaHidden, "true")
            .with(Name::Focusable, "false")
            .child(tag("path").with(Name::D, self.0))
    }
}
