//! Narrows a list that the server gives page by page.

use banklink_platform::texts::Text;
use web_sys::HtmlSelectElement;
use yew::{AttrValue, Callback, Event, Html, TargetCast as _, html};

use super::{pages_of::FIRST_PAGE, place::Place};
use crate::site::Site;

/// A choice of what the list shows. `name` is the parameter that says so, to the server and in the address; `unless` is
/// what it shows where nothing is chosen.
pub(crate) fn filter(
    site: &Site,
    place: &Place,
    name: &'static str,
    label: Text,
    unless: Text,
    options: impl IntoIterator<Item = (&'static str, Text)>,
) -> Html {
    let chosen = place.get(name).unwrap_or_default();
    let onchange = Callback::from({
        let place = place.clone();
        move |event: Event| {
            let wanted = event.target_unchecked_into::<HtmlSelectElement>().value();
            place.set(&[(name, Some(&*wanted).filter(|wanted| !wanted.is_empty())), FIRST_PAGE]);
        }
    });
    let option = |(value, called): (&'static str, AttrValue)| {
        html! { <option {value} selected={chosen == value}>{called}</option> }
    };
    let all = [("", site.text(unless))];
    let options = options.into_iter().map(|(value, text)| (value, site.text(text)));
    html! {
        <label class="db-filter">
            <span class="bl-label">{site.text(label)}</span>
            <select class="db-select" id={format!("filter-{name}")} {onchange}>
                {for all.into_iter().chain(options).map(option)}
            </select>
        </label>
    }
}
