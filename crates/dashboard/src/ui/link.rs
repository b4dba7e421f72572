//! Links between the dashboard's pages.

use web_sys::MouseEvent;
use yew::{AttrValue, Callback, Children, Html, Properties, component, html};
use yew_router::{Routable as _, hooks::use_navigator};

use crate::{
    browser,
    route::{BASE, Route},
};

#[derive(PartialEq, Properties)]
pub(crate) struct LinkProps {
    /// Where it leads.
    pub(crate) to: Route,
    /// Where in that page.
    #[prop_or_default]
    pub(crate) place: Option<String>,
    /// How it looks.
    pub(crate) classes: &'static str,
    /// Whether it leads to where one is.
    #[prop_or_default]
    pub(crate) is_here: bool,
    /// What it is called, where what stands in it does not say it.
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    /// What stands in it.
    pub(crate) children: Children,
}

/// A link to another page of the dashboard. One that is to open elsewhere, the browser opens.
#[component]
pub(crate) fn Link(LinkProps { to, place, classes, is_here, label, children }: &LinkProps) -> Html {
    let navigator = use_navigator();
    let onclick = Callback::from({
        let (to, place) = (to.clone(), place.clone());
        move |event: MouseEvent| {
            let goes_elsewhere = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
            if let (false, Some(navigator)) = (goes_elsewhere, &navigator) {
                event.prevent_default();
                navigator.push(&to);
                if let Some(place) = &place {
                    browser::set_place(place);
                }
            }
        }
    });
    let place = place.as_ref().map(|place| format!("#{place}")).unwrap_or_default();
    html! {
        <a href={format!("{BASE}{}{place}", to.to_path())} class={*classes} aria-current={is_here.then_some("page")}
            aria-label={label.clone()} {onclick}>{children.clone()}</a>
    }
}
