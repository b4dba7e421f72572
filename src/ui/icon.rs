//! Icons, drawn in the text's colour. They say nothing that the text beside them does not, so screen readers skip them.

use yew::{AttrValue, Html, html};

fn icon(size: &'static str, path: &'static str) -> Html {
    html! {
        <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d={AttrValue::Static(path)} />
        </svg>
    }
}

/// One step back.
pub(crate) fn back() -> Html {
    icon("22", "M15 5l-7 7 7 7")
}

/// Close.
pub(crate) fn close() -> Html {
    icon("22", "M6 6l12 12M18 6L6 18")
}

/// A search box.
pub(crate) fn search() -> Html {
    icon("20", "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4 4")
}

/// Something to mind.
pub(crate) fn alert() -> Html {
    icon("20", "M12 8v5M12 16.5v.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z")
}

/// Agreed, included.
pub(crate) fn check() -> Html {
    icon("20", "M5 12.5l4.5 4.5L19 7.5")
}

/// Well done.
pub(crate) fn done() -> Html {
    icon("36", "M5 12.5l4.5 4.5L19 7.5")
}

/// Went wrong.
pub(crate) fn failed() -> Html {
    icon("36", "M12 7v6M12 17v.01")
}

/// Time is over.
pub(crate) fn clock() -> Html {
    icon("36", "M12 7v5l3 2M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z")
}

/// What is typed is shown.
pub(crate) fn eye() -> Html {
    icon("20", "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z")
}

/// What is typed is hidden.
pub(crate) fn eye_off() -> Html {
    icon(
        "20",
        "M4 4l16 16M9.5 5.9A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.7 3.4M6.3 7.2A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.4-1.2",
    )
}
