//! A page's title: what the window is called, and where the focus goes on every new page, so that a screen reader says
//! where one is.

use yew::{AttrValue, Html, Properties, component, html, use_effect_with};

use crate::browser;

#[derive(PartialEq, Properties)]
pub(crate) struct TitleProps {
    /// The page's.
    pub(crate) text: AttrValue,
}

/// The title of a page.
#[component]
pub(crate) fn Title(TitleProps { text }: &TitleProps) -> Html {
    use_effect_with(text.clone(), |text| {
        browser::entitle(&format!("{text} · banklink"));
    });
    // Not when it is called something else: whoever did that is elsewhere on the page.
    use_effect_with((), |()| browser::focus("h1"));
    html! { <h1 class="db-title" tabindex="-1">{text}</h1> }
}
